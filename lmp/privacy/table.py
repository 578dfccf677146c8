"""Every line, of every app."""

from lmp.privacy.held import gatherings, guidance, lmp, participants, people
from lmp.privacy.lines import HeldTable


def held() -> list[HeldTable]:
    return [*people.HELD, *participants.HELD, *gatherings.HELD, *guidance.HELD, *lmp.HELD]
