"""The sheet that many supervisors are loaded from, and the words its cells may hold."""

from typing import IO

from django.utils.translation import gettext_lazy as _

from guidance.models import Supervisor
from participants.loading import sheets, spreadsheet
from participants.loading.spreadsheet import CohortColumn, CohortSheet

BACKGROUNDS = {
    "læringsmiljøsenteret": Supervisor.Employer.CENTRE,
    "senteret": Supervisor.Employer.CENTRE,
    "praksis": Supervisor.Employer.PRACTICE,
    "barnehage": Supervisor.Employer.PRACTICE,
    "skole": Supervisor.Employer.PRACTICE,
    "skule": Supervisor.Employer.PRACTICE,
    "barnehage eller skole": Supervisor.Employer.PRACTICE,
}
# (kindergarten, school)
KNOWS = {
    "barnehage": (True, False),
    "skole": (False, True),
    "skule": (False, True),
    "begge": (True, True),
    "barnehage og skole": (True, True),
    "barnehage og skule": (True, True),
    "skole og barnehage": (True, True),
    "skule og barnehage": (True, True),
}
BACKGROUND_WORDS = ("Læringsmiljøsenteret", "praksis")
KNOWS_WORDS = ("barnehage", "skole", "barnehage og skole")

# The titles are the file's format, so they are the same in both written languages.
SUPERVISORS = CohortSheet(
    "Veiledere",
    (
        CohortColumn("name", "Navn", _("Fornavn og etternavn."), required=True, width=30),
        CohortColumn(
            "email",
            "E-post",
            _("Personens egen adresse på jobb. Den brukes til å logge inn."),
            required=True,
            max_length=254,
            width=36,
        ),
        CohortColumn(
            "phone", "Telefon", _("For eksempel 73 00 00 00 eller +47 73 00 00 00."), max_length=30, plus_allowed=True
        ),
        CohortColumn(
            "background",
            "Bakgrunn",
            _("Læringsmiljøsenteret eller praksis. Må fylles ut for en ny veileder."),
            choices=BACKGROUND_WORDS,
            max_length=40,
        ),
        CohortColumn("workplace", "Arbeidssted", _("For eksempel Solbakken barnehage, Bodø kommune."), width=36),
        CohortColumn("knows", "Kjenner", _("barnehage, skole eller begge."), choices=KNOWS_WORDS, max_length=40),
        CohortColumn(
            "capacity",
            "Kapasitet",
            _("Flest kommuner i pulja du velger. Et helt tall."),
            max_length=10,
        ),
        CohortColumn(
            "counties",
            "Fylker",
            _("Fylkene personen helst vil ha, med komma mellom. La cella stå tom hvis alle passer like godt."),
            max_length=300,
            width=36,
        ),
        CohortColumn(
            "own",
            "Egne kommuner",
            _("Kommunene der personen ikke er habil, med komma mellom. For eksempel Bodø, Herøy (Nordland)."),
            max_length=500,
            width=36,
        ),
    ),
)
INTRODUCTION = (
    _("Fyll ut arket Veiledere, én rad for hver. Kolonner med * må fylles ut."),
    _("Ikke endre navnene på arket og kolonnene. Tomme rader hoppes over."),
    _("Innlastingen legger til og retter. Den sletter ingenting, og tomme celler endrer ingenting."),
)


def read(file: IO[bytes], *, size: int) -> spreadsheet.Contents:
    """Raises ValidationError when the file can't be used at all."""
    return spreadsheet.read(file, [SUPERVISORS], size=size)


def write_template(file: IO[bytes]) -> None:
    sheets.write_template(file, title=str(_("Mal for veiledere")), of=[SUPERVISORS], introduction=INTRODUCTION)
