from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from gatherings import access
from gatherings.models import Gathering, LateRequest, Registration
from gatherings.registration import late_requests
from gatherings.registration.refusal import say_withdrawn
from participants.models import Participation
from parts.child_names.question import ask_about_children
from parts.forms import number_from, say


class MunicipalityField(forms.ModelChoiceField):
    def label_from_instance(self, participation: Participation) -> str:
        return participation.municipality.name_told_apart


class LateRequestForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Hva trenger du hjelp til?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "For eksempel å melde på, endre eller melde av. Skriv hvem det gjelder. Skriv ikke om helse eller mat her."
        ),
    )

    def __init__(self, *args, choices, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if len(choices) > 1:
            field = MunicipalityField(
                choices, label=gettext_lazy("Kommune"), widget=forms.RadioSelect, empty_label=None
            )
            self.fields = {"participation": field} | self.fields
        self.known = [participation.municipality.name for participation in choices]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        ask_about_children(self, ["text"], known=self.known)
        return cleaned


@require_http_methods(["GET", "POST"])
def late_request(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask the staff for what the deadline closed for. The answer comes by mail, and is shown here too."""
    now = timezone.now()
    gathering = get_object_or_404(Gathering.objects.visible_to(request.user).select_related("cohort"), pk=pk)
    registration = _registration(request, gathering)
    choices = access.asked_for_by(request.user, gathering, now=now)
    if registration:
        choices = choices.filter(pk=registration.participation_id)
    if not choices:
        return say_withdrawn(request, gathering)
    may_be_asked = late_requests.may_be_asked(gathering, now=now)
    form = LateRequestForm(request.POST or None, choices=choices)
    if request.method == "POST" and may_be_asked and form.is_valid():
        participation = form.cleaned_data.get("participation") or choices[0]
        text = form.cleaned_data["text"]
        late_requests.ask(
            gathering, participation=participation, registration=registration, text=text, by=request.user, now=now
        )
        say(request, _("Spørsmålet er sendt. Du får svar på e-post. Svaret blir også stående her."))
        return redirect("gatherings:late_request", gathering.pk)
    context = {
        "gathering": gathering,
        "parents": [(gathering.title, gathering.get_absolute_url())],
        "registration": registration,
        "form": form,
        "may_be_asked": may_be_asked,
        "open": gathering.is_open(today=timezone.localdate(now)),
        "unsent": "" if may_be_asked else request.POST.get("text", ""),
        "asked": LateRequest.objects.of(request.user)
        .filter(gathering=gathering)
        .prefetch_related("strikes__struck_by")[:50],
    }
    return render(request, "gatherings/late_request.html", context, status=422 if form.is_bound else 200)


def _registration(request: PersonRequest, gathering: Gathering) -> Registration | None:
    """The one the question is about, when the address names one."""
    named = request.GET.get("pamelding", "")
    if not named:
        return None
    mine = Registration.objects.editable_by(request.user).filter(gathering=gathering)
    return get_object_or_404(mine.select_related("unit", "participation__municipality__county"), pk=number_from(named))
