"""What the mails say about who guides whom, and the samples that staff preview them with."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guidance.mails import values
from guidance.mails.placeholders import COHORT, LINK, MUNICIPALITY, NAME
from guidance.mails.samples import NEWEST, samples
from guidance.models import Departure, GroupMember, GuidanceSession, Handover
from outbox.texts import MailText, Values
from participants.models import Participation
from parts.names import joined


def group_of_supervisor(members: Sequence[GroupMember], *, name: str) -> Values:
    """A supervisor's new seats."""
    participations = [member.group.participation for member in members]
    return {
        "navn": name,
        "pulje": str(participations[0].cohort).lower(),
        "kommuner": [
            _("%(name)s, der du leder gruppa") % {"name": values.name_of(each)}
            if member.leads
            else values.name_of(each)
            for member, each in zip(members, participations, strict=True)
        ],
        "lenke": values.link("guidance:supervisor"),
    }


def group(groups: Sequence[tuple[Participation, Sequence[GroupMember]]], *, name: str) -> Values:
    """The supervisors of the municipalities that somebody belongs to, nearly always one."""
    return {
        "navn": name,
        "pulje": str(groups[0][0].cohort).lower(),
        "kommune": joined(values.name_of(participation) for participation, _members in groups),
        "veiledere": [
            line
            for participation, members in groups
            for line in _of(participation, values.supervisors(members), several=len(groups) > 1)
        ],
        "lenke": values.link("guidance:sessions", groups[0][0].pk),
    }


def group_changed(groups: Sequence[tuple[Participation, Sequence[GroupMember], Sequence[str]]], *, name: str) -> Values:
    """The same of groups that are others than before: also who leaves and who comes."""
    several = len(groups) > 1
    return {
        **group([(participation, members) for participation, members, _lines in groups], name=name),
        "endringer": [
            line for participation, _members, lines in groups for line in _of(participation, lines, several=several)
        ],
    }


def _of(participation: Participation, lines: Iterable[str], *, several: bool) -> list[str]:
    """With the name of the municipality where there is more than one."""
    return [f"{values.name_of(participation)}: {line}" if several else line for line in lines]


def handover(handover: Handover, *, name: str, sessions: Sequence[GuidanceSession] = ()) -> Values:
    participation = handover.started.group.participation
    return values.of_participation(participation) | {
        "navn": name,
        "forrige": handover.ended.supervisor.name,
        "ny": handover.started.supervisor.name,
        "kontakt": handover.started.supervisor.reach,
        **_left_behind(sessions),
        "lenke": values.link("guidance:sessions", participation.pk),
    }


def taken_over(taken: Handover, *, name: str, sessions: Sequence[GuidanceSession] = ()) -> Values:
    """The link goes to the new supervisor's own page, which shows the note left for them."""
    return {**handover(taken, name=name, sessions=sessions), "lenke": values.link("guidance:supervisor")}


def departure(
    departure: Departure,
    *,
    name: str,
    members: Sequence[GroupMember] = (),
    sessions: Sequence[GuidanceSession] = (),
) -> Values:
    """`members`: the others, who go on; `sessions`: those to come that the person who left was to be at."""
    participation = departure.member.group.participation
    return values.of_participation(participation) | {
        "navn": name,
        "forrige": departure.member.supervisor.name,
        "veiledere": values.supervisors(members),
        **_left_behind(sessions),
        "lenke": values.link("guidance:sessions", participation.pk),
    }


def _left_behind(sessions: Sequence[GuidanceSession]) -> dict[str, str | list[str]]:
    """What becomes of the sessions that somebody was to be at."""
    about = _("Disse møtene holdes uten deg. En e-post for hvert av dem fjerner det fra kalenderen din:")
    who = [joined(supervisor.name for supervisor in session.supervisors.all()) for session in sessions]
    return {
        "om_moter": about if sessions else "",
        "moter": [
            _("%(when)s, med %(who)s") % {"when": values.when(session), "who": names}
            for session, names in zip(sessions, who, strict=True)
        ],
    }


def _members() -> Iterable[GroupMember]:
    members = GroupMember.objects.current().order_by("-pk")
    places = ("group__participation__municipality__county", "group__participation__cohort")
    return members.select_related("supervisor__user", *places)[:NEWEST]


