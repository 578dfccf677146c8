"""What a cohort's letters lack before they are sent, in one list: what keeps them back, and what they go without."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lmp.welcome.models import LANGUAGES, LetterText
from lmp.welcome.sending import LetterProblem, Prepared
from participants.models import Cohort

SHORT = 10  # a list that is looked through at a glance
KINDS: dict[str, Promise] = {
    "deadline": gettext_lazy("Frist"),
    "accepted": gettext_lazy("Svar fra kommunen"),
    "contact": gettext_lazy("Kontaktperson"),
    "units": gettext_lazy("Enheter"),
    "governor": gettext_lazy("Statsforvalter"),
    "case_worker": gettext_lazy("Saksbehandler"),
    "case_number": gettext_lazy("Saksnummer"),
    "postal_address": gettext_lazy("Postadresse"),
    "number": gettext_lazy("Organisasjonsnummer"),
    "head": gettext_lazy("Styrer eller rektor"),
}


@dataclass(frozen=True)
class LetterLack:
    """`place`: the municipality that it is about, or the whole cohort. `hinders`: its letter is not sent until then."""

    place: str
    problem: LetterProblem
    hinders: bool


@dataclass(frozen=True)
class LackingList:
    every: Sequence[LetterLack]
    kind: str  # chosen; empty for all

    @classmethod
    def of(cls, cohort: Cohort, letters: Iterable[Prepared], texts: Iterable[LetterText], kind: str) -> "LackingList":
        """Of those that are not sent yet. What is the whole cohort's comes first, and once."""
        unsent = [letter for letter in letters if not letter.already_sent]
        every = _of_the_cohort(cohort, unsent, list(texts))
        for letter in sorted(unsent, key=lambda letter: not letter.problems):
            place = letter.participation.municipality.name_and_county
            every += [LetterLack(place, problem, True) for problem in letter.problems if problem.kind != "deadline"]
            every += [LetterLack(place, problem, False) for problem in letter.blanks]
        return cls(every, kind if any(lack.problem.kind == kind for lack in every) else "")

    @property
    def shown(self) -> list[LetterLack]:
        return [lack for lack in self.every if self.kind in ("", lack.problem.kind)]

    @property
    def is_long(self) -> bool:
        return len(self.every) > SHORT

    @property
    def choices(self) -> list[tuple[str, Promise, int]]:
        counted = Counter(lack.problem.kind for lack in self.every)
        return [(kind, label, counted[kind]) for kind, label in KINDS.items() if counted[kind]]


def _of_the_cohort(cohort: Cohort, unsent: Sequence[Prepared], texts: Sequence[LetterText]) -> list[LetterLack]:
    place = _("Hele pulja")
    overdue = [problem for letter in unsent for problem in letter.problems if problem.kind == "deadline"]
    found = [LetterLack(place, problem, True) for problem in overdue[:1]]
    used = {letter.participation.language for letter in unsent}
    for code, language in LANGUAGES:
        text = next((text for text in texts if text.language == code), None)
        if code in used and not (text and text.case_worker):
            page = (
                reverse("admin:welcome_lettertext_change", args=[text.pk])
                if text
                else reverse("admin:welcome_lettertext_add", query={"cohort": cohort.pk, "language": code})
            )
            said = _("Saksbehandler i brevene på %(language)s") % {"language": language}
            found.append(LetterLack(place, LetterProblem("case_worker", said, f"{page}#id_case_worker"), False))
    return found
