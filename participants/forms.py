from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AddressChange, User
from participants import organisation_number
from participants.confirmation import counting, political_day
from participants.functions import belongs_to, is_called
from participants.models import Contact, Participation, ProjectGroup, ProjectGroupMember, Strike, Unit
from parts.child_names.question import ask_about_children
from parts.forms import CountField, DateInput, EmailField, field, number_from, restored_rows
from parts.names import LineField, same_person
from parts.phone import PhoneField

SAME = "same_person"


class OrganisationNumberField(forms.CharField):
    """Nine digits, however people write them: there is room for the blanks, dots and letters around them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"max_length": 20})

    def to_python(self, value) -> str:
        return organisation_number.normalise(super().to_python(value) or "")


class DecisionsForm(forms.Form):
    """PPT and the political level alone, for a municipality that answered "not yet"."""

    ppt = forms.ChoiceField(
        label=gettext_lazy("Deltar PP-tjenesten i prosjektet?"),
        choices=[
            ("yes", gettext_lazy("Ja")),
            ("no", gettext_lazy("Nei")),
            ("undecided", gettext_lazy("Ikke avgjort ennå")),
        ],
        widget=forms.RadioSelect,
    )
    political_on = forms.DateField(
        label=gettext_lazy("Når ble politisk nivå informert?"),
        required=False,
        widget=DateInput(),
        help_text=gettext_lazy("La feltet stå tomt hvis det ikke er gjort ennå."),
    )
    political_body = LineField(
        label=gettext_lazy("Politisk organ"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("For eksempel kommunestyret."),
    )

    def __init__(self, *args, participation: Participation, today: date, **kwargs) -> None:
        initial = {
            "ppt": participation.ppt or "undecided",
            "political_on": participation.political_informed_on,
            "political_body": participation.political_body,
        }
        super().__init__(*args, **kwargs | {"initial": initial})
        self.participation = participation
        self.fields["political_on"].validators += political_day.limits(today)

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        pair = ("political_on", "political_body")
        if any(cleaned.get(name) for name in pair):
            for name in pair:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Må fylles ut når politisk nivå er informert."))
        political_day.ask(self, cleaned.get("political_on"), participation=self.participation)
        return cleaned


class ContactForm(forms.Form):
    """A contact to add, or to put in another's place."""

    function = forms.ChoiceField(
        label=gettext_lazy("Funksjon"), choices=[("", gettext_lazy("Velg funksjon")), *Contact.Function.choices]
    )
    unit = forms.ModelChoiceField(
        label=gettext_lazy("Enhet"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=gettext_lazy("Ingen enhet"),
        help_text=gettext_lazy("Velg enhet for en styrer eller rektor. De andre gjelder hele kommunen."),
    )
    name = LineField(label=gettext_lazy("Navn"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = EmailField(label=gettext_lazy("E-postadresse"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    phone = PhoneField(label=gettext_lazy("Telefon"))

    def __init__(
        self, *args, participation: Participation, contact: Contact | None = None, user: User, **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        self.participation, self.contact = participation, contact
        if contact:
            del self.fields["function"], self.fields["unit"]
        else:
            field(self, "unit", forms.ModelChoiceField).queryset = participation.units.active()

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        function = self.contact.function if self.contact else cleaned.get("function")
        unit = self.contact.unit if self.contact else cleaned.get("unit")
        if not self.contact and function == Contact.Function.HEAD and unit is None and "unit" not in self.errors:
            self.add_error("unit", _("Velg hvilken enhet personen leder."))
        if not self.contact and function != Contact.Function.HEAD:
            unit = cleaned["unit"] = None
        others = Contact.objects.current().filter(
            participation=self.participation, function=function, unit=unit, user__email=cleaned.get("email")
        )
        if others.exists():
            self.add_error("email", _("Personen med denne adressen har allerede denne funksjonen."))
        else:
            ask_whose(self, cleaned, name="name", email="email")
        return cleaned


class CountForm(forms.Form):
    """The number of children in one unit, for one that no round asks about."""

    children = CountField(min_value=0, max_value=5000)
    counted_on = forms.DateField()

    def __init__(self, *args, unit: Unit, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["children"].label = unit.children_label
        self.fields["children"].help_text = counting.registers_figure(unit)
        self.fields["counted_on"] = counting.day_field(unit.kind, today=today)


def owner_by_another_name(name: str | None, email: str | None) -> User | None:
    """The person who has this address, if they are called something else here than what was typed."""
    owner = User.objects.with_email(email) if name and email else None
    return owner if owner and name and not is_called(owner, name) else None


def has_moved(name: str | None, email: str | None) -> str:
    """What is said of an address that the person of this name had before; empty when it is no such address."""
    if not name or not email or User.objects.with_email(email):
        return ""
    changed = AddressChange.objects.filter(before=email).select_related("user").first()
    if changed is None or not is_called(changed.user, name):
        return ""
    text = _("%(name)s har endret adressen til %(email)s. Skriv den.")
    return text % {"name": changed.user, "email": changed.user.email}


def ask_whose(form: forms.BaseForm, cleaned: Mapping[str, Any], *, name: str, email: str, same: str = SAME) -> None:
    """Refuse an address that somebody of another name has, until a tick says that they are one person.

    For a form's `clean`. The tick is drawn only when there is something to ask, and says of whom it was said.
    """
    owner = owner_by_another_name(cleaned.get(name), cleaned.get(email))
    if moved := has_moved(cleaned.get(name), cleaned.get(email)):
        form.add_error(email, moved)
    elif owner:
        offer_same(form, owner, email=email, same=same)
        if not is_same(form, owner, same=same):
            form.add_error(email, belongs_to(owner))


def offer_same(form: forms.BaseForm, owner: User, *, email: str, same: str = SAME) -> None:
    """Draw the tick beneath the address."""
    form.fields[same] = forms.MultipleChoiceField(
        label=_("Er det samme person?"),
        choices=[(str(owner.pk), _("Ja, det er samme person som %(name)s") % {"name": owner})],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    names = [each for each in form.fields if each != same]
    names.insert(names.index(email) + 1, same)
    form.order_fields(names)


def is_same(form: forms.BaseForm, owner: User, *, same: str = SAME) -> bool:
    said = forms.CheckboxSelectMultiple().value_from_datadict(form.data, form.files, form.add_prefix(same))
    return str(owner.pk) in ([said] if isinstance(said, str) else said or [])


class MemberForm(forms.ModelForm):
    @property
    def title(self) -> str:
        if self.initial.get("suggested"):
            return _("Forslag til leder")
        return self.instance.name or _("Nytt medlem")

    class Meta:
        model = ProjectGroupMember
        fields = ["name", "part"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Velg rolle")), *ProjectGroupMember.Part.choices]
        field(self, "part", forms.ChoiceField).choices = choices
        if self.instance.pk and not self.instance.name:  # it was struck: the member stays without a name
            self.fields["name"].required = False
        if self.empty_permitted:  # a spare row may stay empty, so its fields are not marked as required
            for spare in self.fields.values():
                spare.required = False

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if any(cleaned.get(name) for name in self.Meta.fields):
            for name in self.Meta.fields:
                if not cleaned.get(name) and name not in self.errors and not self._was_struck(name):
                    self.add_error(name, _("Fyll ut, eller la hele linja stå tom."))
        ask_about_children(self, [], of_adults=["name"])
        return cleaned

    def _was_struck(self, name: str) -> bool:
        return bool(self.instance.pk) and name == "name" and not self.initial.get("name")


class BaseMemberFormSet(forms.BaseInlineFormSet):
    def total_form_count(self) -> int:
        return max(super().total_form_count(), restored_rows(self.prefix, most=self.max_num))

    @property
    def newest_strike(self) -> int:
        """The key of the newest name that was struck; 0 when none is. A page that was drawn before it has the name."""
        if not self.instance.pk:
            return 0
        strikes = Strike.objects.about_rows(self.instance.members.all())
        return strikes.values_list("pk", flat=True).order_by("-pk").first() or 0

    def clean(self) -> None:
        """A group without anybody in it is none: storing it would end the reminder to put one together."""
        super().clean()
        if any(self.errors):
            return
        if self.newest_strike > (number_from(self.data.get("struck", "")) or 0):
            raise forms.ValidationError(
                _("Et navn er fjernet mens du hadde siden åpen. Ta det ut av skjemaet, og lagre på nytt.")
            )
        left = [form for form in self.forms if form not in self.deleted_forms]
        self._judge(left)
        # A member whose name was struck is still one
        if not any(form.cleaned_data.get("name") or form.instance.pk for form in left):
            raise forms.ValidationError(_("Skriv inn minst ett medlem. Ingenting er lagret."))

    def _judge(self, rows: Sequence[forms.BaseForm]) -> None:
        """Nobody is in a group twice, and one leads it."""
        named = [row for row in rows if row.cleaned_data.get("name")]
        for number, row in enumerate(named):
            name = row.cleaned_data["name"]
            if any(same_person(name, other.cleaned_data["name"]) for other in named[:number]):
                row.add_error("name", _("%(name)s står to ganger. Før opp hver person én gang.") % {"name": name})
        self._meet_the_stored(named)
        leads = ProjectGroupMember.Part.LEADER
        leading = [row for row in named if row.cleaned_data.get("part") == leads]
        unseen = any(each.part == leads and each not in self._stored.values() for each in self._unseen())
        for row in leading[0 if unseen else 1 :]:
            row.add_error("part", _("Gruppa har én leder. Velg hvem av dem det er."))

    def _unseen(self) -> list[ProjectGroupMember]:
        """Those who came into the group after the page was drawn, also by this very form when its answer was lost."""
        seen = [form.instance.pk for form in self.initial_forms]
        return list(self.instance.members.exclude(pk__in=seen)) if self.instance.pk else []

    def _meet_the_stored(self, named: Sequence[forms.BaseForm]) -> None:
        """A new row that says what is stored meanwhile is that member; one that says something else is asked about."""
        self._stored: dict[str | None, ProjectGroupMember] = {}
        unseen = self._unseen()
        for row in named:
            name = row.cleaned_data.get("name")
            if row in self.initial_forms or not name:
                continue
            member = next((each for each in unseen if same_person(name, each.name)), None)
            if member:
                self._stored[row.prefix] = member
            if member and row.cleaned_data.get("part") != member.part:
                text = _("%(name)s er ført opp i gruppa mens du hadde siden åpen. Åpne siden på nytt.")
                row.add_error("name", text % {"name": member.name})

    def save_new(self, form: forms.BaseForm, commit: bool = True) -> ProjectGroupMember:
        member: ProjectGroupMember = self._stored.get(form.prefix) or super().save_new(form, commit=commit)
        return member


MemberFormSet = forms.inlineformset_factory(
    parent_model=ProjectGroup,
    model=ProjectGroupMember,
    form=MemberForm,
    formset=BaseMemberFormSet,
    extra=3,
    max_num=30,
    validate_max=True,
    can_delete=True,
    can_delete_extra=False,
)
