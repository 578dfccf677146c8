"""What the mails say, and the samples that staff preview them with. Nothing of a log's text is ever among it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guidance.mails import values
from guidance.models import Departure, GroupMember, GuidanceSession, Handover, Measure
from outbox.texts import MailText, Values
from participants.models import Participation, Unit
from parts.dates import day_in_words

NEWEST = 20  # samples


def group_of_supervisor(members: Sequence[GroupMember], *, name: str) -> Values:
    """A supervisor's seats in a cohort."""
    participations = [member.group.participation for member in members]
    return {
        "navn": name,
        "pulje": str(participations[0].cohort).lower(),
        "kommuner": [
            _("%(name)s, der du leder gruppa") % {"name": each.municipality} if member.leads else str(each.municipality)
            for member, each in zip(members, participations, strict=True)
        ],
        "lenke": values.link("guidance:supervisor"),
    }


def group(groups: Sequence[tuple[Participation, Sequence[GroupMember]]], *, name: str) -> Values:
    """The supervisors of the municipalities that somebody belongs to, nearly always one."""
    several = len(groups) > 1
    return {
        "navn": name,
        "pulje": str(groups[0][0].cohort).lower(),
        "kommune": ", ".join(participation.municipality.name for participation, _members in groups),
        "veiledere": [
            f"{participation.municipality}: {supervisor}" if several else supervisor
            for participation, members in groups
            for supervisor in values.supervisors(members)
        ],
        "lenke": values.link("guidance:sessions", groups[0][0].pk),
    }


def handover(handover: Handover, *, name: str) -> Values:
    participation = handover.started.group.participation
    return values.of_participation(participation) | {
        "navn": name,
        "forrige": handover.ended.supervisor.name,
        "ny": handover.started.supervisor.name,
        "lenke": values.link("guidance:sessions", participation.pk),
    }


def taken_over(taken: Handover, *, name: str) -> Values:
    """The link goes to the new supervisor's own page, which shows the note left for them."""
    return {**handover(taken, name=name), "lenke": values.link("guidance:supervisor")}


def departure(departure: Departure, *, name: str) -> Values:
    participation = departure.member.group.participation
    return values.of_participation(participation) | {
        "navn": name,
        "forrige": departure.member.supervisor.name,
        "lenke": values.link("guidance:sessions", participation.pk),
    }


def session(session: GuidanceSession, *, name: str, supervisors: Sequence[str], change: str = "") -> Values:
    """`change`: what is new to a person who got a mail about the session before."""
    what = {
        "": _("Veiledningsmøte"),
        "day": _("Ny dato for veiledningsmøtet"),
        "hour": _("Nytt klokkeslett for veiledningsmøtet"),
        "format": _("Ny møteform for veiledningsmøtet"),
    }
    return _of_session(session, name=name) | {
        "hva": what[change],
        "form": values.format_of(session),
        "enheter": ", ".join(values.units(session)) or _("Ikke bestemt"),
        "veiledere": ", ".join(supervisors),
    }


def called_off(session: GuidanceSession, *, name: str) -> Values:
    return _of_session(session, name=name)


def _of_session(session: GuidanceSession, *, name: str) -> dict[str, str]:
    return values.of_participation(session.group.participation) | {
        "navn": name,
        "dato": day_in_words(session.held_on),
        "tid": values.when(session),
        "lenke": values.link("guidance:session", session.pk),
    }


