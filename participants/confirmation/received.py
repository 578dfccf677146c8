"""What came from the confirmation page, beside what is stored now, so that nothing typed or stored is lost."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from django.core import signing

from accounts.models import User
from participants.confirmation import tabs
from participants.confirmation.values import ChangedValue, StoredFacts, differences, display
from participants.models import Confirmation, Draft
from parts.addresses import canonical

SALT = "participants.confirmation"


def signed(*, base: Mapping[str, str], shown: Mapping[str, str], seen: Mapping[str, list[str]]) -> str:
    """The page's hidden field "base": what is stored beneath the page, what its fields show, and which page it is.

    `seen` is what it tells of other tabs. What changes meanwhile is found by all this, without a lock or a counter.
    """
    drawn = {"base": base, "shown": shown, "seen": seen, "page": secrets.token_hex(8)}
    return signing.dumps(drawn, salt=SALT, compress=True)


@dataclass(frozen=True)
class Received:
    """One person's answers in the making. All values are text, by the names of the page's fields.

    base:   what was stored when the page was drawn
    shown:  what the page showed: the base, with the person's draft on top
    sent:   what the page sent back
    typed:  the same, with what the person has saved from another tab since the page was drawn
    stored: what is stored now
    by_tab: what was typed in each tab, once this one is saved
    seen:   what the page told of answers in other tabs
    """

    facts: StoredFacts
    base: Mapping[str, str]
    shown: Mapping[str, str]
    sent: Mapping[str, str]
    typed: Mapping[str, str]
    by_tab: Sequence[tabs.Tab] = ()
    seen: Mapping[str, list[str]] = field(default_factory=dict)

    @classmethod
    def from_page(
        cls, data: Mapping[str, str], *, facts: StoredFacts, user: User, draft: Draft | None = None
    ) -> "Received":
        try:
            drawn = signing.loads(data.get("base", ""), salt=SALT)
        except signing.BadSignature:  # a page that is not ours showed nothing
            drawn = {"base": {}, "shown": {}, "seen": {}, "page": ""}
        base, shown, seen, page = drawn["base"], drawn["shown"], drawn["seen"], drawn["page"]
        # Also what is not valid, and what belongs to rows that have gone since the page was drawn.
        locked = facts.locked_names(user)
        names = [name for name in (*facts.field_names(), *base) if name in data and name not in locked]
        # A choice that nobody has made is not sent at all, and must not count as what is stored.
        sent = {"ppt": "", "political": ""} | {name: _as_shown(name, _typed(data[name]), shown) for name in names}
        typed = tabs.merged(sent, shown=shown, page=page, draft=draft) if draft else sent
        kept = tabs.after(draft, sent, shown=shown, seen=seen, page=page)
        return cls(facts=facts, base=base, shown=shown, sent=sent, typed=typed, by_tab=kept, seen=seen)

    @classmethod
    def from_draft(cls, draft: Draft, *, facts: StoredFacts) -> "Received":
        return cls(facts=facts, base=draft.base, shown={}, sent=draft.data, typed=draft.data, by_tab=tabs.of(draft))

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

    @cached_property
    def other_tabs(self) -> dict[str, list[str]]:
        """The person's answers in other tabs that are not those of the form."""
        return tabs.unlike(self.by_tab, self.typed)

    @property
    def two_answers(self) -> list[ChangedValue]:
        """The same, to be shown beside those of the form."""
        labels = self.facts.labels()
        return [
            ChangedValue(labels[key], "", display(key, value), typed=display(key, self.typed.get(key, "")))
            for key, values in self.other_tabs.items()
            if key in labels
            for value in values
        ]

    @property
    def has_news(self) -> bool:
        """Whether the person has to be shown something before this is stored."""
        unseen = (
            key in self.facts.labels() and value not in (self.shown.get(key, ""), *self.seen.get(key, []))
            for key, values in self.other_tabs.items()
            for value in values
        )
        return bool(self.changes) or any(unseen)

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
            sent={"tabs": self.by_tab},
            by=by,
            now=now,
        )


def _typed(value: str) -> str:
    """What can be kept of it: PostgreSQL stores no end of text in the middle of one."""
    return str(value).replace("\x00", "").strip()


def _as_shown(name: str, value: str, shown: Mapping[str, str]) -> str:
    """A browser spells an address that nobody touched in its own way."""
    before = shown.get(name, "")
    return before if name.endswith("email") and canonical(value) == before else value
