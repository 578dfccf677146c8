"""What the letter says: from the facts and the shipped wording to the blocks that letter.typ sets."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from lmp.welcome.grammar import days, fill, listing, month, weekday_and_day
from lmp.welcome.letter_facts import LetterFacts, LetterGathering, LetterUnit
from parts.names import one_line
from parts.phone import unbroken

RENAMED_IN = 2021  # until then the county governor was called fylkesmann
PHONE = re.compile(r"\d{2}(?: \d{2}){3}|\d{3} \d{2} \d{3}")
HEADER = 90  # characters that fit on the line above a page
Block = dict[str, Any]


@cache
def shipped(language: str) -> dict[str, Any]:
    """The wording the project ships. Raises KeyError for a language it has none for."""
    if language not in ("nb", "nn"):
        raise KeyError(language)
    return tomllib.loads((Path(__file__).parent / "wording" / f"{language}.toml").read_text(encoding="utf-8"))


def values(facts: LetterFacts) -> dict[str, str]:
    """What replaces the words in braces, in the shipped wording and in the cohort's own."""
    words = shipped(facts.language)
    office = words["governor_before_2021" if facts.starts_on.year < RENAMED_IN else "governor"]
    names = [one_line(unit.name) for unit in facts.units]
    years = listing(
        [f"{year}/{year + 1}" for year in (facts.first_year, facts.first_year + 1)],
        words["and"],
    )
    return {
        "kommune": f"{one_line(facts.municipality)} {facts.designation}",
        "pulje": str(facts.cohort),
        "skoleaar": years,
        "oppstart": _start(facts),
        "enheter": listing(names, words["and"]) or words["units"]["sentence_none"],
        "statsforvalter": one_line(facts.governor),
        "statsforvalteren": office["one"],
        "statsforvalterne": office["many"],
        "frist": weekday_and_day(facts.reply_by, facts.language),
        "adresse": facts.reply_url,
        "hjelp": facts.help_address,
    }


def compose(facts: LetterFacts) -> dict[str, Any]:
    """The whole letter as plain data: every string in it is text to be set as it is, never markup."""
    words, known = shipped(facts.language), values(facts)
    own = facts.wording
    subject = fill(words["subject"], known)
    senders = [_person(row) for row in own.senders.splitlines() if row.strip()]
    return {
        "language": facts.language,
        "plain": {
            "title": fill(words["title"], known),
            "subject": subject,
            "header": subject if len(subject) <= HEADER else f"{subject[: HEADER - 1]}…",
        },
        "title": fill(words["title"], known),
        "sender": words["sender"],
        "page": words["page"],
        "recipient": f"{one_line(facts.official_name or facts.municipality)} {facts.designation}".replace(" - ", " – "),
        "recipient_address": [one_line(row) for row in facts.postal_address.splitlines() if row.strip()],
        "recipient_number": _number(words["references"]["organisation"], facts.organisation_number),
        "sender_number": _number(words["references"]["organisation"], words["sender_number"]),
        "logo": facts.logo,
        "references": _references(facts, known),
        "help": facts.help_address,
        "blocks": [
            *_paragraphs(own.intro or words["cohort"]["intro"], known),
            _text(fill(words["start"]["text"], known)),
            *_kick_off(facts, known),
            *_goals(words["goals"]),
            *_content(facts, known),
            *_roles(facts, known),
            *_duties(words, known),
            _heading(words["costs"]["heading"]),
            _text(words["costs"]["text"]),
            *_reply(facts, known),
            *_paragraphs(own.closing or words["cohort"]["closing"], known),
        ],
        "greeting": words["end"]["greeting"],
        "senders": senders or [{"name": words["sender"], "title": ""}],
        "approved": words["end"]["approved"],
        "copy": fill(words["end"]["copy"], known),
    }


def _references(facts: LetterFacts, known: dict[str, str]) -> list[list[str]]:
    said = {
        "date": days(facts.dated),
        "case": one_line(facts.case_number),
        "theirs": one_line(facts.their_reference),
        "case_worker": PHONE.sub(lambda found: unbroken(found[0]), one_line(facts.wording.case_worker)),
        "reply_by": known["frist"],
    }
    words = shipped(facts.language)["references"]
    return [[words[name], text] for name, text in said.items() if text]


