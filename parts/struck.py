"""Taking a text out of what else holds it: drafts, forms that wait, mails."""

from collections.abc import Collection
from typing import Any

# A text this long is hardly part of another one by chance. A shorter one goes only where it is all that stands there.
TELLING = 20


def without(value: Any, texts: Collection[str]) -> Any:
    """The same value with none of these texts in it. Goes through lists and dicts; the value itself is not changed."""
    if isinstance(value, dict):
        return {key: without(each, texts) for key, each in value.items()}
    if isinstance(value, list):
        return [without(each, texts) for each in value]
    if not isinstance(value, str):
        return value
    for text in texts:
        value = _without_one(value, text)
    return value


def _without_one(value: str, text: str) -> str:
    """Line breaks are two characters in what a browser sends, and one in what is stored."""
    plain, text = value.replace("\r\n", "\n"), text.replace("\r\n", "\n").strip()
    if not text or text not in plain:
        return value
    if plain.strip() == text:
        return ""
    return plain.replace(text, "") if len(text) >= TELLING else value
