"""What came from the confirmation page, beside what is stored now, so that nothing typed or stored is lost."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.core import signing

from accounts.models import User
from participants.confirmation.values import ChangedValue, StoredFacts, differences, display
from participants.models import Confirmation, Draft
from parts.addresses import canonical

SALT = "participants.confirmation"


def signed(*, base: Mapping[str, str], shown: Mapping[str, str]) -> str:
    """The page's hidden field "base": what is stored beneath the page, what its fields show, and which page it is.

    What others change meanwhile is found by it, without a lock or a counter.
    """
    return signing.dumps({"base": base, "shown": shown, "page": secrets.token_hex(8)}, salt=SALT, compress=True)


@dataclass(frozen=True)
class Received:
    """One person's answers in the making. All values are text, by the names of the page's fields.

    base:   what was stored when the page was drawn
    shown:  what the page showed: the base, with the person's draft on top
    sent:   what the page sent back
    typed:  the same, with what the person has saved from another tab since the page was drawn
    stored: what is stored now
    """

    facts: StoredFacts
    base: Mapping[str, str]
    shown: Mapping[str, str]
    sent: Mapping[str, str]
    typed: Mapping[str, str]
    page: str = ""

    @classmethod
    def from_page(
        cls, data: Mapping[str, str], *, facts: StoredFacts, user: User, draft: Draft | None = None
    ) -> "Received":
        try:
            drawn = signing.loads(data.get("base", ""), salt=SALT)
        except signing.BadSignature:  # a page that is not ours showed nothing
            drawn = {"base": {}, "shown": {}, "page": ""}
        base, shown, page = drawn["base"], drawn["shown"], drawn["page"]
        # Also what is not valid, and what belongs to rows that have gone since the page was drawn.
        locked = facts.locked_names(user)
        names = [name for name in (*facts.field_names(), *base) if name in data and name not in locked]
        # A choice that nobody has made is not sent at all, and must not count as what is stored.
        sent = {"ppt": "", "political": ""} | {name: _as_shown(name, str(data[name]).strip(), shown) for name in names}
        typed = _with_draft(draft, sent, shown=shown, page=page) if draft else sent
        return cls(facts=facts, base=base, shown=shown, sent=sent, typed=typed, page=page)

    @classmethod
    def from_draft(cls, draft: Draft, *, facts: StoredFacts) -> "Received":
        return cls(facts=facts, base=draft.base, shown={}, sent=draft.data, typed=draft.data)

    @cached_property
    def stored(self) -> dict[str, str]:
        return self.facts.values()

    @cached_property
    def values(self) -> dict[str, str]:
        """What the fields are to say: what the person changed, as typed; what they left alone, as it is stored now."""
        changed = {
            key: value for key, value in self.typed.items() if value != self.base.get(key, "") or key not in self.stored
        }
        return self.stored | changed

    @cached_property
    def changes(self) -> list[ChangedValue]:
        """What the page did not show: others have stored it, or the person has typed it in another tab."""
        labels = self.facts.labels()
        by_others = {
            key: replace(change, typed=self._typed_instead(key))
            for key, change in differences(self.base, self.stored, labels).items()
            if key not in self.typed or self.typed[key] != self.stored.get(key, "")
        }
        elsewhere = {key: value for key, value in self.typed.items() if value != self.sent.get(key, "")}
        own = differences(self.shown, self.stored | elsewhere, labels)
        return [
            *by_others.values(),
            *(change for key, change in own.items() if key in elsewhere and key not in by_others),
        ]

    def _typed_instead(self, key: str) -> str:
        typed = self.typed.get(key, "")
        return display(key, typed) if key in self.typed and typed != self.base.get(key, "") else ""

    def unlike_what_is_stored(self) -> list[ChangedValue]:
        """What would change if this were stored, each value by itself."""
        typed = {key: value for key, value in self.typed.items() if key in self.stored}
        return list(differences(self.stored, self.stored | typed, self.facts.labels()).values())

    def with_typed(self, typed: Mapping[str, str]) -> "Received":
        """The same answers, as if these had been typed too."""
        return replace(self, typed={**self.typed, **typed})

    def keep(self, confirmation: Confirmation, *, seen: bool, by: User, now: datetime) -> None:
        """Keep it as the person's draft, which begins from what is stored now when they have `seen` the changes."""
        confirmation.keep_draft(
            data=dict(self.values if seen else self.typed),
            base=dict(self.stored if seen else self.base),
            sent={"page": self.page, "typed": self.sent},
            by=by,
            now=now,
        )


def _as_shown(name: str, value: str, shown: Mapping[str, str]) -> str:
    """A browser spells an address that nobody touched in its own way."""
    before = shown.get(name, "")
    return before if name.endswith("email") and canonical(value) == before else value


def _with_draft(draft: Draft, sent: Mapping[str, str], *, shown: Mapping[str, str], page: str) -> dict[str, str]:
    """What a page sent, with what the draft holds for the values that were left alone on that page."""
    changed = {key: value for key, value in draft.data.items() if value != draft.base.get(key, "")}
    if page and page == draft.sent.get("page"):
        # What this very page changed before, and now shows as at first, has been taken back there.
        earlier = draft.sent.get("typed", {})
        changed = {key: value for key, value in changed.items() if earlier.get(key, "") == shown.get(key, "")}
    left_alone = {key: value for key, value in changed.items() if sent.get(key, "") == shown.get(key, "")}
    return {**sent, **left_alone}
