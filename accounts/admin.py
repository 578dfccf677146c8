"""People, for staff. Only a superuser decides who is staff and who may do everything."""

from typing import TYPE_CHECKING, Any, TypedDict

# Imported for their side effect, so that what they register can be taken away again: secrets are not for reading.
import allauth.account.admin
import allauth.mfa.admin
import allauth.socialaccount.admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.authentication import second_factor
from accounts.models import User
from parts.admin import NeverDeleted, admin_page, person_link

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

for model in (EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
admin.site.unregister(Group)

# With all three a person can give others access.
LETS_IN = ("is_superuser", "is_staff", "is_active")


class PermissionsField(forms.ModelMultipleChoiceField):
    """Django's migrations name permissions in English, in rows: here each says what and which act."""

    ACTS = {"add": _("legge til"), "change": _("endre"), "delete": _("slette"), "view": _("se")}

    def label_from_instance(self, obj: Any) -> str:
        kind = obj.content_type
        act = self.ACTS.get(obj.codename.removesuffix(f"_{kind.model}"), obj.name)
        return f"{self._name(kind)}: {act}"

    def _name(self, kind: ContentType) -> str:
        """simple_history names the earlier versions of a row, and of its links to many others, in English."""
        app, is_history = apps.get_app_config(kind.app_label), kind.model.startswith("historical")
        if not is_history:
            return f"{app.verbose_name} | {kind.name}"
        model, _mark, linked = kind.model.removeprefix("historical").partition("_")
        about = app.get_model(model)._meta
        names = [about.verbose_name, *(field.verbose_name for field in about.many_to_many if field.name == linked)]
        rows = ", ".join(map(str, names))
        return gettext("%(rows)s, historikken") % {"rows": f"{app.verbose_name} | {rows}"}


def permissions_that_decide() -> QuerySet[Permission]:
    """Those of the project's own tables, and of what else has a page here: nothing asks for a package's others."""
    shown = {model._meta.app_label for model in admin.site._registry}
    return Permission.objects.filter(content_type__app_label__in=shown).select_related("content_type")


@admin.register(Group)
class AccessGroupAdmin(NeverDeleted, GroupAdmin):
    """The groups decide what staff may do: nobody is left without access by a click."""

    # Django's two boxes with arrows have hints that whoever hears the page is not told.
    filter_horizontal = ()

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "permissions":
            kwargs["form_class"], kwargs["queryset"] = PermissionsField, permissions_that_decide()
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class ResetForm(forms.Form):
    reason = forms.CharField(
        label=_("Begrunnelse"),
        help_text=_("For eksempel at personen har mistet telefonen, og hvordan du vet at det er riktig person."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PersonAdminForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        """Somebody has to be able to let in colleagues."""
        cleaned = super().clean() or self.cleaned_data
        keeps = all(cleaned.get(right, getattr(self.instance, right)) for right in LETS_IN)
        let_in = User.objects.filter(**dict.fromkeys(LETS_IN, True)).values_list("pk", flat=True)
        if not keeps and list(let_in[:2]) == [self.instance.pk]:
            said = gettext("%(name)s er den siste som kan gi kolleger tilgang. Gi en annen den retten først.")
            raise forms.ValidationError(said % {"name": self.instance})
        return cleaned

    def clean_email(self) -> str:
        """Say whose an address is, and where to go on: Django would say only that it is there."""
        email = self.cleaned_data["email"]
        owner = User.objects.with_email(email)
        if owner and owner.pk != self.instance.pk:
            text = gettext("Adressen tilhører %(name)s. Er det samme person, finner du personen i lista.")
            raise forms.ValidationError(text % {"name": owner})
        return email


class Factor(TypedDict):
    has_factor: bool


if TYPE_CHECKING:
    UserWithFactor = WithAnnotations[User, Factor]


@admin.register(User)
class UserAdmin(NeverDeleted, admin.ModelAdmin):
    change_form_template = "admin/accounts/user/change.html"
    form = PersonAdminForm
    list_display = ["email", "name", "language", "is_staff", "is_active", "has_second_factor", "last_login"]
    list_filter = ["is_staff", "is_active", "language", "last_login"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    list_per_page = 50
    readonly_fields = ["last_login", "date_joined", "second_factor", "whole_person"]
    fieldsets = [
        (None, {"fields": ["email", "whole_person", "name", "language", "is_active"]}),
        (_("Tilgang"), {"fields": ["is_staff", "is_superuser", "groups"]}),
        (_("Innlogging"), {"fields": ["second_factor", "last_login", "date_joined"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[UserWithFactor]":
        kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=kinds)
        return super().get_queryset(request).annotate(has_factor=Exists(factors))

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.fieldsets if obj else [(None, {"fields": ["email", "name", "language"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        fields = [*self.readonly_fields]
        if obj:
            # Changed on the person's own page, with all that hangs on it.
            fields.append("email")
        if obj and obj.merged_into_id:
            fields += ["name", "language", "is_active", "is_staff", "is_superuser", "groups"]
        if not request.user.is_superuser:
            fields += ["is_staff", "is_superuser", "groups"]
            if obj and obj.is_staff:
                fields.append("is_active")
        if obj == request.user:
            fields += ["is_active", "is_superuser", "is_staff"]
        return fields

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    @admin.display(description=_("totrinnsinnlogging"), boolean=True)
    def has_second_factor(self, user: "UserWithFactor") -> bool:
        return user.has_factor

    @admin.display(description=_("alt om personen"))
    def whole_person(self, user: User) -> str:
        return person_link(user)

    @admin.display(description=_("totrinnsinnlogging"))
    def second_factor(self, user: "UserWithFactor") -> str:
        if not user.has_factor:
            return gettext("Ikke satt opp")
        url = reverse("admin:accounts_user_reset", args=[user.pk])
        return format_html('{} <a href="{}">{}</a>', gettext("Satt opp."), url, gettext("Nullstill"))

    def get_urls(self) -> list[URLPattern]:
        reset = path("<int:pk>/nullstill/", self.admin_site.admin_view(self.reset), name="accounts_user_reset")
        return [reset, *super().get_urls()]

    def reset(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.may_reset(request, user):
            raise PermissionDenied
        page = reverse("admin:accounts_user_change", args=[pk])
        form = ResetForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            second_factor.reset(user)
            self.log_change(request, user, gettext("Nullstilte totrinnsinnloggingen: %s") % form.cleaned_data["reason"])
            messages.success(request, gettext("Totrinnsinnloggingen er nullstilt, og personen er logget ut overalt."))
            return redirect(page)
        context = {
            "title": gettext("Nullstill totrinnsinnloggingen"),
            "form": form,
            "original": user,
            "page": page,
        }
        return admin_page(self, request, "admin/accounts/user/reset.html", context)

    def may_reset(self, request: HttpRequest, user: User) -> bool:
        """People remove their own factors on their own pages; a superuser's are reset by another superuser."""
        allowed = self.has_change_permission(request, user) and user != request.user
        return allowed and (request.user.is_superuser or not user.is_superuser)
