"""Whether a text looks as if it names a child. It only leads to a question: the writer decides, so it rather asks.

A capitalised word counts when a child is spoken of beside it and it is no known name of a place or an adult. What is a
child's name for certain no rule can say; ordinary notes about schools, adults and programmes must go through unasked.
"""

import re
from collections.abc import Collection, Iterator

NEAR = 4  # words between the child and the name

CHILD = re.compile(
    r"(elev|eleven|eleva|gutt|gutten|gut|guten|jente|jenta|jenten|barnet|ungen|sønn|sønnen|son|sonen|datter|dattera|"
    r"datteren|dotter|dottera|mor|mora|moren|far|faren|foreldrene|foreldra|søster|søstera|bror|broren|fosterbarnet|"
    r"tvillingen|femåringen|seksåringen|førsteklassingen)",
    re.IGNORECASE,
)
NAMED = re.compile(r"\b(?:heter|heiter|kalles|vert kalla|ved navn|med namnet|hetende)\s+([A-ZÆØÅ][\w-]+)")
AGED = re.compile(r"\b([A-ZÆØÅ][a-zæøåéüöä-]+)(?:\s*\(\s*\d{1,2}(?:\s*år)?\s*\)|,?\s+(?:på\s+)?(?:\d|1\d)\s+år\b)")
IDENTITY_NUMBER = re.compile(r"\b\d{6}[ .-]?\d{5}\b")
BORN = re.compile(
    r"\b(?:født|fødd|f\.|fødselsdato:?|fødd:?)\s+((?:\d{1,2}\. ?\d{1,2}\. ?)?(?:19|20)?\d{2})\b", re.IGNORECASE
)
INITIALS = re.compile(r"(?<![\w.])((?:[A-ZÆØÅ]\. ?){1,3}[A-ZÆØÅ]\.)(?!\w)")
WORD = re.compile(r"[\w'’-]+|[.!?:;\n]+|[(),«»\"–]")
PROPER = re.compile(r"[A-ZÆØÅ][a-zæøåéüöäášđ]+(?:-[A-ZÆØÅ][a-zæøå]+)?")
OPENS = {"«", '"', "–"}  # what is said begins with a capital letter
ENDS_A_SENTENCE = re.compile(r"[.!?:;\n]+")

# After these, a capitalised word is the name of a place far more often than of a child.
PLACE_FOLLOWS = {"i", "ved", "på", "hos", "fra", "frå"}
KINDS_OF_PLACES = {
    "skole", "skule", "barnehage", "barnehagen", "barneskole", "barneskule", "ungdomsskole", "ungdomsskule",
    "oppvekstsenter", "kommune", "fylke", "sfo", "kyrkje", "kirke", "idrettslag", "bibliotek", "universitet",
}  # fmt: skip
NEVER_A_CHILD = {
    "udir", "bufdir", "læringsmiljøsenteret", "utdanningsdirektoratet", "statsforvalteren", "statsforvaltaren",
    "fylkesmannen", "barnevernet", "barnevernstenesta", "helsestasjonen", "teams", "zoom", "zippy", "olweus",
    "respekt", "kidsa", "opplæringslova", "opplæringsloven", "barnehageloven", "barnehagelova", "barneombudet",
    "rammeplanen", "kunnskapsløftet", "elevundersøkelsen", "elevundersøkinga", "foreldreundersøkelsen", "norge",
    "noreg", "norsk", "gud", "jul", "påske", "covid", "wisc", "excel", "word", "microsoft", "google", "mitt", "valg",
    "link", "trivselslederne", "trivselsleiarane", "visma", "vigilo", "kahoot", "forms", "onenote", "skype",
}  # fmt: skip
# The commonest among those who are children now: they count at the beginning of a sentence too.
COMMON = {
    "ada", "adrian", "aksel", "alexander", "alma", "amalie", "anna", "astrid", "aurora", "axel", "benjamin", "birk",
    "elias", "ella", "ellinor", "emil", "emilie", "emma", "filip", "frida", "håkon", "hedda", "henrik", "ida",
    "ingrid", "isak", "jakob", "jenny", "johannes", "jonas", "julie", "kasper", "lea", "leah", "leo", "liam", "linnea",
    "live", "lucas", "lukas", "ludvig", "magnus", "maja", "malin", "marie", "markus", "martin", "mathias", "matheo",
    "maria", "mia", "mikkel", "mohammad", "mohammed", "noah", "nora", "odin", "ola", "olav", "oliver", "olivia",
    "oskar", "philip", "sander", "sara", "sebastian", "selma", "sigurd", "sofia", "sofie", "sofus", "solveig",
    "sondre", "storm", "theo", "theodor", "thea", "tiril", "tobias", "tuva", "ulrik", "victoria", "vilde", "william",
    "yusuf", "ali", "fatima", "amina",
}  # fmt: skip


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
        children = [place for place, word in enumerate(sentence) if CHILD.fullmatch(word)]
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
    if before in PLACE_FOLLOWS:
        return sentence[place].casefold() not in COMMON
    return any(word in KINDS_OF_PLACES for word in after)


def _is_known(word: str, adults: set[str]) -> bool:
    small = word.casefold()
    return any(form in adults or form in NEVER_A_CHILD for form in (small, small.removesuffix("s")))
