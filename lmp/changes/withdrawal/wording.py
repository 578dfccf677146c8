"""What ended, and what goes on, in words: for the page before it is saved, and for the mails."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gatherings.models import Gathering, Registration
from guidance.models import GroupMember, GuidanceSession, Measure
from guidance.models.cohort_settings import MIN_SUPERVISORS
from guidance.withdrawal import Room
from lmp.changes.withdrawal.outcome import Ended, Resumed
from outbox.effects import Section
from participants.models import Confirmation, Participation, ProjectGroup
from parts.dates import day_in_words, through
from parts.names import joined


def ended_sections(ended: Sequence[Ended]) -> list[Section]:
    """For staff, with names. One set of headings for each municipality, which is named when there are several."""
    return [
        (f"{one.withdrawal.participation.municipality}: {heading}" if len(ended) > 1 else heading, lines)
        for one in ended
        for heading, lines in _ended(one)
    ]


def _ended(ended: Ended) -> list[Section]:
    gatherings, guidance = ended.gatherings, ended.guidance
    groups = ProjectGroup.objects.filter(unit__participation=ended.withdrawal.participation).count()
    kept = _("Alt som er skrevet, blir stående. De som har tilgang, kan fortsatt lese, men ikke endre eller melde på.")
    count = ngettext("%(count)s prosjektgruppe blir stående.", "%(count)s prosjektgrupper blir stående.", groups)
    return [
        (_("Meldes av samlinger"), [_signed_off(registration) for registration in gatherings.registrations]),
        (_("Får tilbud om plassene"), [person(registration) for registration in gatherings.offered]),
        (_("Veiledningsmøter som avlyses"), [when(session) for session in guidance.sessions]),
        (
            _("Møter som kan ha vært holdt. Veilederne kan fortsatt sende inn loggen eller avlyse"),
            [when(session) for session in guidance.unlogged],
        ),
        (_("Tiltak som stoppes"), [measure_line(measure) for measure in guidance.measures]),
        (_("Veiledere som får plass til en annen kommune"), [str(member) for member in guidance.members]),
        (_("Bekreftelsen kommunen ikke lenger skal svare på"), round_lines(ended.round)),
        (
            _("Spørsmål etter fristen som fortsatt venter på svar fra oss"),
            [str(one) for one in gatherings.late_requests],
        ),
        (_("Det som blir stående"), [kept, *([count % {"count": groups}] if groups else [])]),
    ]


def _signed_off(registration: Registration) -> str:
    """What the person gives up: a place and beds, an offer, or a turn in line."""
    if registration.placed_at:
        nights = len(registration.nights)
        held = _("har plass")
        if nights:
            held += ", " + ngettext("%(count)s natt på hotell", "%(count)s netter på hotell", nights) % {
                "count": nights
            }
    else:
        held = _("har et tilbud om plass") if registration.offered_at else _("står på venteliste")
    return f"{person(registration)}: {held}"


def person(registration: Registration) -> str:
    return f"{registration.name}, {registration.represents}, {registration.gathering.in_a_sentence}"


def when(session: GuidanceSession) -> str:
    return day_in_words(session.held_on).capitalize()


def measure_line(measure: Measure) -> str:
    return f"{measure.unit}: {measure.what}"


def round_lines(asked: Confirmation | None) -> list[str]:
    return [_("Frist %(day)s") % {"day": through(asked.due_on)}] if asked else []


def ended_lines(ended: Ended) -> list[str]:
    """For the mails: no participant is named."""
    lines = [
        ngettext(
            "%(gathering)s: %(count)s påmelding er meldt av", "%(gathering)s: %(count)s påmeldinger er meldt av", count
        )
        % {"gathering": gathering.title, "count": count}
        for gathering, count in _counted(ended.gatherings.registrations).items()
    ]
    lines += [
        _("Veiledningsmøtet %(day)s er avlyst") % {"day": day_in_words(session.held_on)}
        for session in ended.guidance.sessions
    ]
    if measures := len(ended.guidance.measures):
        lines.append(
            ngettext("%(count)s tiltak i enhetene er stoppet", "%(count)s tiltak i enhetene er stoppet", measures)
            % {"count": measures}
        )
    if ended.guidance.members:
        names = joined(str(member) for member in ended.guidance.members)
        lines.append(_("Veiledningen er avsluttet. Veiledere: %(names)s") % {"names": names})
    if ended.round:
        lines.append(
            _("Kommunen skal ikke svare på bekreftelsen med frist %(day)s") % {"day": through(ended.round.due_on)}
        )
    return [*lines, _("Invitasjoner og påminnelser sendes ikke lenger")]


def _counted(registrations: Iterable[Registration]) -> Counter[Gathering]:
    return Counter(registration.gathering for registration in registrations)


def resumed_sections(resumed: Resumed, *, could_come: Sequence[Registration]) -> list[Section]:
    """For staff, with names. `could_come`: everybody who may be registered again, also those who were not chosen."""
    guidance = resumed.guidance
    chosen = {(one.gathering_id, one.user_id) for one in resumed.registered}
    left_out = [one for one in could_come if (one.gathering_id, one.user_id) not in chosen]
    return [
        (_("Tiltak som går videre"), [measure_line(measure) for measure in guidance.measures]),
        (_("Veiledningsmøter som planlegges på nytt"), [when(session) for session in guidance.sessions]),
        (_("Veiledere som går videre i kommunen"), [str(member) for member in guidance.stay]),
        (_("Veiledere som går ut av gruppa"), [str(member) for member in guidance.leave]),
        (_("Veiledergruppa må settes sammen på nytt"), group_lacks(guidance.stay, guidance.leave)),
        (_("Bekreftelsen som venter på svar"), round_lines(resumed.round)),
        (_("Meldes på igjen, sist på ventelista"), [_registered(registration) for registration in resumed.registered]),
        (_("Får ikke plassen tilbake"), [person(registration) for registration in left_out]),
    ]


def _registered(registration: Registration) -> str:
    got = _("får plass") if registration.placed_at else _("kommer på venteliste")
    return f"{person(registration)}: {got}"


def group_lacks(stay: Sequence[GroupMember], leave: Sequence[GroupMember]) -> list[str]:
    """Why a group that has lost somebody is not as a group is to be."""
    if not leave:
        return []
    lacks = []
    if len(stay) < MIN_SUPERVISORS:
        lacks.append(_("Gruppa må ha minst to veiledere."))
    if not any(member.leads for member in stay):
        lacks.append(_("Ingen leder gruppa."))
    return lacks


def resumed_lines(resumed: Resumed) -> list[str]:
    """What goes on, for the mails."""
    lines = []
    if names := joined(str(member) for member in resumed.guidance.stay):
        lines.append(_("Veiledningen. Veiledere: %(names)s") % {"names": names})
    lines += [
        _("Veiledningsmøtet %(day)s") % {"day": day_in_words(session.held_on)} for session in resumed.guidance.sessions
    ]
    if measures := len(resumed.guidance.measures):
        lines.append(
            ngettext("%(count)s tiltak i enhetene", "%(count)s tiltak i enhetene", measures) % {"count": measures}
        )
    if resumed.round:
        lines.append(_("Bekreftelsen, frist %(day)s") % {"day": through(resumed.round.due_on)})
    return lines or [_("Ingenting var avsluttet")]


def not_resumed_lines(resumed: Resumed) -> list[str]:
    """What somebody must do over again, for the mails."""
    again = _counted(resumed.registered)
    lines = [
        ngettext("%(gathering)s: %(count)s er meldt på igjen", "%(gathering)s: %(count)s er meldt på igjen", count)
        % {"gathering": gathering.title, "count": count}
        for gathering, count in again.items()
    ]
    signed_off = [one.gathering for one in resumed.withdrawal.signed_off.select_related("gathering__cohort")]
    lines += [
        _("%(gathering)s: de som ble meldt av, må meldes på igjen") % {"gathering": gathering.title}
        for gathering in dict.fromkeys(signed_off)
        if gathering not in again and not gathering.is_past(today=resumed.withdrawal.returned_on)
    ]
    return lines or [_("Ingen var meldt av samlinger som ennå ikke er holdt")]


def room_label(room: Room) -> str:
    """A supervisor, and whether they have room."""
    if room.most is None:
        said = _("er ikke lenger satt opp i pulja")
    elif not room.member.supervisor.user.is_active:
        said = _("kan ikke logge inn")
    else:
        said = _("har %(load)s av høyst %(most)s kommuner") % {"load": room.load, "most": room.most}
    return f"{room.member}: {said}"


def names_of(participations: Iterable[Participation]) -> str:
    return joined(str(participation.municipality) for participation in participations)
