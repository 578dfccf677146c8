"""What the calendar is narrowed to: a pulje, a municipality, a person, a kind of mail, words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from gatherings.models import Registration
from guidance.models import GroupMember
from lmp.board.filter import QuickSelect
from outbox import texts
from outbox.models import Message, MessageQuerySet
from outbox.pauses import rules
from outbox.plan import Planned
from participants.mails.scopes import of_cohort, of_participation
from participants.models import Cohort, Contact, Participation
from parts.forms import DateInput, number_from
from parts.names import LineField
from parts.order import alphabetical

MOST_DAYS = timedelta(days=800)
SPAN = timedelta(days=60)
YEARS = [
    MinValueValidator(date(2000, 1, 1), gettext_lazy("Velg en dag etter år 2000.")),
    MaxValueValidator(date(2100, 1, 1), gettext_lazy("Velg en dag før år 2100.")),
]


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    """A day that need not be chosen, of the years that a plan may have."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        widget=DateInput(),
        validators=YEARS,
        error_messages={"invalid": gettext_lazy("Skriv en dag som finnes, for eksempel 3.5.2027.")},
    )


@dataclass(frozen=True)
class Narrowing:
    cohort: Cohort | None = None
    participation: Participation | None = None
    person: User | None = None
    texts: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.cohort, self.participation, self.person, self.texts, self.words))

    def admits(self, mail: Planned) -> bool:
        if self.cohort and of_cohort(self.cohort) not in mail.scope:
            return False
        if self.participation and of_participation(self.participation.pk) not in mail.scope:
            return False
        if self.person and mail.recipient.pk != self.person.pk:
            return False
        if self.texts and mail.text.name not in self.texts:
            return False
        said = f"{mail.name} {mail.to} {mail.why}".casefold() if self.words else ""
        return all(word in said for word in self.words)

    def of(self, mails: Iterable[Planned]) -> list[Planned]:
        return [mail for mail in mails if self.admits(mail)]

    @property
    def written(self) -> MessageQuerySet:
        """The mails that are written. One does not say where it belongs: its recipient does."""
        found = Message.objects.all()
        if place := self.participation or self.cohort:
            people = _people(place)
            found = found.filter(Q(recipient__in=people) | Q(further__person__in=people)).distinct()
        if self.person:
            found = found.to_person(self.person)
        if self.texts:
            found = found.filter(text_name__in=self.texts)
        for word in self.words:
            found = found.filter(Q(to__icontains=word) | Q(recipient__name__icontains=word) | Q(why__icontains=word))
        return found


def _people(place: Cohort | Participation) -> Any:
    """Everybody who has or had a function there, or comes or came from there."""
    cohort = isinstance(place, Cohort)
    here = {"participation__cohort": place} if cohort else {"participation": place}
    guides = {f"group__{name}": value for name, value in here.items()}
    contacts = Contact.objects.filter(**here).order_by().values("user")
    registrations: Any = Registration.objects.filter(**here).order_by().values("user")
    members: Any = GroupMember.objects.filter(**guides).order_by().values("supervisor__user")
    return contacts.union(registrations, members)


class CalendarForm(forms.Form):
    """All of it lives in the address. A day shows that day alone."""

    dag = day_field(gettext_lazy("Vis en dag"))
    fra = day_field(gettext_lazy("eller fra og med"))
    til = day_field(gettext_lazy("til og med"))
    pulje = forms.ChoiceField(label=gettext_lazy("Pulje"), required=False)
    kommune = forms.ChoiceField(label=gettext_lazy("Kommune"), required=False, widget=QuickSelect)
    post = forms.ChoiceField(label=gettext_lazy("E-post"), required=False)
    q = LineField(label=gettext_lazy("Mottaker eller grunn"), required=False, max_length=200)
    person = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self._cohorts = {str(each.pk): each for each in Cohort.objects.order_by("-number")}
        rows = Participation.objects.select_related("municipality__county", "cohort")
        self._participations = {str(each.pk): each for each in sorted(rows, key=_by_name)}
        self._choose("pulje", [(key, str(each)) for key, each in self._cohorts.items()])
        self._choose("kommune", [(key, str(each)) for key, each in self._participations.items()])
        kinds = [(text.name, str(text.title)) for text in texts.all_texts().values()]
        together = [(name, str(rule.title)) for name, rule in rules().items()]
        kinds = [each for each in kinds if each[0] not in rules()]
        self._choose("post", sorted([*together, *kinds], key=lambda each: alphabetical(each[1])))

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = [("", _("Alle")), *choices]

    def clean_person(self) -> User | None:
        """Someone who is nobody is no choice."""
        key = number_from(self.cleaned_data["person"])
        return User.objects.filter(pk=key).first() if key else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        first, last = self.span
        if last < first:
            self.add_error("til", _("Siste dag kan ikke være før første dag."))
        elif last - first > MOST_DAYS:
            self.add_error("til", _("Velg høyst %(days)d dager.") % {"days": MOST_DAYS.days})
        return cleaned

    @property
    def day(self) -> date | None:
        return self.cleaned_data.get("dag")

    @property
    def span(self) -> tuple[date, date]:
        """The first day and the last."""
        if self.day:
            return self.day, self.day
        first = self.cleaned_data.get("fra") or self.today
        return first, self.cleaned_data.get("til") or first + SPAN

    @property
    def narrowing(self) -> Narrowing:
        chosen = self.cleaned_data
        kind = chosen["post"]
        rule = rules().get(kind)
        return Narrowing(
            cohort=self._cohorts.get(chosen["pulje"]),
            participation=self._participations.get(chosen["kommune"]),
            person=chosen["person"],
            texts=rule.texts if rule else frozenset([kind] if kind else []),
            words=tuple(chosen["q"].casefold().split()),
        )

    @property
    def kept(self) -> dict[str, str]:
        """What goes on to the page of another day."""
        return {name: self.data[name] for name in ("pulje", "kommune", "post", "q", "person") if self.data.get(name)}


def _by_name(participation: Participation) -> Any:
    return alphabetical(participation.municipality.name), -participation.cohort.number
