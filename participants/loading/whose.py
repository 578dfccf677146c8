"""Whose the addresses in a file are: two people never share one, and one person has one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from accounts.models import AddressChange, User
from participants.models import Contact
from parts.names import plain, same_person

SOME = 500  # in one query: SQLite takes no more


def people(emails: Iterable[str]) -> dict[str, User]:
    """Return people by address. That of somebody who turned out to be another person leads to that person."""
    found: dict[str, User] = {}
    for some in _in_parts(emails):
        users = User.objects.filter(email__in=some).select_related("merged_into")
        found |= {user.email: user.merged_into or user for user in users}
    return found


class Owners:
    """The people of a file, those that the rows above would have made too."""

    def __init__(self, emails: Iterable[str]) -> None:
        emails = set(emails)
        self.people = people(emails)
        self._names: dict[str, list[str]] = defaultdict(list)
        by_key = {user.pk: user for user in self.people.values()}
        for user in by_key.values():
            self._names[user.email] += [user.name] if user.name else []
        for some in _in_parts(by_key):
            for key, name in Contact.objects.filter(user__in=some).order_by().values_list("user", "name"):
                self._names[by_key[key].email].append(name)
        self._moved = {
            change.before: change.user
            for some in _in_parts(emails - self.people.keys())
            for change in AddressChange.objects.filter(before__in=some).select_related("user").order_by("pk")
        }

    def person(self, email: str, name: str) -> User:
        """Who has this address; a new person when nobody has."""
        user = self.people.setdefault(email, User(email=email, name=name))
        if not self._names[user.email]:
            self._names[user.email].append(name)
        return user

    def problem(self, email: str, name: str) -> str:
        """Why this person can't have this address, and what to write; empty when they can."""
        owner = self.people.get(email)
        if owner is None:
            moved = self._moved.get(email)
            if moved and same_person(moved.name, name):
                text = _("%(name)s har endret adressen til %(email)s. Skriv den.")
                return text % {"name": moved, "email": moved.email}
            return ""
        names = self._names[owner.email]
        if not names or any(same_person(each, name) for each in names):
            return ""
        text = _(
            "Adressen tilhører %(owner)s. Er det samme person, skriver du navnet slik. Er det en annen, "
            "trenger hver av dem sin egen adresse."
        )
        return text % {"owner": names[0]}

    def may_be_renamed(self, email: str, name: str) -> bool:
        """Whether the address is of somebody with the same first name: most likely the same person."""
        owner = self.people.get(email)
        known = self._names[owner.email] if owner else []
        return any(plain(each).split()[:1] == plain(name).split()[:1] for each in known)


def _in_parts(values: Iterable) -> Iterator[list]:
    wanted = sorted(values)
    for start in range(0, len(wanted), SOME):
        yield wanted[start : start + SOME]
