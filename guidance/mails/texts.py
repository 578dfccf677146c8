"""What the mails say, and the samples that staff preview them with. Nothing of a log's text is ever among it."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guidance.mails import values
from guidance.mails.groups.texts import TEXTS as GROUPS
from guidance.mails.placeholders import COHORT, LINK, MUNICIPALITY, NAME
from guidance.mails.samples import NEWEST, samples
from guidance.mails.sessions.texts import TEXTS as SESSIONS
from guidance.models import GuidanceSession, Measure
from outbox.texts import MailText, Values
from participants.models import Participation, Unit
from parts.dates import day_in_words, through


def log_missing(sessions: Sequence[GuidanceSession], *, name: str) -> Values:
    one = len(sessions) == 1
    return {
        "navn": name,
        "mangler": [f"{values.name_of(each.group.participation)}: {day_in_words(each.held_on)}" for each in sessions],
        "lenke": values.link("guidance:log_planned", sessions[0].pk) if one else values.link("guidance:supervisor"),
    }


def measures(measures: Sequence[Measure], *, name: str) -> Values:
    units = list(dict.fromkeys(measure.unit for measure in measures))
    participations = {unit.participation_id for unit in units}
    if len(units) == 1:
        link = values.link("guidance:measures", units[0].pk)
    elif len(participations) == 1:
        link = values.link("guidance:municipality_measures", units[0].participation_id)
    else:
        link = values.link("home")
    return {
        "navn": name,
        "tiltak": [
            _("%(unit)s: %(measure)s, frist %(day)s")
            % {"unit": each.unit, "measure": each, "day": through(each.ends_on)}
            for each in measures
        ],
        "lenke": link,
    }


def log_removed(session: GuidanceSession, participation: Participation, *, name: str, moved: bool) -> Values:
    """`participation`: where the log stood. Where it was moved to is not this recipient's to know."""
    why = (
        _("Den gjaldt en annen kommune, og er flyttet dit.")
        if moved
        else _("Grunn: %(why)s.") % {"why": session.get_withdrawn_why_display()}
    )
    return values.of_participation(participation) | {
        "navn": name,
        "dato": day_in_words(session.held_on),
        "grunn": why,
        "lenke": values.link("guidance:sessions", participation.pk),
    }


def measure_removed(measure: Measure, unit: Unit, *, name: str, to: Unit | None) -> Values:
    """`unit`: whose it was. `to`: whose it is now; None when it was withdrawn."""
    if to:
        what = _("Et tiltak ved %(unit)s er flyttet til %(to)s.") % {"unit": unit, "to": to}
    else:
        what = _("Et tiltak ved %(unit)s er trukket tilbake. Grunn: %(why)s.") % {
            "unit": unit,
            "why": measure.get_withdrawn_why_display(),
        }
    return {"navn": name, "hva": what, "lenke": values.link("guidance:measures", (to or unit).pk)}


def _sessions(**facts: object) -> Iterable[GuidanceSession]:
    places = ("group__participation__municipality__county", "group__participation__cohort")
    sessions = GuidanceSession.objects.filter(**facts).select_related(*places)
    return sessions.prefetch_related("units", "supervisors")[:NEWEST]


def _unlogged() -> Iterable[GuidanceSession]:
    return _sessions(submitted_at=None, cancelled_at=None)


def _going_on() -> Iterable[Measure]:
    soon = timezone.localdate() + timedelta(days=30)
    return Measure.objects.going_on().filter(ends_on__lte=soon).select_related("unit__participation")[:NEWEST]


def _withdrawn() -> Iterable[GuidanceSession]:
    return _sessions(withdrawn_at__isnull=False)


def _withdrawn_measures() -> Iterable[Measure]:
    return Measure.objects.filter(withdrawn_at__isnull=False).select_related("unit__participation")[:NEWEST]


LOG_MISSING = MailText(
    name="guidance.log_missing",
    title=gettext_lazy("Påminnelse: loggen mangler"),
    placeholders=NAME | {"mangler": gettext_lazy("liste over møtene som mangler logg")} | LINK,
    samples=samples(_unlogged, lambda session, *, name: log_missing([session], name=name)),
)
MEASURES = MailText(
    name="guidance.measures",
    title=gettext_lazy("Påminnelse: tiltak med frist"),
    placeholders=NAME | {"tiltak": gettext_lazy("liste over tiltakene, med enhet og frist")} | LINK,
    samples=samples(_going_on, lambda measure, *, name: measures([measure], name=name)),
)

LOG_REMOVED = MailText(
    name="guidance.log_removed",
    title=gettext_lazy("En logg er trukket tilbake eller flyttet"),
    placeholders=NAME
    | MUNICIPALITY
    | COHORT
    | {
        "dato": gettext_lazy("dagen møtet var"),
        "grunn": gettext_lazy("hvorfor loggen ikke lenger gjelder, i en setning"),
    }
    | LINK,
    samples=samples(
        _withdrawn,
        lambda row, *, name: log_removed(row, row.group.participation, name=name, moved=False),
    ),
)
MEASURE_REMOVED = MailText(
    name="guidance.measure_removed",
    title=gettext_lazy("Et tiltak er trukket tilbake eller flyttet"),
    placeholders=NAME | {"hva": gettext_lazy("hva som er gjort med tiltaket, i en setning")} | LINK,
    samples=samples(
        _withdrawn_measures, lambda measure, *, name: measure_removed(measure, measure.unit, name=name, to=None)
    ),
)

TEXTS = (
    *GROUPS,
    *SESSIONS,
    LOG_MISSING,
    MEASURES,
    LOG_REMOVED,
    MEASURE_REMOVED,
)
