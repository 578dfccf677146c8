"""The letter with the texts that are being written, before they are stored."""

from dataclasses import replace

from django import forms
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest
from lmp.welcome.admin.trying import MunicipalityChoice, unsent
from lmp.welcome.letter import render
from lmp.welcome.letter_facts import LetterWording
from lmp.welcome.load_facts import letter_facts, with_facts
from lmp.welcome.models import LANGUAGES, LetterText, file_name
from participants.models import Participation
from parts.forms import number_from


class PreviewForm(forms.ModelForm):
    """What is typed, and whose letter to see it in."""

    kommune = MunicipalityChoice(
        unsent(None),
        label=gettext_lazy("Brevet til"),
        error_messages={"invalid_choice": gettext_lazy("Kommunen venter ikke på brevet lenger. Velg en annen.")},
    )

    class Meta:
        model = LetterText
        fields = ["cohort", "language", *LetterText.WORDED, *LetterText.PEOPLE]

    def clean_kommune(self) -> Participation:
        chosen, cohort = self.cleaned_data["kommune"], self.cleaned_data.get("cohort")
        if cohort and chosen.cohort_id != cohort.pk:
            raise forms.ValidationError(_("Kommunen er ikke med i den pulja. Velg en annen."))
        return chosen


@require_POST
def preview(request: PersonRequest, context: dict) -> HttpResponse:
    """The PDF, or what keeps it from being made. Stores nothing."""
    # The stored one stands for it, in memory alone: that there is one already is no hindrance here.
    cohort, language = number_from(request.POST.get("cohort", "")), request.POST.get("language", "")
    stored = (
        LetterText.objects.filter(cohort=cohort, language=language).first() if language in dict(LANGUAGES) else None
    )
    form = PreviewForm(request.POST, instance=stored)
    # The fields that stand first, so that what is told of the municipality knows the cohort.
    form.order_fields([*PreviewForm.Meta.fields, "kommune"])
    if not form.is_valid():
        wrong = [(form.fields[name].label, problems) for name, problems in form.errors.items()]
        shown = {"title": _("Brevet kan ikke forhåndsvises"), "wrong": wrong}
        return TemplateResponse(request, "admin/welcome/preview_refused.html", context | shown, status=422)
    typed = form.cleaned_data
    participation = with_facts(Participation.objects.filter(pk=typed["kommune"].pk)).get()
    facts = letter_facts(participation, today=timezone.localdate(), language=typed["language"])
    wording = LetterWording(**{name: typed[name] for name in (*LetterText.WORDED, *LetterText.PEOPLE)})
    return HttpResponse(
        render(replace(facts, wording=wording)).content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="prove-{file_name(participation, facts.language)}"'},
    )
