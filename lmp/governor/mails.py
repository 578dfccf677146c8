"""The mails to a county governor's people: who has got access or lost it, and nominations that wait for an answer."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import todos
from accounts.models import User
from lmp.governor.todos import unanswered
from outbox.digest import Digest, DueReminder
from outbox.pauses import ReminderRule
from outbox.plan import Planned
from outbox.posting import post
from outbox.texts import MailText, Values
from participants.mails import texts
from participants.mails.scopes import scope
from participants.models import GovernorContact, Participation
from parts.dates import Slot, chain, day_in_words, midnight, morning, working_day
from parts.names import joined

# Working days from the nomination to the first reminder, and between them; and how many there are.
REMIND_AFTER, REMINDERS = 10, 3


def slots(nominated_at: datetime, *, starts_on: date) -> list[Slot]:
    """The mornings on which the office is reminded of a nomination without an answer. None once the pulje begins."""
    day, mornings = timezone.localdate(nominated_at), []
    for _turn in range(REMINDERS):
        for _day in range(REMIND_AFTER):
            day = working_day(day + timedelta(days=1), step=1)
        mornings.append(morning(day))
    last = min(midnight(starts_on), mornings[-1] + timedelta(days=14))
    return chain(mornings, last=last, earliest=nominated_at)


def planner(start: datetime, end: datetime) -> Iterator[Planned]:
    """The reminders with start < send_at <= end that today's facts call for, in three queries."""
    yield from UNANSWERED_MAILS.mails(_dues(), sent=UNANSWERED_MAILS.sent(start), start=start, end=end)


def _dues() -> Iterator[DueReminder[Participation]]:
    waiting = list(unanswered(today=timezone.localdate()))
    people: dict[int, list[GovernorContact]] = defaultdict(list)
    offices = {each.municipality.county.governor_id for each in waiting}
    for contact in GovernorContact.objects.reached().filter(governor__in=offices).select_related("user", "governor"):
        people[contact.governor_id].append(contact)
    for each in waiting:
        for contact in people[each.municipality.county.governor_id]:
            for slot in slots(each.nominated_at, starts_on=each.cohort.starts_on) if each.nominated_at else ():
                yield DueReminder(
                    recipient=contact.user,
                    name=contact.called,
                    language=contact.governor.language_for(contact.user),
                    send_at=slot.send_at,
                    until=slot.until,
                    version=str(each.pk),
                    item=each,
                    about=each,
                    why=_("%(name)s er nominert, og svaret er ikke registrert") % {"name": each.municipality},
                    scope=scope(each),
                )


def _unanswered(waiting: Sequence[Participation], *, name: str) -> Values:
    line = _("%(name)s, nominert til %(cohort)s %(day)s")
    one = waiting[0]
    page = reverse("governor:accept", args=[one.pk]) if len(waiting) == 1 else reverse("governor:counties")
    return {
        "navn": name,
        "venter": [
            line
            % {
                "name": each.municipality.name_and_county,
                "cohort": str(each.cohort).lower(),
                "day": day_in_words(timezone.localdate(each.nominated_at)),
            }
            for each in waiting
        ],
        "spor": settings.SUPPORT_EMAIL,
        "lenke": settings.SITE_URL + page,
    }


def _unanswered_samples(language: str) -> Sequence[tuple[str, Values]]:
    rows = list(unanswered(today=timezone.localdate())[:20])
    with translation.override(language):
        return [(str(each), _unanswered([each], name=_("Navn Navnesen"))) for each in rows]


def _given(contact: GovernorContact, *, by: str, waiting: Sequence[str]) -> Values:
    return {
        "navn": contact.called,
        "embete": contact.governor.name,
        "fylker": joined(county.name for county in contact.governor.counties.all()),
        "bakgrunn": _("%(name)s la deg til.") % {"name": by},
        "adresse": contact.user.email,
        "venter": waiting,
        "lenke": settings.SITE_URL + reverse("governor:counties"),
    }


def _given_samples(language: str) -> Sequence[tuple[str, Values]]:
    people = GovernorContact.objects.current().select_related("user", "governor").prefetch_related("governor__counties")
    with translation.override(language):
        nothing = [_("Ingenting akkurat nå")]
        return [(str(each), _given(each, by=_("Navn Navnesen"), waiting=nothing)) for each in people[:20]]


def access_given(contact: GovernorContact, *, by: User, now: datetime) -> None:
    """What the person may do now, and what waits for them in every app."""
    language = contact.governor.language_for(contact.user)
    with translation.override(language):
        waiting = todos.in_lines(todos.of(contact.user, now), today=timezone.localdate(now))
        values = _given(contact, by=str(by), waiting=waiting)
    post(
        ACCESS_GIVEN,
        key=f"{ACCESS_GIVEN.name}:{contact.pk}",
        to=contact.user,
        language=language,
        values=values,
        why=_("%(name)s er registrert hos %(governor)s") % {"name": contact.called, "governor": contact.governor},
        now=now,
        about=contact,
    )


def access_ended(contact: GovernorContact, *, keeps: Sequence[str], by: User, now: datetime) -> None:
    language = contact.governor.language_for(contact.user)
    with translation.override(language):
        function = _("kontaktperson hos %(governor)s") % {"governor": contact.governor}
        said = "" if by == contact.user else str(by)
        values = texts.access_ended(name=contact.called, function=function, successor="", by=said, keeps=keeps)
    post(
        texts.ACCESS_ENDED,
        key=f"governor.access_ended:{contact.pk}",
        to=contact.user,
        language=language,
        values=values,
        why=_("%(name)s er ikke lenger hos %(governor)s") % {"name": contact.called, "governor": contact.governor},
        now=now,
        about=contact,
    )


ACCESS_GIVEN = MailText(
    name="governor.access_given",
    title=gettext_lazy("Tilgang er gitt hos statsforvalteren"),
    placeholders={
        "navn": gettext_lazy("navnet på mottakeren"),
        "embete": gettext_lazy("navnet på embetet"),
        "fylker": gettext_lazy("fylkene embetet har"),
        "bakgrunn": gettext_lazy("hvem som la til personen"),
        "adresse": gettext_lazy("adressen personen logger inn med"),
        "venter": gettext_lazy("liste over det som venter på personen"),
        "lenke": gettext_lazy("lenken til kommunene i fylket"),
    },
    samples=_given_samples,
)
UNANSWERED = MailText(
    name="governor.unanswered",
    title=gettext_lazy("En nominert kommune har ikke svart"),
    placeholders={
        "navn": gettext_lazy("navnet på mottakeren"),
        "venter": gettext_lazy("liste over kommunene som ikke har svart"),
        "spor": gettext_lazy("adressen å skrive til"),
        "lenke": gettext_lazy("lenken til siden der svaret registreres"),
    },
    samples=_unanswered_samples,
)
TEXTS = (ACCESS_GIVEN, UNANSWERED)
UNANSWERED_MAILS: Digest[Participation] = Digest(UNANSWERED.name, lambda _waiting: UNANSWERED, _unanswered)
RULES = [
    ReminderRule(
        UNANSWERED.name,
        gettext_lazy("Påminnelser til statsforvalteren om nominasjoner uten svar"),
        frozenset({UNANSWERED.name}),
        gettext_lazy("Den faller bort når svaret er registrert."),
    )
]
