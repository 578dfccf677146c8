"""Whether a text looks as if it names a child. It only leads to a question to the writer: when in doubt, it asks.

No rule can tell a child's name for certain. What counts is what stands around it: a class, a plan, the family, what
befell somebody. A name of those who are children now needs least of it, a capitalised word that is in no list most.
Adults with a title, places and programmes go through. How well it does is counted in tests/child_names.
"""

import re
from collections.abc import Callable, Collection, Iterator

from parts.child_names.reading import NAMES, WORDS, Word, sentences

NEAR = 4  # words between the child and the name

CHILDREN = r"jenta|jenten|gutten|guten|eleven|barnet|ungen"
IDENTITY_NUMBER = re.compile(r"\b\d{6}[ .-]?\d{5}\b")
BORN = re.compile(
    r"\b(?:født|fødd|f\.|fødselsdato:?|fødd:?)\s+((?:\d{1,2}\. ?\d{1,2}\. ?)?(?:19|20)?\d{2})\b", re.IGNORECASE
)
INITIALS = re.compile(r"(?<![\w.])((?:[A-ZÆØÅ]\. ?){1,3}[A-ZÆØÅ]\.)(?!\w)")
PUPIL_BY_LETTERS = re.compile(r"\b[Ee]lev(?:en|a)?\s+([A-ZÆØÅ]{2,3})\b")
AGED = re.compile(r"\b([A-ZÆØÅ][a-zæøåéüöä-]+)(?:\s*\(\s*\d{1,2}(?:\s*år)?\s*\)|,?\s+(?:på\s+)?(?:\d|1\d)\s+år\b)")
# Told apart without a name: as the only one, as who moved there, as the mayor's. In small letters.
TOLD_APART = re.compile(
    r"\b(?=[edhjgbus])(?:"  # where one can begin: without it the rule takes half of the time of all
    rf"(?:eneste|einaste)\s+(?:\w+\s+)?(?:{CHILDREN})\b"
    rf"|(?:den|det)\s+(?:ene|eine|nye)\s+(?:{CHILDREN})\b"
    r"|(?:han|hun|ho|hon)\s+som\s+(?:flytt\w+|kom|bor|bur)\b"
    rf"|(?:{CHILDREN})\s+som\s+(?:flytt\w+|bor\s+hos|bur\s+hos|har\s+(?:en\s+|ein\s+)?(?:far|mor|bror|søster|syster))\b"
    r"|(?<=rens\s)(?:sønn|son|datter|dotter|barn|gutt|jente)\b"
    r"|(?:sønn|sønnen|son|sonen|datter|datteren|dattera|dotter|dottera)\s+(?:til|åt)\s+\w{3,}(?:eren|aren|øren)\b)"
)
CLASS = re.compile(r"\d{1,2}[a-h]")
NUMBER = re.compile(r"\d{1,2}")
PARAGRAPH = re.compile(r"§?(?:9-?a|a-4|12-\d)(?:-?\w+)?")
# Right before a name: "jenta heter Synnøve", "elevene Trygve og Håkon"
CALLED = {"heter", "heiter", "kalles", "kalla", "kalt", "navn", "namnet", "hetende", "elevene", "elevane", "barna"}
ROLE_ENDINGS = tuple(role for role in sorted(WORDS["roles"]) if len(role) > 4)  # "kontaktlærer", "PP-rådgiver"
BETWEEN = {"og", "i", "på", "fra", "frå", "av", "den", "går", "som"}  # a name and its class


def suspicious(text: str, *, known: Collection[str], of_adults: bool = False) -> list[str]:
    """The words that look like a child's name or number, each once, in the order of the rules. Empty when none do.

    `known`: the names of units, municipalities, supervisors, contacts and places that may well stand in a note.
    `of_adults`: the text is itself meant to be an adult's name, so a name alone says nothing.
    """
    adults = {part.casefold() for name in known for part in re.findall(r"[\w-]+", name)}
    found = [match.group() for match in IDENTITY_NUMBER.finditer(text)]
    for rule in (BORN, INITIALS, PUPIL_BY_LETTERS):
        found += [match.group(1) for match in rule.finditer(text)]
    found = [word for word in found if word not in WORDS["not_initials"]]
    found += [match.group(1) for match in AGED.finditer(text) if not _is_known(match.group(1).casefold(), adults)]
    for sentence in sentences(text):
        found += Sentence(sentence, adults).names(of_adults=of_adults)
    found += [match.group() for match in TOLD_APART.finditer(text.lower())]
    return list(dict.fromkeys(found))


