"""What a participant needs in order to take part: asked for without a reason, seen by few, and soon deleted."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from gatherings.models import Gathering, Needs, Registration
from parts.order import alphabetical

MIN_ALIKE = 3  # who wrote the same: what fewer wrote may tell who they are, and is for the group that reads names


class NeedsForm(forms.ModelForm):
    class Meta:
        model = Needs
        fields = ["food", "access"]
        labels = {"food": _("Mat"), "access": _("Tilgjengelighet")}
        help_texts = {
            "food": _("Hva du ikke kan spise. For eksempel uten melk, eller vegetarisk."),
            "access": _(
                "Hva du trenger i lokalet eller på hotellet. For eksempel teleslynge, eller plass til rullestol."
            ),
        }
        widgets = {"food": forms.TextInput(), "access": forms.TextInput()}


def keep(registration: Registration, *, food: str, access: str, now: datetime) -> None:
    """Store what the person needs now; where that is nothing, store nothing."""
    if not (food or access):
        Needs.objects.filter(registration=registration).delete()
        return
    Needs.objects.update_or_create(
        registration=registration, defaults={"food": food, "access": access, "saved_at": now}
    )


def deleted_by(gathering: Gathering) -> date | None:
    """The first day on which the night's task deletes them."""
    return gathering.last_day + timedelta(days=settings.NEEDS_KEPT_DAYS + 1) if gathering.last_day else None


@dataclass(frozen=True)
class Totals:
    """`food` and `access`: each text and how many wrote it, the most frequent first; and how many wrote the rest."""

    people: int
    food: list[tuple[str, int]]
    access: list[tuple[str, int]]
    food_rest: int = 0
    access_rest: int = 0

    @property
    def food_people(self) -> int:
        return sum(count for _text, count in self.food) + self.food_rest

    @property
    def access_people(self) -> int:
        return sum(count for _text, count in self.access) + self.access_rest


def total(gathering: Gathering, *, with_rare: bool) -> Totals:
    """Counted over those who have a place: how many wrote the same, and never who. Rare texts are for the group."""
    placed = gathering.registrations.placed()
    needs = list(Needs.objects.filter(registration__in=placed).values_list("food", "access"))
    food, access = count(food for food, _access in needs), count(access for _food, access in needs)
    if with_rare:
        return Totals(placed.count(), food, access)
    return Totals(placed.count(), _common(food), _common(access), _rest(food), _rest(access))


def _common(lines: list[tuple[str, int]]) -> list[tuple[str, int]]:
    return [line for line in lines if line[1] >= MIN_ALIKE]


def _rest(lines: list[tuple[str, int]]) -> int:
    return sum(count for _text, count in lines if count < MIN_ALIKE)


def count(texts: Iterable[str]) -> list[tuple[str, int]]:
    """The same text in other letters or with other spaces is the same; it is shown as most people wrote it."""
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        if clean := " ".join(text.split()).rstrip("."):
            spelled[clean.casefold()][clean] += 1
    totals = [(spellings.most_common(1)[0][0], spellings.total()) for spellings in spelled.values()]
    return sorted(totals, key=lambda line: (-line[1], alphabetical(line[0])))