def _number(label: str, number: str) -> str:
    """ "Org.nr. 974 760 673", with spaces that no line breaks at; "" of none."""
    return "\N{NO-BREAK SPACE}".join([label, *re.findall("...", number)]) if number else ""


def _text(text: str) -> Block:
    return {"kind": "text", "text": text}


def _heading(text: str, level: int = 2) -> Block:
    return {"kind": "heading", "text": text, "level": level}


def _person(row: str) -> dict[str, str]:
    """ "Kari Nordmann, seniorrådgiver": up to the first comma is the name."""
    name, _comma, title = row.partition(",")
    return {"name": one_line(name), "title": one_line(title)}


def _paragraphs(text: str, known: dict[str, str]) -> list[Block]:
    """Staff write plain text: a blank line parts paragraphs, and lines that begin with "- " make a list."""
    blocks: list[Block] = []
    for paragraph in text.replace("\r\n", "\n").strip().split("\n\n"):
        rows = [one_line(row) for row in paragraph.splitlines() if row.strip()]
        items = [row.removeprefix("- ") for row in rows if row.startswith("- ")]
        lead = " ".join(row for row in rows if not row.startswith("- "))
        if lead:
            blocks.append(_text(fill(lead, known)))
        if items:
            blocks.append({"kind": "list", "items": [fill(item, known) for item in items]})
    return blocks


def _start(facts: LetterFacts) -> str:
    """A cohort that starts on the first of a month is said to start in that month, as its letters say it."""
    words = shipped(facts.language)["start"]
    if facts.starts_on.day == 1:
        return fill(words["month"], {"maaned": month(facts.starts_on)})
    return fill(words["day"], {"dato": days(facts.starts_on)})


def _audience(functions: tuple[str, ...], words: dict[str, Any]) -> str:
    named = [name for function in functions for name in words["audience"].get(function, ())]
    return listing(named, words["and"]) or words["audience"]["everyone"]


def _kick_off(facts: LetterFacts, known: dict[str, str]) -> list[Block]:
    words = shipped(facts.language)
    kick_off = next((gathering for gathering in facts.gatherings if gathering.semester is None), None)
    said = " ".join(_kick_off_sentences(kick_off, words))
    note = facts.wording.kick_off_note
    if not note and (kick_off is None or kick_off.settled in ("", "tentative", "postponed")):
        note = words["cohort"]["kick_off_note"]
    first, *rest = _paragraphs(note, known) or [_text("")]
    if first["kind"] != "text":
        return [_text(said), first, *rest]
    return [_text(f"{said} {first['text']}".strip()), *rest]


def _kick_off_sentences(kick_off: LetterGathering | None, words: dict[str, Any]) -> list[str]:
    said = words["kick_off"]
    if kick_off is None:
        return [said["unknown"]]
    about = {"maalgruppe": _audience(kick_off.audience, words)}
    if kick_off.settled in ("postponed", "cancelled"):
        return [fill(said[kick_off.settled], about)]
    if kick_off.starts_on is None:
        return [said["unknown"]]
    about["naar"] = days(kick_off.starts_on, kick_off.ends_on)
    venue = one_line(kick_off.venue)
    sentences = [
        fill(said["fixed" if kick_off.settled == "fixed" else "tentative"], about),
        fill(said["venue"], {"sted": venue}) if venue else said["venue_unknown"],
    ]
    if kick_off.settled != "fixed":
        sentences.append(said["tentative_status"])
    return sentences


def _goals(words: dict[str, Any]) -> list[Block]:
    return [
        _heading(words["heading"]),
        _text(words["intro"]),
        {"kind": "terms", "items": [[words["main_label"], words["main"]]]},
        _heading(words["sub_label"], 3),
        {"kind": "numbered", "items": words["sub"]},
        _text(words["benefit"]),
    ]


