"""Every mail that the plan holds for a pulje, from its first to its last, by month, day and rule."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils import timezone

from outbox import plan
from outbox.plan import LeftOut, Planned
from participants.mails.scopes import of_cohort
from participants.models import Cohort
from parts.dates import end_of, midnight
from parts.order import alphabetical

# Municipalities are nominated, asked and reminded before a pulje begins, and evaluate after its last gathering.
BEFORE, AFTER = timedelta(days=400), timedelta(days=60)


@dataclass(frozen=True)
class MonthOfMails:
    """Its mails in the order in which they go."""

    first: date
    mails: list[Planned]

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def days(self) -> list[tuple[date, list[tuple[str, int, Planned]], int]]:
        """Each day with how many mails of each kind it has, and one of each to look at."""
        found = []
        for day, mails in groupby(self.mails, key=lambda mail: timezone.localdate(mail.send_at)):
            that_day = list(mails)
            counted = Counter(str(mail.text.title) for mail in that_day)
            samples = {str(mail.text.title): mail for mail in reversed(that_day)}
            kinds = [(title, count, samples[title]) for title, count in sorted(counted.items(), key=_by_title)]
            found.append((day, kinds, len(that_day)))
        return found


@dataclass(frozen=True)
class WholePlan:
    """By today's facts, as if nobody answered anything."""

    mails: list[Planned]
    left_out: list[LeftOut]
    months: list[MonthOfMails]

    @classmethod
    def load(cls, cohort: Cohort) -> "WholePlan":
        start, end = span(cohort)
        here = of_cohort(cohort)
        going, left_out = plan.with_left_out(start, end)
        mails = [mail for mail in going if here in mail.scope]
        of_month: dict[date, list[Planned]] = {}
        for mail in mails:
            of_month.setdefault(timezone.localdate(mail.send_at).replace(day=1), []).append(mail)
        months = [MonthOfMails(first, found) for first, found in of_month.items()]
        return cls(mails, [each for each in left_out if here in each.mail.scope], months)

    @property
    def table(self) -> list[tuple[str, list[int], int]]:
        """How many of each kind in each month, and in all."""
        counted = Counter(
            (str(mail.text.title), timezone.localdate(mail.send_at).replace(day=1)) for mail in self.mails
        )
        titles = sorted({title for title, _month in counted}, key=alphabetical)
        return [
            (title, counts, sum(counts))
            for title in titles
            for counts in [[counted[title, month.first] for month in self.months]]
        ]


def span(cohort: Cohort) -> tuple[datetime, datetime]:
    return midnight(cohort.starts_on - BEFORE), end_of(cohort.ends_on + AFTER)


def _by_title(counted: tuple[str, int]) -> str:
    return alphabetical(counted[0])
