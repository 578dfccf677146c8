from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.requests import PersonRequest
from participants import postal_address, states
from participants.admin import participation_actions
from participants.admin.registers import registers_view
from participants.models import Cohort, Confirmation, Contact, Municipality, Participation, Unit, Withdrawal
from parts.admin import HistoryAdmin
from parts.dates import date_in_words, day_in_words
from parts.forms import number_from
from parts.names import joined


class ParticipationStateFilter(admin.SimpleListFilter):
    title = gettext_lazy("tilstand")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return states.STATES

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        wanted = self.value()
        return states.in_state(queryset, wanted) if wanted in states.LABELS else queryset


class IncompleteFilter(admin.SimpleListFilter):
    title = gettext_lazy("mangler")
    parameter_name = "missing"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [
            ("contact", _("kontaktperson for kommunen")),
            ("unit", _("enheter")),
            ("head", _("styrer eller rektor ved en enhet")),
            ("group", _("prosjektgruppe ved en enhet")),
            ("letter", _("velkomstbrev")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        contacts = Contact.objects.current()
        editors = contacts.filter(participation=OuterRef("pk"), unit__isnull=True, function__in=Contact.EDITORS)
        units = Unit.objects.active().filter(participation=OuterRef("pk"))
        headless = units.filter(~Exists(contacts.filter(unit=OuterRef("pk"), function=Contact.Function.HEAD)))
        rules: dict[str | None, Any] = {
            "contact": ~Exists(editors),
            "unit": ~Exists(units),
            "head": Exists(headless),
            "group": Exists(units.filter(project_group__isnull=True)),
            "letter": Q(welcomed_at__isnull=True),
        }
        return queryset.filter(rules[self.value()]) if self.value() in rules else queryset


def counted(rows: QuerySet) -> Coalesce:
    """How many of these rows belong to the participation of the outer row."""
    mine = rows.filter(participation=OuterRef("pk")).order_by().values("participation").annotate(rows=Count("pk"))
    return Coalesce(Subquery(mine.values("rows"), output_field=IntegerField()), 0)


class ParticipationForm(forms.ModelForm):
    """A new one may have been in the cohort before, or be in another: the answer to that is asked for then."""

    both = forms.BooleanField(label=gettext_lazy("Ja, kommunen er med i begge"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["both"]
        elif not (self.is_bound and self._elsewhere()):
            self.fields["both"].widget = forms.HiddenInput()

    def _elsewhere(self) -> list[Participation]:
        """The same municipality in other cohorts that go on."""
        cohort = Cohort.objects.filter(pk=number_from(self.data.get("cohort", "")) or 0).first()
        municipality = number_from(self.data.get("municipality", "")) or 0
        if cohort is None:
            return []
        return list(Participation.objects.filter(municipality=municipality).besides(cohort, today=timezone.localdate()))

    def _refuse_again(self, cohort: Cohort, municipality: Municipality) -> None:
        if gone := Participation.objects.withdrawn().filter(cohort=cohort, municipality=municipality).first():
            said = _("%(name)s har trukket seg fra %(cohort)s.") % {"name": municipality, "cohort": str(cohort).lower()}
            link = _("Registrer at kommunen er med igjen")
            self.add_error("municipality", format_html('{} <a href="{}">{}</a>', said, gone.get_return_url(), link))
        elif (others := self._elsewhere()) and not self.cleaned_data.get("both"):
            cohorts = joined(str(other.cohort).lower() for other in others)
            said = _("%(name)s er også med i %(cohorts)s, som pågår. Kryss av hvis kommunen skal være med i begge.")
            self.add_error("both", said % {"name": municipality, "cohorts": cohorts})

    def clean_postal_address(self) -> str:
        return postal_address.normalise(self.cleaned_data["postal_address"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk is None and cleaned.get("cohort") and cleaned.get("municipality"):
            self._refuse_again(cleaned["cohort"], cleaned["municipality"])
        if cleaned.get("political_informed_on") and not cleaned.get("political_body"):
            self.add_error("political_body", _("Skriv hvilket organ som ble informert."))
        return cleaned


@admin.register(Participation)
class ParticipationAdmin(HistoryAdmin):
    form = ParticipationForm
    list_display = ["place", "cohort", "state", "due", "letter", "contact_count", "unit_count", "ppt", "political"]
    list_filter = [
        ParticipationStateFilter,
        IncompleteFilter,
        "cohort",
        ("municipality__county", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["cohort", "municipality__county"]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = [
        "municipality__name",
        "municipality__name_official",
        "=municipality__number",
        "=municipality__number_2020",
        "units__name",
        "contacts__name",
        "contacts__user__email",
    ]
    search_help_text = gettext_lazy("Søk i kommune, enhet og kontaktpersonens navn og e-postadresse")
    actions = participation_actions.ACTIONS
    change_form_template = "admin/participants/participation/change.html"
    fieldsets = [
        (None, {"fields": ["cohort", "municipality", "state", "case_number", "their_reference", "postal_address"]}),
        (gettext_lazy("Kommunens valg"), {"fields": ["ppt", "political_informed_on", "political_body"]}),
        (
            gettext_lazy("Det som har skjedd"),
            {"fields": ["nominated", "accepted", "declined", "welcomed", "withdrawn"]},
        ),
    ]

    class Media:
        css = {"all": ["css/admin-participants.css"]}

    def get_urls(self) -> list:
        registers = self.admin_site.admin_view(self.registers)
        return [
            path("<int:pk>/registrene/", registers, name="participants_participation_registers"),
            *super().get_urls(),
        ]

    def registers(self, request: PersonRequest, pk: int) -> HttpResponse:
        return registers_view(self, request, pk)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Participation]:
        return states.with_state(super().get_queryset(request), today=timezone.localdate()).annotate(
            contact_total=counted(Contact.objects.current()), unit_total=counted(Unit.objects.active())
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Participation], search_term: str
    ) -> tuple[QuerySet[Participation], bool]:
        """Also by a name or number that one of its units had before."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if text := search_term.strip():
            units = Unit.objects.called(text).values("participation") | Unit.objects.numbered(text).values(
                "participation"
            )
            found |= queryset.filter(pk__in=units)
        return found, may_repeat

    def get_fieldsets(self, request: HttpRequest, obj: Participation | None = None) -> list:
        return self.fieldsets if obj else [(None, {"fields": ["cohort", "municipality", "both", "case_number"]})]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None):
        """The row itself, and below it what belongs to it, with links: each is changed on a page of its own."""
        found = number_from(object_id)
        contacts = Contact.objects.filter(participation=found).select_related("user", "unit")
        rounds = Confirmation.objects.filter(participation=found).select_related("answered_by")
        listings = {
            "units": Unit.objects.filter(participation=found).select_related("project_group", "merged_into"),
            "contacts": contacts.order_by(F("ended_at").desc(nulls_first=True), "unit__name", "function", "pk"),
            "rounds": rounds.order_by("-round"),
            "withdrawals": Withdrawal.objects.filter(participation=found).select_related("withdrawn_by", "returned_by"),
        }
        return super().change_view(request, object_id, form_url, listings | (extra_context or {}))

    def get_readonly_fields(self, request: HttpRequest, obj: Participation | None = None) -> list[str]:
        derived = ["state", "nominated", "accepted", "declined", "welcomed", "withdrawn"]
        return ["cohort", "municipality", *derived] if obj else derived

    def formfield_for_foreignkey(self, db_field, request: HttpRequest, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "municipality" and field:
            field.queryset = Municipality.objects.select_related("county").order_by("name", "number")
            field.label_from_instance = lambda municipality: municipality.name_and_county
        return field

    def save_model(self, request: HttpRequest, obj: Participation, form: Any, change: bool) -> None:
        if not change:
            obj.nominated_at, obj.nominated_by = timezone.now(), cast(User, request.user)
        super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("kommune"), ordering="municipality__name")
    def place(self, participation: Participation) -> str:
        return participation.municipality.name_and_county

    @admin.display(description=gettext_lazy("tilstand"), ordering="state_place")
    def state(self, participation: Any) -> str:
        return str(states.LABELS[states.state(participation)])

    @admin.display(description=gettext_lazy("frist"), ordering="due_on")
    def due(self, participation: Any) -> str:
        waits = participation.due_on and not participation.answered_at and participation.withdrawn_at is None
        return day_in_words(participation.due_on) if waits else ""

    @admin.display(description=gettext_lazy("velkomstbrev"), ordering="welcomed_at")
    def letter(self, participation: Participation) -> date | None:
        return participation.welcomed_at and timezone.localdate(participation.welcomed_at)

    @admin.display(description=gettext_lazy("kontaktpersoner"), ordering="contact_total")
    def contact_count(self, participation: Any) -> str:
        return self._list("contact", participation, participation.contact_total)

    @admin.display(description=gettext_lazy("enheter"), ordering="unit_total")
    def unit_count(self, participation: Any) -> str:
        return self._list("unit", participation, participation.unit_total)

    def _list(self, model: str, participation: Participation, count: int) -> str:
        query = {"participation__id__exact": participation.pk}
        return format_html('<a href="{}">{}</a>', reverse(f"admin:participants_{model}_changelist", query=query), count)

    @admin.display(description=gettext_lazy("politisk nivå informert"), ordering="political_informed_on")
    def political(self, participation: Participation) -> date | None:
        return participation.political_informed_on

    @admin.display(description=gettext_lazy("nominert"))
    def nominated(self, participation: Participation) -> str:
        return self._fact(participation.nominated_at, participation.nominated_by)

    @admin.display(description=gettext_lazy("takket ja"))
    def accepted(self, participation: Participation) -> str:
        return self._fact(participation.accepted_at, participation.accepted_by)

    @admin.display(description=gettext_lazy("takket nei"))
    def declined(self, participation: Participation) -> str:
        return self._fact(participation.declined_at, participation.declined_by)

    @admin.display(description=gettext_lazy("velkomstbrev sendt"))
    def welcomed(self, participation: Participation) -> str:
        return self._fact(participation.welcomed_at, participation.welcomed_by)

    @admin.display(description=gettext_lazy("trukket seg"))
    def withdrawn(self, participation: Participation) -> str:
        return self._fact(participation.withdrawn_at, participation.withdrawn_by)

    def _fact(self, when, who) -> str:
        if not when:
            return ""
        day = date_in_words(timezone.localdate(when))
        return _("%(day)s, registrert av %(person)s") % {"day": day, "person": who}
