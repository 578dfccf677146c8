"""Pages that only the tests of the face open: one of each kind of field, empty and with errors."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from lmp import urls


class SampleForm(forms.Form):
    name = forms.CharField(label="Navn", max_length=20, help_text="Fornavn og etternavn.")
    children = forms.IntegerField(label="Antall barn", min_value=0, required=False)
    day = forms.DateField(label="Dato", widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(label="Slag", choices=[("", "Velg"), ("skole", "Skole"), ("barnehage", "Barnehage")])
    ppt = forms.ChoiceField(
        label="Deltar PPT?",
        help_text="Kommunen avgjør.",
        choices=[("ja", "Ja"), ("nei", "Nei")],
        widget=forms.RadioSelect,
    )
    themes = forms.MultipleChoiceField(
        label="Temaer",
        required=False,
        choices=[("a", "Ledelse"), ("b", "Mobbing")],
        widget=forms.CheckboxSelectMultiple,
    )
    notes = forms.CharField(label="Merknad", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    right = forms.BooleanField(label="Opplysningene er riktige", help_text="Se over dem først.")
    secret = forms.CharField(required=False, widget=forms.HiddenInput)


class RowForm(forms.Form):
    children = forms.IntegerField(label="Antall barn", min_value=0)

    @property
    def title(self) -> str:
        return f"Enhet {self.prefix.rsplit('-', 1)[-1]}"


RowFormSet = forms.formset_factory(RowForm, extra=2)


PAGE = """{% extends "base.html" %}
{% block title %}Prøveside{% endblock %}
{% block content %}
<h1 class="ds-heading" data-size="lg">Prøveside</h1>
{% include "form.html" with formset=rows button="Send inn" second="Lagre utkast" cancel="/" %}
{% endblock %}
"""


@login_not_required
def sample(request: HttpRequest) -> HttpResponse:
    form = SampleForm(request.POST or None)
    rows = RowFormSet(request.POST or None, prefix="row")
    page = engines["django"].from_string(PAGE)
    return HttpResponse(page.render({"form": form, "rows": rows}, request))


urlpatterns = [path("sample/", sample), *urls.urlpatterns]
