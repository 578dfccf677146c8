"""Municipalities and counties are shipped with the project and read only. Staff register who follows them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from participants.forms import owner_by_another_name
from participants.models import County, CountyGovernor, GovernorContact, Municipality
from parts.admin import NeverAdded, NeverDeleted, ReadOnly, person_link
from parts.forms import EmailField


class ReferenceAdmin(ReadOnly, admin.ModelAdmin):
    """Reference data: searched and shown."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50


@admin.register(Municipality)
class MunicipalityAdmin(ReferenceAdmin):
    list_display = ["number", "name", "county", "language", "governor"]
    list_display_links = ["number", "name"]
    list_filter = ["language", "county"]
    list_select_related = ["county__governor"]
    search_fields = ["=number", "=number_2020", "name", "name_official", "=organisation_number"]
    search_help_text = gettext_lazy("Søk i kommunenummer (også det fra 2020), navn og organisasjonsnummer")

    @admin.display(description=gettext_lazy("statsforvalter"), ordering="county__governor__name")
    def governor(self, municipality: Municipality) -> str:
        return municipality.county.governor.name


@admin.register(County)
class CountyAdmin(ReferenceAdmin):
    list_display = ["number", "name", "governor"]
    list_display_links = ["number", "name"]
    list_select_related = ["governor"]
    search_fields = ["=number", "name"]
    search_help_text = gettext_lazy("Søk i fylkesnummer og navn")


class GovernorContactForm(forms.ModelForm):
    """A person by address. Whoever has it in the portal is the one: nobody's own address is changed here."""

    email = EmailField(label=gettext_lazy("E-postadresse"))
    name = forms.CharField(
        label=gettext_lazy("Navn"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For en person portalen ikke kjenner fra før."),
    )

    class Meta:
        model = GovernorContact
        fields = ["started_on", "ended_on"]

    field_order = ["email", "name", "started_on", "ended_on"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for bound in self:  # the table's heading is no label to a screen reader
            bound.field.widget.attrs["aria-label"] = bound.label
        if self.instance.pk:
            self.initial["email"], self.initial["name"] = self.instance.user.email, self.instance.user.name
            self.fields["name"].disabled = self.fields["email"].disabled = True

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        started, ended = cleaned.get("started_on"), cleaned.get("ended_on")
        if started and ended and ended < started:
            self.add_error("ended_on", _("Siste dag kan ikke være før første dag."))
        owner = owner_by_another_name(cleaned.get("name"), cleaned.get("email")) if not self.instance.pk else None
        if owner:
            text = _(
                "Adressen tilhører %(name)s. Er det samme person, lar du navnet stå tomt. "
                "Er det en annen, trenger hver sin egen adresse."
            )
            self.add_error("email", text % {"name": owner})
        return cleaned

    def save(self, commit: bool = True) -> GovernorContact:
        email, name = self.cleaned_data["email"], self.cleaned_data["name"]
        if not self.instance.pk:
            self.instance.user = User.objects.for_email(email, name=name)
        return super().save(commit)


class GovernorContactFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        current = [
            form.cleaned_data["email"]
            for form in self.forms
            if form.is_valid() and form.cleaned_data.get("email") and not form.cleaned_data.get("ended_on")
        ]
        for email in sorted({email for email in current if current.count(email) > 1}):
            raise ValidationError(_("%(email)s står her to ganger.") % {"email": email})


class GovernorContactInline(admin.TabularInline):
    model = GovernorContact
    form = GovernorContactForm
    formset = GovernorContactFormSet
    fields = ["email", "name", "started_on", "ended_on", "person"]
    readonly_fields = ["person"]
    extra = 1
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[GovernorContact]:
        return super().get_queryset(request).select_related("user", "governor")

    @admin.display(description=gettext_lazy("person"))
    def person(self, contact: GovernorContact) -> str:
        """The address is the person's: it is changed there."""
        return person_link(contact.user) if contact.pk else ""


class UnreachableFilter(admin.SimpleListFilter):
    title = gettext_lazy("kopi av velkomstbrev")
    parameter_name = "kopi"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [("mangler", _("kan ikke sendes"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        return queryset.unreachable() if self.value() == "mangler" else queryset


@admin.register(CountyGovernor)
class CountyGovernorAdmin(NeverAdded, NeverDeleted, admin.ModelAdmin):
    list_display = ["name", "organisation_number", "serves", "people", "email"]
    list_filter = [UnreachableFilter]
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["name", "=organisation_number", "counties__name", "contacts__user__email"]
    search_help_text = gettext_lazy("Søk i navn, organisasjonsnummer, fylke og e-postadresse")
    readonly_fields = ["name", "organisation_number", "serves"]
    fields = [*readonly_fields, "email"]
    inlines = [GovernorContactInline]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[CountyGovernor]:
        return super().get_queryset(request).prefetch_related("counties", "contacts")

    @admin.display(description=gettext_lazy("fylker"))
    def serves(self, governor: CountyGovernor) -> str:
        return ", ".join(county.name for county in governor.counties.all())

    @admin.display(description=gettext_lazy("personer med innsyn"))
    def people(self, governor: CountyGovernor) -> int:
        return sum(contact.ended_on is None for contact in governor.contacts.all())
