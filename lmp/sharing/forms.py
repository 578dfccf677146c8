"""What is written, for whom it is, and what the lists can be narrowed by."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, F, Q
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from gatherings.models import Gathering
from lmp.sharing import reading
from lmp.sharing.models import Publication, ReaderKind
from lmp.sharing.models.publication import PublicationQuerySet
from participants.models import Cohort, County
from parts.child_names.question import ask_about_children
from parts.dates import day_in_words
from parts.files import ACCEPTED
from parts.forms import DateInput, field
from parts.names import LineField, one_line

FURTHEST = timedelta(days=3 * 365)  # a pulje's two years, and the year before
LANGUAGES = {User.Language.NB: gettext_lazy("bokmål"), User.Language.NN: gettext_lazy("nynorsk")}


class PublicationForm(forms.ModelForm):
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Bare for noen av dem"),
        choices=[(kind.value, capfirst(kind.label)) for kind in ReaderKind],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Uten kryss: alle i pulja eller fylket. For en samling: de som er invitert, og de som er påmeldt."
        ),
    )

    class Meta:
        model = Publication
        fields = ["cohort", "gathering", "county", "kinds", *Publication.TEXTS, "shown_until"]
        help_texts = {
            "cohort": gettext_lazy("Velger du en samling, trenger du ikke velge pulje."),
            "gathering": gettext_lazy("Velg bare hvis innlegget gjelder én samling."),
            "county": gettext_lazy("Velg bare hvis innlegget gjelder kommunene i ett fylke."),
            "title_nb": gettext_lazy("Skriv på bokmål og nynorsk, eller på ett av språkene."),
            "text_nb": gettext_lazy(
                "Kort. Lenker kan stå i teksten. Filene legger du til etterpå. Skriv aldri navn på barn."
            ),
            "shown_until": gettext_lazy("La feltet stå tomt hvis innlegget skal vises til noen tar det tilbake."),
        }
        widgets = {
            "text_nb": forms.Textarea(attrs={"rows": 6}),
            "text_nn": forms.Textarea(attrs={"rows": 6}),
            "shown_until": DateInput(),
        }

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        cohort = field(self, "cohort", forms.ModelChoiceField)
        cohort.required, cohort.empty_label = False, str(_("Velg"))
        gathering = field(self, "gathering", forms.ModelChoiceField)
        gathering.queryset = Gathering.objects.select_related("cohort").order_by("-cohort__number", "semester")
        gathering.empty_label = field(self, "county", forms.ModelChoiceField).empty_label = str(_("Ingen"))

    def clean_shown_until(self) -> date | None:
        day = self.cleaned_data["shown_until"]
        if day and day != self.instance.shown_until and not self.today <= day <= self.today + FURTHEST:
            said = _("Velg en dag fra og med i dag til og med %(day)s.")
            raise ValidationError(said % {"day": day_in_words(self.today + FURTHEST)})
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._for_whom(cleaned)
        for language, name in LANGUAGES.items():
            self._whole(cleaned, language, str(name))
        if not any(cleaned.get(f"title_{language}") for language in LANGUAGES) and not self._text_errors():
            self.add_error("title_nb", _("Skriv en tittel, på bokmål, nynorsk eller begge."))
        ask_about_children(self, Publication.TEXTS)
        return cleaned

    def _for_whom(self, cleaned: dict[str, Any]) -> None:
        cohort, gathering = cleaned.get("cohort"), cleaned.get("gathering")
        if gathering and cleaned.get("county"):
            self.add_error("county", _("Velg enten en samling eller et fylke."))
        if gathering and cohort and gathering.cohort != cohort:
            said = _("Samlingen er i %(cohort)s. Velg den pulja, eller en annen samling.")
            self.add_error("gathering", said % {"cohort": str(gathering.cohort).lower()})
        elif gathering:
            cleaned["cohort"] = gathering.cohort
        elif not cohort and "cohort" not in self.errors:
            self.add_error("cohort", _("Velg pulja innlegget gjelder."))

    def _whole(self, cleaned: dict[str, Any], language: str, name: str) -> None:
        """A text has a title; and where one language has a text, the other has none or its own."""
        title, text = (f"{part}_{language}" for part in ("title", "text"))
        if {title, text} & self.errors.keys():
            return
        cleaned[title] = called = one_line(cleaned.get(title) or "")
        cleaned[text] = said = (cleaned.get(text) or "").replace("\r\n", "\n").strip()
        other = next(f"text_{each}" for each in LANGUAGES if each != language)
        if said and not called:
            self.add_error(title, _("Teksten på %(language)s trenger en tittel.") % {"language": name})
        elif called and not said and (self.data.get(self.add_prefix(other)) or "").strip():
            lacks = _("Skriv teksten på %(language)s også, eller ta bort tittelen på %(language)s.")
            self.add_error(text, lacks % {"language": name})

    def _text_errors(self) -> bool:
        return any(name in self.errors for name in Publication.TEXTS)

    @property
    def facts(self) -> dict[str, Any]:
        """Of a valid form, what is stored."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def _post_clean(self) -> None:
        """The rows are judged above, and stored by the model's own `write` and `change`."""


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or more files, as a list. Each is judged on its own afterwards, so that one that is wrong stops no other."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(each, initial) for each in data or [None]]


_TAKEN = gettext_lazy("PDF, Word, Excel, PowerPoint, ODT, PNG, JPG eller TXT på høyst 20 MB.")


