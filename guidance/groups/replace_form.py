from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guidance.child_names import ask_about_children
from guidance.groups.replacing import Candidate
from guidance.models import GroupMember, Handover


class ReplaceForm(forms.Form):
    """Who takes over, and what they need to know. `sure` is asked for once the choice breaks a rule."""

    successor = forms.ChoiceField(label=gettext_lazy("Hvem overtar?"))
    note = forms.CharField(
        label=gettext_lazy("Notat til den som overtar"),
        required=False,
        max_length=Handover._meta.get_field("note").max_length,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Hva er avtalt, og hva haster? Navngi aldri barn."),
    )
    sure = forms.BooleanField(label=gettext_lazy("Erstatt likevel"), required=False)

    def __init__(self, *args, member: GroupMember, candidates: Sequence[Candidate], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        self.candidates = {str(one.supervisor.pk): one for one in candidates if not one.barred}
        self.fields["successor"].choices = [  # type: ignore[attr-defined]
            ("", _("Velg veileder")),
            *((key, describe(one)) for key, one in self.candidates.items()),
        ]
        self.fields["successor"].error_messages["invalid_choice"] = _("Velg en veileder fra lista.")

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        ask_about_children(self, ["note"])
        return cleaned

    def clean_successor(self) -> Candidate:
        return self.candidates[self.cleaned_data["successor"]]


def describe(one: Candidate) -> str:
    """Kari Nordmann, Læringsmiljøsenteret, barnehage og skole, 2 av 3 kommuner"""
    person = one.supervisor
    facts = [person.name, str(person.get_employer_display()), person.knowledge]
    if one.in_group:
        facts.append(_("er i gruppa"))
    if one.most is None:
        facts.append(_("ikke med i pulja"))
    else:
        facts.append(_("%(load)s av %(most)s kommuner") % {"load": one.load, "most": one.most})
    if not one.near:
        facts.append(_("vil helst ha andre fylker"))
    return ", ".join(fact for fact in facts if fact)