def log_missing(sessions: Sequence[GuidanceSession], *, name: str) -> Values:
    one = len(sessions) == 1
    return {
        "navn": name,
        "mangler": [f"{each.group.participation.municipality}: {day_in_words(each.held_on)}" for each in sessions],
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
            % {"unit": each.unit, "measure": each, "day": day_in_words(each.ends_on)}
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


def _samples(
    newest: Callable[[], Iterable[models.Model]], fill: Callable[..., Values]
) -> Callable[[str], Sequence[tuple[str, Values]]]:
    def samples(language: str) -> Sequence[tuple[str, Values]]:
        with translation.override(language):
            return [(str(row), fill(row, name=_("Navn Navnesen"))) for row in newest()]

    return samples


def _members() -> Iterable[GroupMember]:
    members = GroupMember.objects.current().order_by("-pk")
    places = ("group__participation__municipality", "group__participation__cohort")
    return members.select_related("supervisor", *places)[:NEWEST]


def _handovers() -> Iterable[Handover]:
    places = ("started__group__participation__municipality", "started__group__participation__cohort")
    return Handover.objects.select_related("ended__supervisor", "started__supervisor", *places)[:NEWEST]


def _departures() -> Iterable[Departure]:
    places = ("member__group__participation__municipality", "member__group__participation__cohort")
    return Departure.objects.select_related("member__supervisor", *places)[:NEWEST]


def _sessions(**facts: object) -> Iterable[GuidanceSession]:
    places = ("group__participation__municipality", "group__participation__cohort")
    sessions = GuidanceSession.objects.filter(**facts).select_related(*places)
    return sessions.prefetch_related("units", "supervisors")[:NEWEST]


def _session_sample(row: GuidanceSession, *, name: str) -> Values:
    return session(row, name=name, supervisors=[each.name for each in row.supervisors.all()])


def _unlogged() -> Iterable[GuidanceSession]:
    return _sessions(submitted_at=None, cancelled_at=None)


def _cancelled() -> Iterable[GuidanceSession]:
    return _sessions(cancelled_at__isnull=False)


def _going_on() -> Iterable[Measure]:
    soon = timezone.localdate() + timedelta(days=30)
    return Measure.objects.going_on().filter(ends_on__lte=soon).select_related("unit__participation")[:NEWEST]


def _withdrawn() -> Iterable[GuidanceSession]:
    return _sessions(withdrawn_at__isnull=False)


def _withdrawn_measures() -> Iterable[Measure]:
    return Measure.objects.filter(withdrawn_at__isnull=False).select_related("unit__participation")[:NEWEST]


_NAME = {"navn": gettext_lazy("navnet på mottakeren")}
_COHORT = {"pulje": gettext_lazy("pulja, for eksempel «pulje 9»")}
_MUNICIPALITY = {"kommune": gettext_lazy("navnet på kommunen")}
_LINK = {"lenke": gettext_lazy("lenken til siden det gjelder")}
_HANDOVER = (
    _NAME
    | _MUNICIPALITY
    | _COHORT
    | {
        "forrige": gettext_lazy("veilederen som har sluttet i gruppa"),
        "ny": gettext_lazy("veilederen som overtar"),
    }
)
_SESSION = (
    _NAME
    | _MUNICIPALITY
    | _COHORT
    | {"dato": gettext_lazy("dagen"), "tid": gettext_lazy("dagen, med klokkeslett når det er kjent")}
    | _LINK
)

GROUP_OF_SUPERVISOR = MailText(
    name="guidance.group_of_supervisor",
    title=gettext_lazy("Veiledergruppene er klare: til veilederne"),
    placeholders=_NAME
    | _COHORT
    | {"kommuner": gettext_lazy("liste over kommunene veilederen har, og hvilke grupper personen leder")}
    | _LINK,
    samples=_samples(_members, lambda member, *, name: group_of_supervisor([member], name=name)),
)
GROUP = MailText(
    name="guidance.group",
    title=gettext_lazy("Veiledergruppene er klare: til kommuner og enheter"),
    placeholders=_NAME
    | _MUNICIPALITY
    | _COHORT
    | {"veiledere": gettext_lazy("liste over veilederne, og hvem som leder gruppa")}
    | _LINK,
    samples=_samples(_members, lambda member, *, name: group([(member.group.participation, [member])], name=name)),
)
TAKEN_OVER = MailText(
    name="guidance.taken_over",
    title=gettext_lazy("Bytte av veileder: til den som overtar"),
    placeholders=_HANDOVER | _LINK,
    samples=_samples(_handovers, taken_over),
)
LEFT = MailText(
    name="guidance.left",
    title=gettext_lazy("Bytte av veileder: til den som har sluttet i gruppa"),
    placeholders=_HANDOVER,
    samples=_samples(_handovers, handover),
)
HANDED_OVER = MailText(
    name="guidance.handed_over",
    title=gettext_lazy("Bytte av veileder: til kommunen"),
    placeholders=_HANDOVER | _LINK,
    samples=_samples(_handovers, handover),
)
DROPPED = MailText(
    name="guidance.dropped",
    title=gettext_lazy("Ute av gruppa: til veilederen"),
    placeholders=_NAME | _MUNICIPALITY | _COHORT,
    samples=_samples(_departures, departure),
)
DEPARTED = MailText(
    name="guidance.departed",
    title=gettext_lazy("Ute av gruppa: til kommunen og de andre i gruppa"),
    placeholders=_NAME | _MUNICIPALITY | _COHORT | {"forrige": gettext_lazy("veilederen som har sluttet")} | _LINK,
    samples=_samples(_departures, departure),
)
SESSION = MailText(
    name="guidance.session",
    title=gettext_lazy("Veiledningsmøte"),
    placeholders=_SESSION
    | {
        "hva": gettext_lazy("«Veiledningsmøte», eller hva som er nytt når møtet er flyttet"),
        "form": gettext_lazy("møteformen"),
        "enheter": gettext_lazy("enhetene som er med"),
        "veiledere": gettext_lazy("veilederne som er med"),
    },
    samples=_samples(_unlogged, _session_sample),
)
CALLED_OFF = MailText(
    name="guidance.called_off",
    title=gettext_lazy("Veiledningsmøtet er avlyst"),
    placeholders=_SESSION,
    samples=_samples(_cancelled, called_off),
)
RELEASED = MailText(
    name="guidance.released",
    title=gettext_lazy("Veiledningsmøte: til den som ikke lenger skal være med"),
    placeholders={name: meaning for name, meaning in _SESSION.items() if name != "lenke"},
    samples=_samples(_unlogged, called_off),
)
LOG_MISSING = MailText(
    name="guidance.log_missing",
    title=gettext_lazy("Påminnelse: loggen mangler"),
    placeholders=_NAME | {"mangler": gettext_lazy("liste over møtene som mangler logg")} | _LINK,
    samples=_samples(_unlogged, lambda session, *, name: log_missing([session], name=name)),
)
MEASURES = MailText(
    name="guidance.measures",
    title=gettext_lazy("Påminnelse: tiltak med frist"),
    placeholders=_NAME | {"tiltak": gettext_lazy("liste over tiltakene, med enhet og frist")} | _LINK,
    samples=_samples(_going_on, lambda measure, *, name: measures([measure], name=name)),
)

LOG_REMOVED = MailText(
    name="guidance.log_removed",
    title=gettext_lazy("En logg er trukket tilbake eller flyttet"),
    placeholders=_NAME
    | _MUNICIPALITY
    | _COHORT
    | {
        "dato": gettext_lazy("dagen møtet var"),
        "grunn": gettext_lazy("hvorfor loggen ikke lenger gjelder, i en setning"),
    }
    | _LINK,
    samples=_samples(
        _withdrawn,
        lambda row, *, name: log_removed(row, row.group.participation, name=name, moved=False),
    ),
)
MEASURE_REMOVED = MailText(
    name="guidance.measure_removed",
    title=gettext_lazy("Et tiltak er trukket tilbake eller flyttet"),
    placeholders=_NAME | {"hva": gettext_lazy("hva som er gjort med tiltaket, i en setning")} | _LINK,
    samples=_samples(
        _withdrawn_measures, lambda measure, *, name: measure_removed(measure, measure.unit, name=name, to=None)
    ),
)

TEXTS = (
    GROUP_OF_SUPERVISOR,
    GROUP,
    TAKEN_OVER,
    LEFT,
    HANDED_OVER,
    DROPPED,
    DEPARTED,
    SESSION,
    CALLED_OFF,
    RELEASED,
    LOG_MISSING,
    MEASURES,
    LOG_REMOVED,
    MEASURE_REMOVED,
)
