from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guidance.groups.candidate import Candidate, best_first
from guidance.groups.seating import Seating
from guidance.groups.wording import describe_candidate
from guidance.models import GroupMember, Handover
from participants.models import Participation
from parts.child_names.question import ask_about_children
from parts.forms import field
from parts.names import LineField

MAX_CHOSEN = 6  # a group larger than its size is possible by hand, a mistake is not


class CompositionFilter(forms.Form):
    q = LineField(
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
        candidates = candidates_for(seating, participation)
        field(self, "people", forms.MultipleChoiceField).choices = [
            (str(one.supervisor.pk), describe_candidate(one)) for one in candidates
        ]
        field(self, "leads", forms.ChoiceField).choices = [
            ("", _("Ingen ennå")),
            *((str(one.supervisor.pk), one.supervisor.name) for one in candidates if one.profile.centre),
        ]

    def clean_people(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["people"]
        if len(chosen) > MAX_CHOSEN:
            raise forms.ValidationError(_("Velg ikke flere enn %(most)s.") % {"most": MAX_CHOSEN})
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


def candidates_for(seating: Seating, participation: Participation) -> list[Candidate]:
    """Those in the group first, then the others; those who fit it best first."""
    group = {seat.supervisor_id for seat in seating.seats.get(participation.pk, [])}
    municipality = next(one for one in seating.municipalities if one.key == participation.pk)
    loads = seating.loads()
    found = best_first(
        Candidate(
            supervisor=seating.supervisors[person.key],
            profile=person,
            municipality=municipality,
            load=loads[person.key],
            in_cohort=person.key in seating.most,
            in_group=person.key in group,
            away=seating.away.get(person.key, ""),
        )
        for person in seating.people
    )
    return sorted(found, key=lambda one: not one.in_group)


class ReplaceForm(forms.Form):
    """Who takes over, and what they need to know. `sure` is asked for once the choice breaks a rule."""

    successor = forms.ChoiceField(label=gettext_lazy("Hvem overtar?"))
    note = forms.CharField(
        label=gettext_lazy("Notat til den som overtar"),
        required=False,
        max_length=Handover._meta.get_field("note").max_length,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Hva er avtalt, og hva haster? Skriv aldri navn på barn."),
    )
    sure = forms.BooleanField(label=gettext_lazy("Erstatt likevel"), required=False)

    def __init__(self, *args, member: GroupMember, candidates: Sequence[Candidate], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        self.candidates = {str(one.supervisor.pk): one for one in candidates if not one.is_barred}
        successor = field(self, "successor", forms.ChoiceField)
        successor.choices = [
            ("", _("Velg veileder")),
            *((key, _describe_successor(one)) for key, one in self.candidates.items()),
        ]
        successor.error_messages["invalid_choice"] = _("Velg en veileder fra lista.")

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        ask_about_children(self, ["note"])
        return cleaned

    def clean_successor(self) -> Candidate:
        return self.candidates[self.cleaned_data["successor"]]


def _describe_successor(one: Candidate) -> str:
    return ", ".join([describe_candidate(one), *([_("er i gruppa")] if one.in_group else [])])
