"""What staff do to selected municipalities. Each action first shows which it applies to, and why not to the others."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.requests import PersonRequest
from participants.confirmation import asking
from participants.models import Participation
from parts.admin import admin_page
from parts.dates import through
from parts.forms import DateInput

REASON_LENGTH = 100  # as long as a reason in the history may be


class NothingToAskForm(forms.Form):
    pass


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Begrunnelse"), max_length=REASON_LENGTH)


class DeadlineForm(forms.Form):
    due_on = forms.DateField(
        label=gettext_lazy("Frist"),
        widget=DateInput(),
        help_text=gettext_lazy(
            "Siste dag kommunen kan svare. Den ser runden på Min side, og får påminnelser før fristen."
        ),
    )

    def clean_due_on(self) -> date:
        day, today = self.cleaned_data["due_on"], timezone.localdate()
        if day < today:
            raise ValidationError(_("Fristen må være i dag eller senere."))
        if day > today + timedelta(days=366):
            raise ValidationError(_("Fristen kan være høyst ett år fram i tid."))
        return day


class AskForm(DeadlineForm):
    year = forms.TypedChoiceField(
        label=gettext_lazy("Prosjektår"), coerce=int, choices=[(1, gettext_lazy("Første")), (2, gettext_lazy("Andre"))]
    )


class ReopenForm(DeadlineForm):
    reason = forms.CharField(
        label=gettext_lazy("Begrunnelse"), max_length=300, help_text=gettext_lazy("Vises for kommunen.")
    )


def _confirm_and_do(
    modeladmin: admin.ModelAdmin,
    request: PersonRequest,
    queryset: QuerySet[Participation],
    *,
    name: str,
    title: str,
    form_class: type[forms.Form],
    refusal: Callable[[Any], str],
    act: Callable[[Any, dict, User, datetime], None],
) -> HttpResponse | None:
    form = form_class(request.POST if "confirmed" in request.POST else None)
    if form.is_bound and form.is_valid():
        done, refused = 0, 0
        with transaction.atomic():
            for participation in queryset:
                if refusal(participation):
                    refused += 1
                    continue
                act(participation, form.cleaned_data, request.user, timezone.now())
                modeladmin.log_change(request, participation, title)
                done += 1
        said = ngettext("%(title)s: %(count)s kommune.", "%(title)s: %(count)s kommuner.", done)
        messages.success(request, said % {"title": title, "count": done})
        if refused:
            said = ngettext("%(count)s kommune ble ikke endret.", "%(count)s kommuner ble ikke endret.", refused)
            messages.warning(request, said % {"count": refused})
        return None
    rows = [(participation, refusal(participation)) for participation in queryset]
    context = {
        "title": title,
        "form": form,
        "action": name,
        "checkbox": ACTION_CHECKBOX_NAME,
        "everybody": [participation for participation, _refusal in rows],
        "affected": [participation for participation, said in rows if not said],
        "refused": [(participation, said) for participation, said in rows if said],
    }
    status = 422 if form.is_bound else 200
    return admin_page(modeladmin, request, "admin/participants/participation/action.html", context, status=status)


def _has_withdrawn(participation: Participation) -> str:
    return _("har trukket seg") if participation.withdrawn_at else ""


def _is_asked(participation: Any) -> str:
    if participation.asked_at and not participation.answered_at:
        return _("har en åpen runde med frist %(day)s") % {"day": through(participation.due_on)}
    return ""


@admin.action(description=gettext_lazy("Registrer at kommunen har takket ja"), permissions=["change"])
def accept(modeladmin, request, queryset):
    def refusal(participation: Any) -> str:
        return _has_withdrawn(participation) or (_("har takket ja") if participation.accepted_at else "")

    return _confirm_and_do(
        modeladmin,
        request,
        queryset,
        name="accept",
        title=_("Registrer at kommunen har takket ja"),
        form_class=NothingToAskForm,
        refusal=refusal,
        act=lambda participation, answers, by, now: participation.accept(by=by, now=now),
    )


@admin.action(description=gettext_lazy("Registrer at kommunen har trukket seg"), permissions=["change"])
def withdraw(modeladmin, request, queryset):
    def act(participation: Any, answers: dict, by: User, now: datetime) -> None:
        participation._change_reason = answers["reason"]
        participation.withdraw(by=by, now=now)

    return _confirm_and_do(
        modeladmin,
        request,
        queryset,
        name="withdraw",
        title=_("Registrer at kommunen har trukket seg"),
        form_class=ReasonForm,
        refusal=_has_withdrawn,
        act=act,
    )


@admin.action(description=gettext_lazy("Be kommunen bekrefte opplysningene"), permissions=["change"])
def ask(modeladmin, request, queryset):
    def refusal(participation: Any) -> str:
        has_not_accepted = "" if participation.accepted_at else _("har ikke takket ja")
        return _has_withdrawn(participation) or _is_asked(participation) or has_not_accepted

    def act(participation: Any, answers: dict, by: User, now: datetime) -> None:
        asking.ask(participation, due_on=answers["due_on"], year=answers["year"], by=by, now=now)

    return _confirm_and_do(
        modeladmin,
        request,
        queryset,
        name="ask",
        title=_("Be kommunen bekrefte opplysningene"),
        form_class=AskForm,
        refusal=refusal,
        act=act,
    )


@admin.action(description=gettext_lazy("Åpne en bekreftet runde på nytt"), permissions=["change"])
def reopen(modeladmin, request, queryset):
    def refusal(participation: Any) -> str:
        has_not_answered = "" if participation.answered_at else _("har ikke bekreftet")
        return _has_withdrawn(participation) or _is_asked(participation) or has_not_answered

    def act(participation: Any, answers: dict, by: User, now: datetime) -> None:
        newest = participation.confirmations.latest("round")
        asking.reopen(newest, due_on=answers["due_on"], reason=answers["reason"], by=by, now=now)

    return _confirm_and_do(
        modeladmin,
        request,
        queryset,
        name="reopen",
        title=_("Åpne en bekreftet runde på nytt"),
        form_class=ReopenForm,
        refusal=refusal,
        act=act,
    )


ACTIONS = [accept, withdraw, ask, reopen]
