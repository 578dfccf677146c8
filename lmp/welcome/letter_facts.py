"""What a letter names, as plain data: the letter is set from these, and from nothing else."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class LetterUnit:
    name: str
    kind: str = ""
    organisation_number: str = ""
    head: str = ""
    children: int | None = None
    counted_on: date | None = None


@dataclass(frozen=True)
class LetterContact:
    function: str
    name: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class LetterGathering:
    """The kick-off has no semester. ``settled`` as in gatherings.Gathering; "" where nothing is registered."""

    semester: int | None
    starts_on: date | None = None
    ends_on: date | None = None
    venue: str = ""
    settled: str = ""
    audience: tuple[str, ...] = ()


@dataclass(frozen=True)
class LetterWording:
    """What staff have worded for this cohort and language. Blank: the wording that is shipped."""

    intro: str = ""
    kick_off_note: str = ""
    case_worker: str = ""
    project_leaders: str = ""
    reply: str = ""
    closing: str = ""
    senders: str = ""


@dataclass(frozen=True)
class LetterFacts:
    """Everything that the letter names."""

    language: str
    dated: date
    cohort: int
    first_year: int
    starts_on: date
    municipality: str
    governor: str
    reply_by: date
    reply_url: str
    help_address: str
    gathering_label: str = "gathering"
    case_number: str = ""
    designation: str = "kommune"
    official_name: str = ""  # in each of its languages; "" where it is the name
    organisation_number: str = ""
    their_reference: str = ""
    postal_address: str = ""  # in lines
    logo: str = ""  # of the sender, as SVG
    units: tuple[LetterUnit, ...] = ()
    contacts: tuple[LetterContact, ...] = ()
    gatherings: tuple[LetterGathering, ...] = ()
    supervisors: tuple[str, ...] = ()
    wording: LetterWording = field(default_factory=LetterWording)
