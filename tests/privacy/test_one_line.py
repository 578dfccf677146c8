"""A name, a phone, a place or a title is one line everywhere: in every form, every table and every mail."""

import importlib
import pkgutil

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.test import RequestFactory

from outbox import texts
from parts.names import LineField, OneLineField, one_line
from parts.phone import PhoneField

ROOMS = ("accounts", "gatherings", "guidance", "lmp", "outbox", "participants", "parts")
TEXTS = texts.all_texts()
PASTED = "Kari Nordmann\r\n\r\nVIKTIG: Logg inn her\u2028http://ond.example.no\x1b \x85\u200bHilsen"
# What the portal writes itself, letter by letter: keys, digests, addresses in another field's form. Nobody types it.
CODES = {
    "accounts.User": {"calendar_tag"},
    "accounts.PrivateReading": {"path"},
    "gatherings.Document": {"content_type"},
    "gatherings.Feed": {"digest", "sealed"},
    "guidance.CompositionStep": {"after"},
    "mailcalendar.MailPause": {"rule"},
    "outbox.Attachment": {"content_type"},
    "outbox.DeadAddress": {"address"},
    "outbox.FurtherRecipient": {"to"},
    "outbox.ReturnedMail": {"digest"},
    "outbox.Message": {"key", "message_id", "to", "reply_to", "language", "text_name", "about_id"},
    "outbox.Wording": {"name", "language"},
    "participants.Cohort": {"remind_days_before"},
    "participants.CohortUpload": {"what"},
    "participants.Strike": {"about_id", "text"},
    "seeing.ViewedPage": {"path"},
    "sharing.Announcement": {"key"},
    "sharing.FileVersion": {"content_type", "digest"},
    "welcome.Letter": {"sha256"},
    "welcome.SendingItem": {"approved"},
    "writing.Recipient": {"left_out"},
    "writing.Writing": {"reply_to"},
}


def own_char_fields() -> list[tuple[str, models.Field]]:
    """The text columns of one line, without those with choices and addresses, which their forms judge."""
    return [
        (model._meta.label, field)
        for model in apps.get_models()
        if model.__module__.partition(".")[0] in ROOMS and not hasattr(model, "instance_type") and not model._meta.proxy
        for field in model._meta.local_fields
        if isinstance(field, models.CharField)
        and not isinstance(field, (models.EmailField, models.URLField))
        and not field.choices
        and field.name not in {"password"}
    ]


def test_every_column_of_one_line_folds_what_it_gets():
    found = own_char_fields()
    assert len(found) > 80
    loose = [
        f"{label}.{field.name}"
        for label, field in found
        if field.name not in CODES.get(label, set()) and not isinstance(field, OneLineField)
    ]
    assert loose == []
    for _label, field in found:
        if isinstance(field, OneLineField):
            assert field.get_prep_value(PASTED) == field.to_python(PASTED) == one_line(PASTED)


def test_the_history_folds_too():
    for model in apps.get_models():
        if hasattr(model, "instance_type"):
            own = {field.name: type(field) for field in model.instance_type._meta.local_fields}
            for field in model._meta.local_fields:
                if own.get(field.name) is OneLineField:
                    assert isinstance(field, OneLineField), (model, field)


def every_form() -> list[type[forms.BaseForm]]:
    """Each form that a module of the portal has: those of the administration are in the next test."""
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            if not {"tests", "migrations", "wsgi", "demo", "commands"} & set(module.name.split(".")):
                importlib.import_module(module.name)
    found: list[type[forms.BaseForm]] = []
    waiting = [forms.BaseForm]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.partition(".")[0] in ROOMS and ".tests." not in kind.__module__:
            found.append(kind)
    return found


def is_loose(field: forms.Field) -> bool:
    """A text of one line that lets line breaks through: not a longer text, a code, or what a page says to itself."""
    several = isinstance(field.widget, forms.Textarea)
    coded = field.widget.attrs.get("autocomplete") == "one-time-code"
    return (
        type(field) is forms.CharField
        and not several
        and not coded
        and not isinstance(field.widget, (forms.HiddenInput, forms.PasswordInput))
    )


def test_every_field_of_one_line_in_every_form_folds():
    found = every_form()
    assert len(found) > 80
    declared = [(kind, name, field) for kind in found for name, field in getattr(kind, "base_fields", {}).items()]
    assert sum(isinstance(field, LineField) for _kind, _name, field in declared) > 60
    assert [(kind, name) for kind, name, field in declared if is_loose(field)] == []


def test_no_form_makes_a_loose_field_as_it_is_built():
    """Some forms add their fields when they know what is asked: their sources name none but the folding kind."""
    loose = []
    for room in ROOMS:
        for path in sorted((settings.BASE_DIR / room).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            for piece in source.split("forms.CharField(")[1:]:
                if "/tests/" not in str(path) and not any(
                    kind in piece[:500] for kind in ("Textarea", "HiddenInput", "_code_input", "class LineField")
                ):
                    loose.append(str(path.relative_to(settings.BASE_DIR)))
    assert loose == []


@pytest.mark.django_db
def test_every_form_of_the_administration_folds(staff):
    request = RequestFactory().get("/")
    request.user = staff
    seen = 0
    for model, page in admin.site._registry.items():
        if model._meta.app_label in {"auth"}:
            continue
        kinds = [page.get_form(request)]
        kinds += [inline.get_formset(request).form for inline in page.get_inline_instances(request)]
        for kind in kinds:
            for name, field in kind.base_fields.items():
                coded = name in CODES.get(model._meta.concrete_model._meta.label, set())
                assert coded or not is_loose(field), (model, name)
                if isinstance(field, LineField) and not isinstance(field, PhoneField):  # a number, or refused
                    seen += 1
                    assert field.to_python(PASTED) == one_line(PASTED)
    assert seen > 10


@pytest.mark.parametrize("name", TEXTS)
def test_a_value_never_becomes_a_paragraph_of_a_mail(name):
    """As many lines with what was pasted as with a word, but for the few values that are texts themselves."""
    text = TEXTS[name]
    for language, _name in settings.LANGUAGES:
        wording = texts.shipped_wording(text, language)
        word = texts.fill(text, language, *wording, dict.fromkeys(text.placeholders, "X"))
        for pasted in set(text.placeholders) - text.paragraphs:
            values = dict.fromkeys(text.placeholders, "X") | {pasted: PASTED}
            filled = texts.fill(text, language, *wording, values)
            assert filled.text.count("\n") == word.text.count("\n"), pasted
            assert filled.html.count("<p>") == word.html.count("<p>"), pasted
            assert filled.html.count("<br>") == word.html.count("<br>"), pasted


def test_the_values_that_are_texts_are_these():
    """Each is written by staff. Whoever adds one here lets its writer put paragraphs into the project's mails."""
    assert {(name, each) for name, text in TEXTS.items() for each in text.paragraphs} == {
        ("gatherings.practical", "framgangsmaate"),
        ("gatherings.practical", "program"),
        ("gatherings.travel", "framgangsmaate"),
        ("gatherings.moved", "melding"),
        ("gatherings.called_off", "melding"),
        ("gatherings.reinstated", "melding"),
        ("gatherings.invited_moved", "melding"),
        ("gatherings.invited_called_off", "melding"),
        ("gatherings.invited_reinstated", "melding"),
        ("gatherings.late_request_answered", "svar"),
    }
