"""What the mails say when another person comes instead, and the samples that staff preview them with."""

from collections.abc import Callable, Sequence
from datetime import date

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from gatherings.mails import values
from gatherings.mails.texts import notices
from gatherings.models import Registration, Swap
from outbox.texts import MailText, Values
from parts.dates import last_day, through

State = Registration.State


def swapped_out(registration: Registration, today: date, *, by: User, after: str) -> Values:
    """To the one who had it: the link leads to the gathering, for the registration is another's now."""
    return values.of_registration(registration) | {
        "ny": after,
        "hadde": _had(registration),
        "kalender": _out_of_the_calendar(registration),
        "bakgrunn": _background(registration, by),
        "avbestill": notices.cancel_travel(registration),
        "lenke": values.link(registration.gathering.get_absolute_url()),
    }


def swapped_in(registration: Registration, today: date, *, by: User, before: str) -> Values:
    return values.of_registration(registration) | {
        "gammel": before,
        "bakgrunn": _background(registration, by),
        "plass": values.place(registration),
        "oppgaver": _tasks(registration),
        "endre": values.way_out(registration.gathering, today=today),
        notices.NEW_ENTRY: values.into_calendar(registration),
    }


def _had(registration: Registration) -> str:
    said = {
        State.OFFERED: _("tilbudet ditt om plass"),
        State.WAITING: _("turen din på ventelista"),
    }
    return said.get(registration.state, _("plassen din"))


def _out_of_the_calendar(registration: Registration) -> str:
    if registration.state != State.PLACED:
        return ""
    return _("Vedlegget fjerner samlingen fra kalenderen din.")


def _tasks(registration: Registration) -> list[str]:
    until = registration.offered_until
    if registration.state == State.OFFERED and until:
        return [_("Svar ja eller nei på tilbudet %(until)s.") % {"until": through(last_day(until))}]
    return notices.tasks(registration)


def _background(registration: Registration, by: User) -> str:
    return "" if by.pk == registration.user_id else _("%(name)s har registrert byttet.") % {"name": by}


def _samples(of: Callable[[Registration, date, Swap], Values]) -> Callable[[str], Sequence[tuple[str, Values]]]:
    def samples(language: str) -> Sequence[tuple[str, Values]]:
        newest = Swap.objects.select_related(
            "swapped_by",
            "registration__gathering__cohort",
            "registration__participation__municipality__county",
            "registration__participation__cohort",
            "registration__unit",
            "registration__user",
        )[:20]
        with translation.override(language):
            return [(str(swap), of(swap.registration, timezone.localdate(), swap)) for swap in newest]

    return samples


SWAPPED_OUT = MailText(
    name="gatherings.swapped_out",
    title=gettext_lazy("Bytte av person: til den som ga fra seg plassen"),
    placeholders=notices.PARTICIPANT
    | {
        "ny": gettext_lazy("navnet på den som overtok"),
        "hadde": gettext_lazy("det mottakeren hadde: plassen, tilbudet eller turen på ventelista"),
        "kalender": gettext_lazy("at vedlegget fjerner samlingen fra kalenderen, til den som hadde plass"),
        "bakgrunn": gettext_lazy("hvem som gjorde det, når det ikke var mottakeren selv"),
        "avbestill": gettext_lazy("at en bestilt reise må avbestilles"),
    },
    samples=_samples(
        lambda registration, today, swap: swapped_out(registration, today, by=swap.swapped_by, after=registration.name)
    ),
)
SWAPPED_IN = MailText(
    name="gatherings.swapped_in",
    title=gettext_lazy("Bytte av person: til den som overtok plassen"),
    placeholders=notices.PARTICIPANT
    | notices.CALENDAR
    | {
        "gammel": gettext_lazy("navnet på den som hadde plassen"),
        "bakgrunn": gettext_lazy("hvem som gjorde det, når det ikke var mottakeren selv"),
        "plass": gettext_lazy("om mottakeren har plass, har et tilbud eller venter"),
        "oppgaver": gettext_lazy("liste over det mottakeren skal gjøre"),
        "endre": gettext_lazy("hvordan mottakeren endrer eller melder seg av"),
    },
    samples=_samples(
        lambda registration, today, swap: swapped_in(registration, today, by=swap.swapped_by, before=swap.before_name)
    ),
)
TEXTS = (SWAPPED_OUT, SWAPPED_IN)
