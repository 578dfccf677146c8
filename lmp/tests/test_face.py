"""What the crispy pack, the shared form and the frame say in HTML."""

import pytest
from django import forms
from django.conf import settings
from django.contrib.admin.widgets import (
    AdminBigIntegerFieldWidget,
    AdminDateWidget,
    AdminIntegerFieldWidget,
    AdminSplitDateTime,
)
from django.template import engines
from django.test import Client

from lmp.renderer import Renderer

SENT = {"row-TOTAL_FORMS": 2, "row-INITIAL_FORMS": 0, "row-0-children": "-2", "row-1-children": "7", "kind": "<b>"}

pytestmark = [pytest.mark.urls("lmp.tests.sample_urls"), pytest.mark.django_db]


@pytest.fixture
def page(client: Client) -> str:
    return client.get("/sample/").content.decode()


@pytest.fixture
def page_with_errors(client: Client) -> str:
    return client.post("/sample/", SENT).content.decode()


def drawn(form: forms.Form) -> str:
    return engines["django"].from_string("{% load crispy_forms_tags %}{{ form|crispy }}").render({"form": form})


def test_help_text_is_tied_to_its_field(page):
    assert 'aria-describedby="id_name_helptext"' in page
    assert 'id="id_name_helptext">Fornavn og etternavn.' in page


def test_only_required_fields_are_marked(page):
    marked = [part for part in page.split("<label")[1:] if "Må fylles ut" in part.split("</label>")[0]]
    assert len(marked) == 6  # name, day, kind, right and the two rows
    assert "Antall barn\n</label>" in page


def test_every_control_has_the_design_system_class(page):
    for control in ('input type="text"', 'input type="date"', "select", "textarea"):
        tag = page.split(f"<{control}", 1)[1].split(">", 1)[0]
        assert "ds-input" in tag, control


def test_a_number_is_typed_and_no_wheel_or_arrow_changes_it(page):
    """Also in the administration, and with what a browser would have enforced left for the script that counts."""
    before, after = page.split('name="children"', 1)
    tag = " ".join((before.rsplit("<", 1)[1] + after.split(">")[0]).split())
    assert 'type="text"' in tag
    assert 'inputmode="numeric"' in tag
    assert "ds-input" in tag
    assert 'data-min="0"' in tag
    assert " min=" not in tag
    for widget in (AdminIntegerFieldWidget(), AdminBigIntegerFieldWidget(), forms.NumberInput({"step": "any"})):
        drawn = widget.render("count", 12, {"min": 0, "max": 9}, renderer=Renderer())
        assert 'type="text"' in drawn
        assert 'value="12"' in drawn
        assert 'type="number"' not in drawn + page


def test_choices_stand_in_a_fieldset_with_a_legend(page):
    group = page.split('id="div_id_ppt"', 1)[1].split("</fieldset>", 1)[0]
    assert 'aria-describedby="id_ppt_helptext"' in group
    assert "<legend" in group
    assert '<label class="ds-label" data-weight="regular" for="id_ppt_1">Nei</label>' in group


def test_page_without_errors_has_no_summary(page):
    assert "ds-error-summary" not in page
    assert "<title>Prøveside" in page


def test_errors_are_tied_to_their_fields(page_with_errors):
    assert 'aria-invalid="true" aria-describedby="id_name_helptext id_name_error"' in page_with_errors
    assert 'id="id_name_error"' in page_with_errors


def test_summary_leads_to_the_fields_and_stands_above_the_button(page_with_errors):
    summary, after = page_with_errors.split('class="ds-error-summary', 1)[1].split("</ul>", 1)
    assert 'href="#id_name"' in summary
    assert 'href="#id_ppt_0"' in summary  # the first choice can take focus, the group cannot
    assert 'href="#id_row-0-children">Enhet 0, antall barn:' in summary
    assert 'href="#id_row-1-children"' not in summary
    assert "autofocus" in summary
    assert 'type="submit">Send inn' in after


def test_title_says_that_there_are_errors(page_with_errors):
    assert "<title>Feil: Prøveside" in page_with_errors


