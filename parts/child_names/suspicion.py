"""Whether a text looks as if it names a child. It only leads to a question to the writer: when in doubt, it asks.

A capitalised word counts when a child is mentioned near it, unless it is the known name of a place or an adult. No rule
can tell a child's name for certain; ordinary notes about schools, adults and programmes must go through unasked.
"""

import re
import tomllib
from collections.abc import Collection, Iterator
from pathlib import Path

WORDS: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))
CHILD, COMMON, NEVER_A_CHILD, BEFORE_A_PLACE, KINDS_OF_PLACES = (
    frozenset(WORDS[name]) for name in ("child", "common_names", "never_a_child", "before_a_place", "kinds_of_places")
)
NEAR = 4  # words between the child and the name

NAMED = re.compile(r"\b(?:heter|heiter|kalles|vert kalla|ved navn|med namnet|hetende)\s+([A-ZÆØÅ][\w-]+)")
AGED = re.compile(r"\b([A-ZÆØÅ][a-zæøåéüöä-]+)(?:\s*\(\s*\d{1,2}(?:\s*år)?\s*\)|,?\s+(?:på\s+)?(?:\d|1\d)\s+år\b)")
IDENTITY_NUMBER = re.compile(r"\b\d{6}[ .-]?\d{5}\b")
BORN = re.compile(
    r"\b(?:født|fødd|f\.|fødselsdato:?|fødd:?)\s+((?:\d{1,2}\. ?\d{1,2}\. ?)?(?:19|20)?\d{2})\b", re.IGNORECASE
)
INITIALS = re.compile(r"(?<![\w.])((?:[A-ZÆØÅ]\. ?){1,3}[A-ZÆØÅ]\.)(?!\w)")
WORD = re.compile(r"[\w'’-]+|[.!?:;\n]+|[(),«»\"–]")
PROPER = re.compile(r"[A-ZÆØÅ][a-zæøåéüöäášđ]+(?:-[A-ZÆØÅ][a-zæøå]+)?")
OPENS = {"«", '"', "–"}  # a quotation begins with a capital letter
ENDS_A_SENTENCE = re.compile(r"[.!?:;\n]+")


def suspicious(text: str, *, known: Collection[str]) -> list[str]:
    """The words that look like a child's name or number, each once, in the order of the rules. Empty when none do.

    `known`: the names of units, municipalities, supervisors, contacts and places that may well stand in a note.
    """
    adults = {part.casefold() for name in known for part in re.findall(r"[\w-]+", name)}
    found = [match.group() for match in IDENTITY_NUMBER.finditer(text)]
    found += [match.group(1) for match in BORN.finditer(text)]
    found += [match.group(1) for match in INITIALS.finditer(text)]
    named = [match.group(1) for rule in (NAMED, AGED) for match in rule.finditer(text)]
    found += [word for word in [*named, *_beside_a_child(text, adults)] if not _is_known(word, adults)]
    return list(dict.fromkeys(found))


def _beside_a_child(text: str, adults: set[str]) -> Iterator[str]:
    for sentence in _sentences(text):
        children = [place for place, word in enumerate(sentence) if word.casefold() in CHILD]
        if not children:
            continue
        for place, word in enumerate(sentence):
            if not PROPER.fullmatch(word) or _is_known(word, adults):
                continue
            if (place == 0 or sentence[place - 1] in OPENS) and not _is_common(word):
                continue
            if min(abs(place - child) for child in children) <= NEAR and not _is_a_place(sentence, place):
                yield word


def _is_common(word: str) -> bool:
    return bool(COMMON & {word.casefold(), word.casefold().removesuffix("s")})


def _sentences(text: str) -> Iterator[list[str]]:
    sentence: list[str] = []
    for word in WORD.findall(text):
        if ENDS_A_SENTENCE.fullmatch(word):
            yield sentence
            sentence = []
        else:
            sentence.append(word)
    yield sentence


def _is_a_place(sentence: list[str], place: int) -> bool:
    before = sentence[place - 1].casefold() if place else ""
    after = [word.casefold() for word in sentence[place + 1 : place + 3]]
    if before in BEFORE_A_PLACE:
        return sentence[place].casefold() not in COMMON
    return any(word in KINDS_OF_PLACES for word in after)


def _is_known(word: str, adults: set[str]) -> bool:
    small = word.casefold()
    return any(form in adults or form in NEVER_A_CHILD for form in (small, small.removesuffix("s")))