def _content(facts: LetterFacts, known: dict[str, str]) -> list[Block]:
    words = shipped(facts.language)
    said, label = words["content"], words["label"][facts.gathering_label]
    by_semester = {gathering.semester: gathering for gathering in facts.gatherings}
    rows = [_gathering_row(said["kick_off"], said["before"], by_semester.get(None), words)]
    for semester in (1, 2, 3, 4):
        season = said["autumn" if semester % 2 else "spring"]
        year = fill(season, {"aar": str(facts.first_year + semester // 2)})
        rows.append(_gathering_row(f"{semester}. {label['one']}", year, by_semester.get(semester), words))
    return [
        _heading(said["heading"]),
        _text(fill(said["intro"], known | {"samlinger": label["many"], "samling_en": label["each"]})),
        {"kind": "table", "columns": said["columns"], "rows": rows, "widths": [4, 3, 6, 6]},
        _text(said["themes"]),
    ]


def _gathering_row(name: str, semester: str, gathering: LetterGathering | None, words: dict[str, Any]) -> list[str]:
    said, unsettled = words["content"], words["unsettled"]
    if gathering is None:
        return [name, semester, unsettled, unsettled]
    if gathering.settled in ("postponed", "cancelled"):
        return [name, semester, said[gathering.settled], unsettled if gathering.settled == "postponed" else ""]
    when = days(gathering.starts_on, gathering.ends_on) if gathering.starts_on else unsettled
    if gathering.starts_on and gathering.settled != "fixed":
        when = fill(said["tentative"], {"dato": when})
    return [name, semester, when, one_line(gathering.venue) or unsettled]


def _roles(facts: LetterFacts, known: dict[str, str]) -> list[Block]:
    words = shipped(facts.language)
    said = words["roles"]
    blocks = [
        _heading(said["heading"]),
        *[_text(fill(said[part], known)) for part in ("directorate", "governor", "centre")],
    ]
    number = said["number"]
    if facts.supervisors:
        names = listing([one_line(name) for name in facts.supervisors], words["and"])
        which = "supervisors_one" if len(facts.supervisors) == 1 else "supervisors_many"
        number = f"{number} {fill(said[which], {'veiledere': names})}"
    blocks += [_text(number), _text(said["work"])]
    leaders = [_person(row) for row in facts.wording.project_leaders.splitlines() if row.strip()]
    if leaders:
        blocks += [
            _heading(said["leaders"], 3),
            {"kind": "list", "items": [", ".join(filter(None, person.values())) for person in leaders]},
        ]
    return blocks


def _duties(words: dict[str, Any], known: dict[str, str]) -> list[Block]:
    said = words["duties"]
    items = [said[duty] for duty in ("time", "group", "ppt", "politics")]
    return [
        _heading(said["heading"]),
        {"kind": "terms", "items": [[label, fill(text, known)] for label, text in items]},
    ]


def _reply(facts: LetterFacts, known: dict[str, str]) -> list[Block]:
    words = shipped(facts.language)
    said = words["reply"]
    lines = [said[part] for part in ("deadline", "address", "sign_in", "help")]
    links = {"address": facts.reply_url, "help": f"mailto:{facts.help_address}"}
    return [
        _heading(said["heading"]),
        *_paragraphs(facts.wording.reply or words["cohort"]["reply"], known),
        {
            "kind": "box",
            "items": [
                {"label": label, "text": fill(text, known), "link": links.get(part, "")}
                for part, (label, text) in zip(("deadline", "address", "sign_in", "help"), lines, strict=True)
            ],
        },
        *_contacts(facts, words["contacts"]),
        *_units(facts, words["units"]),
    ]


def _contacts(facts: LetterFacts, words: dict[str, Any]) -> list[Block]:
    heading = _heading(words["heading"], 3)
    if not facts.contacts:
        return [heading, _text(words["none"])]
    rows = [
        [
            words["function"].get(contact.function, ""),
            one_line(contact.name),
            one_line(contact.email),
            one_line(contact.phone),
        ]
        for contact in facts.contacts
    ]
    return [heading, {"kind": "table", "columns": words["columns"], "rows": rows, "widths": [5, 5, 7, 3]}]


def _units(facts: LetterFacts, words: dict[str, Any]) -> list[Block]:
    heading = _heading(words["heading_one" if len(facts.units) == 1 else "heading_many"], 3)
    if not facts.units:
        return [heading, _text(words["none"])]
    rows = [
        [
            one_line(unit.name),
            one_line(unit.organisation_number) or words["name_missing"],
            one_line(unit.head) or words["name_missing"],
            _children(unit, words),
        ]
        for unit in facts.units
    ]
    return [heading, {"kind": "table", "columns": words["columns"], "rows": rows, "widths": [6, 3, 5, 6]}]


def _children(unit: LetterUnit, words: dict[str, Any]) -> str:
    if unit.children is None:
        return words["children_missing"]
    if unit.counted_on is None:
        return str(unit.children)
    return fill(words["children"], {"antall": str(unit.children), "dato": days(unit.counted_on)})