def test_what_was_typed_is_kept_and_escaped(client):
    page = client.post("/sample/", SENT | {"notes": "</textarea><script>alert(1)</script>"}).content.decode()
    assert "&lt;/textarea&gt;&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert 'value="-2"' in page


def test_label_help_choice_and_error_are_escaped():
    class Hostile(forms.Form):
        text = forms.CharField(label="<script>l</script>", help_text="<script>h</script>")
        pick = forms.ChoiceField(
            label="<script>g</script>", choices=[("a", "<script>c</script>")], widget=forms.RadioSelect
        )

        def clean(self):
            self.add_error("text", "<script>e</script>")
            raise forms.ValidationError("<script>n</script>")

    html = drawn(Hostile({"text": "x", "pick": "a"}))
    assert "<script>" not in html
    for letter in "lhgcen":
        assert f"&lt;script&gt;{letter}&lt;/script&gt;" in html


def test_own_class_of_a_widget_is_kept():
    class Form(forms.Form):
        code = forms.CharField(widget=forms.TextInput(attrs={"class": "app-code"}))

    assert 'class="ds-input app-code"' in drawn(Form())


def test_each_part_of_a_split_field_gets_the_class():
    class Form(forms.Form):
        at = forms.SplitDateTimeField(label="Når")

    html = drawn(Form())
    assert html.count('class="ds-input"') == 2
    assert '<legend class="ds-label">Når' in html


def test_widgets_of_the_admin_keep_their_own_classes():
    class Form(forms.Form):
        at = forms.SplitDateTimeField(widget=AdminSplitDateTime)
        day = forms.DateField(widget=AdminDateWidget)

    html = str(Form())
    assert "ds-input" not in html
    assert html.count("vDateField") == 2
    assert '<label for="id_at_0">Dato:</label>' in html


def test_errors_of_the_whole_form_are_listed_without_a_link(client):
    class Form(forms.Form):
        def clean(self):
            raise forms.ValidationError("Velg minst én.")

    html = engines["django"].from_string("{% load lmp %}{% error_summary form %}").render({"form": Form({})})
    assert "<li>Velg minst én.</li>" in html
    assert "<a" not in html


def test_nothing_inline_that_the_policy_refuses(page_with_errors):
    assert " style=" not in page_with_errors
    assert "<style" not in page_with_errors
    assert " onclick=" not in page_with_errors
    for script in page_with_errors.split("<script")[1:]:
        assert "src=" in script.split(">", 1)[0]


class Written(forms.Form):
    name = forms.CharField(max_length=200)
    comment = forms.CharField(max_length=2000, widget=forms.Textarea, help_text="Kort.")
    day = forms.DateField()
    kind = forms.ChoiceField(choices=[("a", "A")])


def test_no_field_cuts_what_is_pasted_into_it():
    html = drawn(Written())
    assert "maxlength" not in html
    assert Written({"comment": "å" * 2001}).errors["comment"]


def test_field_for_sentences_says_how_much_room_there_is():
    html = drawn(Written())
    said = html.split('id="id_comment_limit"', 1)[1].split("</p>", 1)[0]
    assert 'data-limit="2000"' in said
    assert "hidden" not in said
    assert "Høyst 2000 tegn" in said
    assert 'aria-describedby="id_comment_helptext id_comment_limit"' in html


def test_field_for_a_name_says_so_only_when_its_room_is_nearly_used():
    said = drawn(Written()).split('id="id_name_limit"', 1)[1].split("</p>", 1)[0]
    assert 'data-limit="200"' in said
    assert "hidden>" in said


def test_what_is_not_written_has_no_limit():
    html = drawn(Written())
    assert "id_day_limit" not in html
    assert "id_kind_limit" not in html


def test_no_template_writes_a_field_that_cuts():
    """What a template writes by itself passes no form: see `build_widget_attrs` in lmp/renderer.py."""
    templates = (settings.BASE_DIR / "templates").rglob("*.html")
    assert [path for path in templates if "maxlength" in path.read_text("utf-8")] == []
