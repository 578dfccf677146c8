"""What a project leader has to see to in a municipality: long silence, missing logs, its group, and leaves in it.

A note that it is seen to lets it rest, until the day chosen or until there is more of it than the note was about.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count, Exists, Max, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.todos import Todo
from guidance.models import Composition, FollowUp, GroupMember, GuidanceSession, GuidanceSettings
from guidance.models.session import HELD
from guidance.staffing.leaves import MemberOnLeave, members_on_leave
from participants.models import Cohort, Participation, in_operation
from parts.names import joined
from parts.rows import annotated

Kind = FollowUp.Kind
# The newest note of a municipality about each kind of thing.
Notes = Mapping[tuple[int, str], FollowUp]


@dataclass(frozen=True)
class Lack:
    """One thing that a municipality lacks. `seen` says what it is about, and `note` is the newest about its kind."""

    participation: Participation
    kind: FollowUp.Kind
    seen: list[str]
    note: FollowUp | None
    rests: bool
    names: tuple[str, ...] = ()  # whose leave

    @property
    def words(self) -> str:
        if self.kind == Kind.LEAVE:
            return _("Permisjon i gruppa: %(names)s") % {"names": joined(self.names)}
        return in_words(self.kind, len(self.seen))


def in_words(kind: FollowUp.Kind, count: int) -> str:
    """`count` is of the logs, where it is logs that are missing."""
    if kind == Kind.SILENT:
        return _("Lenge siden siste møte")
    if kind == Kind.MISSING:
        return ngettext("%(count)s logg mangler", "%(count)s logger mangler", count) % {"count": count}
    return _("Ingen veiledergruppe") if kind == Kind.WITHOUT else _("For få veiledere i gruppa")


def running(*, today: date) -> QuerySet[Participation]:
    """The municipalities that are asked about: of cohorts that are not over."""
    cohorts = Cohort.objects.going_on(today=today)
    return Participation.objects.taking_part().filter(cohort__in=cohorts, accepted_at__isnull=False)


def lacks_of(
    participations: QuerySet[Participation], *, today: date, notes: Notes | None = None, with_leaves: bool = True
) -> dict[int, list[Lack]]:
    """By municipality, those that lack something. In five queries, however many.

    In one less where `notes` are loaded, and in one less without leaves.
    """
    members = GroupMember.objects.current().filter(group__participation=OuterRef("pk")).order_by()
    published = Composition.objects.filter(cohort=OuterRef("cohort"), published_at__isnull=False)
    rows = list(
        participations.select_related("municipality__county", "cohort__guidance_settings")
        .annotate(
            seated=Coalesce(Subquery(members.values("group").annotate(n=Count("pk")).values("n")), 0),
            since=Subquery(members.values("group").annotate(first=Min("started_on")).values("first")),
            is_published=Exists(published),
            unit_count=Count("units", filter=in_operation(today=today, unit="units")),
        )
        .order_by("cohort__number", "municipality__name", "pk")
    )
    keys = [row.pk for row in rows]
    last, coming, unlogged = _sessions(keys, today=today)
    if notes is None:
        notes = FollowUp.objects.newest(keys)
    away: dict[int, list[MemberOnLeave]] = defaultdict(list)
    for each in members_on_leave(today=today, participations=keys) if with_leaves else ():
        away[each.member.group.participation_id].append(each)
    found: dict[int, list[Lack]] = {}
    for row in rows:
        kinds = kinds_of(
            GuidanceSettings.objects.of(row.cohort),
            size=annotated(row, "seated", int),
            units=annotated(row, "unit_count", int),
            is_published=annotated(row, "is_published", bool),
            since=last.get(row.pk) or getattr(row, "since", None),
            is_coming=row.pk in coming,
            has_begun=row.cohort.starts_on <= today,
            unlogged=unlogged.get(row.pk, []),
            today=today,
        )
        lacks = [_lack(row, kind, seen, notes.get((row.pk, kind)), today=today) for kind, seen in kinds.items()]
        if row.pk in away:
            lacks.append(_leave(row, away[row.pk], notes.get((row.pk, Kind.LEAVE)), today=today))
        if lacks:
            found[row.pk] = lacks
    return found


def _sessions(
    participations: Iterable[int], *, today: date
) -> tuple[dict[int, date], set[int], dict[int, list[tuple[int, date]]]]:
    """By municipality: the last session held, whether one is to come, and those that lack a log."""
    sessions = GuidanceSession.objects.filter(group__participation__in=participations).order_by()
    held = sessions.filter(HELD).values("group__participation").annotate(last=Max("held_on"))
    last = dict(held.values_list("group__participation", "last"))
    coming: set[int] = set()
    unlogged: dict[int, list[tuple[int, date]]] = defaultdict(list)
    planned = sessions.planned().order_by("held_on", "pk")
    for pk, participation, held_on in planned.values_list("pk", "group__participation", "held_on"):
        if held_on >= today:
            coming.add(participation)
        else:
            unlogged[participation].append((pk, held_on))
    return last, coming, unlogged


def kinds_of(
    settings: GuidanceSettings,
    *,
    size: int,
    units: int,
    is_published: bool,
    since: date | None,
    is_coming: bool,
    has_begun: bool,
    unlogged: Iterable[tuple[int, date]],
    today: date,
) -> dict[FollowUp.Kind, list[str]]:
    """What a municipality lacks, and what each is about.

    `size` is its group's now, and `since` the day of the last session, else of when the group began. `unlogged` are the
    sessions that no log was sent of, by key and day. `has_begun`: whether its cohort has.
    """
    found: dict[FollowUp.Kind, list[str]] = {}
    wanted = settings.group_size(units)
    if has_begun and size and since and not is_coming and (today - since).days >= settings.silent_after_days:
        found[Kind.SILENT] = [since.isoformat()]
    late = today - timedelta(days=settings.log_missing_after_days)
    if has_begun and (missing := [str(pk) for pk, held_on in unlogged if held_on < late]):
        found[Kind.MISSING] = missing
    if is_published and not size:
        found[Kind.WITHOUT] = [f"0/{wanted}"]
    elif is_published and size < wanted:
        found[Kind.SMALL] = [f"{size}/{wanted}"]
    return found


def _lack(row: Participation, kind: FollowUp.Kind, seen: list[str], note: FollowUp | None, *, today: date) -> Lack:
    return Lack(row, kind, seen, note, rests=note is not None and note.rests(seen, today=today))


def _leave(row: Participation, away: list[MemberOnLeave], note: FollowUp | None, *, today: date) -> Lack:
    lack = _lack(row, Kind.LEAVE, [each.seen for each in away], note, today=today)
    return replace(lack, names=tuple(dict.fromkeys(each.member.supervisor.name for each in away)))


def follow_up_todos(*, today: date, notes: Notes | None = None) -> Iterator[Todo]:
    """For the project leaders: one of each kind and cohort, about what nobody has seen to. Groups have their own."""
    waiting: dict[tuple[Cohort, FollowUp.Kind], list[Lack]] = defaultdict(list)
    for lacks in lacks_of(running(today=today), today=today, notes=notes, with_leaves=False).values():
        for lack in lacks:
            if not lack.rests and lack.kind in (Kind.SILENT, Kind.MISSING):
                waiting[lack.participation.cohort, lack.kind].append(lack)
    for (cohort, kind), found in waiting.items():
        yield _todo(cohort, kind, found)


def _todo(cohort: Cohort, kind: FollowUp.Kind, found: list[Lack]) -> Todo:
    if kind == Kind.SILENT:
        title = ngettext(
            "Lenge siden siste møte i %(count)s kommune i pulje %(number)s",
            "Lenge siden siste møte i %(count)s kommuner i pulje %(number)s",
            len(found),
        )
    else:
        title = ngettext(
            "Logger mangler i %(count)s kommune i pulje %(number)s",
            "Logger mangler i %(count)s kommuner i pulje %(number)s",
            len(found),
        )
    names = [lack.participation.municipality.name_told_apart for lack in found[:5]]
    more = {"names": ", ".join(names), "count": len(found) - 5}
    shown = _("%(names)s og %(count)s til") % more if len(found) > 5 else joined(names)
    query = "tause" if kind == Kind.SILENT else "mangler"
    return Todo(
        title=title % {"count": len(found), "number": cohort.number},
        text=_("%(names)s. Skriv hva du gjør med det, så tar vi det bort fra lista så lenge.") % {"names": shown},
        url=reverse("guidance:continuity", args=[cohort.pk]) + f"?vis={query}",
        button=_("Se kommunene"),
    )
