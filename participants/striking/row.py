"""Taking a text away for good: from a row and from its history, in any app.

Where else a text may stand is each app's own to say: `guidance/striking.py` and the like, and `lmp/changes/removing/`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from accounts.models import User
from participants.models import Strike

R = TypeVar("R", bound=models.Model)


@dataclass
class Struck:
    """What was taken away: the texts as they stood, to be looked for elsewhere, and how many other rows had them."""

    texts: list[str]
    corrections: int = 0
    drafts: int = 0
    versions: int = 0
    mails: int = 0
    forms: int = 0
    # What stands in a mail, where that is another string than the text itself.
    in_mails: list[str] = field(default_factory=list)


def locked(row: R) -> R:
    """The row as it is stored, for as long as the transaction lasts: what two take away is taken away once."""
    return type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)


def strike(row: models.Model, texts: Collection[str], *, reason: str, by: User, now: datetime) -> Struck:
    """Empty these fields of a locked row and of all its earlier versions, and keep who did it, when and why.

    Raises ValidationError with the code "struck" when none of them has a text.
    """
    gone = [name for name in texts if getattr(row, name)]
    if not gone:
        raise ValidationError(_("Teksten er allerede fjernet."), code="struck")
    found = Struck([getattr(row, name) for name in gone])
    for name in gone:
        setattr(row, name, "")
    row._history_user = by  # type: ignore[attr-defined]
    row.save(update_fields=gone)
    _strike_history(row, gone, found)
    remember(row, gone, reason=reason, by=by, now=now)
    return found


def _strike_history(row: models.Model, texts: Collection[str], found: Struck) -> None:
    history = getattr(type(row), "history", None)
    if history is None:
        return
    kept = {field.name for field in history.model._meta.concrete_fields}
    names = [name for name in texts if name in kept]
    versions = history.filter(id=row.pk)
    for values in versions.values_list(*names) if names else ():
        found.texts += [value for value in values if value and value not in found.texts]
        found.versions += any(values)
    if names:
        versions.update(**dict.fromkeys(names, ""))


def remember(row: models.Model, texts: Iterable[str], *, reason: str, by: User, now: datetime) -> None:
    for name in texts:
        Strike.objects.create(about=row, text=name, reason=reason, struck_at=now, struck_by=by)
