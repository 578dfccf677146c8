"""What the mails and the calendar entries say of a gathering and of a registration, in the language that is active."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from gatherings.models import Gathering, Registration
from gatherings.registration.registering import RegistrationOutcome
from parts.dates import day_in_words, last_day, through
from parts.names import joined


def days(values: Iterable[date]) -> str:
    return joined(day_in_words(value) for value in values)


def link(path: str) -> str:
    return settings.SITE_URL + path


def registering(gathering: Gathering) -> str:
    """Straight to the form; once registration has closed it leads on to the gathering's page."""
    return link(reverse("gatherings:register", args=[gathering.pk]))


def nobody_comes(gathering: Gathering) -> str:
    """Where it is answered that nobody comes."""
    return link(reverse("gatherings:nobody_comes", args=[gathering.pk]))


def when(gathering: Gathering) -> str:
    """The first and the last day, with the hours that are known."""
    if not gathering.days:
        return _("Datoen er ikke bestemt")
    first, last = gathering.days[0], gathering.days[-1]
    starts, ends = (formats.time_format(at, "H.i") if at else "" for at in (gathering.starts_at, gathering.ends_at))
    if first == last and starts and ends:
        return _("%(day)s kl. %(starts)s–%(ends)s") % {"day": day_in_words(first), "starts": starts, "ends": ends}
    begin = _("%(day)s kl. %(hour)s") % {"day": day_in_words(first), "hour": starts} if starts else day_in_words(first)
    if first == last:
        return begin
    end = _("%(day)s kl. %(hour)s") % {"day": day_in_words(last), "hour": ends} if ends else day_in_words(last)
    return _("%(begin)s til %(end)s") % {"begin": begin, "end": end}


def where(gathering: Gathering) -> str:
    return gathering.place or _("Stedet er ikke bestemt")


def of_gathering(gathering: Gathering) -> dict[str, str]:
    """What every mail about a gathering may say; `lenke` goes to the gathering until a mail says otherwise."""
    return {
        "samling": gathering.in_a_sentence,
        "samling_foerst": capfirst(gathering.in_a_sentence),
        "pulje": str(gathering.cohort).lower(),
        "dato": day_in_words(gathering.days[0]) if gathering.days else _("dato kommer"),
        "tid": when(gathering),
        "sted": where(gathering),
        "lenke": link(gathering.get_absolute_url()),
    }


def of_registration(registration: Registration) -> dict[str, str]:
    """What every mail to a participant may say. Food and access are never part of it."""
    return of_gathering(registration.gathering) | {
        "navn": registration.name,
        "kommer_for": f"{registration.function_title}, {registration.represents}",
        "dager": days(registration.dates) or _("Ikke bestemt"),
        "netter": days(registration.night_dates) or _("Ingen"),
        "lenke": link(registration.get_absolute_url()),
    }


def place(registration: Registration, *, number: int | None = None) -> str:
    """Whether the person has a place, has an offer or waits, with their turn in line when that is known."""
    if registration.state == Registration.State.PLACED:
        return _("har plass")
    if registration.state == Registration.State.OFFERED and registration.offered_until:
        return _("har et tilbud om plass %(deadline)s") % {"deadline": through(last_day(registration.offered_until))}
    if number is not None:
        return _("står på venteliste som nummer %(number)s") % {"number": number}
    return _("står på venteliste")


def outcome(outcome: RegistrationOutcome) -> str:
    """Hanne Styrersen, Myrvoll barnehage: var påmeldt fra før, har plass."""
    registration = outcome.registration
    about = {
        "name": registration.name,
        "places": registration.represents,
        "place": place(registration, number=outcome.number),
    }
    if outcome.is_new:
        return _("%(name)s, %(places)s: %(place)s") % about
    if outcome.added:
        return _("%(name)s kommer nå for %(places)s, på samme plass som før: %(place)s") % about
    return _("%(name)s, %(places)s: var påmeldt fra før, %(place)s") % about


def orders_travel(registration: Registration) -> str:
    """What who orders the journey after the procedure must do, and by when; empty when nothing is left."""
    if registration.travel != Registration.Travel.ORDERS or registration.travel_ordered_on:
        return ""
    closes_on = registration.gathering.travel_closes_on
    if closes_on is None:
        return _("Bestill reisen slik det står på siden for påmeldingen.")
    return _("Bestill reisen slik det står på siden for påmeldingen. Frist: %(deadline)s.") % {
        "deadline": through(closes_on)
    }


def way_out(gathering: Gathering, *, today: date) -> str:
    """How to change or cancel."""
    if gathering.is_open(today=today) and gathering.closes_on:
        return _("Du kan endre påmeldingen eller melde deg av på siden %(deadline)s.") % {
            "deadline": through(gathering.closes_on)
        }
    return _("Fristen for å endre er gått ut. Må du endre noe eller melde deg av, kan du spørre oss på siden.")


def into_calendar(registration: Registration) -> str:
    """To whoever gets the entry for the first time: a no in a calendar signs nobody off."""
    if registration.state != Registration.State.PLACED or not registration.gathering.days:
        return ""
    return _(
        "Kalenderoppføringen er lagt ved. Åpne den, så legger den seg i kalenderen din. "
        "Sier du nei i kalenderen, er du fortsatt påmeldt til du har meldt deg av på siden."
    )
