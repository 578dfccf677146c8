"""What happens after somebody is registered, in the order of days: what comes by mail, and what is left to do."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from gatherings import schedule
from gatherings.models import Gathering, Registration
from parts.dates import day_in_words, last_day, through


def steps(gathering: Gathering, *, now: datetime, registration: Registration | None = None) -> list[str]:
    """For one registration, or for whoever has registered others. Nothing once it is over or called off."""
    today = timezone.localdate(now)
    if gathering.settled == Gathering.Settled.CANCELLED or gathering.is_past(today=today):
        return []
    if not gathering.is_settled:
        return [_("Vent med å bestille reise: datoen er ikke avklart. Vi sender e-post når den er det.")]
    if registration is None:
        return [*_to_all(gathering), *_change_until(gathering, today=today), *_mails(gathering, now=now)]
    return list(_own(registration, now=now))


def _own(registration: Registration, *, now: datetime) -> Iterator[str]:
    gathering, today = registration.gathering, timezone.localdate(now)
    match registration.state:
        case Registration.State.WAITING:
            yield _("Blir det en ledig plass, kommer det en e-post med en frist for å svare.")
            yield _("Vent med å bestille reise til du har plass.")
            yield from _change_until(gathering, today=today)
        case Registration.State.OFFERED if registration.offered_until:
            until = through(last_day(registration.offered_until))
            yield _("Plassen holdes av %(until)s. Etterpå går den til den neste på ventelista.") % {"until": until}
        case Registration.State.PLACED:
            yield from _travel(registration, today=today)
            yield from _change_until(gathering, today=today)
            yield from _mails(gathering, now=now)


def _to_all(gathering: Gathering) -> Iterator[str]:
    yield _("Hver deltaker har fått en e-post. Der svarer de på hva de trenger av mat og tilrettelegging.")
    if closes_on := gathering.travel_closes_on:
        yield _("De som skal reise, bestiller %(until)s. De får en påminnelse før fristen.") % {
            "until": through(closes_on)
        }


def _travel(registration: Registration, *, today: date) -> Iterator[str]:
    closes_on = registration.gathering.travel_closes_on
    orders = registration.travel == Registration.Travel.ORDERS and registration.travel_ordered_on is None
    if orders and closes_on and closes_on >= today:
        yield _("Reisen må bestilles %(until)s, og registreres som bestilt her.") % {"until": through(closes_on)}


def _change_until(gathering: Gathering, *, today: date) -> Iterator[str]:
    if gathering.is_open(today=today) and gathering.closes_on:
        yield _("Påmeldingen kan endres og meldes av her %(until)s.") % {"until": through(gathering.closes_on)}


def _mails(gathering: Gathering, *, now: datetime) -> Iterator[str]:
    """The mails that the plan has for whoever has a place: the same rules, so that the same days are said."""
    if gathering.starts_on:
        begins = schedule.begins(gathering.starts_on, gathering.starts_at)
        for slot in schedule.practical(gathering.starts_on, begins=begins, placed_at=now):
            if slot.send_at > now:
                yield _("Praktisk informasjon kommer på e-post %(day)s.") % {"day": _day(slot.send_at)}
    for slot in schedule.evaluation(gathering.last_day)[:1]:
        yield _("Etter samlingen, %(day)s, kommer en e-post med fem spørsmål til dem som møtte.") % {
            "day": _day(slot.send_at)
        }


def _day(moment: datetime) -> str:
    return day_in_words(timezone.localdate(moment))
