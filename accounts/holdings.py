from dataclasses import dataclass


@dataclass(frozen=True)
class Holding:
    """One thing that a person has in a function, and that a successor may take over.

    `key` begins with the app's own name for the kind of thing: "gatherings.registration:12". `note` says what does not
    follow.
    """

    key: str
    text: str
    note: str = ""


def keys_of(kind: str, chosen: "list[str] | frozenset[str]") -> list[str]:
    """Of these keys, those of one kind of thing, each without its beginning."""
    return [key.removeprefix(f"{kind}:") for key in chosen if key.startswith(f"{kind}:")]
