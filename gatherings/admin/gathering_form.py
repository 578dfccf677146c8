"""The form of a gathering: its fields, what may stand together, and what is told when it changes."""

from datetime import time
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gatherings import changing, deadlines
from gatherings.admin.changing import overtaken
from gatherings.models import Gathering, Registration
from parts.dates import day_in_words
from parts.forms import BACK, TimeField

SENTENCE_LENGTH = 1000


class LinesField(forms.CharField):
    """Text in lines. A browser sends its line breaks as two characters, which would count as a change."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class GatheringForm(forms.ModelForm):
    audience = forms.MultipleChoiceField(
        label=gettext_lazy("For hvem"),
        choices=Gathering.AUDIENCE,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Funksjonene som er invitert. Velger du ingen, er alle invitert."),
    )
    along = forms.BooleanField(
        label=gettext_lazy("Flytt fristene like langt"),
        required=False,
        help_text=gettext_lazy(
            "Når første dag endres: siste dag og de fristene du ikke skriver selv, flyttes like mange dager. "
            "En frist på en arbeidsdag blir stående på en arbeidsdag. Du ser dem før du lagrer."
        ),
    )
    sentence = forms.CharField(
        label=gettext_lazy("Melding fra dere (valgfri)"),
        max_length=SENTENCE_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "Står i e-posten når samlingen flyttes, avlyses eller holdes likevel, og i historikken. "
            "For eksempel hvorfor."
        ),
    )
    tell_invited = forms.BooleanField(
        label=gettext_lazy("Si også fra til de inviterte som ikke er påmeldt"),
        required=False,
        initial=True,
        help_text=gettext_lazy("De som har fått invitasjonen eller har meldt på andre. De påmeldte får alltid e-post."),
    )
    # The row as it was when the page was opened, so that nobody overwrites what they have not seen.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Gathering
        field_classes = {
            "procedure": LinesField,
            "programme": LinesField,
            "starts_at": TimeField,
            "ends_at": TimeField,
        }
        fields = [
            "cohort",
            "kind",
            "semester",
            "settled",
            "starts_on",
            "ends_on",
            "starts_at",
            "ends_at",
            "venue",
            "address",
            "audience",
            "opens_on",
            "closes_on",
            "capacity",
            "capacity_a_municipality",
            "capacity_a_unit",
            "offer_days",
            "travel_closes_on",
            "procedure",
            "programme",
        ]
        help_texts = {
            "settled": gettext_lazy("Bare en avklart samling kan åpne for påmelding."),
            "ends_on": gettext_lazy("La feltet stå tomt hvis samlingen varer én dag."),
            "opens_on": gettext_lazy("Fra denne dagen kan de inviterte melde på. Uten dato åpner ikke påmeldingen."),
            "closes_on": gettext_lazy(
                "Siste dag for å melde på, endre og melde av. Sett den så tidlig at hotellet rekker å få navnene."
            ),
            "travel_closes_on": gettext_lazy(
                "Siste dag for å bestille reise, gjerne noen dager etter påmeldingsfristen. "
                "La feltet stå tomt hvis deltakerne bestiller selv."
            ),
            "procedure": gettext_lazy(
                "Skriv hvem som bestiller, hvor og hva de må oppgi. Utgiftene dekkes når deltakeren følger dette."
            ),
            "programme": gettext_lazy("Vises for alle som ser samlingen. Filer laster du opp under Dokumenter."),
            "capacity_a_unit": gettext_lazy("La feltet stå tomt hvis det ikke er noen grense."),
            "capacity_a_municipality": gettext_lazy(
                "La feltet stå tomt hvis det ikke er noen grense. Enhetenes plasser er regnet med."
            ),
            "offer_days": gettext_lazy("Når noen på ventelista får tilbud om plass."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = changing.fingerprint(self.instance)

    def is_valid(self) -> bool:
        """Save nothing, and show the form as typed, after "back" on the page of what a change does."""
        return BACK not in self.data and super().is_valid()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk:
            self._move_along(cleaned)
            self._check_journeys(cleaned)
        self._check_days(cleaned)
        if self.instance.pk and (change := overtaken(self.instance, seen=cleaned.get("seen", ""))):
            message, now_seen = change
            self.add_error(None, message)
            # After that message the same page may be saved again: the person has read it, and means it.
            data = cast(QueryDict, self.data).copy()
            data["seen"] = now_seen
            self.data = data
        return cleaned

    def _move_along(self, cleaned: dict[str, Any]) -> None:
        """Move what staff did not type themselves. A deadline that would have passed by then is asked for."""
        starts_on = cleaned.get("starts_on")
        if not cleaned.get("along") or not starts_on or starts_on == self.instance.starts_on:
            return
        today = timezone.localdate()
        for name, day in deadlines.moved_along(self.instance, starts_on=starts_on, today=timezone.localdate()).items():
            if name in self.changed_data:
                continue
            if name in deadlines.STEPS and name != "opens_on" and day < today <= getattr(self.instance, name):
                message = _("Flyttet like langt blir fristen %(day)s, som er gått ut. Skriv en annen frist.")
                self.add_error(name, message % {"day": day_in_words(day)})
            else:
                cleaned[name] = day

    def _check_journeys(self, cleaned: dict[str, Any]) -> None:
        """Whoever has a journey must order it once more for other days: that takes a deadline that has not passed."""
        today, deadline = timezone.localdate(), cleaned.get("travel_closes_on")
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        is_moved = (first, last) != (self.instance.starts_on, self.instance.ends_on)
        if not first or first < today or not is_moved or not deadline or deadline >= today:
            return
        if self.instance.registrations.active().filter(travel=Registration.Travel.ORDERS).exists():
            message = _("Dagene er nye, så reisene må bestilles på nytt, og fristen er gått ut. Skriv en ny frist.")
            self.add_error("travel_closes_on", message)

    def _check_days(self, cleaned: dict[str, Any]) -> None:
        def lacks(name: str, other: str) -> bool:
            return bool(cleaned.get(name)) and name not in self.errors and other in cleaned and not cleaned[other]

        if lacks("ends_on", "starts_on"):
            self.add_error("starts_on", _("Skriv også første dag."))
        if lacks("opens_on", "closes_on"):
            self.add_error("closes_on", _("Skriv også påmeldingsfristen."))
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on") or cleaned.get("starts_on")
        begins: time | None = cleaned.get("starts_at")
        ends: time | None = cleaned.get("ends_at")
        if begins and ends and first == last and ends <= begins:
            self.add_error("ends_at", _("Samlingen kan ikke slutte før den begynner."))
        orders_by = cleaned.get("travel_closes_on")
        if orders_by and first and orders_by > first:
            self.add_error("travel_closes_on", _("Fristen for å bestille reise kan ikke være etter første dag."))
