"""The letter as it would be sent, in a mail to the member of staff who looks at it, and to nobody else."""

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from lmp.welcome import mails
from lmp.welcome.letter import render
from lmp.welcome.load_facts import letter_facts, with_facts
from lmp.welcome.models import LANGUAGES
from participants.models import Cohort, Participation
from parts.forms import field, say


class MunicipalityChoice(forms.ModelChoiceField):
    def label_from_instance(self, participation: Any) -> str:
        return participation.municipality.name_and_county


class TryForm(forms.Form):
    """Which municipality's letter, in which language. The token makes one mail, however often it is used."""

    kommune = MunicipalityChoice(Participation.objects.none(), label=gettext_lazy("Kommune"), empty_label=None)
    maalform = forms.ChoiceField(label=gettext_lazy("Målform"), choices=LANGUAGES)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, cohort: Cohort, **options: Any) -> None:
        super().__init__(*args, **options)
        field(self, "kommune", MunicipalityChoice).queryset = unsent(cohort)
        self.initial = {**self.initial, "token": uuid.uuid4()}


def unsent(cohort: Cohort | None) -> QuerySet[Participation]:
    """Of one cohort or of all: those whose letter may still go. One that was sent is read as it was sent."""
    found = Participation.objects.filter(
        welcomed_at__isnull=True, withdrawn_at__isnull=True, declined_at__isnull=True
    ).select_related("municipality__county", "cohort")
    found = found.filter(cohort=cohort) if cohort else found
    return found.order_by("-cohort__number", "municipality__name", "municipality__number")


@require_http_methods(["GET", "HEAD", "POST"])
def send_try(request: PersonRequest, pk: int, context: dict) -> HttpResponse:
    """Choose a letter, see that it goes to oneself alone, and send it."""
    cohort = get_object_or_404(Cohort, pk=pk)
    to = request.user
    form = TryForm(request.POST or None, cohort=cohort, initial=_first(cohort, request))
    if request.method == "POST" and form.is_valid():
        participation = with_facts(Participation.objects.filter(pk=form.cleaned_data["kommune"].pk)).get()
        facts = letter_facts(participation, today=timezone.localdate(), language=form.cleaned_data["maalform"])
        mails.trial(
            participation,
            render(facts),
            written_in=facts.language,
            to=to,
            token=str(form.cleaned_data["token"]),
            now=timezone.now(),
        )
        say(request, _("Prøven sendes til deg, %(to)s. Kommunen får ingenting.") % {"to": to.email})
        return redirect("admin:welcome_cohortletters_change", object_id=cohort.pk)
    shown = {"title": _("Send en prøve til deg selv"), "cohort": cohort, "form": form, "to": to}
    return TemplateResponse(request, "admin/welcome/send_try.html", context | shown)


def _first(cohort: Cohort, request: HttpRequest) -> dict:
    """What is chosen before anybody chooses: as the link says, else the first, in the municipality's own language."""
    found = {str(participation.pk): participation for participation in unsent(cohort)}
    chosen = found.get(request.GET.get("kommune", "")) or next(iter(found.values()), None)
    language = request.GET.get("maalform", "")
    if chosen is None:
        return {}
    return {"kommune": chosen.pk, "maalform": language if language in dict(LANGUAGES) else chosen.language}
