"""All supervisors as a list: what each carries in all running cohorts, beside what each can carry."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as default
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from guidance.models import Capacity, Leave, Supervisor
from guidance.staffing.leaves import leaves_ahead
from guidance.staffing.load import loads
from participants.models import Cohort, County
from parts.forms import field
from parts.names import LineField, plain
from parts.order import alphabetical


@dataclass
class Staffed:
    """A supervisor in the list. `most` is by the cohort's number, of the cohorts that go on."""

    supervisor: Supervisor
    load: int
    counties: list[str]
    most: dict[int, int] = default(default_factory=dict)
    leave: Leave | None = None  # the one that goes on, else the next
    is_away: bool = False
    is_working: bool = True

    @property
    def room(self) -> int:
        """How many municipalities the person can carry, in all of the cohorts that go on."""
        return sum(self.most.values())

    @property
    def is_over(self) -> bool:
        return self.load > self.room

    @property
    def words(self) -> str:
        return plain(" ".join([self.supervisor.name, self.supervisor.user.email, self.supervisor.workplace]))


def staff_list(*, today: date) -> list[Staffed]:
    """Everybody, those who have ended too, in five queries."""
    carried = loads(today)
    most: dict[int, dict[int, int]] = defaultdict(dict)
    running = Capacity.objects.filter(cohort__in=Cohort.objects.going_on(today=today), most__gt=0)
    for supervisor, number, count in running.order_by("cohort__number").values_list(
        "supervisor", "cohort__number", "most"
    ):
        most[supervisor][number] = count
    leaves: dict[int, Leave] = {}
    for leave in leaves_ahead(today=today):
        leaves.setdefault(leave.supervisor_id, leave)
    found = []
    for one in Supervisor.objects.select_related("user").prefetch_related("preferred_counties"):
        away = leaves.get(one.pk)
        found.append(
            Staffed(
                supervisor=one,
                load=carried.get(one.pk, 0),
                counties=[county.name for county in one.preferred_counties.all()],
                most=most.get(one.pk, {}),
                leave=away,
                is_away=away is not None and away.first_on <= today,
                is_working=one.is_working(today=today) and one.user.is_active,
            )
        )
    return found


class SupervisorFilter(forms.Form):
    """Nonsense in the address counts as no filter."""

    SORTS = {
        "": lambda one: (not one.is_working, alphabetical(one.supervisor.name), one.supervisor.pk),
        "navn": lambda one: (alphabetical(one.supervisor.name), one.supervisor.pk),
        "kommuner": lambda one: (one.load, alphabetical(one.supervisor.name)),
        "plass": lambda one: (one.room, alphabetical(one.supervisor.name)),
    }
    ONLY = {
        "": lambda one: one.is_working,
        "over": lambda one: one.is_over,
        "ledig": lambda one: one.is_working and not one.is_away and one.load < one.room,
        "permisjon": lambda one: one.is_working and one.leave is not None,
        "sluttet": lambda one: not one.is_working,
        "alle": lambda one: True,
    }
    KNOWS = {
        "barnehage": lambda one: one.supervisor.knows_kindergarten,
        "skole": lambda one: one.supervisor.knows_school,
    }

    q = LineField(label=_("Søk"), required=False, max_length=100, help_text=_("Navn, adresse eller arbeidssted"))
    vis = forms.ChoiceField(
        label=_("Vis"),
        required=False,
        choices=[
            ("", _("Alle som er veiledere nå")),
            ("ledig", _("Kan ta flere kommuner")),
            ("over", _("Har for mange kommuner")),
            ("permisjon", _("Har eller skal ha permisjon")),
            ("sluttet", _("Har sluttet")),
            ("alle", _("Alle, også de som har sluttet")),
        ],
    )
    kjenner = forms.ChoiceField(
        label=_("Kjenner"),
        required=False,
        choices=[("", _("Alt")), ("barnehage", _("barnehage")), ("skole", _("skole"))],
    )
    fylke = forms.ChoiceField(label=_("Fylke"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        names = County.objects.order_by("name").values_list("name", flat=True)
        field(self, "fylke", forms.ChoiceField).choices = [("", _("Alle")), *((name, name) for name in names)]

    def filter(self, rows: Sequence[Staffed], *, sort: str) -> list[Staffed]:
        self.is_valid()
        chosen = self.cleaned_data
        rows = list(filter(self.ONLY[chosen.get("vis", "")], rows))
        if text := plain(chosen.get("q", "")):
            rows = [row for row in rows if text in row.words]
        if knows := self.KNOWS.get(chosen.get("kjenner", "")):
            rows = [row for row in rows if knows(row)]
        if county := chosen.get("fylke"):
            rows = [row for row in rows if county in row.counties]
        key = self.SORTS.get(sort.removeprefix("-"), self.SORTS[""])
        return sorted(rows, key=key, reverse=sort.startswith("-"))
