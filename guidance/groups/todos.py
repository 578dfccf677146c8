"""What a project leader has to do about the groups: municipalities without one, small groups, and members on leave."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.todos import Todo
from guidance.groups.seating import with_units
from guidance.models import Composition, FollowUp, GroupMember, GuidanceSettings, ProposedSeat, Supervisor
from guidance.staffing.leaves import members_on_leave
from guidance.staffing.wording import span_in_words
from participants.models import Cohort, Participation
from parts.names import joined
from parts.rows import annotated

NAMED = 5  # municipalities in one line


@dataclass(frozen=True)
class GroupLack:
    """A municipality whose group has fewer supervisors than it is to have, or none."""

    participation: Participation
    have: int
    need: int

    @property
    def kind(self) -> FollowUp.Kind:
        return FollowUp.Kind.SMALL if self.have else FollowUp.Kind.WITHOUT

    @property
    def seen(self) -> list[str]:
        """What a note that it is seen to is about: one more or fewer is something new."""
        return [f"{self.have}/{self.need}"]

    def __str__(self) -> str:
        return self.participation.municipality.name_and_county


def lacks(*, today: date) -> list[GroupLack]:
    """In the running cohorts whose groups are published, in one query.

    A municipality without a group is left out while a composition that is worked on has a seat for it: then publishing
    is what waits.
    """
    published = Composition.objects.filter(cohort=OuterRef("cohort"), published_at__isnull=False)
    waits = ProposedSeat.objects.filter(composition__in=Composition.objects.open(), participation=OuterRef("pk"))
    members = GroupMember.objects.current().filter(group__participation=OuterRef("pk")).order_by()
    counted = members.values("group").annotate(n=Count("pk")).values("n")
    participations = (
        with_units(Participation.objects.taking_part())
        .filter(Exists(published), accepted_at__isnull=False, cohort__in=Cohort.objects.going_on(today=today))
        .select_related("municipality__county", "cohort__guidance_settings")
        .annotate(members=Coalesce(Subquery(counted), Value(0)), waits=Exists(waits))
        .order_by("cohort__number", "municipality__name", "pk")
    )
    found = []
    for one in participations:
        have = annotated(one, "members", int)
        need = GuidanceSettings.objects.of(one.cohort).group_size(annotated(one, "unit_count", int))
        if have < need and not (have == 0 and annotated(one, "waits", bool)):
            found.append(GroupLack(one, have, need))
    return found


def group_todos(*, today: date, notes: Mapping[tuple[int, str], FollowUp] | None = None) -> Iterator[Todo]:
    """At most two for each cohort. `notes`: the newest about each municipality, where they are loaded already."""
    cohorts: dict[Cohort, list[GroupLack]] = {}
    found_now = lacks(today=today)
    if notes is None:
        notes = FollowUp.objects.newest([lack.participation.pk for lack in found_now])
    for lack in found_now:
        note = notes.get((lack.participation.pk, lack.kind))
        if note and note.rests(lack.seen, today=today):
            continue
        cohorts.setdefault(lack.participation.cohort, []).append(lack)
    for cohort, found in cohorts.items():
        if without := [lack for lack in found if not lack.have]:
            yield _without(cohort, without)
        if small := [lack for lack in found if lack.have]:
            yield _small(cohort, small)


def _without(cohort: Cohort, lacks: Sequence[GroupLack]) -> Todo:
    title = ngettext(
        "%(count)s kommune i pulje %(number)s mangler veiledergruppe",
        "%(count)s kommuner i pulje %(number)s mangler veiledergruppe",
        len(lacks),
    )
    return Todo(
        title=title % {"count": len(lacks), "number": cohort.number},
        text=_("%(places)s. Gruppene i pulja er allerede publisert: sett sammen det som mangler, og publiser på nytt.")
        % {"places": _named([str(lack) for lack in lacks])},
        url=reverse("guidance:composition", args=[cohort.pk]),
        button=_("Se gruppene"),
    )


def _small(cohort: Cohort, lacks: Sequence[GroupLack]) -> Todo:
    title = ngettext(
        "%(count)s gruppe i pulje %(number)s har for få veiledere",
        "%(count)s grupper i pulje %(number)s har for få veiledere",
        len(lacks),
    )
    counted = [
        _("%(place)s har %(have)s av %(need)s") % {"place": lack, "have": lack.have, "need": lack.need}
        for lack in lacks
    ]
    return Todo(
        title=title % {"count": len(lacks), "number": cohort.number},
        text=_named(counted) + ".",
        url=reverse("guidance:composition", args=[cohort.pk]),
        button=_("Se gruppene"),
    )


def leave_todos(*, today: date, notes: Mapping[tuple[int, str], FollowUp] | None = None) -> Iterator[Todo]:
    """One for each member of a running group whose leave goes on or begins soon, and that nobody has seen to.

    `notes` as for `group_todos`.
    """
    found = members_on_leave(today=today)
    if notes is None:
        notes = FollowUp.objects.newest([each.member.group.participation_id for each in found])
    spans: dict[Supervisor, tuple[date, date | None]] = {}
    places: dict[Supervisor, list[str]] = {}
    for each in found:
        participation, supervisor = each.member.group.participation, each.member.supervisor
        note = notes.get((participation.pk, FollowUp.Kind.LEAVE))
        if note and note.rests([each.seen], today=today):
            continue
        span = each.first_on, each.last_on
        if spans.setdefault(supervisor, span) == span:  # the first of several
            places.setdefault(supervisor, []).append(participation.municipality.name_told_apart)
    for supervisor, span in spans.items():
        yield _on_leave(supervisor, span, places[supervisor])


def _on_leave(supervisor: Supervisor, span: tuple[date, date | None], places: list[str]) -> Todo:
    said = {"name": supervisor, "span": span_in_words(*span), "places": _named(places)}
    return Todo(
        title=_("%(name)s har permisjon %(span)s") % said,
        text=_(
            "%(name)s er i gruppa i %(places)s. La en annen overta, eller avklar hvem som veileder "
            "så lenge. Skriv hva du gjør med det, så tar vi det bort fra lista."
        )
        % said,
        url=reverse("guidance:staffing_supervisor", args=[supervisor.pk]),
        button=_("Se veilederen"),
    )


def _named(places: list[str]) -> str:
    if len(places) <= NAMED:
        return joined(places)
    return _("%(names)s og %(count)s til") % {"names": ", ".join(places[:NAMED]), "count": len(places) - NAMED}