class AddFilesForm(forms.Form):
    uploads = FilesField(
        label=gettext_lazy("Nye filer"),
        allow_empty_file=True,
        help_text=_TAKEN,
        widget=FilesInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": gettext_lazy("Velg minst én fil.")},
    )


class VersionForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Ny versjon"),
        allow_empty_file=True,
        help_text=_TAKEN,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": gettext_lazy("Velg en fil.")},
    )


class _TextFilter(forms.Form):
    q = LineField(
        label=gettext_lazy("Søk"), required=False, max_length=100, help_text=gettext_lazy("Tittel, tekst eller filnavn")
    )

    @property
    def chosen(self) -> dict[str, Any]:
        """Nonsense in the address counts as no choice."""
        self.is_valid()
        return self.cleaned_data

    @property
    def text(self) -> str:
        return self.chosen.get("q") or ""


class ReaderFilter(_TextFilter):
    gjelder = forms.ChoiceField(label=gettext_lazy("Gjelder"), required=False)

    def __init__(self, data: QueryDict, *, concerns: dict[str, str]) -> None:
        """`concerns`: what the reader's own publications are about, by a value for the address."""
        super().__init__(data)
        field(self, "gjelder", forms.ChoiceField).choices = [("", _("Alt")), *concerns.items()]

    def filter(self, found: PublicationQuerySet) -> PublicationQuerySet:
        return found.filter(_about(self.chosen.get("gjelder") or "")).with_words(self.text)


def value_of(publication: Publication) -> str:
    """What a publication concerns, in an address."""
    return f"{publication.cohort_id}-{publication.gathering_id or ''}-{publication.county_id or ''}"


def _about(value: str) -> Q:
    parts = value.split("-")
    if len(parts) != 3:
        return Q()
    cohort, gathering, county = (int(part) if part else None for part in parts)
    return Q(cohort=cohort, gathering=gathering, county=county)


DRAFT, SHOWN, TAKEN_BACK, EXPIRED = "utkast", "vises", "tilbake", "over"
SORTS: dict[str, tuple[Any, ...]] = {
    "": ("-changed_at", "-pk"),
    "lagt-ut": (F("published_at").desc(nulls_last=True), "-pk"),
    "tittel": ("title_nb", "title_nn", "pk"),
    "lest": ("-people", "-pk"),
}


class StaffFilter(_TextFilter):
    pulje = forms.ModelChoiceField(
        label=gettext_lazy("Pulje"), queryset=Cohort.objects.all(), required=False, empty_label=gettext_lazy("Alle")
    )
    samling = forms.ModelChoiceField(
        label=gettext_lazy("Samling"),
        queryset=Gathering.objects.select_related("cohort").order_by("-cohort__number", "semester"),
        required=False,
        empty_label=gettext_lazy("Alle"),
    )
    fylke = forms.ModelChoiceField(
        label=gettext_lazy("Fylke"), queryset=County.objects.all(), required=False, empty_label=gettext_lazy("Alle")
    )
    tilstand = forms.ChoiceField(
        label=gettext_lazy("Tilstand"),
        choices=[
            ("", gettext_lazy("Alle")),
            (DRAFT, gettext_lazy("Utkast")),
            (SHOWN, gettext_lazy("Vises")),
            (TAKEN_BACK, gettext_lazy("Tatt tilbake")),
            (EXPIRED, gettext_lazy("Vises ikke lenger")),
        ],
        required=False,
    )
    sorter = forms.ChoiceField(
        label=gettext_lazy("Sorter etter"),
        choices=[
            ("", gettext_lazy("Sist endret")),
            ("lagt-ut", gettext_lazy("Sist lagt ut")),
            ("tittel", gettext_lazy("Tittel, A til Å")),
            ("lest", gettext_lazy("Lest av flest")),
        ],
        required=False,
    )

    def filter(self, *, today: date) -> PublicationQuerySet:
        """With `people`, how many have read each."""
        chosen = self.chosen
        found = {
            DRAFT: Publication.objects.drafts(),
            SHOWN: Publication.objects.shown(today=today),
            TAKEN_BACK: Publication.objects.taken_back(),
            EXPIRED: Publication.objects.expired(today=today),
        }.get(chosen.get("tilstand") or "", Publication.objects.all())
        named = {"cohort": "pulje", "gathering": "samling", "county": "fylke"}
        found = found.filter(**{name: chosen[key] for name, key in named.items() if chosen.get(key)})
        opened = Count("readings", filter=Q(readings__version__isnull=True), distinct=True)
        kept = Count("files", filter=Q(files__removed_at__isnull=True), distinct=True)
        order = SORTS.get(chosen.get("sorter") or "", SORTS[""])
        return found.with_words(self.text).annotate(people=opened, file_count=kept).order_by(*order)


class ReadersFilter(forms.Form):
    q = LineField(
        label=gettext_lazy("Søk"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Navn, funksjon eller kommune"),
    )
    tilstand = forms.ChoiceField(
        label=gettext_lazy("Tilstand"), choices=[("", gettext_lazy("Alle")), *reading.STATES], required=False
    )

    def filter(self, readers: list[reading.Reader]) -> list[reading.Reader]:
        self.is_valid()
        text = (self.cleaned_data.get("q") or "").casefold()
        state = self.cleaned_data.get("tilstand") or ""
        return [
            each
            for each in readers
            if state in ("", each.state) and text in " ".join([each.name, *each.functions, *each.places]).casefold()
        ]
