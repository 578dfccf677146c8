"""Taking a text away for good, wherever the portal keeps it: in one transaction, each app by name."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import unsent_forms
from accounts.models import User
from lmp.changes.removing.strikable import Strikable
from outbox import striking as mails
from outbox.effects import Section
from participants.models import ProjectGroup
from participants.striking import texts as participants
from participants.striking.row import Struck
from parts.names import one_line


@transaction.atomic
def strike(found: Strikable, *, texts: Collection[str], reason: str, by: User, now: datetime) -> Struck:
    """Raises ValidationError with the code "struck" when somebody else has taken them away."""
    struck = found.act(texts, reason=reason, by=by, now=now)
    if struck.in_mails:
        struck.mails = mails.strike(struck.in_mails, about=found.mailed or found.row, text_names=found.mails)
    struck.forms = unsent_forms.strike(struck.texts, paths=found.paths, now=now)
    return struck


@transaction.atomic
def strike_group(group: ProjectGroup, *, reason: str, by: User, now: datetime) -> Struck:
    """A project group that should never have been entered, with all its names."""
    page = reverse("participants:project_group", args=[group.unit_id])
    struck = participants.strike_group(group, reason=reason, by=by, now=now)
    struck.forms = unsent_forms.strike(struck.texts, paths=[page], now=now)
    return struck


def sections(found: Strikable, texts: Collection[str], struck: Struck) -> list[Section]:
    """What the page between says of it."""
    elsewhere = [
        (struck.corrections, ngettext("%(count)s rettelse", "%(count)s rettelser", struck.corrections)),
        (struck.versions, ngettext("%(count)s tidligere versjon", "%(count)s tidligere versjoner", struck.versions)),
        (struck.drafts, ngettext("%(count)s utkast", "%(count)s utkast", struck.drafts)),
        (struck.forms, ngettext("%(count)s skjema som venter", "%(count)s skjemaer som venter", struck.forms)),
        (struck.mails, ngettext("%(count)s e-post", "%(count)s e-poster", struck.mails)),
    ]
    return [
        (_("Dette fjernes for godt"), [f"{found.texts[name]}: {one_line(found.text(name))}" for name in texts]),
        (_("Teksten fjernes også fra"), [words % {"count": count} for count, words in elsewhere if count]),
        (
            _("Dette blir stående"),
            [_("At teksten er fjernet, av hvem, hvilken dag og med hvilken grunn"), _("Alt annet på siden")],
        ),
    ]
