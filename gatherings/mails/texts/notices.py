"""What the notices say, and the samples that staff preview them with.

Each function for a mail to a participant takes the registration and today's date, so that one function can send them
all.
"""

from collections.abc import Callable, Sequence
from datetime import date

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from gatherings.mails import values
from gatherings.models import Gathering, LateRequest, Registration
from gatherings.registration.registering import RegistrationOutcome
from gatherings.registration.registrar import Place
from outbox.texts import MailText, Values
from parts.dates import day_in_words, last_day

State = Registration.State
GATHERING = {
    "samling": gettext_lazy("navnet på samlingen, inne i en setning: oppstartssamlingen"),
    "samling_foerst": gettext_lazy("navnet på samlingen, først i en setning: Oppstartssamlingen"),
    "pulje": gettext_lazy("pulja, for eksempel «pulje 9»"),
    "dato": gettext_lazy("første dag"),
    "tid": gettext_lazy("første og siste dag, med klokkeslett når de er kjent"),
    "sted": gettext_lazy("stedet og adressen"),
    "lenke": gettext_lazy("lenken til siden det gjelder"),
}
PARTICIPANT = GATHERING | {
    "navn": gettext_lazy("navnet på mottakeren"),
    "kommer_for": gettext_lazy("funksjonen, og enheten eller kommunen personen kommer for"),
    "dager": gettext_lazy("dagene personen kommer"),
    "netter": gettext_lazy("nettene personen har bestilt"),
}
_BACKGROUND = {"bakgrunn": gettext_lazy("hvem som gjorde det, når det ikke var mottakeren selv")}
_TASKS = {"oppgaver": gettext_lazy("liste over det mottakeren skal gjøre")}
_WAY_OUT = {"endre": gettext_lazy("hvordan mottakeren endrer eller melder seg av")}
NEW_ENTRY = "ny_i_kalenderen"
CALENDAR = {NEW_ENTRY: gettext_lazy("hva et nei i kalenderen betyr, til den som får oppføringen for første gang")}
_PLACE = {"plass": gettext_lazy("om mottakeren har plass, har et tilbud eller venter")}
SENTENCE = {"melding": gettext_lazy("det dere skrev da samlingen ble endret")}
_CANCEL_TRAVEL = {"avbestill": gettext_lazy("at en bestilt reise må avbestilles")}


def registered(registration: Registration, today: date) -> Values:
    gathering = registration.gathering
    return values.of_registration(registration) | {
        "bakgrunn": _background(registration, _("%(name)s har meldt deg på."), registration.registered_by),
        "oppgaver": tasks(registration),
        "endre": values.way_out(gathering, today=today),
    }


def waiting(registration: Registration, today: date, *, number: int) -> Values:
    return values.of_registration(registration) | {
        "bakgrunn": _background(registration, _("%(name)s har meldt deg på."), registration.registered_by),
        "nummer": str(number),
    }


def offered(registration: Registration, today: date) -> Values:
    until = registration.offered_until
    return values.of_registration(registration) | {"svarfrist": day_in_words(last_day(until)) if until else ""}


def changed(registration: Registration, today: date, *, by: User) -> Values:
    return values.of_registration(registration) | {
        "bakgrunn": _background(registration, _("%(name)s har endret den."), by),
        "plass": values.place(registration),
        "reise": registration.get_travel_display(),
        "endre": values.way_out(registration.gathering, today=today),
        NEW_ENTRY: values.into_calendar(registration),
    }


def cancelled(registration: Registration, today: date, *, by: User) -> Values:
    return values.of_registration(registration) | {
        "bakgrunn": _background(registration, _("%(name)s har meldt deg av."), by),
        "avbestill": cancel_travel(registration),
    }


def withdrawn(registration: Registration, today: date) -> Values:
    return values.of_registration(registration) | {
        "kommune": registration.participation.municipality.name_told_apart,
        "avbestill": cancel_travel(registration),
    }


def moved(registration: Registration, today: date, *, before: Gathering | None, sentence: str = "") -> Values:
    """`before`: the gathering as it was, when that is known."""
    gathering = registration.gathering
    other_dates = before is None or before.days != gathering.days
    travels = registration.travel == Registration.Travel.ORDERS
    comes = registration.state == State.PLACED
    again = (
        _("Datoen er ny. Har du bestilt reise, må du bestille på nytt.") if other_dates and travels and comes else ""
    )
    # As many days as before: each has come along with its nights. Else the person must look.
    look = [_("Se over dager og netter: samlingen varer ikke like lenge som før.")]
    lasts_as_long = before is None or len(before.days) == len(gathering.days)
    return values.of_registration(registration) | {
        "gammel": f"{values.when(before)}. {values.where(before)}" if before else _("Det du har fått vite før"),
        "melding": sentence,
        "plass": values.place(registration),
        "reise_paa_nytt": again,
        "oppgaver": tasks(registration) if lasts_as_long or not comes else look + tasks(registration),
        "endre": values.way_out(gathering, today=today),
        NEW_ENTRY: values.into_calendar(registration),
    }


