from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guidance.groups import composer
from guidance.groups.seating import Seating
from guidance.models import Supervisor
from participants.models import Participation

MOST_CHOSEN = 6  # a group larger than its size is possible by hand, a mistake is not


class CompositionFilter(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Søk"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Kommune, fylke eller veileder"),
    )
    vis = forms.ChoiceField(
        label=gettext_lazy("Vis"),
        required=False,
        choices=[
            ("", gettext_lazy("Alle")),
            ("brudd", gettext_lazy("Med noe som mangler")),
            ("ulast", gettext_lazy("Ikke låst")),
        ],
    )

    def filter(self, rows: list) -> list:
        self.is_valid()
        chosen = self.cleaned_data
        if text := chosen.get("q", "").casefold():
            rows = [row for row in rows if text in row.words]
        if chosen.get("vis") == "brudd":
            rows = [row for row in rows if row.broken]
        if chosen.get("vis") == "ulast":
            rows = [row for row in rows if not row.is_locked]
        return rows


class GroupForm(forms.Form):
    """A municipality's group, chosen by hand."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("Hvem er i gruppa?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    leads = forms.ChoiceField(label=gettext_lazy("Hvem leder gruppa?"), required=False)
    locked = forms.BooleanField(
        label=gettext_lazy("Lås gruppa"),
        required=False,
        help_text=gettext_lazy("En låst gruppe blir stående når du lager et nytt forslag."),
    )

    def __init__(self, *args, seating: Seating, participation: Participation, **kwargs) -> None:
        group = seating.seats.get(participation.pk, [])
        initial = {
            "people": [str(seat.supervisor_id) for seat in group],
            "leads": next((str(seat.supervisor_id) for seat in group if seat.leads), ""),
            "locked": True,
        }
        super().__init__(*args, **kwargs | {"initial": initial})
        loads = loads_of(seating)
        ordered = by_fitness(seating, participation, loads)
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), describe(seating, one, participation, load=loads.get(one.pk, 0))) for one in ordered
        ]
        centre = [one for one in ordered if one.employer == Supervisor.Employer.CENTRE]
        self.fields["leads"].choices = [  # type: ignore[attr-defined]
            ("", _("Ingen ennå")),
            *((str(one.pk), one.name) for one in centre),
        ]

    def clean_people(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["people"]
        if len(chosen) > MOST_CHOSEN:
            raise forms.ValidationError(_("Velg ikke flere enn %(most)s.") % {"most": MOST_CHOSEN})
        return chosen

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        leads = cleaned.get("leads")
        if leads and "people" in cleaned and leads not in cleaned["people"]:
            self.add_error("leads", _("Den som leder, må være i gruppa. Kryss av for personen over."))
        return cleaned

    @property
    def group(self) -> dict[int, bool]:
        """Who is chosen, and whether they lead."""
        return {int(key): key == self.cleaned_data["leads"] for key in self.cleaned_data["people"]}


def by_fitness(seating: Seating, participation: Participation, loads: dict[int, int]) -> list[Supervisor]:
    """Those in the group first, then who has room, is near and knows what the municipality has; the barred last."""
    group = {seat.supervisor_id for seat in seating.seats.get(participation.pk, [])}
    municipality = next(one for one in seating.municipalities if one.key == participation.pk)

    def order(person: composer.Person) -> tuple:
        knows = (person.kindergarten and municipality.kindergartens) + (person.school and municipality.schools)
        return (
            person.key not in group,
            municipality.number in person.barred,
            loads.get(person.key, 0) >= person.most,
            not person.near(municipality),
            -knows,
            loads.get(person.key, 0),
            seating.supervisors[person.key].name,
        )

    return [seating.supervisors[person.key] for person in sorted(seating.people, key=order)]


def loads_of(seating: Seating) -> dict[int, int]:
    """Municipalities by supervisor."""
    found: dict[int, int] = {}
    for seat in seating.as_seats:
        found[seat.person] = found.get(seat.person, 0) + 1
    return found


def describe(seating: Seating, one: Supervisor, participation: Participation, *, load: int) -> str:
    """Kari Nordmann: Læringsmiljøsenteret, kjenner skole, 2 av 3 kommuner"""
    municipality = participation.municipality
    facts = [str(one.get_employer_display()), one.knowledge]
    if one.pk in seating.most:
        facts.append(_("%(load)s av %(most)s kommuner") % {"load": load, "most": seating.most[one.pk]})
    else:
        facts.append(_("ikke med i pulja"))
    if one.preferred_counties.all() and municipality.county not in one.preferred_counties.all():
        facts.append(_("vil helst ha andre fylker"))
    if municipality in one.not_with.all():
        facts.append(_("skal ikke være i denne kommunen"))
    return f"{one.name}: {', '.join(fact for fact in facts if fact)}"
