"""A page that has been open while others changed what it shows: only what was changed on it counts."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import signing
from django.http import QueryDict

SALT = "guidance.staffing"
SHOWN = "shown"


def keep_untouched(form: forms.Form, stored: Mapping[str, Any]) -> None:
    """Let a field that was left as the page showed it say what is stored now, by a hidden field with what was stored.

    What was changed is as it was typed. A page drawn again shows what is stored now, and says so in its hidden field.
    """
    now = {name: _texts(value) for name, value in stored.items()}
    signed = signing.dumps(now, salt=SALT, compress=True)
    form.fields[SHOWN] = forms.CharField(required=False, widget=forms.HiddenInput)
    form.initial = {**form.initial, SHOWN: signed}
    data = form.data
    if not form.is_bound or not isinstance(data, QueryDict):
        return
    sent = data.copy()
    for name, before in _shown(data.get(SHOWN, "")).items():
        if name in now and _texts(data.getlist(name)) == before:
            sent.setlist(name, now[name])
    sent[SHOWN] = signed
    form.data = sent


def _shown(signed: str) -> dict[str, list[str]]:
    try:
        return signing.loads(signed, salt=SALT)
    except signing.BadSignature:  # a page that is not ours showed nothing: all that it sends counts
        return {}


def _texts(value: Any) -> list[str]:
    """As a browser sends it, whatever the order."""
    several = value if isinstance(value, list) else [value]
    texts = ["" if each is None else "\n".join(str(each).splitlines()).strip() for each in several]
    return sorted(text for text in texts if text)
