"""What people do to a pulje, each step one change by one person: for tests in which anything follows upon anything.

Numbers pick the rows; a step that is refused, as a person would be, does nothing.
"""

from django.core.exceptions import ValidationError

from accounts.models import User
from gatherings import changing, places
from gatherings import withdrawal as at_gatherings
from gatherings.mails import notices
from gatherings.models import Gathering, Registration
from gatherings.places import Entry
from gatherings.registration import nobody, registering
from gatherings.registration.registrar import Place
from lmp.changes import address, merging
from lmp.changes.succession import succeeding, swapping
from lmp.changes.tests.small_pulje import DAY, SmallPulje
from lmp.changes.unit import closing
from lmp.changes.withdrawal import change as withdrawal
from participants.models import Contact, Participation, Unit

ADDRESSES = [f"person{number}@blåbær{number % 3}.example.no" for number in range(8)]


class Acting:
    pulje: SmallPulje

    def change_address(self, who, number, spelling) -> None:
        person = self.person(who)
        try:
            address.change(person, spelling(ADDRESSES[number % 8]), by=self.pulje.staff, now=self.pulje.now)
        except ValidationError as error:
            assert error.code == "taken"  # noqa: PT017 – a step may be refused

    def register(self, who, which, where, also) -> None:
        unit, person, gathering = self.unit(where), self.person(who), self.gathering(which)
        entry = Entry(
            name=person.name,
            email=person.email,
            function="staff",
            unit=unit,
            days=[day.isoformat() for day in gathering.days],
            nights=[],
            travel=Registration.Travel.ORDERS,
            also=also,
        )
        try:
            told = registering.register(
                gathering, [(Place(unit.participation, unit), entry)], by=self.pulje.staff, now=self.pulje.now
            )
        except ValidationError:
            return
        notices.outcomes(told, by=self.pulje.staff, now=self.pulje.now)
        for outcome in told:  # what the receipt says is what is stored
            stored = Registration.objects.get(pk=outcome.registration.pk)
            assert stored.is_active
            assert stored.user == person
            assert stored.state == outcome.registration.state
            assert stored.place_in_line == outcome.number
            assert stored.comes_for(unit.participation, unit)

    def nobody_comes(self, which, where) -> None:
        unit = self.unit(where)
        try:
            nobody.answer(
                self.gathering(which),
                [Place(unit.participation, unit)],
                note="",
                by=self.pulje.staff,
                now=self.pulje.now,
            )
        except ValidationError:
            return

    def swap(self, number, who) -> None:
        registration = self.pick(Registration.objects.active().select_related("gathering"), number)
        if registration is None:
            return
        person, seat = self.person(who), (registration.state, registration.place_in_line)
        facts = {"name": person.name, "email": person.email, "function": registration.function}
        try:
            swapping.swap(registration, **facts, by=self.pulje.staff, now=self.pulje.now)
        except ValidationError:
            return
        kept = Registration.objects.get(pk=registration.pk)
        assert (kept.user, kept.state, kept.place_in_line) == (person, *seat)

    def replace(self, number, who, days, everything) -> None:
        contact = self.pick(Contact.objects.current().select_related("user", "participation", "unit"), number)
        person = self.person(who)
        held = [each.key for each in succeeding.holdings(contact, now=self.pulje.now)]
        try:
            succeeding.agree(
                contact,
                name=person.name,
                email=person.email,
                starts_on=self.pulje.today + days * DAY,
                chosen=held if everything else [],
                by=self.pulje.staff,
                now=self.pulje.now,
            )
        except ValidationError:
            return
        if days == 0:
            assert not Contact.objects.current().filter(pk=contact.pk).exists()

    def cancel(self, number) -> None:
        registration = self.pick(Registration.objects.select_related("gathering"), number)
        if registration and (done := places.cancel(registration, by=registration.user, now=self.pulje.now)):
            cancelled, passed = done
            notices.cancelled(cancelled, by=registration.user, now=self.pulje.now)
            notices.passed(passed, now=self.pulje.now)

    def accept(self, number) -> None:
        registration = self.pick(Registration.objects.offered().select_related("gathering"), number)
        if registration:
            try:
                accepted = places.accept(registration, by=registration.user, now=self.pulje.now)
            except ValidationError:
                return
            assert accepted
            notices.placed(accepted, now=self.pulje.now)

    def merge_people(self, one, other) -> None:
        kept, gone = self.person(one), self.person(other)
        if not merging.why_not(kept, gone, by=self.pulje.staff):
            merging.merge(kept, gone, by=self.pulje.staff, now=self.pulje.now)

    def withdraw(self, number) -> None:
        leaving = Participation.objects.filter(pk=self.pulje.participations[number].pk)
        try:
            withdrawal.withdraw(
                leaving, decided_on=self.pulje.today, reason="Nedbemanning", by=self.pulje.staff, now=self.pulje.now
            )
        except ValidationError:
            return
        assert not leaving.taking_part().exists()

    def come_back(self, number, again) -> None:
        participation = Participation.objects.get(pk=self.pulje.participations[number].pk)
        over = participation.withdrawal
        could = at_gatherings.may_come_again(over, today=self.pulje.today) if over and again else []
        try:
            withdrawal.come_back(
                participation,
                returned_on=self.pulje.today,
                reason="Ombestemte seg",
                due_on=self.pulje.today + 20 * DAY,
                stay=[],
                again=could,
                by=self.pulje.staff,
                now=self.pulje.now,
            )
        except ValidationError:
            return
        assert Participation.objects.taking_part().filter(pk=participation.pk).exists()

    def close_unit(self, number, days) -> None:
        try:
            closing.close(self.unit(number), on=self.pulje.today + days * DAY, by=self.pulje.staff, now=self.pulje.now)
        except ValidationError:
            return

    def merge_units(self, one, other, days, keeps) -> None:
        unit, on = self.unit(one), self.pulje.today + days * DAY
        into = self.pick(unit.participation.units.all(), other)
        moves = closing.Moves(keeps, keeps, measures=days == 0)
        try:
            closing.merge(unit, into, on=on, moves=moves, by=self.pulje.staff, now=self.pulje.now)
        except ValidationError:
            return

    def reopen_unit(self, number) -> None:
        try:
            closing.reopen(self.unit(number), by=self.pulje.staff, now=self.pulje.now)
        except ValidationError:
            return

    def move_gathering(self, which, days, places_more) -> None:
        gathering = self.gathering(which)
        if gathering.starts_on <= self.pulje.today:
            return
        for name in ("closes_on", "travel_closes_on", "starts_on", "ends_on"):
            setattr(gathering, name, getattr(gathering, name) + days * DAY)
        gathering.closes_on = max(gathering.closes_on, gathering.opens_on)
        if gathering.capacity:
            gathering.capacity = max(gathering.capacity + places_more, places.taken(gathering), 1)
        changing.save(gathering, by=self.pulje.staff, now=self.pulje.now)

    # Picking

    def person(self, number: int) -> User:
        return self.pick(User.objects.filter(merged_into=None, is_staff=False), number)

    def unit(self, number: int) -> Unit:
        return self.pick(Unit.objects.select_related("participation"), number)

    def gathering(self, number: int) -> Gathering:
        return Gathering.objects.get(pk=self.pulje.gatherings[number].pk)

    @staticmethod
    def pick(rows, number: int):
        """One of these rows; None when there are none."""
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        return rows.get(pk=keys[number % len(keys)]) if keys else None