def _is_known(small: str, adults: set[str]) -> bool:
    return any(form in adults or form in WORDS["never_a_child"] for form in (small, small.removesuffix("s")))


class Sentence:
    """One sentence, and what each of its words may be: "young" or "other" for a name, "word" for one that is a word
    of the language as well, "unknown" for a capitalised word; nothing for the rest.
    """

    def __init__(self, words: list[Word], adults: set[str]) -> None:
        self.words = words
        self.small = [word.small for word in words]
        self.kinds = [_kind(word, adults) for word in words]

    def names(self, *, of_adults: bool) -> Iterator[str]:
        if not any(self.kinds):
            return
        self._leave_out_adults()
        self._leave_out_places()
        rules: list[Callable[[int], bool]] = [
            self._is_beside_a_child,
            self._is_tied,
            self._is_called,
            self._is_beside_a_class,
            self._befell,
            *([] if of_adults else [self._is_young]),
        ]
        asked: set[int] = set()
        for place, word in enumerate(self.words):
            if not self.kinds[place]:
                continue
            with_another = self.small[place - 1] == "og" and place - 2 in asked
            if with_another or any(rule(place) for rule in rules):
                asked.add(place)
                yield word.text

    def _has(self, place: int, *names: str) -> bool:
        return 0 <= place < len(self.small) and any(self.small[place] in WORDS[name] for name in names)

    # What it is not

    def _leave_out_adults(self) -> None:
        for place, word in enumerate(self.words):
            if self.kinds[place] and (place and _is_a_role(self.small[place - 1]) and not word.apart):
                self._leave_out_from(place, several=self.small[place - 1].endswith("ne"))
            if word.is_capitalised and word.small.removesuffix("s") in WORDS["never_a_child"]:
                self._leave_out_around(place)
            if self.kinds[place] and self._works(place):
                self._leave_out_around(place)

    def _leave_out_from(self, place: int, *, several: bool) -> None:
        """The name that a title stands before; after "veilederne" all of them."""
        for at in range(place, len(self.words)):
            if several and self.small[at] == "og":
                continue
            if at > place and self.words[at].apart and not several:
                return
            if not (self.kinds[at] or self.words[at].is_capitalised):
                return
            self.kinds[at] = ""

    def _leave_out_around(self, place: int) -> None:
        """A name in several words, or names with "og" between."""
        for step in (-1, 1):
            at = place
            while 0 <= at < len(self.words) and (self.kinds[at] or self.words[at].is_capitalised or at == place):
                self.kinds[at] = ""
                at += step
                if 0 <= at < len(self.small) and self.small[at] == "og":
                    at += step

    def _works(self, place: int) -> bool:
        """ "Emma fra PPT", "Ragnhild Holm er vararektor"."""
        after = place + 1
        if self._has(after, "before_a_place"):
            return self._has(after + 1, "adults_are_in")
        next_two = self.small[after : after + 2]
        return len(next_two) == 2 and next_two[0] == "er" and _is_a_role(next_two[1])

    def _leave_out_places(self) -> None:
        for place, kind in enumerate(self.kinds):
            if kind and self._is_a_place(place):
                self.kinds[place] = ""
                for at in range(place + 1, len(self.words)):  # of several words, or several places
                    if self.kinds[at] != "unknown" and self.small[at] != "og":
                        break
                    self.kinds[at] = ""

    def _is_a_place(self, place: int) -> bool:
        if self._has(place + 1, "kinds_of_places"):
            return True
        next_is_capitalised = place + 1 < len(self.words) and self.words[place + 1].is_capitalised
        if next_is_capitalised and self._has(place + 2, "kinds_of_places"):
            return True
        return self.kinds[place] == "unknown" and self._has(place - 1, "before_a_place")

    # What makes it a child's

    def _is_beside_a_child(self, place: int) -> bool:
        if self.kinds[place] == "word":
            return False
        first, last = max(0, place - NEAR), place + NEAR + 1
        if any(self._is_of_a_child(at) for at in range(first, min(last, len(self.words))) if at != place):
            return True
        genitive = self._has(place + 1, "families") and self.small[place].endswith("s")
        return genitive or (self._has(place + 1, "belongs") and self._has(place + 2, "kin", "families"))

    def _is_of_a_child(self, place: int) -> bool:
        """ "Far" after a name is a name too."""
        word = self.words[place]
        return self._has(place, "child") or (self._has(place, "kin") and (word.first or not word.is_capitalised))

    def _is_tied(self, place: int) -> bool:
        """To the family, the plan or the case before it: "foreldrene til", "aktivitetsplanen for", "9a-sak"."""
        before = place - 1
        if self._is_own_case(before):
            return True
        while self._has(before, "belongs") or (before >= 0 and self.kinds[before]):  # "Birk Andreas", "X og Y"
            before -= 1
        if not self._has(before, "ties"):
            return self.kinds[place] != "unknown" and self._is_own_case(before)
        if self._has(before - 1, "kin", "families", "child") or self._is_own_case(before - 1):
            return True
        if not self._has(before - 1, "case") or self.small[before] == "med":
            return False
        of_one = self._has(before - 1, "case_of_one") or self.small[before] in ("til", "åt")
        return of_one or self.kinds[place] in ("young", "other")

    def _is_own_case(self, place: int) -> bool:
        return place >= 0 and (self._has(place, "own_case") or bool(PARAGRAPH.fullmatch(self.small[place])))

    def _is_called(self, place: int) -> bool:
        return place > 0 and self.small[place - 1] in CALLED

    def _is_beside_a_class(self, place: int) -> bool:
        """ "Jonas i 5B", "Samuel og Jakob på 4. trinn", "Emrah (7A)"."""
        if self.kinds[place] == "unknown" and self._has(place - 1, "before_a_place"):
            return False
        at = place + 1
        while at < len(self.words) and (self.kinds[at] or self.small[at] in BETWEEN or len(self.small[at]) == 1):
            if self._is_a_class(at):
                return True
            at += 1
        if self._is_a_class(at):
            return True
        on_a_section = self.small[place + 1 : place + 2] == ["på"] and self._is_capitalised_inside(place + 2)
        return self.kinds[place] == "young" and on_a_section

    def _is_capitalised_inside(self, place: int) -> bool:
        return place < len(self.words) and self.words[place].is_capitalised

    def _is_a_class(self, place: int) -> bool:
        if place >= len(self.words):
            return False
        small = self.small[place]
        if CLASS.fullmatch(small) or small in WORDS["ordinals"]:
            return True
        numbered = NUMBER.fullmatch(small) is not None
        return (numbered and self._has(place + 1, "steps")) or self._has(place, "steps")

    def _befell(self, place: int) -> bool:
        """ "Hanna sitter alene"; a name that is in no list right after: "de ertet Zamir"."""
        if self.kinds[place] == "word":
            return False
        first, last = (place - 1, place) if self.kinds[place] == "unknown" else (0, len(self.small))
        return any(self._has(at, "befalls") and not self._has(at + 1, "not_blows") for at in range(first, last))

    def _is_young(self, place: int) -> bool:
        return self.kinds[place] == "young" and not any(small in WORDS["adults_do"] for small in self.small)


def _kind(word: Word, adults: set[str]) -> str:
    stands_out = word.is_capitalised and not word.first
    if not (word.name or stands_out) or _is_known(word.small, adults):
        return ""
    if not word.name:
        return "unknown"
    if word.name in NAMES["also_words"] and not stands_out:
        return "word" if word.is_capitalised else ""
    return "young" if word.name in NAMES["young"] else "other"


def _is_a_role(small: str) -> bool:
    return small in WORDS["roles"] or small.endswith(ROLE_ENDINGS)
