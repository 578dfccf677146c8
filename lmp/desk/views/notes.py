"""Staff's notes on a municipality: what was said on the telephone, and when to come back to it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from lmp.desk.models import Note
from participants.models import Participation
from participants.models.strike import struck_texts
from parts.child_names.question import ask_about_children
from parts.dates import day_in_words
from parts.forms import DateInput, say

FURTHEST = timedelta(days=3 * 365)  # a pulje's two years, and the year before


class NoteForm(forms.ModelForm):
    class Meta:
        model = Note
        fields = ["text", "follow_up_on"]
        labels = {"text": gettext_lazy("Notat"), "follow_up_on": gettext_lazy("Minn oss på det")}
        help_texts = {
            "text": gettext_lazy("Bare ansatte i Utdanningsdirektoratet ser det. Skriv aldri navn på barn."),
            "follow_up_on": gettext_lazy("Den dagen står notatet blant det som venter. Feltet kan stå tomt."),
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 4}), "follow_up_on": DateInput()}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_follow_up_on(self) -> date | None:
        day = self.cleaned_data["follow_up_on"]
        if day and day < self.today:
            raise forms.ValidationError(_("Datoen er passert. Velg i dag eller en senere dag."))
        if day and day > self.today + FURTHEST:
            raise forms.ValidationError(
                _("Velg en dag til og med %(day)s.") % {"day": day_in_words(self.today + FURTHEST)}
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        ask_about_children(self, ["text"])
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: PersonRequest, pk: int) -> HttpResponse:
    if not request.user.is_staff:
        raise Http404
    found = get_object_or_404(Participation.objects.select_related("municipality__county", "cohort"), pk=pk)
    now = timezone.now()
    form = NoteForm(request.POST or None, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in NoteForm.Meta.fields}
        Note.write(found, **facts, by=request.user, now=now)
        say(request, _("Notatet er lagret."))
        return redirect("desk:notes", pk)
    rows = found.notes.select_related("noted_by", "done_by").prefetch_related("strikes__struck_by")
    context = {
        "participation": found,
        "form": form,
        "notes": [(note, struck_texts(note).get("text", "")) for note in rows],
    }
    return render(request, "desk/notes.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: PersonRequest, pk: int) -> HttpResponse:
    """A link to the address itself shows the note's page."""
    if not request.user.is_staff:
        raise Http404
    note = get_object_or_404(Note, pk=pk)
    if request.method == "POST":
        note.finish(by=request.user, now=timezone.now())
        say(request, _("Notatet er fulgt opp."))
    return redirect("desk:notes", note.participation_id)