def called_off(registration: Registration, today: date, *, sentence: str = "") -> Values:
    said = values.of_registration(registration) | called_off_words(registration.gathering)
    return said | {"melding": sentence, "avbestill": cancel_travel(registration)}


def called_off_words(gathering: Gathering) -> dict[str, str]:
    postponed = gathering.settled != Gathering.Settled.CANCELLED
    return {
        "hva": _("er utsatt") if postponed else _("er avlyst"),
        "videre": _("Du får e-post når den nye datoen er klar.") if postponed else "",
    }


def reinstated(registration: Registration, today: date, *, sentence: str = "") -> Values:
    travels = registration.travel == Registration.Travel.ORDERS
    return values.of_registration(registration) | {
        "melding": sentence,
        "plass": values.place(registration),
        "reise_paa_nytt": _("Har du avbestilt reisen, må du bestille på nytt.") if travels else "",
        "oppgaver": tasks(registration),
        "endre": values.way_out(registration.gathering, today=today),
        NEW_ENTRY: values.into_calendar(registration),
    }


def receipt(gathering: Gathering, outcomes: Sequence[RegistrationOutcome], today: date, *, name: str) -> Values:
    return values.of_gathering(gathering) | {
        "navn": name,
        "paameldte": [values.outcome(outcome) for outcome in outcomes],
        "endre": values.way_out(gathering, today=today),
    }


def late_request(asked: LateRequest, *, link: str) -> Values:
    return values.of_gathering(asked.gathering) | {
        "spurt_av": str(asked.asked_by),
        "kommune": asked.participation.municipality.name_told_apart,
        "lenke": link,
    }


def late_request_answered(asked: LateRequest) -> Values:
    about = asked.registration or asked.gathering
    return values.of_gathering(asked.gathering) | {
        "navn": str(asked.asker),
        "svar": asked.answer,
        "lenke": values.link(about.get_absolute_url()),
    }


def tasks(registration: Registration) -> list[str]:
    if registration.state != State.PLACED:
        return [_("Du trenger ikke gjøre noe nå.")]
    needs = _("Fyll inn det du trenger av mat og tilrettelegging, hvis du trenger noe.")
    return [task for task in (values.orders_travel(registration), needs) if task]


def cancel_travel(registration: Registration) -> str:
    """Nothing to whoever has not had a place: nobody travels before that."""
    if registration.travel != Registration.Travel.ORDERS or registration.placed_at is None:
        return ""
    return _("Har du bestilt reise eller hotell, må du avbestille.")


def _background(registration: Registration, sentence: str, by: User) -> str:
    return "" if by.pk == registration.user_id else sentence % {"name": by}


def _samples(of: Callable[[Registration, date], Values], *states: str) -> Callable[[str], Sequence[tuple[str, Values]]]:
    """Of the newest registrations, those in one of these states."""

    def samples(language: str) -> Sequence[tuple[str, Values]]:
        newest = Registration.objects.select_related(
            "gathering__cohort",
            "participation__municipality__county",
            "participation__cohort",
            "unit",
            "user",
            "registered_by",
        ).order_by("-pk")[:200]
        with translation.override(language):
            fitting = [registration for registration in newest if registration.state in states][:20]
            return [(str(registration), of(registration, timezone.localdate())) for registration in fitting]

    return samples


def _late_request_samples(language: str) -> Sequence[tuple[str, Values]]:
    rows = LateRequest.objects.select_related("gathering__cohort", "participation__municipality__county", "asked_by")
    answered = rows.select_related("registration").filter(answered_at__isnull=False)
    with translation.override(language):
        return [(str(asked), late_request_answered(asked)) for asked in answered[:20]]


def _open_late_request_samples(language: str) -> Sequence[tuple[str, Values]]:
    rows = LateRequest.objects.select_related("gathering__cohort", "participation__municipality__county", "asked_by")
    with translation.override(language):
        return [(str(asked), late_request(asked, link=settings.SITE_URL + "/admin/")) for asked in rows[:20]]


