"""What a withdrawal ended, and what a return goes on with."""

from dataclasses import dataclass

from accounts.models import User
from gatherings.models import Registration
from gatherings.withdrawal import SignedOff
from guidance.withdrawal import EndedGuidance, ResumedGuidance
from participants.models import Confirmation, Withdrawal


@dataclass(frozen=True)
class Ended:
    """What ended with a municipality that withdrew, and who is told."""

    withdrawal: Withdrawal
    gatherings: SignedOff
    guidance: EndedGuidance
    round: Confirmation | None  # which nobody answers now
    told: list[User]


@dataclass(frozen=True)
class Resumed:
    """What goes on in a municipality that is with us again, and who is told."""

    withdrawal: Withdrawal
    registered: list[Registration]
    guidance: ResumedGuidance
    round: Confirmation | None  # with its new deadline
    told: list[User]
