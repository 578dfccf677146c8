"""Who a publication is for: one rule, asked of what a person is, and of what everybody in a cohort is.

It is worked out from today's facts, so whoever leaves, withdraws or comes new needs nothing done about them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings.models import Registration
from guidance.models import GroupMember, ProjectLeader
from lmp.sharing.models.publication import Publication, ReaderKind
from participants.models import Contact, GovernorContact
from parts.rows import annotated

# A municipality is in the room from when it has had its welcome letter until it withdraws.
WITH_US = {"welcomed_at__isnull": False, "withdrawn_at__isnull": True}

# Where roles come from: contacts of all functions, and the other kinds of readers.
CONTACT = "contact"


@dataclass(frozen=True)
class ReaderRole:
    """One thing that somebody is, which may open publications to them. None: in every cohort, or every county."""

    person: int
    kind: str
    cohort: int | None
    county: int | None
    gathering: int | None = None  # of somebody who is registered
    participation: int | None = None
    name: str = ""
    title: str = ""  # in words, where it is more than the kind
    place: str = ""

    @property
    def in_words(self) -> str:
        """What they are: their function, where they have one."""
        said = {
            str(ReaderKind.SUPERVISOR): _("veileder"),
            str(ReaderKind.LEADER): _("prosjektleder ved Læringsmiljøsenteret"),
            str(ReaderKind.GOVERNOR): _("statsforvalter"),
        }
        return self.title or said[self.kind]


def is_open_to(publication: Publication, role: ReaderRole) -> bool:
    """Whether this is one of those whom the publication is for, shown or not."""
    if role.cohort not in (None, publication.cohort_id):
        return False
    if publication.county_id and role.county not in (None, publication.county_id):
        return False
    if publication.gathering is None:
        return not publication.kinds or role.kind in publication.kinds
    if role.kind == ReaderKind.PARTICIPANT and role.gathering != publication.gathering_id:
        return False
    if publication.kinds:
        return role.kind in publication.kinds
    is_invited = role.kind in Contact.Function.values and publication.gathering.invites([role.kind])
    return is_invited or role.kind == ReaderKind.PARTICIPANT


def roles_of(user: User, *, today: date, besides: Collection[str] = ()) -> list[ReaderRole]:
    """All that this person is: a query for each source, but those in which the page knows there is nothing."""
    return _roles(Q(user=user), Q(supervisor__user=user), today=today, besides=besides) if user.is_active else []


def readers(publication: Publication, *, today: date) -> dict[int, list[ReaderRole]]:
    """Those it is for, by person, each with what opens it to them. A fixed number of queries."""
    roles = _roles(Q(), Q(), today=today, cohort=publication.cohort_id)
    found: dict[int, list[ReaderRole]] = defaultdict(list)
    for role in roles:
        if is_open_to(publication, role):
            found[role.person].append(role)
    return dict(found)


def open_to(roles: Iterable[ReaderRole], publications: Iterable[Publication]) -> list[Publication]:
    """Those of the publications, loaded with their gathering, that are for whoever has these roles."""
    held = list(roles)
    return [each for each in publications if any(is_open_to(each, role) for role in held)]


def _roles(
    mine: Q, supervising: Q, *, today: date, cohort: int | None = None, besides: Collection[str] = ()
) -> list[ReaderRole]:
    found = {
        CONTACT: _contacts(mine, cohort),
        ReaderKind.PARTICIPANT: _participants(mine, cohort),
        ReaderKind.SUPERVISOR: _supervisors(supervising, cohort),
        ReaderKind.LEADER: _leaders(mine, today),
        ReaderKind.GOVERNOR: _governors(mine, cohort),
    }
    return [role for source, roles in found.items() if source not in besides for role in roles]


def _in(cohort: int | None, before: str = "participation__") -> Q:
    """Of municipalities that are with us, in this cohort or in any."""
    facts: dict[str, object] = {f"{before}{name}": value for name, value in WITH_US.items()}
    if cohort is not None:
        facts[f"{before}cohort"] = cohort
    return Q(**facts)


def _contacts(mine: Q, cohort: int | None) -> Iterable[ReaderRole]:
    found = Contact.objects.current().filter(mine, _in(cohort), user__is_active=True)
    for row in found.select_related("unit", "participation__municipality__county").order_by("pk"):
        yield _in_a_municipality(row, row.function, row.title)


def _participants(mine: Q, cohort: int | None) -> Iterable[ReaderRole]:
    found = Registration.objects.active().filter(mine, _in(cohort), user__is_active=True)
    for row in found.select_related("unit", "participation__municipality__county").order_by("pk"):
        yield _in_a_municipality(row, ReaderKind.PARTICIPANT, row.function_title, gathering=row.gathering_id)


def _in_a_municipality(
    row: Contact | Registration, kind: str, title: str, *, gathering: int | None = None
) -> ReaderRole:
    municipality = row.participation.municipality
    return ReaderRole(
        person=row.user_id,
        kind=kind,
        cohort=row.participation.cohort_id,
        county=municipality.county_id,
        gathering=gathering,
        participation=row.participation_id,
        name=row.name,
        title=f"{title}, {row.unit.name}" if row.unit else title,
        place=municipality.name_told_apart,
    )


def _supervisors(mine: Q, cohort: int | None) -> Iterable[ReaderRole]:
    found = GroupMember.objects.current().filter(
        mine, _in(cohort, "group__participation__"), supervisor__user__is_active=True
    )
    for row in found.select_related("supervisor", "group__participation__municipality__county").order_by("pk"):
        participation = row.group.participation
        yield ReaderRole(
            person=row.supervisor.user_id,
            kind=ReaderKind.SUPERVISOR,
            cohort=participation.cohort_id,
            county=participation.municipality.county_id,
            name=row.supervisor.name,
            place=participation.municipality.name_told_apart,
        )


def _leaders(mine: Q, today: date) -> Iterable[ReaderRole]:
    for row in ProjectLeader.objects.current(today=today).filter(mine).order_by("pk"):
        yield ReaderRole(row.user_id, ReaderKind.LEADER, cohort=None, county=None, name=row.name)


def _governors(mine: Q, cohort: int | None) -> Iterable[ReaderRole]:
    """A county's governor reads from when one of its municipalities is nominated: the office follows it from then."""
    there = "governor__counties__municipalities__participations__"
    facts: dict[str, object] = {f"{there}isnull": False}
    facts |= {f"{there}{out}__isnull": True for out in ("withdrawn_at", "declined_at")}
    if cohort is not None:
        facts[f"{there}cohort"] = cohort
    where = {"cohort": F(f"{there}cohort"), "county": F("governor__counties")}
    found = GovernorContact.objects.reached().filter(mine, **facts).annotate(**where)
    for row in found.select_related("user", "governor").order_by("pk", "cohort", "county").distinct():
        yield ReaderRole(
            person=row.user_id,
            kind=ReaderKind.GOVERNOR,
            cohort=annotated(row, "cohort", int),
            county=annotated(row, "county", int),
            name=row.called,
            place=str(row.governor),
        )


def places(roles: Collection[ReaderRole]) -> list[str]:
    return list(dict.fromkeys(role.place for role in roles if role.place))