REGISTERED = MailText(
    name="gatherings.registered",
    title=gettext_lazy("Påmelding: plass på samlingen"),
    placeholders=PARTICIPANT | _BACKGROUND | _TASKS | _WAY_OUT,
    samples=_samples(registered, State.PLACED),
)
WAITING = MailText(
    name="gatherings.waiting",
    title=gettext_lazy("Påmelding: på venteliste"),
    placeholders=PARTICIPANT | _BACKGROUND | {"nummer": gettext_lazy("nummeret på ventelista")},
    samples=_samples(lambda registration, today: waiting(registration, today, number=1), State.WAITING),
)
RECEIPT = MailText(
    name="gatherings.receipt",
    title=gettext_lazy("Kvittering til den som meldte på"),
    placeholders=GATHERING
    | _WAY_OUT
    | {
        "navn": gettext_lazy("navnet på mottakeren"),
        "paameldte": gettext_lazy("liste over dem det gjelder, og hva som skjedde med hver enkelt"),
    },
    samples=_samples(
        lambda registration, today: receipt(
            registration.gathering,
            [RegistrationOutcome(Place(registration.participation, registration.unit), registration, is_new=True)],
            today,
            name=str(registration.registered_by),
        ),
        State.PLACED,
        State.WAITING,
    ),
)
OFFERED = MailText(
    name="gatherings.offered",
    title=gettext_lazy("Tilbud om en ledig plass"),
    placeholders=PARTICIPANT | {"svarfrist": gettext_lazy("siste dag tilbudet gjelder, med ukedag")},
    samples=_samples(offered, State.OFFERED),
)
EXPIRED = MailText(
    name="gatherings.expired",
    title=gettext_lazy("Tilbudet om plass er gått ut"),
    placeholders=OFFERED.placeholders,
    samples=_samples(offered, State.EXPIRED),
)
CHANGED = MailText(
    name="gatherings.changed",
    title=gettext_lazy("Påmeldingen er endret"),
    placeholders=PARTICIPANT
    | _BACKGROUND
    | _PLACE
    | _WAY_OUT
    | CALENDAR
    | {"reise": gettext_lazy("hvordan personen reiser")},
    samples=_samples(
        lambda registration, today: changed(registration, today, by=registration.registered_by),
        State.PLACED,
        State.WAITING,
        State.OFFERED,
    ),
)
CANCELLED = MailText(
    name="gatherings.cancelled",
    title=gettext_lazy("Meldt av"),
    placeholders=PARTICIPANT | _BACKGROUND | _CANCEL_TRAVEL,
    samples=_samples(
        lambda registration, today: cancelled(registration, today, by=registration.cancelled_by or registration.user),
        State.CANCELLED,
    ),
)
WITHDRAWN = MailText(
    name="gatherings.withdrawn",
    title=gettext_lazy("Meldt av fordi kommunen har trukket seg"),
    placeholders=PARTICIPANT | _CANCEL_TRAVEL | {"kommune": gettext_lazy("navnet på kommunen som har trukket seg")},
    samples=_samples(withdrawn, State.CANCELLED),
)
MOVED = MailText(
    name="gatherings.moved",
    title=gettext_lazy("Samlingen er flyttet"),
    placeholders=PARTICIPANT
    | _PLACE
    | _TASKS
    | _WAY_OUT
    | CALENDAR
    | SENTENCE
    | {
        "gammel": gettext_lazy("tida og stedet som ikke gjelder lenger"),
        "reise_paa_nytt": gettext_lazy("at reisen må bestilles på nytt, når den må det"),
    },
    paragraphs=frozenset({"melding"}),
    samples=_samples(lambda registration, today: moved(registration, today, before=None), State.PLACED, State.WAITING),
)
CALLED_OFF = MailText(
    name="gatherings.called_off",
    title=gettext_lazy("Samlingen er avlyst eller utsatt"),
    placeholders=PARTICIPANT
    | _CANCEL_TRAVEL
    | SENTENCE
    | {
        "hva": gettext_lazy("at samlingen er avlyst eller utsatt"),
        "videre": gettext_lazy("hva som skjer videre, når den er utsatt"),
    },
    paragraphs=frozenset({"melding"}),
    samples=_samples(called_off, State.PLACED),
)
REINSTATED = MailText(
    name="gatherings.reinstated",
    title=gettext_lazy("Samlingen holdes likevel"),
    placeholders=PARTICIPANT
    | _PLACE
    | _TASKS
    | _WAY_OUT
    | CALENDAR
    | SENTENCE
    | {"reise_paa_nytt": gettext_lazy("at en avbestilt reise må bestilles på nytt")},
    paragraphs=frozenset({"melding"}),
    samples=_samples(reinstated, State.PLACED, State.WAITING),
)
LATE_REQUEST = MailText(
    name="gatherings.late_request",
    title=gettext_lazy("Til prosjektet: spørsmål etter fristen"),
    placeholders=GATHERING | {"spurt_av": gettext_lazy("den som spør"), "kommune": gettext_lazy("navnet på kommunen")},
    samples=_open_late_request_samples,
)
LATE_REQUEST_ANSWERED = MailText(
    name="gatherings.late_request_answered",
    title=gettext_lazy("Svar på spørsmål etter fristen"),
    placeholders=GATHERING
    | {"navn": gettext_lazy("navnet på mottakeren"), "svar": gettext_lazy("svaret fra prosjektet")},
    paragraphs=frozenset({"svar"}),
    samples=_late_request_samples,
)

TEXTS = (
    REGISTERED,
    WAITING,
    RECEIPT,
    OFFERED,
    EXPIRED,
    CHANGED,
    CANCELLED,
    WITHDRAWN,
    MOVED,
    CALLED_OFF,
    REINSTATED,
    LATE_REQUEST,
    LATE_REQUEST_ANSWERED,
)
