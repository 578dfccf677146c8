"""What has been mailed about sessions to whom, read from the keys of the mails that have gone."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class MailKey:
    """The end of a key: which session, which version, to whom, and how often they had been taken out of it before."""

    session: int
    version: int
    user: int
    turn: int

    @property
    def text(self) -> str:
        return f":{self.session}:{self.version}:{self.user}" + (f".{self.turn}" if self.turn else "")

    @classmethod
    def read(cls, key: str) -> "MailKey":
        _kind, session, version, user = key.rsplit(":", 3)
        person, _dot, turn = user.partition(".")
        return cls(int(session), int(version), int(person), int(turn or 0))


@dataclass
class Mailed:
    """What one person has been mailed about one session since they were last taken out of it."""

    turn: int = 0
    told: dict[int, datetime] = field(default_factory=dict)  # when, by the version that the mail was about
    called_off: set[int] = field(default_factory=set)  # the versions in which it was

    def last_before(self, version: int) -> int | None:
        """The newest earlier version that the person was told of."""
        return max((each for each in self.told if each < version), default=None)

    def is_called_off_since(self, version: int, *, before: int | None = None) -> bool:
        return any(each > version and (before is None or each < before) for each in self.called_off)

    def told_at(self, version: int) -> datetime | None:
        return self.told.get(version)

    @property
    def has_it(self) -> bool:
        """Whether it is in the person's calendar."""
        return bool(self.told) and not self.is_called_off_since(max(self.told))


class MailedSessions:
    """Who has got mails about which sessions.

    A person who is taken out of a session is told so, and what was sent before counts no more: one who comes back is
    invited as for the first time. How often that has happened is the person's turn, which the keys end with.
    """

    def __init__(
        self, *, told: Iterable[tuple[str, datetime]], called_off: Iterable[str], released: Iterable[str]
    ) -> None:
        self._of: dict[int, dict[int, Mailed]] = defaultdict(lambda: defaultdict(Mailed))
        for key in map(MailKey.read, released):
            self.of(key.session, key.user).turn += 1
        for text, moment in told:
            key = MailKey.read(text)
            mailed = self.of(key.session, key.user)
            if key.turn == mailed.turn:
                mailed.told[key.version] = moment
        for key in map(MailKey.read, called_off):
            mailed = self.of(key.session, key.user)
            if key.turn == mailed.turn:
                mailed.called_off.add(key.version)

    def of(self, session: int, user: int) -> Mailed:
        return self._of[session][user]

    def people(self, session: int) -> list[int]:
        """Everybody who has it in their calendar."""
        return [user for user, mailed in self._of[session].items() if mailed.has_it]
