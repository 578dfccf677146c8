"""Staff's pages for the wordings: all mails in both languages, and one wording with its preview."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from outbox import texts
from outbox.admin.forms import WordingForm
from outbox.models import Wording
from outbox.texts import MailText, RenderedMail
from parts.forms import number_from


def list_page() -> dict:
    own = set(Wording.objects.values_list("name", "language"))
    rows = [
        (text, [(language, label, (text.name, language) in own) for language, label in settings.LANGUAGES])
        for text in texts.all_texts().values()
    ]
    return {"rows": rows}


def edit_page(request: HttpRequest, text: MailText, language: str) -> tuple[str, dict]:
    """What was done, if anything was, and what the page shows otherwise."""
    own = Wording.objects.filter(name=text.name, language=language).first()
    if "_reset" in request.POST:
        if own:
            own.delete()
        return _("Standardteksten gjelder igjen."), {}
    subject, body = (own.subject, own.body) if own else texts.shipped_wording(text, language)
    form = WordingForm(request.POST or None, initial={"subject": subject, "body": body}, text=text)
    if form.is_valid() and "_preview" not in request.POST:
        Wording.objects.update_or_create(name=text.name, language=language, defaults=form.cleaned_data)
        return _("Teksten er lagret."), {}
    samples = texts.samples(text, language)
    chosen = number_from(request.POST.get("sample", "")) or 0
    index = chosen if chosen < len(samples) else 0
    return "", {
        "text": text,
        "language": language,
        "language_name": dict(settings.LANGUAGES)[language],
        "form": form,
        "own": own,
        "samples": [label for label, _values in samples],
        "chosen": index,
        "preview": _preview(form, text, language, samples[index][1]),
        "history": Wording.history.filter(name=text.name, language=language).select_related("history_user")[:10],
    }


def _preview(form: WordingForm, text: MailText, language: str, values: texts.Values) -> RenderedMail | None:
    """The wording on the page, saved or not, or None when it cannot be filled in."""
    if form.is_bound and not form.is_valid():
        return None
    source = form.cleaned_data if form.is_bound else form.initial
    try:
        return texts.fill(text, language, source["subject"], source["body"], values)
    except texts.WordingError:
        return None
