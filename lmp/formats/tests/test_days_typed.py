"""A day stands in the administration's fields as the portal writes it, and is typed so."""

from datetime import date

import pytest
from django import forms
from django.contrib import admin
from django.utils import translation

from accounts.models import User
from parts.forms import DateInput

pytestmark = pytest.mark.no_database

DAY = date(2027, 1, 5)


def _days(rf):
    """Every field for a day in the administration, those of its tables of rows too."""
    request = rf.get("/")
    request.user = User(is_superuser=True, is_staff=True, is_active=True)
    for page in admin.site._registry.values():
        kinds = [
            page.get_form(request),
            *(each.get_formset(request).form for each in page.get_inline_instances(request)),
        ]
        for kind in kinds:
            for name, field in kind.base_fields.items():
                if isinstance(field, forms.DateField):
                    yield f"{page.opts.label}.{name}", field


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_every_day_stands_as_it_is_written(rf, language):
    fields = list(_days(rf))
    assert len(fields) > 10
    with translation.override(language):
        shown = {name: field.widget.render("day", DAY) for name, field in fields}
    assert [name for name, html in shown.items() if 'value="05.01.2027"' not in html] == []


@pytest.mark.parametrize("language", ["nb", "nn"])
@pytest.mark.parametrize("typed", ["05.01.2027", "5.1.2027", "5.1.27", "5/1/2027", "2027-01-05"])
def test_it_is_read_as_people_type_it(language, typed):
    with translation.override(language):
        assert forms.DateField().clean(typed) == DAY


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_a_browsers_own_field_is_given_what_it_can_read(language):
    with translation.override(language):
        assert 'value="2027-01-05"' in DateInput().render("day", DAY)
