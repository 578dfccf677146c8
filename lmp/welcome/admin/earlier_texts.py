"""A new cohort's letter texts, taken from an earlier cohort's: see what comes along, leave out what is old, take it."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from lmp.welcome import grammar
from lmp.welcome.models import LANGUAGES, LetterText
from participants.models import Cohort
from parts.forms import number_from, say

FIELDS = (*LetterText.WORDED, *LetterText.PEOPLE)


@dataclass(frozen=True)
class EarlierPassage:
    """One field of an earlier text. What it says of time is the earlier cohort's, so staff say that it holds."""

    key: str  # "nb-intro", as the tick has it
    label: str
    text: str
    times: list[str]
    problems: list[str]
    is_of_its_time: bool

    @property
    def is_ticked(self) -> bool:
        return not (self.times or self.problems or self.is_of_its_time)


@dataclass
class EarlierTexts:
    """What a cohort may take from an earlier one: each language in which it has written nothing itself."""

    cohort: Cohort
    source: Cohort

    @cached_property
    def own(self) -> set[str]:
        return {text.language for text in self.cohort.letter_texts.all() if not text.is_blank}

    @cached_property
    def texts(self) -> dict[str, LetterText]:
        found = self.source.letter_texts.exclude(language__in=self.own)
        return {text.language: text for text in found if not text.is_blank}

    @cached_property
    def passages(self) -> list[tuple[str, str, list[EarlierPassage]]]:
        """By language: its code, its name, its passages."""
        return [(code, str(name), list(_passages(self.texts[code]))) for code, name in LANGUAGES if code in self.texts]

    @cached_property
    def fingerprint(self) -> str:
        seen = {code: {name: getattr(text, name) for name in FIELDS} for code, text in self.texts.items()}
        return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()

    @cached_property
    def already_written(self) -> list[str]:
        return [str(name) for code, name in LANGUAGES if code in self.own]


def _passages(text: LetterText) -> list[EarlierPassage]:
    wrong, labels = text.wrong(), {field.name: str(field.verbose_name) for field in LetterText._meta.fields}
    return [
        EarlierPassage(
            key=f"{text.language}-{name}",
            label=labels[name],
            text=getattr(text, name),
            times=grammar.times(getattr(text, name)),
            problems=wrong.get(name, []),
            is_of_its_time=name == "kick_off_note",
        )
        for name in FIELDS
        if getattr(text, name).strip()
    ]


def _sources(cohort: Cohort) -> list[Cohort]:
    """The earlier cohorts that have texts of their own, the latest first."""
    found = _earlier(cohort).prefetch_related("letter_texts")
    return [each for each in found if any(not text.is_blank for text in each.letter_texts.all())]


def _earlier(cohort: Cohort) -> QuerySet[Cohort]:
    return Cohort.objects.filter(number__lt=cohort.number, letter_texts__isnull=False).distinct().order_by("-number")


@require_http_methods(["GET", "HEAD", "POST"])
def copy_texts(request: PersonRequest, pk: int, context: dict) -> HttpResponse:
    """What is taken is what was shown and ticked. What the cohort has written itself stays as it is."""
    if not request.user.has_perm("welcome.add_lettertext"):
        raise PermissionDenied
    cohort = get_object_or_404(Cohort, pk=pk)
    sources = _sources(cohort)
    asked = number_from(request.POST.get("fra", "") or request.GET.get("fra", ""))
    source = next((each for each in sources if each.pk == asked), next(iter(sources), None))
    there = f"{reverse('admin:welcome_lettertext_changelist')}?cohort__id__exact={cohort.pk}"
    if source is None or not EarlierTexts(cohort, source).texts:
        if source is None or not EarlierTexts(cohort, source).own:
            said = _("Ingen tidligere pulje har tekster å hente.")
        else:
            said = _("Pulja har egne tekster. Ingenting ble hentet, og ingenting er endret.")
        say(request, said, level=messages.WARNING)
        return redirect(there)
    ticked, changed = set(request.POST.getlist("felt")), False
    if request.method == "POST":
        taken = _take(cohort, source, ticked=ticked, seen=request.POST.get("sett", ""))
        if taken:
            say(request, _("Tekstene er hentet fra %(cohort)s. Se over dem.") % {"cohort": str(source).lower()})
            return redirect(there)
        changed = taken is None
    offer = EarlierTexts(cohort, source)
    shown = {
        "title": _("Hent tekster til %(cohort)s") % {"cohort": str(cohort).lower()},
        "cohort": cohort,
        "source": source,
        "source_name": str(source).lower(),
        "sources": sources,
        "offer": offer,
        "changed": changed,
        "nothing_ticked": request.method == "POST" and not changed,
    }
    return TemplateResponse(request, "admin/welcome/copy_texts.html", context | shown)


@transaction.atomic
def _take(cohort: Cohort, source: Cohort, *, ticked: set[str], seen: str) -> int | None:
    """How many passages were taken; None, and nothing taken, when the texts are not those that were shown."""
    Cohort.objects.select_for_update().get(pk=cohort.pk)  # a button pressed twice waits here
    offer = EarlierTexts(cohort, source)
    if offer.fingerprint != seen:
        return None
    count = 0
    for code, _name, passages in offer.passages:
        chosen = [passage for passage in passages if passage.key in ticked and not passage.problems]
        if not chosen:
            continue
        text = LetterText.objects.filter(cohort=cohort, language=code).first()
        text = text or LetterText(cohort=cohort, language=code)
        for passage in chosen:
            setattr(text, passage.key.partition("-")[2], passage.text)
        text.save()
        count += len(chosen)
    return count
