from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from lmp.search.find import SHORTEST, SHOWN, find
from lmp.seeing.access import may_see_as
from parts.names import LineField


class SearchForm(forms.Form):
    q = LineField(
        label=_("Søk"),
        min_length=SHORTEST,
        max_length=100,
        help_text=_("Kommune, enhet, person, e-post, telefon, organisasjonsnummer, saksnummer eller dokument"),
        error_messages={"required": _("Skriv det du leter etter.")},
    )


@require_safe
def search(request: PersonRequest) -> HttpResponse:
    if not request.user.is_staff:
        raise Http404
    form = SearchForm(request.GET if "q" in request.GET else None)
    found = find(form.cleaned_data["q"]) if form.is_valid() else []
    context = {"form": form, "found": found, "asked": form.is_bound and form.is_valid(), "most": SHOWN}
    context["sees_as"] = bool(found) and may_see_as(request.user)
    return render(request, "search/search.html", context, status=422 if form.errors else 200)
