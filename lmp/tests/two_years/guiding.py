"""What happens in the guidance: groups, sessions and their logs, measures, supervisors who leave or are away."""

import uuid
from datetime import time

from gatherings.models import Gathering, Registration
from guidance.groups import replacing, seating, steps
from guidance.models import Composition, GroupMember, GuidanceGroup, GuidanceSession, Leave, Measure, SessionChange
from guidance.tests.conftest import FACTS
from lmp.changes.models import Succession
from lmp.changes.succession import supervising
from lmp.changes.tests.small_pulje import DAY
from lmp.tests.two_years import beat
from lmp.tests.two_years.happening import Happening
from participants.models import Participation, Unit, UnitClosure


class Guiding(Happening):
    # Groups

    def publish_groups(self) -> None:
        """All of them are proposed anew around what is locked, and published."""
        by, now = self.pulje.leader, self.pulje.now
        made = Composition.objects.open_for(self.pulje.cohort, by=by, now=now)
        if self.chance.random() < 0.5:
            seating.lock(made, locked=False, by=by, now=now)
        seating.propose(self.pulje.cohort, made, by=by, now=now)
        with self.happening("publish groups", participations=Participation.objects.all()):
            seating.publish(made, seen=steps.version(made.seats_of_participants()), by=by, now=now)

    def replace_a_supervisor(self) -> None:
        members = GroupMember.objects.current().select_related("group__participation", "supervisor")
        member = self.pick(members.filter(group__participation__withdrawn_at=None), self.a_number())
        successor = self.chance.choice(self.pulje.supervisors)
        successor.refresh_from_db()
        if member is None or member.supervisor_id == successor.pk:
            return
        people = [member.supervisor.user_id, successor.user_id]
        held = [each.key for each in replacing.holdings(member)]
        days = self.chance.choice([0, 4])
        with self.happening("replace a supervisor", participations=[member.group.participation], people=people):
            supervising.agree(
                member,
                successor=successor,
                note="",
                starts_on=self.pulje.today + days * DAY,
                chosen=held if self.chance.random() < 0.7 else [],
                by=self.pulje.leader,
                now=self.pulje.now,
            )

    def go_on_leave(self) -> None:
        supervisor = self.chance.choice(self.pulje.supervisors)
        with self.happening("a supervisor is on leave", people=[supervisor.user_id]):
            Leave.objects.create(supervisor=supervisor, first_on=self.pulje.today, last_on=self.pulje.today + 20 * DAY)

    # Sessions

    def plan_a_session(self) -> None:
        group = self.pick(GuidanceGroup.objects.filter(participation__withdrawn_at=None), self.a_number())
        members = list(group.members.current().select_related("supervisor__user").order_by("pk")) if group else []
        if group is None or not members:
            return
        units = list(Unit.objects.active(today=self.pulje.today).filter(participation=group.participation_id))
        with self.happening("plan a session", participations=[group.participation]):
            GuidanceSession.plan(
                group=group,
                held_on=self.pulje.today + self.chance.choice([1, 5, 12, 25]) * DAY,
                starts_at=self.chance.choice([time(9), time(13, 30), None]),
                format=GuidanceSession.Format.VISIT,
                units=self.chance.sample(units, self.chance.randint(0, len(units))),
                supervisors=[self.chance.choice(members).supervisor],
                by=members[0].supervisor.user,
                now=self.pulje.now,
            )

    def _planned(self) -> GuidanceSession | None:
        return self.pick(GuidanceSession.objects.planned().select_related("group__participation"), self.a_number())

    def move_a_session(self) -> None:
        if session := self._planned():
            facts = {"held_on": self.pulje.today + self.chance.choice([1, 6, 14]) * DAY}
            with self.happening("move a session", participations=[session.group.participation]):
                SessionChange.objects.replan(session, facts=facts, by=self.pulje.staff, now=self.pulje.now)

    def cancel_a_session(self) -> None:
        if session := self._planned():
            with self.happening("cancel a session", participations=[session.group.participation]):
                session.cancel(by=self.pulje.staff, now=self.pulje.now)

    def log_a_session(self) -> None:
        before = GuidanceSession.objects.planned().filter(held_on__lte=self.pulje.today)
        if session := self.pick(before.select_related("group__participation"), self.a_number()):
            people, units = list(session.supervisors.all()), list(session.units.all())
            with self.happening("log a session", participations=[session.group.participation]):
                of = {"facts": FACTS, "units": units, "supervisors": people}
                session.submit(token=uuid.uuid4(), by=people[0].user, now=self.pulje.now, **of)

    # Measures

    def open_a_measure(self) -> None:
        units = Unit.objects.active(today=self.pulje.today).filter(participation__withdrawn_at=None)
        unit = self.pick(units.filter(participation__welcomed_at__isnull=False), self.a_number())
        if unit:
            last = self.pulje.today + self.chance.choice([3, 10, 40, 90]) * DAY
            facts = {"sub_goal": 1, "what": "Inspeksjon ute", "why": "Kartleggingen", "who": "Rektor"}
            facts |= {"starts_on": self.pulje.today, "ends_on": last}
            with self.happening("open a measure", participations=[unit.participation]):
                of = {"token": uuid.uuid4(), "opened_in": None, "by": self.pulje.staff, "now": self.pulje.now}
                Measure.open(unit=unit, facts=facts, **of)

    def report_a_measure(self) -> None:
        """Finished, with a later end, or taken back."""
        measure = self.pick(Measure.objects.going_on().select_related("unit__participation"), self.a_number())
        if measure is None:
            return
        facts = {"by": self.pulje.staff, "now": self.pulje.now}
        with self.happening("report a measure", participations=[measure.unit.participation]):
            match self.chance.choice(["finished", "later", "taken back"]):
                case "finished":
                    measure.report(state=Measure.State.FINISHED, progress="", **facts)
                case "later":
                    later = {"ends_on": measure.ends_on + 14 * DAY}
                    measure.change(facts=later, state=measure.state, progress="", **facts)
                case _:
                    measure.withdraw(why=Measure.WhyWithdrawn.MISTAKE, **facts)

    # What was agreed ahead, and follows by itself

    def by_itself(self) -> None:
        """As beat does it, beside the mails that are due."""
        today = self.pulje.today
        due = list(Succession.objects.due(today=today).select_related("contact", "member__group__participation"))
        if due:
            people = {user for each in due for user in (each.successor_id, each.holder.pk)}
            groups = [each.member.group.participation for each in due if each.member]
            of = {"people": people, "participations": groups}
            with self.happening("successions begin", **of):
                beat.begin_successions()
        if units := [each.unit for each in UnitClosure.objects.due(today=today).select_related("unit__participation")]:
            of = {"participations": [unit.participation for unit in units], "gatherings": Gathering.objects.all()}
            with self.happening("units close", **of):
                beat.close_units()
        if Registration.objects.active().filter(placed_at=None).exists():
            self.pass_on_places()
        beat.sweep()

    def pass_on_places(self) -> None:
        newest = self.newest
        of = {"participations": Participation.objects.all(), "gatherings": Gathering.objects.all()}
        with self.happening("pass on places", **of):
            beat.pass_on_places()
        if self.newest == newest:  # nothing to pass on, so nothing that it explains
            self.events.pop()
