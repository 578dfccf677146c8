"""Taking a text away for good: from the row, from its history, and from what was begun on and not sent.

Where else a text may stand is each app's own to say: see the apps' files of this name, and `lmp/changes/removing/`.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from accounts.models import User
from participants.models import Confirmation, Draft, ProjectGroupMember, Strike
from parts.struck import without

R = TypeVar("R", bound=models.Model)


def locked(row: R) -> R:
    """The row as it is stored, for as long as the transaction lasts: what two take away is taken away once."""
    return type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)


def strike(row: models.Model, texts: Collection[str], *, reason: str, by: User, now: datetime) -> list[str]:
    """Empty these fields of a locked row, and keep who did it, when and why. Return what stood there.

    Raises ValidationError with the code "struck" when none of them has a text.
    """
    gone = [name for name in texts if getattr(row, name)]
    if not gone:
        raise ValidationError(_("Teksten er allerede fjernet."), code="struck")
    stood = [getattr(row, name) for name in gone]
    for name in gone:
        setattr(row, name, "")
    row._history_user = by  # type: ignore[attr-defined]
    row.save(update_fields=gone)
    stood += _strike_history(row, gone)
    remember(row, gone, reason=reason, by=by, now=now)
    return stood


def _strike_history(row: models.Model, names: Iterable[str]) -> list[str]:
    """The same fields of every earlier version. Return what stood there."""
    history = getattr(type(row), "history", None)
    if history is None:
        return []
    kept = {field.name for field in history.model._meta.concrete_fields}
    names = [name for name in names if name in kept]
    versions = history.filter(**{type(row)._meta.pk.name: row.pk})
    stood = {value for values in versions.values_list(*names) for value in values if value} if names else set()
    if names:
        versions.update(**dict.fromkeys(names, ""))
    return sorted(stood)


def remember(row: models.Model, texts: Iterable[str], *, reason: str, by: User, now: datetime) -> None:
    for name in texts:
        Strike.objects.create(about=row, text=name, reason=reason, struck_at=now, struck_by=by)


def strike_comment(confirmation: Confirmation, *, reason: str, by: User, now: datetime) -> list[str]:
    """The message that went with a confirmation; what the same people have begun to write again is emptied of it."""
    stood = strike(locked(confirmation), ["comment"], reason=reason, by=by, now=now)
    for draft in Draft.objects.filter(confirmation__participation=confirmation.participation_id):
        kept = {name: without(getattr(draft, name), stood) for name in ("data", "base", "sent")}
        Draft.objects.filter(pk=draft.pk).update(**kept)
    return stood


def strike_member(member: ProjectGroupMember, *, reason: str, by: User, now: datetime) -> list[str]:
    """The name of a member of a project group, who stays as a member without one."""
    return strike(locked(member), ["name"], reason=reason, by=by, now=now)
