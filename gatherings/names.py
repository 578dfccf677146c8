"""Names as people look for them: in Norwegian order, and found however å, ø and æ were typed."""

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
