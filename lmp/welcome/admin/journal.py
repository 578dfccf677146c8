"""Journal numbers from the archive: upload its file, see what each row comes to, and store what fits."""

import json
from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from lmp.welcome.archive import journal as numbers
from lmp.welcome.models import Letter
from participants.models import Cohort
from parts.forms import say
from parts.names import one_line


class JournalFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Fil fra arkivet"),
        allow_empty_file=True,
        max_length=200,
        help_text=gettext_lazy("Et regneark (.xlsx) eller en tekstfil (.csv), på høyst 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if file := cleaned.get("file"):
            try:
                cleaned["contents"] = numbers.read(file, name=file.name, size=file.size)
            except ValidationError as error:
                self.add_error("file", error)
        return cleaned


class JournalNumbersForm(forms.Form):
    """What was shown, and is now to be stored: letter, number it had, number it gets."""

    rows = forms.JSONField(widget=forms.HiddenInput)

    def clean_rows(self) -> dict[int, tuple[str, str]]:
        limit = Letter.journal_post.field.max_length or 0
        try:
            rows = {int(pk): (str(seen), one_line(str(post))) for pk, seen, post in self.cleaned_data["rows"]}
        except (TypeError, ValueError) as error:
            raise forms.ValidationError(_("Last opp fila på nytt.")) from error
        if any(not 0 < pk < 2**63 or not post or len(post) > limit for pk, (_seen, post) in rows.items()):
            raise forms.ValidationError(_("Last opp fila på nytt."))
        return rows


@require_http_methods(["GET", "HEAD", "POST"])
def journal(request: PersonRequest, pk: int, context: dict, *, log: Callable) -> HttpResponse:
    """The file itself is not kept: the page that shows what it comes to has what is stored when it is confirmed."""
    cohort = get_object_or_404(Cohort, pk=pk)
    context |= {"title": _("Les inn journalnumre til %(cohort)s") % {"cohort": str(cohort).lower()}, "cohort": cohort}
    if "rows" in request.POST:
        return _store(request, cohort, context, log=log)
    form = JournalFileForm(request.POST, request.FILES) if request.method == "POST" else JournalFileForm()
    if form.is_bound and form.is_valid():
        contents, sent = form.cleaned_data["contents"], numbers.letters(cohort)
        lines = numbers.matched(contents.rows[""], sent)
        named = {line.letter.pk for line in lines if line.letter}
        changes = [(line.letter, line.post) for line in lines if line.letter and line.is_change]
        rows = [[letter.pk, letter.journal_post, post] for letter, post in changes]
        shown = {
            "lines": lines,
            "changes": len(rows),
            "rows": json.dumps(rows),
            "problems": sum(bool(line.problem) for line in lines),
            "unread": contents.unread,
            "absent": [letter for letter in sent if letter.pk not in named],
        }
        return TemplateResponse(request, "admin/welcome/journal_preview.html", context | shown)
    return _upload(request, context, form)


def _upload(request: PersonRequest, context: dict, form: forms.Form, said: str = "") -> HttpResponse:
    status = 422 if form.errors or said else 200
    return TemplateResponse(
        request, "admin/welcome/journal.html", context | {"form": form, "said": said}, status=status
    )


def _store(request: PersonRequest, cohort: Cohort, context: dict, *, log: Callable) -> HttpResponse:
    form = JournalNumbersForm(request.POST)
    changed = numbers.store(cohort, form.cleaned_data["rows"]) if form.is_valid() else None
    if changed is None:
        said = _("Ingenting er lagret. Brevene er endret siden du så dem. Last opp fila på nytt.")
        return _upload(request, context, JournalFileForm(), said)
    for letter in changed:
        log(request, letter, _("Journalpost %(number)s, lest fra fil") % {"number": letter.journal_post})
    told = ngettext("%(count)s journalnummer er lagret.", "%(count)s journalnumre er lagret.", len(changed))
    say(request, told % {"count": len(changed)})
    return redirect("admin:welcome_cohortletters_change", object_id=cohort.pk)
