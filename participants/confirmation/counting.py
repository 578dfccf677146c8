"""When the children were counted, a day for each kind of unit, and what the registers say."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _

from participants.models import Unit
from parts.dates import date_in_words
from parts.forms import DateInput

# The days on which the kindergartens and the schools report to BASIL and GSI.
REPORTED = {Unit.Kind.KINDERGARTEN: (12, 15), Unit.Kind.SCHOOL: (10, 1), Unit.Kind.SFO: (10, 1)}
# A figure is of this school year or the last; what is older says too little of who is there now.
OLDEST = timedelta(days=2 * 365)


def day_name(kind: str) -> str:
    """The name of the field for when this kind of unit counted."""
    return f"counted_on-{kind}"


def day_label(kind: str) -> str:
    return {
        Unit.Kind.KINDERGARTEN: _("Når ble barna i barnehagene telt?"),
        Unit.Kind.SCHOOL: _("Når ble elevene i skolene telt?"),
        Unit.Kind.SFO: _("Når ble barna i SFO telt?"),
    }[Unit.Kind(kind)]


def day_field(kind: str, *, today: date) -> forms.DateField:
    month, day = REPORTED[Unit.Kind(kind)]
    example = date(today.year, month, day)
    if example > today:
        example = example.replace(year=today.year - 1)
    register = "BASIL" if kind == Unit.Kind.KINDERGARTEN else "GSI"
    hint = _("For eksempel %(day)s, hvis dere bruker tallene i %(register)s.")
    return forms.DateField(
        label=day_label(kind),
        help_text=hint % {"day": date_in_words(example), "register": register},
        widget=DateInput(),
        validators=limits(today=today),
    )


def limits(*, today: date) -> list:
    oldest = today - OLDEST
    too_old = _("Datoen er for lenge siden. Bruk et tall som er telt etter %(day)s.") % {"day": date_in_words(oldest)}
    return [MinValueValidator(oldest, too_old), MaxValueValidator(today, _("Datoen kan ikke være fram i tid."))]


def registers_figure(unit: Unit) -> str:
    """What the register has, by its name and date; empty when it has nothing."""
    if unit.register_children is None or unit.register_on is None:
        return ""
    what = _("%(register)s har %(count)s (hentet %(day)s).")
    return what % {
        "register": register_of(unit),
        "count": unit.register_children,
        "day": date_in_words(unit.register_on),
    }


def register_of(unit: Unit) -> str:
    return _("Nasjonalt barnehageregister") if unit.kind == Unit.Kind.KINDERGARTEN else _("Nasjonalt skoleregister")


def is_from_register(unit: Unit, answers: Mapping[str, object]) -> bool:
    """Whether the figure is the register's, which the person asked to have filled in, and left as it was."""
    figure = unit.register_children
    asked = str(answers.get(f"unit-{unit.pk}-register") or "")
    return figure is not None and asked == str(answers.get(f"unit-{unit.pk}-children")) == str(figure)


def registers_figures(units: Iterable[Unit], typed: Mapping[str, str]) -> dict[str, str]:
    """What to fill in where nothing is typed: the figure, and that it is the register's."""
    found: dict[str, str] = {}
    for unit in units:
        name = f"unit-{unit.pk}-children"
        if unit.register_children is not None and not typed.get(name, "").strip():
            found |= {name: str(unit.register_children), f"unit-{unit.pk}-register": str(unit.register_children)}
    return found
