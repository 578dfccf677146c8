"""The three sheets that a whole cohort is loaded from, the words their cells may hold, and a template to fill in."""

from collections.abc import Sequence
from typing import IO, TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.loading.spreadsheet import MAX_ROWS, CohortColumn, CohortSheet
from participants.models import Contact, Unit
from parts.sheets import template

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Bokmål and nynorsk, and what people write in practice. Compared without regard to case.
KINDS = {
    "barnehage": Unit.Kind.KINDERGARTEN,
    "skole": Unit.Kind.SCHOOL,
    "skule": Unit.Kind.SCHOOL,
    "sfo": Unit.Kind.SFO,
    "skolefritidsordning": Unit.Kind.SFO,
    "skulefritidsordning": Unit.Kind.SFO,
}
OWNERSHIPS = {
    "kommunal": Unit.Ownership.PUBLIC,
    "offentlig": Unit.Ownership.PUBLIC,
    "offentleg": Unit.Ownership.PUBLIC,
    "privat": Unit.Ownership.PRIVATE,
}
FUNCTIONS = {
    "barnehagemyndighet": Contact.Function.AUTHORITY,
    "barnehagemyndigheit": Contact.Function.AUTHORITY,
    "eier": Contact.Function.OWNER,
    "eigar": Contact.Function.OWNER,
    "barnehageeier": Contact.Function.OWNER,
    "barnehageeigar": Contact.Function.OWNER,
    "skoleeier": Contact.Function.OWNER,
    "skuleeigar": Contact.Function.OWNER,
    "barnehagefaglig ansvarlig": Contact.Function.KINDERGARTEN_LEAD,
    "barnehagefagleg ansvarleg": Contact.Function.KINDERGARTEN_LEAD,
    "skolefaglig ansvarlig": Contact.Function.SCHOOL_LEAD,
    "skulefagleg ansvarleg": Contact.Function.SCHOOL_LEAD,
    "styrer": Contact.Function.HEAD,
    "styrar": Contact.Function.HEAD,
    "rektor": Contact.Function.HEAD,
    "styrer eller rektor": Contact.Function.HEAD,
    "styrar eller rektor": Contact.Function.HEAD,
    "ppt": Contact.Function.PPT,
    "pp-tjenesten": Contact.Function.PPT,
    "pp-tjeneste": Contact.Function.PPT,
    "pp-tenesta": Contact.Function.PPT,
}
YES_OR_NO = {"ja": True, "nei": False}

KIND_WORDS = ("barnehage", "skole", "SFO")
OWNERSHIP_WORDS = ("kommunal", "privat")
FUNCTION_WORDS = (
    "barnehagemyndighet",
    "eier",
    "barnehagefaglig ansvarlig",
    "skolefaglig ansvarlig",
    "styrer",
    "rektor",
    "PPT",
)
YES_OR_NO_WORDS = ("ja", "nei")

# The titles are the file's format, so they are the same in both written languages.
_NUMBER = CohortColumn(
    "municipality",
    "Kommunenummer",
    gettext_lazy("Fire siffer, for eksempel 0301."),
    required=True,
    max_length=10,
    width=16,
)
_NAME = CohortColumn(
    "municipality_name", "Kommune", gettext_lazy("Kan stå tom. Står det et navn der, må det passe med nummeret.")
)
MUNICIPALITIES = CohortSheet(
    "Kommuner",
    (
        CohortColumn(
            "cohort",
            "Pulje",
            gettext_lazy("Nummeret på pulja. Det samme i alle rader."),
            required=True,
            max_length=10,
            width=8,
        ),
        _NUMBER,
        _NAME,
        CohortColumn(
            "accepted",
            "Takket ja",
            gettext_lazy("ja eller nei. La cella stå tom hvis kommunen ikke har svart."),
            choices=YES_OR_NO_WORDS,
            max_length=20,
            width=12,
        ),
        CohortColumn(
            "case_number",
            "Saksnummer",
            gettext_lazy("Saksnummeret i arkivet, for eksempel 2027/1234."),
            max_length=30,
        ),
    ),
)
UNITS = CohortSheet(
    "Enheter",
    (
        _NUMBER,
        _NAME,
        CohortColumn(
            "organisation_number",
            "Organisasjonsnummer",
            gettext_lazy("Ni siffer. En SFO kan mangle eget nummer."),
            max_length=20,
        ),
        CohortColumn(
            "name", "Enhet", gettext_lazy("Navnet på barnehagen, skolen eller SFO-en."), required=True, width=36
        ),
        CohortColumn(
            "kind",
            "Type",
            gettext_lazy("barnehage, skole eller SFO."),
            required=True,
            choices=KIND_WORDS,
            max_length=40,
            width=14,
        ),
        CohortColumn(
            "ownership",
            "Eierform",
            gettext_lazy("kommunal eller privat. En ny enhet med tom celle blir kommunal."),
            choices=OWNERSHIP_WORDS,
            max_length=40,
        ),
    ),
)
CONTACTS = CohortSheet(
    "Kontakter",
    (
        _NUMBER,
        _NAME,
        CohortColumn(
            "function",
            "Funksjon",
            gettext_lazy("Velg fra lista. Styrer og rektor er for én enhet, de andre for hele kommunen."),
            required=True,
            choices=FUNCTION_WORDS,
            width=26,
        ),
        CohortColumn(
            "unit",
            "Enhet",
            gettext_lazy("For styrer og rektor: enhetens navn eller organisasjonsnummer. La cella stå tom for andre."),
            width=36,
        ),
        CohortColumn("name", "Navn", gettext_lazy("Fornavn og etternavn."), required=True, width=30),
        CohortColumn(
            "email",
            "E-post",
            gettext_lazy("Personens egen adresse på jobb. Den brukes til å logge inn."),
            required=True,
            max_length=254,
            width=36,
        ),
        CohortColumn(
            "phone",
            "Telefon",
            gettext_lazy("For eksempel 73 00 00 00 eller +47 73 00 00 00."),
            max_length=30,
            plus_allowed=True,
        ),
    ),
)
SHEETS = (MUNICIPALITIES, UNITS, CONTACTS)
INTRODUCTION = (
    gettext_lazy("Fyll ut arkene Kommuner, Enheter og Kontakter. Kolonner med * må fylles ut."),
    gettext_lazy("Ikke endre navnene på ark og kolonner. Tomme rader hoppes over."),
    gettext_lazy("Innlastingen legger til og retter. Den sletter ingenting, og tomme celler endrer ingenting."),
    gettext_lazy("Pulja må være opprettet i portalen først."),
)


def write_template(
    file: IO[bytes],
    *,
    title: str = "",
    of: Sequence[CohortSheet] = SHEETS,
    introduction: Sequence["StrOrPromise"] = INTRODUCTION,
) -> None:
    """An empty workbook with these sheets, and one that explains them."""
    title = title or _("Mal for pulje")
    template.write(file, title=title, sheets=of, introduction=introduction, rows=MAX_ROWS)
