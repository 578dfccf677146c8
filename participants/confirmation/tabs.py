"""What one person types in several tabs with the same confirmation: merged value by value.

The draft holds a list of tabs, the one saved last at the end: the sign of the page as it was drawn, and the values
that were typed there, unlike what it showed. Where two tabs say different things and none was drawn after the other,
both are kept until the person has seen both.
"""

from collections.abc import Iterable, Mapping

from participants.models import Draft

Tab = tuple[str, Mapping[str, str]]


def of(draft: Draft | None) -> list[Tab]:
    return [(page, typed) for page, typed in draft.sent.get("tabs", [])] if draft else []


def typed_on(sent: Mapping[str, str], *, shown: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in sent.items() if value != shown.get(key, "")}


def merged(sent: Mapping[str, str], *, shown: Mapping[str, str], page: str, draft: Draft) -> dict[str, str]:
    """What a page sent, with what the draft holds for the values that were left alone on that page."""
    changed = {key: value for key, value in draft.data.items() if value != draft.base.get(key, "")}
    tabs = of(draft)
    # What this very page changed before, and now shows as at first, has been taken back there.
    before = dict(tabs).get(page, {})
    changed = {key: value for key, value in changed.items() if key not in before}
    for _page, typed in _but(page, tabs):
        changed |= {key: value for key, value in typed.items() if key in before}
    # A box that was ticked and is no more is not sent at all.
    return {**sent, **{key: value for key, value in changed.items() if sent.get(key, "") == shown.get(key, "")}}


def after(
    draft: Draft | None, sent: Mapping[str, str], *, shown: Mapping[str, str], seen: Mapping[str, list[str]], page: str
) -> list[Tab]:
    """The tabs once this page is saved. What it showed of the others, and was typed over, is settled.

    `seen`: what the page told of other tabs' answers.
    """
    here = typed_on(sent, shown=shown)

    def holds(key: str, value: str) -> bool:
        return key not in here or value not in (shown.get(key, ""), *seen.get(key, []))

    others = (
        (other, {key: value for key, value in typed.items() if holds(key, value)})
        for other, typed in _but(page, of(draft))
    )
    # A page that is not ours showed nothing, so nothing is known of what was typed there.
    return [(name, typed) for name, typed in [*others, (page, here)] if name and typed]


def unlike(tabs: Iterable[Tab], typed: Mapping[str, str]) -> dict[str, list[str]]:
    """The answers in the tabs that are not the ones in the form, each once."""
    found: dict[str, list[str]] = {}
    for _page, answers in tabs:
        for key, value in answers.items():
            if value != typed.get(key, "") and value not in found.setdefault(key, []):
                found[key].append(value)
    return {key: values for key, values in found.items() if values}


def _but(page: str, tabs: Iterable[Tab]) -> list[Tab]:
    return [(other, typed) for other, typed in tabs if other != page]
