"""The crowd's guidance: sessions in every state, measures, drafts, a composition, settings of every cohort."""

from datetime import datetime, timedelta

from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from conftest import make_user
from guidance.models import (
    Capacity,
    Composition,
    FollowUp,
    GroupMember,
    GuidanceSession,
    GuidanceSettings,
    Handover,
    Leave,
    LogDraft,
    Measure,
    ProjectLeader,
    ProposedSeat,
    PulseAnswer,
    Supervisor,
)
from participants.models import Cohort, County, Participation, Unit
from participants.striking import row as striking

FACTS = {
    "format": "video",
    "minutes": 90,
    "took_part": {"head": 2, "ppt": 1, "children": 3},
    "involved": {"parents": ["asked"]},
    "themes": ["bullying"],
    "sub_goals": [4, 5],
    "worked_on": "-",
    "agreed": "-",
}


def gather(
    participations: list[Participation], size: int, unit: Unit, *, people: dict[str, User], now: datetime
) -> dict[type[Model] | str, Model]:
    """The supervisor is in every group; the first municipality has `size` sessions of each state, and more."""
    main, today = participations[0], timezone.localdate(now)
    supervisors = list(Supervisor.objects.order_by("pk"))
    leader = ProjectLeader.objects.create(user=people["leader"], name="Leder", started_on=today)
    for number in range(size - 1):
        user = make_user(f"leder.{number}@example.no", f"Leder {number}")
        ProjectLeader.objects.create(user=user, name=user.name, started_on=today)
    for cohort in Cohort.objects.all():
        settings = GuidanceSettings.objects.create(cohort=cohort)
        Capacity.objects.bulk_create(Capacity(supervisor=each, cohort=cohort, most=9) for each in supervisors)
    planned, held = _sessions(main, size, unit, supervisors, by=people["supervisor"], now=now)
    for participation in participations[1:]:
        _session(participation, supervisors[:1], [], -3, by=people["supervisor"], now=now)
    measure = _measures(unit, size, held, by=people["head"], now=now)
    composition = _composition(main.cohort, participations, supervisors, by=people["leader"], now=now)
    member = _handovers(main, size, by=people["leader"], now=now)
    settings = GuidanceSettings.objects.get(cohort=main.cohort)
    return {
        GuidanceSession: held,
        "planned session": planned,
        Measure: measure,
        Composition: composition,
        ProjectLeader: leader,
        GuidanceSettings: settings,
        GroupMember: member,
        Supervisor: supervisors[0],
        PulseAnswer: _pulse(main, size),
        FollowUp: _follow_ups(participations, size, by=people["leader"], now=now),
        Leave: _staffing(supervisors, size, by=people["leader"], now=now),
    }


def _pulse(main: Participation, size: int) -> PulseAnswer:
    for number in range(size):
        made = PulseAnswer.objects.create(group=main.guidance_group, use=3, line=str(number))
    return made


def _follow_ups(participations: list[Participation], size: int, *, by: User, now: datetime) -> FollowUp:
    for participation in [*participations[:1] * size, *participations]:
        made = FollowUp.note_down(
            participation=participation, kind="missing", seen=[], note="-", weeks=2, by=by, now=now
        )
    struck = FollowUp.objects.filter(participation=participations[0]).latest("pk")
    striking.remember(struck, ["note"], reason="other", by=by, now=now)
    return made


def _staffing(supervisors: list[Supervisor], size: int, *, by: User, now: datetime) -> Leave:
    """The first one has as much leave and as many changes as there are rows, and wishes for many counties."""
    one, today = supervisors[0], timezone.localdate(now)
    for number in range(size):
        first = today + timedelta(days=10 * number)
        leave = Leave.objects.create(supervisor=one, first_on=first, last_on=first + timedelta(days=5))
        one.changes.create(changed_at=now, changed_by=by, facts=[["phone", "", str(number)]])
    one.preferred_counties.set(County.objects.all()[:size])
    return leave


