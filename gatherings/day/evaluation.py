"""The evaluation after a gathering: five short questions, and what the answers say together.

Nobody can tell who answered what, not even with the database in hand:

- an answer names nobody, has no time, and its key is random;
- that a person has answered is in another table, written in the same transaction. So that neither the order of the
  rows on the disk nor the number of the transaction that wrote them joins the two, every answer of the gathering is
  written again at each one, in random order and with new keys;
- nothing is shown before there are MIN_ANSWERS answers.

A copy of the database taken before and one taken after a single answer would still tell it, as with any ballot box.
"""

import random
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from gatherings import places
from gatherings.models import Answer, Answered, Attendance, Gathering
from participants.striking import row
from participants.striking.row import Struck
from parts.child_names.question import ANSWER, ask_about_children

OPEN_DAYS = 14  # after the last day
MIN_ANSWERS = 5
SCORES = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Question:
    """ScoredQuestion from `low` (1) to `high` (5). `name` is the field of Answer."""

    name: str
    text: Promise
    low: Promise
    high: Promise


QUESTIONS = (
    Question(
        "useful",
        gettext_lazy("Hvor nyttig var samlingen for jobben din?"),
        gettext_lazy("ikke nyttig"),
        gettext_lazy("svært nyttig"),
    ),
    Question(
        "concrete",
        gettext_lazy("Vet du hva dere skal gjøre når dere kommer hjem?"),
        gettext_lazy("nei, det er uklart"),
        gettext_lazy("ja, det er helt klart"),
    ),
    Question(
        "involved",
        gettext_lazy("Fikk du bidra med egne erfaringer og tanker?"),
        gettext_lazy("nei, ikke i det hele tatt"),
        gettext_lazy("ja, i stor grad"),
    ),
    Question(
        "arranged",
        gettext_lazy("Hvordan var samlingen organisert?"),
        gettext_lazy("svært dårlig"),
        gettext_lazy("svært godt"),
    ),
)
COMMENT = gettext_lazy("Hva bør vi beholde eller gjøre annerledes neste gang?")


@dataclass(frozen=True)
class ScoreBar:
    score: int
    count: int
    percent: int
    width: int


@dataclass(frozen=True)
class ScoredQuestion:
    """A question's answers: how many gave each score, the highest first, and their mean."""

    question: Question
    mean: float
    bars: list[ScoreBar]

    @property
    def mean_width(self) -> int:
        return round((self.mean - SCORES[0]) / (SCORES[-1] - SCORES[0]) * 100)


@dataclass(frozen=True)
class EvaluationResults:
    """`scored` and `comments` are empty while there are fewer answers than MIN_ANSWERS."""

    answers: int
    attended: int
    scored: list[ScoredQuestion]
    comments: list[tuple[uuid.UUID, str]]  # with the answer's key, by which staff can strike one

    @property
    def shown(self) -> bool:
        return self.answers >= MIN_ANSWERS

    @property
    def share(self) -> int:
        return min(round(100 * self.answers / self.attended), 100) if self.attended else 0


def closes_on(gathering: Gathering) -> date | None:
    """The last day to answer."""
    return gathering.last_day + timedelta(days=OPEN_DAYS) if gathering.last_day else None


def is_open(gathering: Gathering, *, today: date) -> bool:
    last = closes_on(gathering)
    return gathering.last_day is not None and last is not None and gathering.last_day <= today <= last


def has_answered(gathering: Gathering, user: User) -> bool:
    return Answered.objects.filter(gathering=gathering, user=user).exists()


@transaction.atomic
def answer(gathering: Gathering, *, user: User, scores: dict[str, int], comment: str) -> bool:
    """Store one answer per person, and return whether this was it. `scores` by the questions' names."""
    gathering = places.lock(gathering)
    _row, first = Answered.objects.get_or_create(gathering=gathering, user=user)
    if not first:
        return False
    answers = [*gathering.answers.all(), Answer(gathering=gathering, comment=comment, **scores)]
    gathering.answers.all().delete()
    random.SystemRandom().shuffle(answers)
    for each in answers:
        each.pk = uuid.uuid4()
    Answer.objects.bulk_create(answers)
    return True


def strike(answer: Answer, *, reason: str, by: User, now: datetime) -> Struck:
    """Take away a comment; the scores stay. It is remembered at the gathering, for an answer has no time.

    Raises ValidationError with the code "struck" when it is gone.
    """
    answer = row.locked(answer)
    if not answer.comment:
        raise ValidationError(_("Teksten er allerede fjernet."), code="struck")
    found = Struck([answer.comment])
    answer.comment = ""
    answer.save(update_fields=["comment"])
    row.remember(answer.gathering, ["comment"], reason=reason, by=by, now=now)
    return found


def evaluation_results(gathering: Gathering) -> EvaluationResults:
    """Two queries. The comments come in the order of random keys, apart from their scores."""
    answers = list(gathering.answers.order_by("pk"))
    there = Attendance.objects.filter(registration__gathering=gathering)
    attended = there.values("registration__user").distinct().count()
    if len(answers) < MIN_ANSWERS:
        return EvaluationResults(len(answers), attended, [], [])
    comments = [(each.pk, each.comment) for each in answers if each.comment]
    return EvaluationResults(len(answers), attended, [_scored(question, answers) for question in QUESTIONS], comments)


def _scored(question: Question, answers: list[Answer]) -> ScoredQuestion:
    scores = Counter(getattr(each, question.name) for each in answers)
    most = max(scores.values())
    bars = [
        ScoreBar(score, scores[score], round(100 * scores[score] / len(answers)), round(100 * scores[score] / most))
        for score in reversed(SCORES)
    ]
    return ScoredQuestion(question, sum(score * count for score, count in scores.items()) / len(answers), bars)


class EvaluationForm(forms.Form):
    """The four scored questions, then the comment. The ends of each scale are in words."""

    comment = forms.CharField(
        label=COMMENT,
        required=False,
        max_length=Answer._meta.get_field("comment").max_length,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Skriv aldri navn på barn, eller noe som gjør at de kan kjennes igjen. La også være å "
            "skrive hvem du selv er, så er svaret anonymt."
        ),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for question in QUESTIONS:
            self.fields[question.name] = forms.TypedChoiceField(
                label=str(question.text),
                choices=[(score, _label(question, score)) for score in SCORES],
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": _("Velg et tall fra 1 til 5.")},
            )
        names = [question.name for question in QUESTIONS]
        self.order_fields([*names, "comment"])
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*(Div(name, css_class="app-scale") for name in names), "comment")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        ask_about_children(self, ["comment"])
        if ANSWER in self.fields:
            self.helper.layout.append(ANSWER)
        return cleaned

    @property
    def scores(self) -> dict[str, int]:
        return {question.name: self.cleaned_data[question.name] for question in QUESTIONS}


def _label(question: Question, score: int) -> str:
    ends = {SCORES[0]: question.low, SCORES[-1]: question.high}
    return f"{score}: {ends[score]}" if score in ends else str(score)