def _handovers() -> Iterable[Handover]:
    places = ("started__group__participation__municipality__county", "started__group__participation__cohort")
    return Handover.objects.select_related("ended__supervisor", "started__supervisor__user", *places)[:NEWEST]


def _departures() -> Iterable[Departure]:
    places = ("member__group__participation__municipality__county", "member__group__participation__cohort")
    return Departure.objects.select_related("member__supervisor", *places)[:NEWEST]


_LEFT_BEHIND = {
    "om_moter": gettext_lazy("at møtene holdes uten mottakeren, i en setning; tom når det ikke er noen"),
    "moter": gettext_lazy("liste over de møtene, og hvem som holder dem"),
}
_HANDOVER = (
    NAME
    | MUNICIPALITY
    | COHORT
    | {
        "forrige": gettext_lazy("veilederen som har sluttet i gruppa"),
        "ny": gettext_lazy("veilederen som overtar"),
        "kontakt": gettext_lazy("e-post og telefon til den som overtar"),
    }
)
_SUPERVISORS = {"veiledere": gettext_lazy("liste over veilederne, med e-post og telefon, og hvem som leder gruppa")}

GROUP_OF_SUPERVISOR = MailText(
    name="guidance.group_of_supervisor",
    title=gettext_lazy("Veiledergruppene er klare: til veilederne"),
    placeholders=NAME
    | COHORT
    | {"kommuner": gettext_lazy("liste over kommunene som er nye for veilederen, og hvilke grupper personen leder")}
    | LINK,
    samples=samples(_members, lambda member, *, name: group_of_supervisor([member], name=name)),
)
GROUP = MailText(
    name="guidance.group",
    title=gettext_lazy("Veiledergruppene er klare: til kommuner og enheter"),
    placeholders=NAME | MUNICIPALITY | COHORT | _SUPERVISORS | LINK,
    samples=samples(_members, lambda member, *, name: group([(member.group.participation, [member])], name=name)),
)
GROUP_CHANGED = MailText(
    name="guidance.group_changed",
    title=gettext_lazy("Veiledergruppa er endret: til kommuner, enheter og de andre i gruppa"),
    placeholders=NAME
    | MUNICIPALITY
    | COHORT
    | {"endringer": gettext_lazy("hvem som slutter, hvem som begynner, og hvem som leder gruppa")}
    | _SUPERVISORS
    | LINK,
    samples=samples(
        _members,
        lambda member, *, name: group_changed(
            [(member.group.participation, [member], [_("%(name)s begynner") % {"name": member}])], name=name
        ),
    ),
)
TAKEN_OVER = MailText(
    name="guidance.taken_over",
    title=gettext_lazy("Bytte av veileder: til den som overtar"),
    placeholders=_HANDOVER | LINK,
    samples=samples(_handovers, taken_over),
)
LEFT = MailText(
    name="guidance.left",
    title=gettext_lazy("Bytte av veileder: til den som har sluttet i gruppa"),
    placeholders=_HANDOVER | _LEFT_BEHIND,
    samples=samples(_handovers, handover),
)
HANDED_OVER = MailText(
    name="guidance.handed_over",
    title=gettext_lazy("Bytte av veileder: til kommunen"),
    placeholders=_HANDOVER | LINK,
    samples=samples(_handovers, handover),
)
DROPPED = MailText(
    name="guidance.dropped",
    title=gettext_lazy("Ute av gruppa: til veilederen"),
    placeholders=NAME | MUNICIPALITY | COHORT | _LEFT_BEHIND,
    samples=samples(_departures, departure),
)
DEPARTED = MailText(
    name="guidance.departed",
    title=gettext_lazy("Ute av gruppa: til kommunen og de andre i gruppa"),
    placeholders=NAME
    | MUNICIPALITY
    | COHORT
    | {"forrige": gettext_lazy("veilederen som har sluttet")}
    | _SUPERVISORS
    | LINK,
    samples=samples(_departures, departure),
)

TEXTS = (GROUP_OF_SUPERVISOR, GROUP, GROUP_CHANGED, TAKEN_OVER, LEFT, HANDED_OVER, DROPPED, DEPARTED)
