"""What a person is in the municipalities now, asked once for a page on which much hangs on it."""

from dataclasses import dataclass

from accounts.models import User
from participants.models import Contact, GovernorContact


@dataclass(frozen=True)
class Functions:
    """By key: the participations the person has a function in, those of them they answer for, and the units they lead.

    `governs`: the county governors they are with.
    """

    participations: frozenset[int] = frozenset()
    answers_for: frozenset[int] = frozenset()
    leads: frozenset[int] = frozenset()
    governs: frozenset[int] = frozenset()


def functions(user: User) -> Functions:
    """Two plain queries, so that nothing more is asked of somebody with no function than may have an answer."""
    if not user.is_active:
        return Functions()
    rows = list(Contact.objects.current().filter(user=user).order_by().values_list("participation", "unit", "function"))
    governors = GovernorContact.objects.current().filter(user=user)
    return Functions(
        participations=frozenset(participation for participation, unit, _function in rows if unit is None),
        answers_for=frozenset(
            participation for participation, unit, function in rows if unit is None and function in Contact.EDITORS
        ),
        leads=frozenset(unit for _participation, unit, function in rows if unit and function == Contact.Function.HEAD),
        governs=frozenset(governors.order_by().values_list("governor", flat=True)),
    )
