"""The demo's pages with every kind of mail: a list, each kind in both languages, and its HTML alone, for a frame."""

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from lmp.demo import kinds as all_kinds
from lmp.demo.views import refuse_outside_demo
from outbox import texts
from outbox.markup import without_placeholders
from outbox.texts import MailText
from parts.names import LineField

DRAWN = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"}


class KindFilter(forms.Form):
    q = LineField(label=gettext_lazy("Ord i e-posten"), max_length=100, required=False)
    app = forms.ChoiceField(
        label=gettext_lazy("Handler om"),
        required=False,
        choices=lambda: [("", _("Alt")), *all_kinds.APPS.items()],
    )


class FrameForm(forms.Form):
    WIDTHS = ("600", "320", "1000")

    bredde = forms.ChoiceField(
        label=gettext_lazy("Bredde"),
        required=False,
        choices=lambda: [(width, _("%(width)s punkter") % {"width": width}) for width in FrameForm.WIDTHS],
    )
    farger = forms.ChoiceField(
        label=gettext_lazy("Farger"),
        required=False,
        choices=[("light", gettext_lazy("Lyse")), ("dark", gettext_lazy("Mørke"))],
    )


@login_not_required
@require_safe
def kinds(request: HttpRequest) -> HttpResponse:
    refuse_outside_demo()
    form = KindFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {"app": "", "q": ""}
    language = texts.supported(get_language() or "")
    rows = [
        (text, all_kinds.APPS[all_kinds.app_of(text)], without_placeholders(texts.shipped_wording(text, language)[0]))
        for text in all_kinds.found(app=asked["app"], words=asked["q"])
    ]
    return render(request, "demo/kinds.html", {"form": form, "rows": rows, "parents": _parents()[:1]})


@login_not_required
@require_safe
def kind(request: HttpRequest, name: str) -> HttpResponse:
    text = _kind(name)
    form = FrameForm({"bredde": FrameForm.WIDTHS[0], "farger": "light"} | request.GET.dict())
    asked = form.cleaned_data if form.is_valid() else {"bredde": FrameForm.WIDTHS[0], "farger": "light"}
    everything = list(texts.all_texts().values())
    place = everything.index(text)
    context = {
        "text": text,
        "form": form,
        "width": asked["bredde"],
        "colours": asked["farger"],
        "mails": [(language, label, all_kinds.filled(text, language)) for language, label in settings.LANGUAGES],
        "before": everything[place - 1] if place else None,
        "after": everything[place + 1] if place + 1 < len(everything) else None,
        "parents": _parents(),
    }
    return render(request, "demo/kind.html", context)


@login_not_required
@require_safe
@xframe_options_sameorigin
def drawn(request: HttpRequest, name: str, language: str) -> HttpResponse:
    """The mail as a mail program draws it. Its links open in the whole window: no page of ours is shown in a frame."""
    text = _kind(name)
    if language not in dict(settings.LANGUAGES):
        raise Http404
    html = all_kinds.filled(text, language).html
    return HttpResponse(html.replace("<head>", '<head><base target="_top">', 1), headers=DRAWN)


def _kind(name: str) -> MailText:
    refuse_outside_demo()
    text = texts.all_texts().get(name)
    if text is None:
        raise Http404
    return text


def _parents() -> list[tuple[str, str]]:
    return [(_("E-post i demoen"), reverse("demo:mails")), (_("Alle slags e-poster"), reverse("demo:kinds"))]
