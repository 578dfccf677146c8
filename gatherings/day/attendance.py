"""Who is there, day by day: the list at the door, and what is marked in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings.models import Attendance, Gathering, Registration
from parts.names import plain
from parts.order import alphabetical


@dataclass(frozen=True)
class AttendanceRow:
    """A person with a place. `due`: registered for this day; who comes on another day as well is still found."""

    registration: Registration
    arrival: Attendance | None
    due: bool

    @property
    def anchor(self) -> str:
        return f"p{self.registration.pk}"

    def matches(self, words: Iterable[str]) -> bool:
        """Whether each word is in the name, the unit or the municipality."""
        registration = self.registration
        places = [registration.name, registration.represents, registration.municipalities]
        return all(word in plain(" ".join(places)) for word in words)


def shown_day(days: list[date], *, asked: str, today: date) -> date | None:
    """The day asked for, else today, else the nearest. None when the gathering has no days."""
    chosen = [day for day in days if day.isoformat() == asked]
    return next(iter(chosen or sorted(days, key=lambda day: abs(day - today))), None)


def attendance_rows(gathering: Gathering, *, day: date) -> list[AttendanceRow]:
    """Everybody with a place, by name. Two queries."""
    arrived = {
        row.registration_id: row for row in Attendance.objects.filter(registration__gathering=gathering, day=day)
    }
    placed = gathering.registrations.placed().with_places()
    found = []
    for registration in sorted(placed, key=lambda each: alphabetical(each.name)):
        registration.gathering = gathering
        found.append(AttendanceRow(registration, arrived.get(registration.pk), day in registration.dates))
    return found


def at_the_door(found: list[AttendanceRow], *, search: str) -> list[AttendanceRow]:
    """Those expected or there; in a search also those who registered for another day."""
    words = plain(search).split()
    return [row for row in found if (row.matches(words) if words else row.due or row.arrival)]


def mark_arrival(registration: Registration, *, day: date, by: User, now: datetime, today: date) -> bool:
    """Mark the person as there, and return whether this was the first mark; the first one's name and time stay.

    Raises ValidationError when there is no place any more, or the day is not one to mark yet.
    """
    if registration.state != Registration.State.PLACED:
        raise ValidationError(
            _("%(name)s har ikke plass på samlingen lenger. Last siden på nytt.") % {"name": registration.name}
        )
    if day not in registration.gathering.days or day > today:
        raise ValidationError(_("Oppmøte kan registreres når dagen har kommet."))
    _row, created = Attendance.objects.get_or_create(
        registration=registration, day=day, defaults={"marked_at": now, "marked_by": by}
    )
    return created


def undo_arrival(registration: Registration, *, day: date) -> bool:
    """Take the mark away, and return whether there was one."""
    deleted, _each = Attendance.objects.filter(registration=registration, day=day).delete()
    return bool(deleted)
