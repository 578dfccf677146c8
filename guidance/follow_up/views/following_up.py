"""A project leader notes what is done about a municipality that lacks something."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from guidance import access
from guidance.follow_up.lacks import Lack, lacks_of, running
from guidance.models import FollowUp, GuidanceGroup
from guidance.sessions.log_form import known_names
from participants.models import Participation
from participants.models.strike import struck_texts
from parts.child_names.question import ask_about_children
from parts.forms import CountField, field, say

WEEKS, MAX_WEEKS = 2, 26


class FollowUpForm(forms.Form):
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Hva er fulgt opp?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Velg det du har fulgt opp.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Notat"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Prosjektlederne og Utdanningsdirektoratet leser det. Skriv aldri navn på barn."),
    )
    weeks = CountField(
        label=gettext_lazy("Minn oss på det igjen om så mange uker"),
        min_value=1,
        max_value=MAX_WEEKS,
        initial=WEEKS,
        help_text=gettext_lazy("Kommer det noe nytt før den tid, minner vi om det med en gang."),
    )

    def __init__(self, *args: Any, lacks: list[Lack], known: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        choices = [(lack.kind.value, lack.words) for lack in lacks]
        field(self, "kinds", forms.MultipleChoiceField).choices = choices
        self.initial["kinds"] = [value for value, _label in choices] if len(choices) == 1 else []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        ask_about_children(self, ["note"], known=self.known)
        return cleaned


@require_http_methods(["GET", "POST"])
def follow_up(request: PersonRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    leads = access.if_leads_guidance(request.user, today=today)
    taking_part = Participation.objects.taking_part().filter(leads, accepted_at__isnull=False)
    participation = get_object_or_404(taking_part.select_related("municipality__county", "cohort"), pk=pk)
    lacks = lacks_of(running(today=today).filter(pk=pk), today=today).get(pk, [])
    group = GuidanceGroup.objects.filter(participation=participation).first()
    known = known_names(group) if group and request.method == "POST" else ()
    form = FollowUpForm(request.POST or None, lacks=lacks, known=known)
    back = reverse("guidance:continuity", args=[participation.cohort_id])
    if request.method == "POST" and form.is_valid():
        for lack in lacks:
            if lack.kind in form.cleaned_data["kinds"]:
                FollowUp.note_down(
                    participation=participation,
                    kind=lack.kind,
                    seen=lack.seen,
                    note=form.cleaned_data["note"],
                    weeks=form.cleaned_data["weeks"],
                    by=request.user,
                    now=now,
                )
        said = _("Notatet om %(name)s er lagret.") % {"name": participation.municipality.name_told_apart}
        say(request, said)
        return redirect(back)
    earlier = participation.follow_ups.select_related("noted_by").prefetch_related("strikes__struck_by")
    context = {
        "participation": participation,
        "lacks": lacks,
        "form": form,
        "earlier": [(each, struck_texts(each).get("note", "")) for each in earlier],
        "back": back,
    }
    return render(request, "guidance/follow_up/follow_up.html", context, status=422 if form.errors else 200)
