"""A time is typed as the portal writes it, and as people do."""

from datetime import time

import pytest
from django import forms
from django.contrib import admin
from django.utils import translation

from accounts.models import User
from gatherings.models import Gathering
from parts.forms import TimeField
from tests.house.repository import files

pytestmark = pytest.mark.no_database


class _When(forms.Form):
    at = TimeField()
    moment = forms.DateTimeField(required=False)


@pytest.mark.parametrize("language", ["nb", "nn"])
@pytest.mark.parametrize(
    "typed",
    *[["10.00", "10:00", "1000", "10", "kl. 10.00", "kl. 10", "Kl 10:00", "kl.10.00", " 10.00 ", "10:00:00", "kl 10"]],
)
def test_a_time_is_read(language, typed):
    with translation.override(language):
        form = _When({"at": typed, "moment": f"3.5.2027 {typed.strip()}" if typed in ("10.00", "10:00") else ""})
        assert form.is_valid(), form.errors
    assert form.cleaned_data["at"] == time(10)


@pytest.mark.parametrize(
    ("typed", "read"), [("9", time(9)), ("930", time(9, 30)), ("0930", time(9, 30)), ("23.59", time(23, 59))]
)
def test_without_the_zero(typed, read):
    with translation.override("nb"):
        form = _When({"at": typed})
        assert form.is_valid()
    assert form.cleaned_data["at"] == read


@pytest.mark.parametrize("typed", ["25", "10.60", "ti", "10-00", "10.00-12.00", "10000", "²", "24"])
@pytest.mark.parametrize(
    ("language", "said"),
    [("nb", "Skriv et klokkeslett, for eksempel 14.30."), ("nn", "Skriv eit klokkeslett, til dømes 14.30.")],
)
def test_what_is_no_time_is_told_with_an_example(typed, language, said):
    with translation.override(language):
        assert _When({"at": typed}).errors["at"] == [said]


def test_every_field_for_a_time_is_that_one():
    other = [path for path in files(".py") if "forms.TimeField(" in path.read_text() and "tests" not in path.parts]
    assert other == []


def test_so_are_those_in_the_administration(rf):
    gatherings = admin.site.get_model_admin(Gathering)
    request = rf.get("/")
    request.user = User(is_superuser=True, is_active=True)
    form = gatherings.get_form(request)
    assert [type(form.base_fields[name]) for name in ("starts_at", "ends_at")] == [TimeField] * 2
