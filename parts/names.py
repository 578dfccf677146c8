"""Names as people look for them and as they are set: in Norwegian order, found however they were typed, on one line."""

import unicodedata

ORDER = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}"})  # the characters that follow z
SPELT = str.maketrans({"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa"})


def alphabetical(name: str) -> str:
    """A key to sort by; the database's own order differs from one to another."""
    return unicodedata.normalize("NFC", name).casefold().translate(ORDER)


def plain(text: str) -> str:
    """Letters alike however they are typed: Bjørn, Bjoern and BJORN; Åse, Aase and ase; Renée and Renee."""
    spelt = unicodedata.normalize("NFC", text).casefold().translate(SPELT)
    letters = "".join(letter for letter in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(letter))
    return letters.replace("ae", "a").replace("oe", "o").replace("aa", "a")


def same_name(one: str, other: str) -> bool:
    """Whether two names are written alike but for blanks, capitals and accents."""
    return plain(one).split() == plain(other).split()


def one_line(text: str) -> str:
    """One line of printable text, which cannot end a mail's header.

    What is typed may have been pasted with line breaks, tabs or invisible characters.
    """
    return " ".join(unicodedata.normalize("NFC", "".join(map(_printable, text))).split())


def _printable(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":  # marks of direction and joining; a soft hyphen
        return ""
    return " " if category in ("Cc", "Cs") else character
