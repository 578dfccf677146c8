"""How far a municipality has come, in one word; it follows from what has happened and is stored nowhere."""

from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Case, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from participants.models import Confirmation, Participation

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

STATES = [
    ("nominated", _("Nominert")),
    ("accepted", _("Takket ja")),
    ("waiting", _("Venter på svar")),
    ("overdue", _("Fristen er gått ut")),
    ("confirmed", _("Bekreftet")),
    ("withdrawn", _("Trukket seg")),
    ("declined", _("Takket nei")),
]
LABELS = dict(STATES)
OUT = {"withdrawn", "declined"}  # those that are not counted, and not reminded
COLOURS = {"overdue": "danger", "waiting": "warning", "confirmed": "success", "accepted": "info"}
_ORDER = [name for name, _label in STATES]


class NewestRound(TypedDict):
    """What `with_state` adds to a row: when its newest round was asked, is due and was answered, and the state."""

    asked_at: datetime | None
    due_on: date | None
    answered_at: datetime | None
    state_place: int  # of the state among STATES, to sort by


if TYPE_CHECKING:
    WithState = WithAnnotations[Participation, NewestRound]


def with_state(queryset: QuerySet[Participation], *, today: date) -> "QuerySet[WithState]":
    """Annotate each row with its newest round, and with the state that follows: the one place where the rule is."""
    newest = Confirmation.objects.filter(participation=OuterRef("pk")).order_by("-round")
    of_the_round = newest.annotate(
        place=_place({"confirmed": Q(answered_at__isnull=False), "overdue": Q(due_on__lt=today)}, otherwise="waiting")
    )
    without_a_round = _place({"accepted": Q(accepted_at__isnull=False)}, otherwise="nominated")
    return queryset.annotate(
        asked_at=Subquery(newest.values("asked_at")[:1]),
        due_on=Subquery(newest.values("due_on")[:1]),
        answered_at=Subquery(newest.values("answered_at")[:1]),
        state_place=Case(
            When(withdrawn_at__isnull=False, then=Value(_ORDER.index("withdrawn"))),
            When(declined_at__isnull=False, then=Value(_ORDER.index("declined"))),
            default=Coalesce(Subquery(of_the_round.values("place")[:1]), without_a_round),
            output_field=IntegerField(),
        ),
    )


def _place(rules: dict[str, Q], *, otherwise: str) -> Case:
    """The place in the order of the first state whose rule holds."""
    return Case(
        *(When(rule, then=Value(_ORDER.index(state))) for state, rule in rules.items()),
        default=Value(_ORDER.index(otherwise)),
        output_field=IntegerField(),
    )


def state(participation: "WithState") -> str:
    return at(participation.state_place)


def at(place: int) -> str:
    """The state with this `state_place`."""
    return _ORDER[place]


def in_state(queryset: "QuerySet[WithState]", wanted: str) -> "QuerySet[WithState]":
    return queryset.filter(state_place=_ORDER.index(wanted))
