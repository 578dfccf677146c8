"""Ny frist: for chosen municipalities, for all who have not answered in a cohort, or for one round."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.requests import PersonRequest
from outbox.effects import MailEffects, effects
from participants.confirmation import deadline
from participants.models import Cohort, Confirmation, Contact, DeadlineChange
from participants.models.deadline import SENTENCE_LENGTH
from parts.admin import admin_page
from parts.dates import day_in_words
from parts.forms import BACK, CONFIRMED, DateInput, carried, field

Section = tuple[str, Sequence[str]]


class DeadlineForm(forms.Form):
    due_on = forms.DateField(
        label=gettext_lazy("Frist"),
        widget=DateInput(),
        help_text=gettext_lazy(
            "Siste dag kommunen kan svare. De som svarer for kommunen, får e-post med en gang, ser "
            "bekreftelsen på Min side og får påminnelser før fristen."
        ),
    )

    def clean_due_on(self) -> date:
        day, today = self.cleaned_data["due_on"], timezone.localdate()
        if day < today:
            raise ValidationError(_("Fristen må være i dag eller senere."))
        if day > today + timedelta(days=366):
            raise ValidationError(_("Fristen kan være høyst ett år fram i tid."))
        return day


class OpenRoundsField(forms.ModelMultipleChoiceField):
    """Rounds to tick. One that was answered since the page was made is left out, and takes no other with it."""

    def clean(self, value: Any) -> Any:
        still = {str(confirmation.pk) for confirmation in self.queryset or []}
        return super().clean([pk for pk in value or [] if str(pk) in still])

    def label_from_instance(self, confirmation: Any) -> str:
        return _("%(municipality)s, frist til og med %(day)s") % {
            "municipality": confirmation.participation.municipality.name_and_county,
            "day": day_in_words(confirmation.due_on),
        }


class RoundsForm(forms.Form):
    """Which open rounds get a deadline, and what staff write about it."""

    rounds = OpenRoundsField(
        queryset=Confirmation.objects.none(),
        label=gettext_lazy("Hvem får ny frist"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Velg minst én kommune som ikke har svart.")},
    )
    sentence = forms.CharField(
        label=gettext_lazy("Melding til kommunene (valgfri)"),
        max_length=SENTENCE_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Står i e-posten, og blir stående på siden til bekreftelsen."),
    )

    def __init__(self, *args: Any, rounds: QuerySet[Confirmation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = field(self, "rounds", OpenRoundsField)
        chosen.queryset = rounds
        chosen.initial = [confirmation.pk for confirmation in rounds]


class NewDeadlineForm(DeadlineForm, RoundsForm):
    field_order = ["rounds", "due_on", "sentence"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].label = _("Ny frist")
        self.fields["due_on"].help_text = _("Siste dag kommunen kan svare.")


def in_words(rounds: QuerySet[Confirmation]) -> QuerySet[Confirmation]:
    """With what their lines on the pages say, by municipality."""
    return rounds.select_related("participation__municipality__county", "participation__cohort").order_by(
        "participation__municipality__name", "participation__cohort__number", "pk"
    )


def cohort_view(modeladmin: admin.ModelAdmin, request: PersonRequest, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort, pk=pk)
    rounds = Confirmation.objects.open().filter(participation__cohort=cohort)
    back = reverse("admin:participants_cohort_change", args=[pk])
    return page(modeladmin, request, rounds, subtitle=str(cohort), back=back)


def round_view(modeladmin: admin.ModelAdmin, request: PersonRequest, pk: int) -> HttpResponse:
    confirmation = get_object_or_404(Confirmation.objects.select_related("participation__municipality__county"), pk=pk)
    rounds = Confirmation.objects.open().filter(pk=pk)
    back = reverse("admin:participants_confirmation_change", args=[pk])
    return page(modeladmin, request, rounds, subtitle=str(confirmation), back=back)


def page(
    modeladmin: admin.ModelAdmin,
    request: PersonRequest,
    rounds: QuerySet[Confirmation],
    *,
    subtitle: str,
    back: str,
    hidden: Sequence[tuple[str, object]] = (),
    left_out: Sequence[str] = (),
) -> HttpResponse:
    """The form, what it does, and the change. `rounds` are open; `hidden` goes along, for what leads to this page."""
    if not request.user.has_perm("participants.change_participation"):
        raise PermissionDenied
    form = NewDeadlineForm(request.POST if "due_on" in request.POST else None, rounds=in_words(rounds))
    if form.is_valid() and BACK not in request.POST:
        if CONFIRMED in request.POST:
            _move(modeladmin, request, form)
            return redirect(back)
        return _shown(modeladmin, request, form, subtitle=subtitle, back=back)
    context = {
        "title": _("Ny frist"),
        "subtitle": subtitle,
        "form": form,
        "rounds": rounds,
        "hidden": hidden,
        "left_out": left_out,
        "back": back,
    }
    status = 422 if form.errors else 200
    return admin_page(modeladmin, request, "admin/participants/deadline.html", context, status=status)


def _shown(
    modeladmin: admin.ModelAdmin, request: PersonRequest, form: NewDeadlineForm, *, subtitle: str, back: str
) -> HttpResponse:
    answers, now = form.cleaned_data, timezone.now()
    act = partial(
        deadline.move,
        answers["rounds"],
        due_on=answers["due_on"],
        sentence=answers["sentence"],
        by=request.user,
        now=now,
    )
    changes, mails = effects(act, now=now, scope=scope_of(answers["rounds"]))
    sections = [(_("Får ny frist"), lines(changes)), *untold([change.confirmation for change in changes], mails)]
    return effects_page(modeladmin, request, sections, mails, subtitle=subtitle, back=back, now=now)


def effects_page(
    modeladmin: admin.ModelAdmin,
    request: PersonRequest,
    sections: Iterable[Section],
    mails: MailEffects,
    *,
    back: str,
    now: datetime,
    subtitle: str = "",
) -> HttpResponse:
    """Between a form of the administration and its saving. `subtitle`: what `back` leads to, else the list."""
    context = {
        "title": _("Dette skjer når du lagrer"),
        "subtitle": subtitle or capfirst(str(modeladmin.opts.verbose_name_plural)),
        "sections": [(heading, found) for heading, found in sections if found],
        "mails": mails,
        "now": now,
        "carried": carried(request.POST),
        "back": back,
    }
    return admin_page(modeladmin, request, "admin/participants/effects.html", context)


def scope_of(rounds: Iterable[Confirmation]) -> str:
    """The part of the mail plan that these rounds may change."""
    numbers = {confirmation.participation.cohort.number for confirmation in rounds}
    return f"cohort:{numbers.pop()}" if len(numbers) == 1 else ""


def lines(changes: Iterable[DeadlineChange]) -> list[str]:
    return [
        _("%(municipality)s: til og med %(after)s (før: %(before)s)")
        % {
            "municipality": change.confirmation.participation.municipality,
            "after": day_in_words(change.after),
            "before": day_in_words(change.before),
        }
        for change in changes
    ]


def untold(rounds: Iterable[Confirmation], mails: MailEffects) -> list[Section]:
    """The municipalities of which nobody gets a mail."""
    participations = [confirmation.participation for confirmation in rounds]
    told = set(
        Contact.objects.current()
        .filter(participation__in=participations, unit__isnull=True, function__in=Contact.EDITORS)
        .filter(user__email__in=mails.told)
        .values_list("participation", flat=True)
    )
    lacking = [str(each.municipality) for each in participations if each.pk not in told]
    return [(_("Ingen får e-post, fordi kommunen ikke har noen kontaktperson"), lacking)]


def _move(modeladmin: admin.ModelAdmin, request: PersonRequest, form: NewDeadlineForm) -> None:
    answers = form.cleaned_data
    with transaction.atomic():
        changes = deadline.move(
            answers["rounds"],
            due_on=answers["due_on"],
            sentence=answers["sentence"],
            by=request.user,
            now=timezone.now(),
        )
    tell(request, changes, asked=len(request.POST.getlist("rounds")))


def tell(request: PersonRequest, changes: Sequence[DeadlineChange], *, asked: int) -> None:
    """What the database holds now: how many were moved, and how many were not."""
    if changes:
        said = ngettext(
            "Ny frist til og med %(day)s: %(count)s kommune.",
            "Ny frist til og med %(day)s: %(count)s kommuner.",
            len(changes),
        )
        messages.success(request, said % {"day": day_in_words(changes[0].after), "count": len(changes)})
    if unchanged := asked - len(changes):
        said = ngettext(
            "%(count)s kommune ble ikke endret. Den har svart, trukket seg eller hadde fristen fra før.",
            "%(count)s kommuner ble ikke endret. De har svart, trukket seg eller hadde fristen fra før.",
            unchanged,
        )
        messages.warning(request, said % {"count": unchanged})
