"""What the mails say about who guides whom, and the samples that staff preview them with."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guidance.mails import values
from guidance.mails.placeholders import COHORT, LINK, MUNICIPALITY, NAME
from guidance.mails.samples import NEWEST, samples
from guidance.models import Departure, GroupMember, Handover
from outbox.texts import MailText, Values
from participants.models import Participation


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


_HANDOVER = (
    NAME
    | MUNICIPALITY
    | COHORT
    | {
        "forrige": gettext_lazy("veilederen som har sluttet i gruppa"),
        "ny": gettext_lazy("veilederen som overtar"),
    }
)

GROUP_OF_SUPERVISOR = MailText(
    name="guidance.group_of_supervisor",
    title=gettext_lazy("Veiledergruppene er klare: til veilederne"),
    placeholders=NAME
    | COHORT
    | {"kommuner": gettext_lazy("liste over kommunene veilederen har, og hvilke grupper personen leder")}
    | LINK,
    samples=samples(_members, lambda member, *, name: group_of_supervisor([member], name=name)),
)
GROUP = MailText(
    name="guidance.group",
    title=gettext_lazy("Veiledergruppene er klare: til kommuner og enheter"),
    placeholders=NAME
    | MUNICIPALITY
    | COHORT
    | {"veiledere": gettext_lazy("liste over veilederne, og hvem som leder gruppa")}
    | LINK,
    samples=samples(_members, lambda member, *, name: group([(member.group.participation, [member])], name=name)),
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
    placeholders=_HANDOVER,
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
    placeholders=NAME | MUNICIPALITY | COHORT,
    samples=samples(_departures, departure),
)
DEPARTED = MailText(
    name="guidance.departed",
    title=gettext_lazy("Ute av gruppa: til kommunen og de andre i gruppa"),
    placeholders=NAME | MUNICIPALITY | COHORT | {"forrige": gettext_lazy("veilederen som har sluttet")} | LINK,
    samples=samples(_departures, departure),
)

TEXTS = (GROUP_OF_SUPERVISOR, GROUP, TAKEN_OVER, LEFT, HANDED_OVER, DROPPED, DEPARTED)
