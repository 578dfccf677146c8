"""What happens in and around the municipalities: nomination, letters, confirmation, gatherings, people, units."""

import uuid

from accounts.models import User
from gatherings import changing
from gatherings.models import Answered, Attendance, Gathering, Registration
from lmp.changes.tests.small_pulje import DAY
from lmp.demo.data import answering
from lmp.governor import acceptance, nominating
from lmp.tests.two_years.cast import MUNICIPALITIES
from lmp.tests.two_years.happening import Happening
from lmp.welcome import sending
from lmp.welcome.models import SendingItem
from lmp.writing import sending as writings
from lmp.writing.choosing import ticks
from lmp.writing.choosing.filter import HandedOver, PeopleFilter
from lmp.writing.choosing.people import find
from participants.confirmation import asking, deadline
from participants.mails import notices
from participants.models import Confirmation, Contact, Participation, Unit, UnitClosure

ALL = Participation.objects.all


class Municipal(Happening):
    # The course of a pulje

    def nominate(self, number: int) -> None:
        """With its units and a contact; then staff register more people."""
        municipality = self.pulje.municipalities[number]
        by = self.pulje.officers[municipality.county.governor]
        units = [{"name": name, "kind": kind} for name, kind in MUNICIPALITIES[municipality.number]]
        owner = self._person("eier", municipality.number) | {"function": Contact.Function.OWNER}
        with self.happening("nominate"):
            made = nominating.nominate(
                municipality, self.pulje.cohort, units=units, contact=owner, by=by, now=self.pulje.now
            )
            self.pulje.participations.append(made.participation)
            facts = {"by": self.pulje.staff, "now": self.pulje.now}
            for function in (Contact.Function.SCHOOL_LEAD, Contact.Function.PPT):
                person = self._person(function, municipality.number)
                made.participation.add_contact(function=function, unit=None, **person, **facts)
            for unit in made.units:
                person = self._person("styrer", f"{unit.pk}")
                made.participation.add_contact(function=Contact.Function.HEAD, unit=unit, **person, **facts)

    @staticmethod
    def _person(what: str, where: str) -> dict[str, str]:
        return {"name": f"Person {what} {where}", "email": f"{what}.{where}@example.no"}

    def accept_the_nomination(self, number: int) -> None:
        one = self.pulje.participations[number]
        by = self.pulje.officers[one.municipality.county.governor]
        with self.happening("accept the nomination", participations=[one]):
            acceptance.accept(one, on=self.pulje.today, said_by="Kari Nordmann", by=by, now=self.pulje.now)

    def send_letters(self) -> None:
        """To all that have accepted and have none: ordered by staff, sent by a worker, with the copies."""
        letters = [one for one in sending.prepared(self.pulje.cohort, today=self.pulje.today) if one.can_be_sent]
        if not letters:
            return
        approved = {letter.participation.pk: letter.fingerprint for letter in letters}
        with self.happening("send letters", participations=[letter.participation for letter in letters]):
            facts = {"token": uuid.uuid4(), "by": self.pulje.staff, "now": self.pulje.now}
            sending.order(self.pulje.cohort, approved=approved, **facts)
            for item in list(SendingItem.objects.waiting().values_list("pk", flat=True)):
                assert sending.process(item, now=self.pulje.now).letter

    def ask_again(self) -> None:
        """The second year's round."""
        for one in Participation.objects.taking_part().filter(welcomed_at__isnull=False):
            if not one.open_confirmation:
                with self.happening("ask again", participations=[one]):
                    due_on = self.pulje.today + 28 * DAY
                    asked = asking.ask(one, due_on=due_on, year=2, by=self.pulje.staff, now=self.pulje.now)
                    notices.round_opened(asked, now=self.pulje.now)

    def settle_a_gathering(self, semester: int, weeks: int, capacity: int | None) -> None:
        with self.happening("settle a gathering", participations=ALL()):
            self.pulje.gatherings.append(self.pulje.a_gathering(semester, weeks=weeks, capacity=capacity))

    # The confirmation

    def confirm_(self) -> None:
        one = self.a_participation(confirmations__answered_at=None, welcomed_at__isnull=False, withdrawn_at=None)
        if one and one.open_confirmation and one.editors().exists():
            with self.happening("confirm", participations=[one]):
                answering.answer(one, on=self.pulje.now)

    def move_a_deadline(self) -> None:
        asked = self.pick(Confirmation.objects.open(), self.a_number())
        if asked:
            with self.happening("move a deadline", participations=[asked.participation]):
                due_on = self.pulje.today + self.chance.choice([2, 9, 20]) * DAY
                deadline.move([asked], due_on=due_on, by=self.pulje.staff, now=self.pulje.now)

    # Gatherings

    def _which(self) -> int | None:
        """One to come, or just over."""
        recent = [
            number
            for number, each in enumerate(self.pulje.gatherings)
            if self.gathering(number).starts_on > self.pulje.today - 20 * DAY and each
        ]
        return self.chance.choice(recent) if recent else None

    def register_(self) -> None:
        which, who, where = self._which(), self.a_number(), self.a_number()
        if which is not None and self.unit(where):
            of = {"participations": ALL(), "gatherings": [self.gathering(which)]}
            with self.happening("register", people=[self.person(who).pk, self.pulje.staff.pk], **of):
                self.register(who, which, where, also=self.chance.random() < 0.3)

    def nobody_comes_(self) -> None:
        which, where = self._which(), self.a_number()
        if which is not None and self.unit(where):
            with self.happening("nobody comes", participations=[self.unit(where).participation]):
                self.nobody_comes(which, where)

    def cancel_a_registration(self) -> None:
        number = self.a_number()
        if row := self.pick(Registration.objects.select_related("gathering", "participation"), number):
            with self.happening("cancel a registration", **self._of(row)):
                self.cancel(number)

    def accept_a_place(self) -> None:
        number = self.a_number()
        if row := self.pick(Registration.objects.offered(), number):
            with self.happening("accept a place", **self._of(row)):
                self.accept(number)

    def swap_(self) -> None:
        number, who = self.a_number(), self.a_number()
        if row := self.pick(Registration.objects.active(), number):
            with self.happening("swap", **self._of(row, self.person(who))):
                self.swap(number, who)

    @staticmethod
    def _of(row: Registration, *others: User) -> dict:
        """A person may come for several municipalities."""
        people = [row.user_id, *(other.pk for other in others)]
        return {"participations": ALL(), "gatherings": [row.gathering], "people": people}

    def order_the_journey(self) -> None:
        row = self.pick(Registration.objects.active().filter(travel_ordered_on=None), self.a_number())
        if row:
            with self.happening("order the journey", people=[row.user_id]):
                row.order_travel(on=self.pulje.today, by=row.user)

    def attend(self) -> None:
        """At the gathering of the day."""
        for gathering in Gathering.objects.filter(starts_on=self.pulje.today, settled=Gathering.Settled.FIXED):
            rows = [row for row in gathering.registrations.placed() if self.chance.random() < 0.8]
            with self.happening("attend", people=[row.user_id for row in rows]):
                facts = {"marked_at": self.pulje.now, "marked_by": self.pulje.staff}
                for row in rows:
                    Attendance.objects.create(registration=row, day=self.pulje.today, **facts)

    def evaluate(self) -> None:
        row = self.pick(Registration.objects.filter(attendances__isnull=False).distinct(), self.a_number())
        if row:
            with self.happening("evaluate", people=[row.user_id]):
                Answered.objects.get_or_create(gathering=row.gathering, user=row.user)

    def move_gathering_(self) -> None:
        which = self._which()
        if which is not None:
            with self.happening("change a gathering", **self._at(which)):
                self.move_gathering(which, days=self.chance.choice([-3, 7]), places_more=self.chance.choice([-1, 1]))

    def call_off_or_hold(self) -> None:
        """Cancel it, postpone it, or hold it after all."""
        which = self._which()
        if which is not None and self.gathering(which).starts_on > self.pulje.today:
            kinds = Gathering.Settled
            settled = self.chance.choice([kinds.FIXED, kinds.FIXED, kinds.CANCELLED, kinds.POSTPONED])
            gathering = self.gathering(which)
            gathering.settled = settled
            with self.happening("change a gathering", **self._at(which)):
                changing.save(gathering, by=self.pulje.staff, now=self.pulje.now)

    def _at(self, which: int) -> dict:
        return {"participations": ALL(), "gatherings": [self.gathering(which)]}

    # People

    def replace_a_contact(self) -> None:
        number, who, days = self.a_number(), self.a_number(), self.chance.choice([0, 0, 5])
        if contact := self.pick(Contact.objects.current().select_related("user"), number):
            people = [contact.user_id, self.person(who).pk]
            with self.happening("replace a contact", people=people):
                self.replace(number, who, days, everything=self.chance.random() < 0.7)

    def change_an_address(self) -> None:
        who = self.a_number()
        with self.happening("change an address", people=[self.person(who).pk]):
            self.change_address(who, self.a_number(), str)

    def merge_people_(self) -> None:
        one, other = self.a_number(), self.a_number()
        people = [self.person(one).pk, self.person(other).pk]
        of = {"participations": ALL(), "gatherings": Gathering.objects.all()}
        with self.happening("merge people", people=people, **of):
            self.merge_people(one, other)

    # Municipalities and units

    def withdraw_(self) -> None:
        number = self.chance.randrange(len(self.pulje.participations)) if self.pulje.participations else None
        if number is not None:
            with self.happening("withdraw", **self._all_of(number)):
                self.withdraw(number)

    def come_back_(self) -> None:
        for number, one in enumerate(self.pulje.participations):
            if Participation.objects.withdrawn().filter(pk=one.pk).exists():
                with self.happening("come back", **self._all_of(number)):
                    self.come_back(number, again=self.chance.random() < 0.5)

    def _all_of(self, number: int) -> dict:
        return {"participations": [self.pulje.participations[number]], "gatherings": Gathering.objects.all()}

    def close_a_unit(self) -> None:
        number, days = self.a_number(), self.chance.choice([0, 5, 40])
        if unit := self.unit(number):
            with self.happening("close a unit", **self._around(unit)):
                self.close_unit(number, days)

    def merge_units_(self) -> None:
        one, days = self.a_number(), self.chance.choice([0, 5])
        if unit := self.unit(one):
            with self.happening("close a unit", **self._around(unit)):
                self.merge_units(one, self.a_number(), days, self.chance.choice(UnitClosure.Keeps.values))

    def reopen_a_unit(self) -> None:
        number = self.a_number()
        if unit := self.pick(Unit.objects.all(), number):
            with self.happening("close a unit", **self._around(unit)):
                self.reopen_unit(number)

    @staticmethod
    def _around(unit: Unit) -> dict:
        return {"participations": [unit.participation], "gatherings": Gathering.objects.all()}

    # Writing to people

    def remind_by_hand(self) -> None:
        self._write("remind by hand", "confirmation")

    def write_to_many(self) -> None:
        self._write("write to many", "message")

    def _write(self, event: str, kind: str) -> None:
        one = self.a_participation(welcomed_at__isnull=False)
        if one is None:
            return
        draft = ticks.begin(kind=kind, by=self.pulje.staff, now=self.pulje.now)
        people = find(PeopleFilter({"funksjon": "answers"}), HandedOver([one.pk]), today=self.pulje.today)
        ticks.add_all(draft, people, now=self.pulje.now)
        for language in ("nb", "nn"):
            setattr(draft, f"subject_{language}", "Om {kommune}")
            setattr(draft, f"body_{language}", "Hei, {navn}\n\nDette gjelder {pulje}.")
        draft.is_checked = True
        draft.save()
        with self.happening(event, people=list(people.users.values_list("pk", flat=True))):
            writings.order(draft.pk, seen=draft.fingerprint, by=self.pulje.staff, now=self.pulje.now)
