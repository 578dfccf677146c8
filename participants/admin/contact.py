from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.requests import PersonRequest
from outbox.admin.to_person import mails_to
from participants.forms import owner_by_another_name
from participants.functions import belongs_to
from participants.mails import notices
from participants.models import Contact, Participation, Unit
from parts.admin import HistoryAdmin, address_link, admin_page, person_link
from parts.forms import EmailField, number_from
from parts.phone import dialled, unbroken


class EndedFilter(admin.SimpleListFilter):
    title = gettext_lazy("tilgang")
    parameter_name = "ended"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [("no", _("nå")), ("yes", _("avsluttet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.filter(ended_at__isnull=self.value() == "no")


class UnitField(forms.ModelChoiceField):
    def label_from_instance(self, unit: Unit) -> str:
        return f"{unit.name} ({unit.participation})"


class ContactAdminForm(forms.ModelForm):
    """A contact with their address. Whoever has it in the portal becomes the contact."""

    email = EmailField(label=gettext_lazy("E-postadresse"))
    same_person = forms.BooleanField(
        label=gettext_lazy("Det er samme person"),
        required=False,
        help_text=gettext_lazy(
            "Kryss av når noen med et annet navn har adressen, og det er den personen du legger til."
        ),
    )

    class Meta:
        model = Contact
        fields = ["participation", "function", "unit", "name", "phone"]
        field_classes = {"unit": UnitField}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["email"] = self.instance.user.email
            self.fields["email"].disabled = True
            self.fields["email"].help_text = address_link(self.instance.user)
        elif "unit" in self.fields:
            units = Unit.objects.active().select_related("participation__municipality__county", "participation__cohort")
            chosen = str(self.data.get("participation") or self.initial.get("participation") or "")
            field = cast(UnitField, self.fields["unit"])
            key = number_from(chosen)
            field.queryset = units.filter(participation=key) if key is not None else units

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        function = cleaned.get("function") or self.instance.function
        unit = self.instance.unit if self.instance.pk else cleaned.get("unit")
        participation = self.instance.participation if self.instance.pk else cleaned.get("participation")
        if not self.instance.pk and "unit" not in self.errors:
            if function == Contact.Function.HEAD and unit is None:
                self.add_error("unit", _("Velg hvilken enhet personen leder."))
            elif function and function != Contact.Function.HEAD and unit:
                self.add_error("unit", _("Bare styrer og rektor er for én enhet. La feltet stå tomt."))
            elif unit and participation and unit.participation_id != participation.pk:
                self.add_error("unit", _("Enheten hører ikke til denne kommunen."))
        others = Contact.objects.current().filter(
            participation=participation, function=function, unit=unit, user__email=cleaned.get("email")
        )
        if others.exclude(pk=self.instance.pk).exists():
            self.add_error("email", _("Personen med denne adressen har allerede denne funksjonen."))
        elif not self.instance.pk and not cleaned.get("same_person"):
            owner = owner_by_another_name(cleaned.get("name"), cleaned.get("email"))
            if owner:
                self.add_error("email", belongs_to(owner))
        return cleaned


@admin.action(description=gettext_lazy("Avslutt tilgangen til valgte kontaktpersoner"), permissions=["change"])
def end(modeladmin: admin.ModelAdmin, request: PersonRequest, queryset: QuerySet[Contact]) -> HttpResponse | None:
    contacts = list(
        queryset.select_related("user", "unit", "participation__municipality__county", "participation__cohort")
    )
    if "confirmed" in request.POST:
        done = 0
        for contact in contacts:
            try:
                with transaction.atomic():
                    # Locked, as on the municipality's own page: two people at once can't leave it without contacts.
                    Participation.objects.select_for_update().get(pk=contact.participation_id)
                    contact.end(by=request.user, now=timezone.now())
                    done += 1
            except ValidationError as error:
                messages.error(request, f"{contact}, {contact.participation}: {error.messages[0]}")
        said = ngettext(
            "Tilgangen til %(count)s kontaktperson er avsluttet.",
            "Tilgangen til %(count)s kontaktpersoner er avsluttet.",
            done,
        )
        if done:
            messages.success(request, said % {"count": done})
        return None
    context = {
        "title": _("Avslutt tilgangen til kontaktpersoner"),
        "contacts": contacts,
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return admin_page(modeladmin, request, "admin/participants/contact/end.html", context)


@admin.action(description=gettext_lazy("Skriv til"), permissions=["change"])
def write_to(modeladmin: admin.ModelAdmin, request: PersonRequest, queryset: QuerySet[Contact]) -> HttpResponse:
    keys = ",".join(str(key) for key in queryset.values_list("pk", flat=True))
    return redirect(reverse("writing:choose", query={"contact": keys}))


@admin.register(Contact)
class ContactAdmin(HistoryAdmin):
    form = ContactAdminForm
    list_display = ["name", "title", "unit", "place", "cohort", "email", "called", "started_at", "ended_at"]
    list_filter = [EndedFilter, "function", "participation__cohort"]
    list_select_related = ["user", "unit", "participation__municipality__county", "participation__cohort"]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["name", "user__email", "unit__name", "participation__municipality__name"]
    search_help_text = gettext_lazy("Søk i navn, e-postadresse, enhet og kommune")
    ordering = ["name", "pk"]
    actions = [write_to, end]
    readonly_fields = ["started_at", "started_by", "ended_at", "ended_by", "replaces"]
    change_form_template = "admin/participants/contact/change.html"

    class Media:
        css = {"all": ["css/admin-participants.css"]}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Contact | None = None, **kwargs: Any
    ) -> HttpResponse:
        if obj:
            in_touch = obj.ended_at is None and obj.user.is_active
            context |= {"may_get_letter": in_touch and obj.participation.welcomed_at is not None}
            context |= {"may_be_written_to": in_touch}
            context |= mails_to(obj.user, now=timezone.now())
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup == "participation__id__exact" or super().lookup_allowed(lookup, value, request)

    def get_fieldsets(self, request: HttpRequest, obj: Contact | None = None) -> list:
        fields = ["participation", "function", "unit", "name", "email", "phone"]
        fields += ["whole_person"] if obj else ["same_person"]
        facts = [(gettext_lazy("Det som har skjedd"), {"fields": self.readonly_fields})]
        return [(None, {"fields": [*fields, "succession"] if obj else fields}), *(facts if obj else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: Contact | None = None) -> list[str]:
        facts = ["participation", "function", "unit", "whole_person", "succession", *self.readonly_fields]
        return facts if obj else []

    def formfield_for_foreignkey(self, db_field, request: HttpRequest, **kwargs):
        if db_field.name == "participation":
            kwargs["queryset"] = Participation.objects.taking_part().select_related("municipality__county", "cohort")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Contact | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.ended_at is None)

    def save_model(self, request: HttpRequest, obj: Contact, form: ContactAdminForm, change: bool) -> None:
        answers, now, by = form.cleaned_data, timezone.now(), cast(User, request.user)
        kept = {key: answers[key] for key in ("name", "phone")}
        if change:
            # The form has written into the row already.
            Contact.objects.get(pk=obj.pk).correct(**kept, by=by)
            return
        made = obj.participation.add_contact(
            function=answers["function"], unit=answers["unit"], email=answers["email"], **kept, by=by, now=now
        )
        # The admin goes on with the row it was about to save.
        obj.pk, obj.user, obj.started_at, obj.started_by = made.pk, made.user, made.started_at, made.started_by
        obj._state.adding, obj._state.db = False, made._state.db
        notices.access_given(obj, now=now)

    @admin.display(description=gettext_lazy("alt om personen"))
    def whole_person(self, contact: Contact) -> str:
        return person_link(contact.user)

    @admin.display(description=gettext_lazy("ny person"))
    def succession(self, contact: Contact) -> str:
        """The way to the page where another takes over: here a person is put right, never changed for another."""
        if contact.ended_at:
            return "–"
        address = reverse("changes:replace_contact", args=[contact.pk])
        return format_html('<a href="{}">{}</a>', address, _("Erstatt med en annen"))

    @admin.display(description=gettext_lazy("telefon"), ordering="phone")
    def called(self, contact: Contact) -> str:
        if not contact.phone:
            return "–"
        return format_html('<a href="tel:{}">{}</a>', dialled(contact.phone), unbroken(contact.phone))

    @admin.display(description=gettext_lazy("funksjon"), ordering="function")
    def title(self, contact: Contact) -> str:
        return contact.title

    @admin.display(description=gettext_lazy("kommune"), ordering="participation__municipality__name")
    def place(self, contact: Contact) -> str:
        return contact.participation.municipality.name_and_county

    @admin.display(description=gettext_lazy("pulje"), ordering="participation__cohort__number")
    def cohort(self, contact: Contact) -> str:
        return str(contact.participation.cohort)

    @admin.display(description=gettext_lazy("e-postadresse"), ordering="user__email")
    def email(self, contact: Contact) -> str:
        return contact.user.email
