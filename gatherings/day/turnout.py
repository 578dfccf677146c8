"""Who came, by function and by whom they came for, so that a gathering of leaders alone shows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from gatherings.models import Attendance, Gathering, Registration
from participants.models import Contact, Unit

# They answer for a municipality or lead a unit; the rest are those who work in them.
LEADERS = {*Contact.EDITORS, Contact.Function.HEAD}


@dataclass(frozen=True)
class TurnoutLine:
    """`registered` have a place; `attended` were there on one day or more. `most` is the longest bar on the page."""

    label: str
    registered: int
    attended: int
    most: int

    @property
    def registered_width(self) -> int:
        return _percent(self.registered, self.most)

    @property
    def attended_width(self) -> int:
        return _percent(self.attended, self.most)


@dataclass(frozen=True)
class Turnout:
    registered: int
    attended: int
    leaders: int
    by_function: list[TurnoutLine]
    by_place: list[TurnoutLine]
    by_leading: list[TurnoutLine]

    @property
    def counted(self) -> int:
        """Whom the share of leaders is of: those who came; before anybody has, those who are registered."""
        return self.attended or self.registered

    @property
    def leaders_percent(self) -> int:
        return _percent(self.leaders, self.counted)


def turnout_of(gathering: Gathering) -> Turnout:
    """Two queries, however many came."""
    placed = list(gathering.registrations.placed().select_related("unit"))
    there = set(Attendance.objects.filter(registration__gathering=gathering).values_list("registration", flat=True))
    came = [registration for registration in placed if registration.pk in there]

    def lines(
        choices: list[tuple[str, str]], key: Callable[[Registration], str], *, even_none: bool = False
    ) -> Iterator[TurnoutLine]:
        for value, label in choices:
            registered, attended = (sum(key(each) == value for each in group) for group in (placed, came))
            if registered or even_none:
                yield TurnoutLine(capfirst(label), registered, attended, len(placed))

    leading = [("yes", _("ledere og eiere")), ("", _("andre"))]
    places = [*((str(value), str(label)) for value, label in Unit.Kind.choices), ("", _("kommunen"))]
    return Turnout(
        registered=len(placed),
        attended=len(came),
        leaders=sum(each.function in LEADERS for each in came or placed),
        by_function=list(
            lines([(value, str(label)) for value, label in Gathering.AUDIENCE], lambda each: each.function)
        ),
        by_place=list(lines(places, lambda each: each.unit.kind if each.unit else "")),
        by_leading=list(lines(leading, lambda each: "yes" if each.function in LEADERS else "", even_none=True)),
    )


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
