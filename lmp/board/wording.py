"""What the board's columns are called, and what a cell says, in the language that is active."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from gatherings.models import Gathering
from guidance.follow_up import lacks
from guidance.models import FollowUp
from lmp.board.milestones import BoardCell, CohortFacts, MunicipalityFacts, cells
from participants import states
from participants.models import Participation
from parts.dates import short_day

SIGNS = {"done": "✓", "late": "!", "waiting": "…", "nothing": "–"}
# Words with no number in them. Those of a gathering that is not settled are its own.
WORDS: dict[str, str | Promise] = {
    **{state: states.LABELS[state] for state in ("nominated", "accepted", "waiting", "overdue", "confirmed")},
    "sent": gettext_lazy("Sendt"),
    "not_sent": gettext_lazy("Ikke sendt"),
    "not_asked": gettext_lazy("Ikke spurt ennå"),
    "ppt_yes": Participation.PPT.YES.label,
    "ppt_no": Participation.PPT.NO.label,
    "ppt_undecided": Participation.PPT.UNDECIDED.label,
    "informed": gettext_lazy("Informert"),
    "not_informed": gettext_lazy("Ikke registrert"),
    "no_units": gettext_lazy("Ingen enheter"),
    "no_supervisors": gettext_lazy("Ikke satt sammen ennå"),
    "not_open": gettext_lazy("Ikke åpnet"),
    "opens": gettext_lazy("Påmeldingen åpner"),
    "not_invited": gettext_lazy("Ikke invitert ennå"),
    "coming": gettext_lazy("Påmeldt"),
    "nobody_comes": gettext_lazy("Ingen kommer"),
    "came": pgettext_lazy("samling", "Møtte"),
    "stayed_away": pgettext_lazy("samling", "Møtte ikke"),
    "over": pgettext_lazy("samling", "Er holdt"),
    "not_guided": gettext_lazy("Ikke begynt"),
    "no_measures": gettext_lazy("Ingen tiltak"),
}


@dataclass(frozen=True)
class BoardColumn:
    """A milestone: what it is called in the address, and on the page."""

    key: str
    label: str


@dataclass(frozen=True)
class BoardRow:
    municipality: MunicipalityFacts
    cells: tuple[BoardCell, ...]

    @property
    def late(self) -> int:
        return [cell.state for cell in self.cells].count("late")

    @property
    def is_late(self) -> bool:
        return self.late > 0


def columns(cohort: CohortFacts) -> list[BoardColumn]:
    """In the order of `milestones.cells`."""
    semester = _("Møter i %(number)s. semester") % {"number": cohort.semester.number}
    return [
        BoardColumn("ja", _("Takket ja")),
        BoardColumn("brev", _("Velkomstbrev")),
        BoardColumn("bekreftelse", _("Bekreftelse")),
        BoardColumn("ppt", _("PP-tjenesten deltar")),
        BoardColumn("politisk", _("Politisk nivå")),
        BoardColumn("grupper", _("Prosjektgrupper")),
        BoardColumn("veiledere", _("Veiledergruppe")),
        *(BoardColumn(f"samling-{gathering.pk}", gathering.title) for gathering in cohort.gatherings),
        BoardColumn("moter", semester),
        BoardColumn("tiltak", _("Tiltak")),
    ]


def rows(municipalities: Iterable[MunicipalityFacts], cohort: CohortFacts) -> list[BoardRow]:
    return [BoardRow(municipality, tuple(cells(municipality, cohort))) for municipality in municipalities]


def word(cell: BoardCell) -> str:
    """What it says, without its day."""
    count, of = cell.number, cell.of
    if cell.word in WORDS:
        return str(WORDS[cell.word])
    if cell.word in FollowUp.Kind.values:
        return lacks.in_words(FollowUp.Kind(cell.word), count)
    if cell.word in Gathering.Settled.values:
        return capfirst(str(Gathering.Settled(cell.word).label))
    if cell.word in ("units_missing", "all_units"):
        return _of_units(cell.word, of) % {"count": count, "of": of}
    counted = {
        "supervisors": ngettext("%(count)s veileder", "%(count)s veiledere", count),
        "held": ngettext("%(count)s møte holdt", "%(count)s møter holdt", count),
        "held_of": _("%(count)s av %(of)s holdt"),
        "measures": _("%(count)s tiltak"),
        "measures_over": _("%(count)s over fristen"),
    }
    return counted[cell.word] % {"count": count, "of": of}


def _of_units(word: str, of: int) -> str:
    if word == "all_units":
        return ngettext("Enheten har gruppe", "Alle %(of)s enheter", of)
    return ngettext("%(count)s av %(of)s enhet mangler", "%(count)s av %(of)s enheter mangler", of)


def day(cell: BoardCell) -> str:
    """Its day in words, and what the day is; empty without one."""
    if cell.day is None:
        return ""
    text = short_day(cell.day).replace(" ", "\N{NO-BREAK SPACE}")
    if cell.when == "next":
        return _("neste %(day)s") % {"day": text}
    if cell.when == "due":
        return (_("fristen var %(day)s") if cell.is_late else _("frist %(day)s")) % {"day": text}
    return text


def unreached(count: int) -> str:
    """That mail to so many of a municipality's people comes back."""
    said = ngettext(
        "E-posten til %(count)s person kommer i retur", "E-posten til %(count)s personer kommer i retur", count
    )
    return said % {"count": count}


def in_one_line(cell: BoardCell) -> str:
    return ", ".join(part for part in (word(cell), day(cell)) if part)
