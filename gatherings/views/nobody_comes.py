from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from gatherings.models import Gathering, NobodyComes
from gatherings.registration import nobody
from gatherings.registration.registrar import Place, registrar_for
from parts.child_names.question import ask_about_children
from parts.forms import field, say


class NobodyComesForm(forms.Form):
    """Which of the places that nobody has answered for nobody comes for."""

    places = forms.MultipleChoiceField(
        label=gettext_lazy("Hvem kommer det ingen fra?"), widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label=gettext_lazy("Vil du si hvorfor?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Utdanningsdirektoratet leser det. Skriv ikke om helse eller om enkeltbarn."),
    )

    def __init__(self, *args: Any, lacking: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lacking = {place.key: place for place in lacking}
        field(self, "places", forms.MultipleChoiceField).choices = [(place.key, place.label) for place in lacking]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        ask_about_children(self, ["note"], known=[place.label for place in self.lacking.values()])
        return cleaned

    def chosen(self) -> list[Place]:
        return [self.lacking[key] for key in self.cleaned_data["places"]]


@require_http_methods(["GET", "POST"])
def nobody_comes(request: PersonRequest, pk: int) -> HttpResponse:
    """Answer for one's own municipality and units, and see what has been answered."""
    now = timezone.now()
    gathering = get_object_or_404(Gathering.objects.visible_to(request.user).select_related("cohort"), pk=pk)
    mine = registrar_for(request.user, gathering, today=timezone.localdate(now))
    if mine.only_self or not mine.places:
        raise Http404
    # What was sent a moment ago is still a choice, so that pressing twice is no error.
    lacking = nobody.lacking(gathering, mine.places, or_named=request.POST.getlist("places"))
    initial = {"places": request.GET.getlist("sted") or [place.key for place in lacking if len(lacking) == 1]}
    form = NobodyComesForm(request.POST or None, lacking=lacking, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = nobody.answer(gathering, form.chosen(), note=form.cleaned_data["note"], by=request.user, now=now)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            _say(request, made)
            return redirect(gathering)
    context = {
        "gathering": gathering,
        "form": form,
        "may_answer": bool(lacking) and nobody.may_be_answered(gathering, now=now),
        "answers": nobody.answers_to(gathering, request.user),
    }
    return render(request, "gatherings/nobody_comes.html", context, status=422 if form.is_bound else 200)


def _say(request: PersonRequest, made: list[NobodyComes]) -> None:
    if made:
        say(request, nobody.said(made))
    else:
        say(request, _("Dette var svart fra før. Ingenting er endret."), level=messages.INFO)


@require_http_methods(["GET", "POST"])
def take_back(request: PersonRequest, pk: int) -> HttpResponse:
    """The gathering's page has the button, so a link here leads there."""
    now = timezone.now()
    mine = NobodyComes.objects.editable_by(request.user, today=timezone.localdate(now))
    found = get_object_or_404(mine.select_related("gathering", "unit", "participation__municipality__county"), pk=pk)
    if request.method != "POST":
        return redirect(found.gathering)
    if nobody.take_back(found, by=request.user, now=now):
        say(request, _("Svaret er trukket tilbake. Nå kan dere melde på fra %(place)s.") % {"place": found.about})
    else:
        say(request, _("Svaret var trukket tilbake fra før. Ingenting er endret."), level=messages.INFO)
    return redirect(found.gathering)
