"""What the list of people can be narrowed by and sorted on: it lives in the address, and others hand theirs over."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gatherings.models import Gathering, Registration
from participants import states
from participants.models import Cohort, Contact, County
from parts.forms import number_from
from parts.names import LineField

ANSWERS, NOT_REGISTERED = "answers", "none"
SUPERVISORS, GOVERNORS = "supervisors", "governors"
ALL = [("", _("Alle"))]
SORTS = {
    "navn": ("name", "pk"),
    "-navn": ("-name", "-pk"),
    "kommune": ("place", "name", "pk"),
    "-kommune": ("-place", "name", "pk"),
}


@dataclass(frozen=True)
class HandedOver:
    """Those that another list has ticked, by key: all who answer for these municipalities, and these contacts."""

    participations: list[int] = field(default_factory=list)
    contacts: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, address: QueryDict) -> "HandedOver":
        return cls(*(_keys(address.getlist(name)) for name in ("participation", "contact")))

    def __bool__(self) -> bool:
        return bool(self.participations or self.contacts)

    @property
    def condition(self) -> Q:
        return Q(participation__in=self.participations) | Q(pk__in=self.contacts)


def _keys(texts: Iterable[str]) -> list[int]:
    """Of `participation=1&participation=2`, or of the shorter `participation=1,2`."""
    found = (number_from(each) for text in texts for each in text.split(","))
    return [key for key in found if key is not None]


class PeopleFilter(forms.Form):
    """Nonsense in the address counts as no filter."""

    q = LineField(label=_("Søk"), required=False, max_length=100, help_text=_("Navn, e-post, enhet eller kommune"))
    pulje = forms.ModelChoiceField(
        label=_("Pulje"), queryset=Cohort.objects.all(), required=False, empty_label=_("Alle som pågår")
    )
    fylke = forms.ModelChoiceField(
        label=_("Fylke"), queryset=County.objects.all(), required=False, empty_label=_("Alle")
    )
    funksjon = forms.ChoiceField(
        label=_("Funksjon"),
        choices=[
            *ALL,
            (ANSWERS, _("svarer for kommunen")),
            *Contact.Function.choices,
            (SUPERVISORS, _("veileder")),
            (GOVERNORS, _("statsforvalter")),
        ],
        required=False,
    )
    status = forms.ChoiceField(label=_("Status for kommunen"), choices=[*ALL, *states.STATES], required=False)
    samling = forms.ModelChoiceField(
        label=_("Samling"),
        queryset=Gathering.objects.select_related("cohort").filter(starts_on__isnull=False).order_by("-starts_on"),
        required=False,
        empty_label=_("Ingen valgt"),
    )
    svar = forms.ChoiceField(
        label=_("Svar på samlingen"),
        choices=[
            ("", _("Alle som har plass eller venter")),
            (NOT_REGISTERED, _("Har ikke svart")),
            *((state.value, state.label) for state in Registration.State),
        ],
        required=False,
        help_text=_("Gjelder når du har valgt en samling."),
    )
    sorter = forms.ChoiceField(
        label=_("Sorter etter"),
        choices=[
            ("navn", _("Navn, A til Å")),
            ("-navn", _("Navn, Å til A")),
            ("kommune", _("Kommune, A til Å")),
            ("-kommune", _("Kommune, Å til A")),
        ],
        required=False,
    )
    valgte = forms.BooleanField(label=_("Vis bare de som er valgt"), required=False)

    @classmethod
    def of(cls, address: QueryDict, handed: HandedOver) -> "PeopleFilter":
        """As the address has it. Of municipalities that are handed over, those who answer for them come first."""
        if handed.participations and not handed.contacts and "funksjon" not in address:
            address = address.copy()
            address["funksjon"] = ANSWERS
        return cls(address)

    @property
    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data

    @property
    def order(self) -> tuple[str, ...]:
        return SORTS.get(self.chosen.get("sorter", ""), SORTS["navn"])
