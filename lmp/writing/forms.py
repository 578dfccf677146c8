"""What is written, or which reminder it is, and where answers go."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lmp.writing.models import BODY_LENGTH, REASON_LENGTH, SUBJECT_LENGTH, RecipientQuerySet, Writing
from outbox import texts
from outbox.models import Message, MessageState
from parts.child_names.question import ask_about_children
from parts.forms import field
from parts.names import LineField, one_line


def reply_addresses(writer: User) -> list[tuple[str, str]]:
    """The writer's own first, then the project's, then the other staff's. None else: an answer is the project's."""
    others = User.objects.filter(is_staff=True, is_active=True).exclude(pk=writer.pk).order_by("name", "pk")
    named = [(person.email, f"{person} ({person.email})") for person in [writer, *others]]
    support = (
        settings.SUPPORT_EMAIL,
        _("Prosjektets felles adresse (%(address)s)") % {"address": settings.SUPPORT_EMAIL},
    )
    return list(dict([named[0], support, *named[1:]]).items())


class _WritingForm(forms.Form):
    reply_to = forms.ChoiceField(label=gettext_lazy("Svar går til"))
    reason = LineField(
        label=gettext_lazy("Hvorfor skriver du?"),
        required=False,
        max_length=REASON_LENGTH,
        help_text=gettext_lazy("Blir stående på e-postene i portalen. Mottakerne ser det ikke."),
    )

    def __init__(self, *args: Any, draft: Writing, writer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {*str(writer).split(), str(writer)}  # who signs their own text
        field(self, "reply_to", forms.ChoiceField).choices = reply_addresses(writer)
        self.initial.update({"reply_to": draft.reply_to or settings.SUPPORT_EMAIL, "reason": draft.reason})

    def clean_reason(self) -> str:
        return one_line(self.cleaned_data["reason"])


class ReminderForm(_WritingForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("Hva skal de minnes på?"),
        choices=[choice for choice in Writing.Kind.choices if choice[0] != Writing.Kind.MESSAGE],
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Teksten er den samme som i påminnelsene som går av seg selv, med det som venter i dag."
        ),
    )
    field_order = ["kind", "reply_to", "reason"]

    def __init__(self, *args: Any, draft: Writing, **kwargs: Any) -> None:
        super().__init__(*args, draft=draft, **kwargs)
        self.initial["kind"] = draft.kind

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        ask_about_children(self, ["reason"], known=self.known)
        return cleaned


NAMES = {"nb": gettext_lazy("bokmål"), "nn": gettext_lazy("nynorsk")}


class MessageForm(_WritingForm):
    """A subject and a text in each language. Asked for in those that somebody chosen gets it in."""

    subject_nb = LineField(label=gettext_lazy("Emne, bokmål"), max_length=SUBJECT_LENGTH)
    body_nb = forms.CharField(
        label=gettext_lazy("Tekst, bokmål"), max_length=BODY_LENGTH, widget=forms.Textarea(attrs={"rows": 12})
    )
    subject_nn = LineField(label=gettext_lazy("Emne, nynorsk"), max_length=SUBJECT_LENGTH)
    body_nn = forms.CharField(
        label=gettext_lazy("Tekst, nynorsk"), max_length=BODY_LENGTH, widget=forms.Textarea(attrs={"rows": 12})
    )
    field_order = ["subject_nb", "body_nb", "subject_nn", "body_nn", "reply_to", "reason"]

    def __init__(self, *args: Any, draft: Writing, counts: dict[str, int], **kwargs: Any) -> None:
        """`counts`: how many get it in each language. While nobody is chosen, it is written in both."""
        super().__init__(*args, draft=draft, **kwargs)
        self._text, self._is_ready = draft.text, draft.occasion is not None
        self._needed = [language for language in NAMES if counts.get(language) or not counts]
        for language in NAMES:
            begun = draft.wording(language)
            subject, body = begun if any(begun) else texts.wording_of(self._text, language)
            self.initial.update({f"subject_{language}": subject, f"body_{language}": body})
            for name in (f"subject_{language}", f"body_{language}"):
                self.fields[name].required = language in self._needed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for language in NAMES:
            self._check(language)
        ask_about_children(self, ["subject_nb", "body_nb", "subject_nn", "body_nn", "reason"], known=self.known)
        return cleaned

    def _check(self, language: str) -> None:
        """The placeholders as in all wordings, and that something is written beside what the page began with.

        A language that nobody gets it in is left empty until somebody does. What is about an occasion is whole at once.
        """
        _subject, begun = texts.wording_of(self._text, language)
        names = f"subject_{language}", f"body_{language}"
        subject, body = one_line(self._typed(names[0])), self._typed(names[1]).replace("\r\n", "\n").strip()
        if body.split() in ([], begun.split()) and language not in self._needed and not self._is_ready:
            subject = body = ""
        for name, said, is_subject in ((names[0], subject, True), (names[1], body, False)):
            if name in self.errors:
                continue
            self.cleaned_data[name] = said
            if said and (wrong := texts.problems(self._text, said, subject=is_subject)):
                self.add_error(name, wrong)
            elif said and not (is_subject or self._is_ready) and said.split() == begun.split():
                self.add_error(name, _("Skriv teksten på %(language)s.") % {"language": NAMES[language]})

    def _typed(self, name: str) -> str:
        return self.cleaned_data.get(name) or ""


class ListFilter(forms.Form):
    """What the list of what has been written can be narrowed by."""

    q = LineField(
        label=gettext_lazy("Søk"), required=False, max_length=100, help_text=gettext_lazy("Emne eller hvem som skrev")
    )
    type = forms.ChoiceField(
        label=gettext_lazy("Hva"), choices=[("", gettext_lazy("Alle")), *Writing.Kind.choices], required=False
    )

    def filter(self, writings: QuerySet[Any]) -> QuerySet[Any]:
        self.is_valid()
        chosen = self.cleaned_data
        if text := chosen.get("q"):
            named = Q(subject_nb__icontains=text) | Q(subject_nn__icontains=text) | Q(reason__icontains=text)
            writings = writings.filter(named | Q(written_by__name__icontains=text))
        if kind := chosen.get("type"):
            writings = writings.filter(kind=kind)
        return writings


class OutcomeFilter(forms.Form):
    """What became of each: of those who are done, and of their mails."""

    q = LineField(
        label=gettext_lazy("Søk"), required=False, max_length=100, help_text=gettext_lazy("Navn eller e-post")
    )
    tilstand = forms.ChoiceField(
        label=gettext_lazy("Tilstand"),
        choices=[
            ("", gettext_lazy("Alle")),
            *MessageState.choices,
            ("left_out", gettext_lazy("Ikke sendt")),
        ],
        required=False,
    )

    def filter(self, recipients: RecipientQuerySet, *, now: datetime) -> RecipientQuerySet:
        self.is_valid()
        chosen = self.cleaned_data
        if text := chosen.get("q"):
            recipients = recipients.filter(Q(person__name__icontains=text) | Q(person__email__icontains=text))
        if chosen.get("tilstand") == "left_out":
            return recipients.left_out()
        if state := chosen.get("tilstand"):
            in_state = recipients.filter(message__in=Message.objects.in_state(state, now))
            return in_state | recipients.waiting() if state == MessageState.WAITING else in_state
        return recipients
