"""What those who work with a municipality are told when it withdraws, and when it is with us again."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from guidance.mails.people import language_of
from guidance.models import GroupMember
from lmp.changes.withdrawal import wording
from lmp.changes.withdrawal.outcome import Ended, Resumed
from outbox.posting import post
from outbox.texts import MailText, Values
from participants.models import Contact, GovernorContact, Participation, Withdrawal
from parts.dates import day_in_words

Lines = dict[str, list[str]]


def _values(withdrawal: Withdrawal, *, name: str, on: date, reason: str, lines: Lines) -> Values:
    participation = withdrawal.participation
    return {
        "navn": name,
        "kommune": participation.municipality.name_told_apart,
        "pulje": str(participation.cohort).lower(),
        "dato": day_in_words(on),
        "begrunnelse": reason,
        "spor": settings.SUPPORT_EMAIL,
        "lenke": settings.SITE_URL + participation.get_absolute_url(),
        **lines,
    }


def _samples(language: str) -> Sequence[tuple[str, Values]]:
    newest = Withdrawal.objects.select_related("participation__municipality__county", "participation__cohort")
    with translation.override(language):
        lines = {"avsluttet": [_("Invitasjoner og påminnelser sendes ikke lenger")]}
        return [
            (
                str(one),
                _values(one, name=_("Navn Navnesen"), on=one.decided_on, reason=one.reason, lines=lines),
            )
            for one in newest.order_by("-withdrawn_at")[:20]
        ]


_COMMON = {
    "navn": gettext_lazy("navnet på mottakeren"),
    "kommune": gettext_lazy("navnet på kommunen"),
    "pulje": gettext_lazy("pulja, for eksempel «pulje 9»"),
    "dato": gettext_lazy("dagen det gjelder fra, med ukedag"),
    "begrunnelse": gettext_lazy("begrunnelsen som er registrert"),
    "spor": gettext_lazy("adressen å spørre"),
    "lenke": gettext_lazy("lenken til kommunens side"),
}
WITHDRAWN = MailText(
    name="changes.withdrawn",
    title=gettext_lazy("Kommunen har trukket seg"),
    placeholders=_COMMON | {"avsluttet": gettext_lazy("liste over det som er avsluttet")},
    samples=_samples,
)
RETURNED = MailText(
    name="changes.returned",
    title=gettext_lazy("Kommunen er med igjen"),
    placeholders=_COMMON
    | {
        "videre": gettext_lazy("liste over det som går videre"),
        "ikke_videre": gettext_lazy("liste over det som ikke kommer tilbake av seg selv"),
    },
    samples=lambda _language: [],
)
TEXTS = (WITHDRAWN, RETURNED)


def withdrawn(ended: Ended, *, now: datetime) -> list[User]:
    """Tell everybody who works with the municipality what ended, and whom to ask. Return them."""
    withdrawal = ended.withdrawal
    return _tell(
        withdrawal,
        WITHDRAWN,
        ended.guidance.members,
        lambda: {"avsluttet": wording.ended_lines(ended)},
        on=withdrawal.decided_on,
        reason=withdrawal.reason,
        why=_("%(name)s har trukket seg"),
        now=now,
    )


def returned(resumed: Resumed, *, now: datetime) -> list[User]:
    """Tell everybody who works with it what goes on, and what does not by itself. Return them."""
    withdrawal, guidance = resumed.withdrawal, resumed.guidance
    return _tell(
        withdrawal,
        RETURNED,
        [*guidance.stay, *guidance.leave],
        lambda: {"videre": wording.resumed_lines(resumed), "ikke_videre": wording.not_resumed_lines(resumed)},
        on=withdrawal.returned_on or withdrawal.decided_on,
        reason=withdrawal.return_reason,
        why=_("%(name)s er med igjen"),
        now=now,
    )


def _tell(
    withdrawal: Withdrawal,
    text: MailText,
    members: Sequence[GroupMember],
    lines: Callable[[], Lines],
    *,
    on: date,
    reason: str,
    why: str,
    now: datetime,
) -> list[User]:
    participation = withdrawal.participation
    people = _people(participation, members)
    for user, (name, language) in people.items():
        with translation.override(language):
            values = _values(withdrawal, name=name, on=on, reason=reason, lines=lines())
        post(
            text,
            key=f"{text.name}:{withdrawal.pk}:{user.pk}",
            to=user,
            language=language,
            values=values,
            why=why % {"name": participation.municipality},
            now=now,
            about=participation,
        )
    return list(people)


def _people(participation: Participation, members: Sequence[GroupMember]) -> dict[User, tuple[str, str]]:
    """Each once: its contacts and heads, when the letter has let them in; its supervisors; the county governor's.

    With the name and the language each is addressed by: a municipality's language is not its supervisors', nor the
    office's.
    """
    found: dict[User, tuple[str, str]] = {}
    if participation.welcomed_at:
        contacts = Contact.objects.current().filter(participation=participation).select_related("user")
        for contact in contacts.order_by("pk"):
            found[contact.user] = (contact.name, participation.language_for(contact.user))
    for member in members:
        supervisor = member.supervisor
        found.setdefault(supervisor.user, (supervisor.name, language_of(supervisor.user)))
    governors = GovernorContact.objects.current().filter(governor=participation.municipality.county.governor_id)
    for officer in governors.select_related("user", "governor").order_by("pk"):
        found.setdefault(officer.user, (str(officer.user), officer.governor.language_for(officer.user)))
    return {user: called for user, called in found.items() if user.is_active}