def _session(
    participation: Participation, supervisors: list[Supervisor], units: list[Unit], day: int, *, by: User, now: datetime
) -> GuidanceSession:
    return GuidanceSession.plan(
        group=participation.guidance_group,
        held_on=timezone.localdate(now) + timedelta(days=day),
        starts_at=None,
        format="visit",
        units=units,
        supervisors=supervisors,
        by=by,
        now=now,
    )


def _sessions(
    main: Participation, size: int, unit: Unit, supervisors: list[Supervisor], *, by: User, now: datetime
) -> tuple[GuidanceSession, GuidanceSession]:
    units = list(main.units.active())
    for number in range(size):
        draft = LogDraft(user=by, group=main.guidance_group)
        planned = _session(main, supervisors, units, 3 + number, by=by, now=now)
        cancelled = _session(main, supervisors, units, 3 + number, by=by, now=now)
        cancelled.cancel(by=by, now=now, reason="-")
        _session(main, supervisors, units, -3 - number, by=by, now=now)
        held = _session(main, supervisors, units, -4 - number, by=by, now=now)
        held.submit(token=draft.token, facts=FACTS, units=units, supervisors=supervisors, by=by, now=now)
        draft.session = planned
        draft.keep(data={"worked_on": ["-"]}, now=now)
    for number in range(size):
        made = held.correct(facts={"agreed": str(number)}, units=units, supervisors=supervisors, by=by, now=now)
        striking.remember(made, ["worked_on"], reason="other", by=by, now=now)
        striking.remember(held, ["worked_on"], reason="other", by=by, now=now)
    return planned, held


def _measures(unit: Unit, size: int, session: GuidanceSession, *, by: User, now: datetime) -> Measure:
    today = timezone.localdate(now)
    for number in range(size):
        for state in Measure.State.values:
            days = {"starts_on": today - timedelta(days=9), "ends_on": today + timedelta(days=number - 3)}
            opened = {"opened_in": session, "opened_at": now, "opened_by": by, "updated_at": now}
            measure = Measure.objects.create(
                unit=unit, sub_goal=4, what=f"Tiltak {number}", why="-", who="Rektor", **days, **opened
            )
            if state == Measure.State.WITHDRAWN:
                measure.withdraw(why="other", by=by, now=now)
            else:
                measure.report(state=state, progress="-", by=by, now=now)
            striking.remember(measure, ["progress"], reason="other", by=by, now=now)
    measure = Measure.objects.standing().filter(finished_at=None, stopped_at=None).latest("pk")
    for number in range(size):
        measure.report(state="underway", progress=str(number), by=by, now=now)
    return measure


def _composition(
    cohort: Cohort, participations: list[Participation], supervisors: list[Supervisor], *, by: User, now: datetime
) -> Composition:
    published = Composition.objects.create(cohort=cohort, made_at=now, made_by=by)
    _seats(published, participations, supervisors)
    published.publish(by=by, now=now)
    waiting = Composition.objects.create(cohort=cohort, made_at=now, made_by=by, proposed_at=now)
    _seats(waiting, participations, supervisors)
    return waiting


def _seats(composition: Composition, participations: list[Participation], supervisors: list[Supervisor]) -> None:
    for participation in participations:
        chosen = supervisors if participation == participations[0] else supervisors[:1]
        ProposedSeat.objects.bulk_create(
            ProposedSeat(
                composition=composition, participation=participation, supervisor=each, leads=each == supervisors[0]
            )
            for each in chosen
        )


def _handovers(main: Participation, size: int, *, by: User, now: datetime) -> GroupMember:
    """Gives a membership that goes on."""
    today = timezone.localdate(now)
    stays = main.guidance_group.members.current().order_by("-pk")[0]
    for number in range(size):
        user = make_user(f"forrige.{number}@example.no", f"Forrige {number}")
        left = Supervisor.objects.create(user=user, name=user.name, employer=Supervisor.Employer.PRACTICE)
        ended = GroupMember.objects.create(group=main.guidance_group, supervisor=left, started_on=today, ended_on=today)
        Handover.objects.create(ended=ended, started=stays, note="-", handed_over_at=now, handed_over_by=by)
    return stays
