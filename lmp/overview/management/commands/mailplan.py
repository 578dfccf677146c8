import json
from argparse import ArgumentParser
from datetime import date, datetime, time, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import formats, timezone, translation

from outbox import plan
from outbox.models import Message
from participants.models import Cohort


class Command(BaseCommand):
    help = "Print the mails that today's facts call for in a cohort: when, to whom, which and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cohort", type=int, help="the cohort's number")
        parser.add_argument("--at", type=date.fromisoformat, help="the first day, YYYY-MM-DD (default: today)")
        parser.add_argument("--until", type=date.fromisoformat, help="the last day (default: a year on)")
        parser.add_argument("--json", action="store_true", help="one JSON list instead of a table")

    def handle(self, *_args, cohort: int, at: date | None, until: date | None, **options) -> None:
        try:
            found = Cohort.objects.get(number=cohort)
        except Cohort.DoesNotExist as error:
            known = ", ".join(str(number) for number in Cohort.objects.values_list("number", flat=True)) or "none"
            raise CommandError(f"There is no cohort {cohort}. Known: {known}.") from error
        first = at or timezone.localdate()
        last = until or first + timedelta(days=365)
        if last < first:
            raise CommandError("--until is before --at.")
        with translation.override("nb"):
            rows = mails(found, first=first, last=last)
        if options["json"]:
            self.stdout.write(as_json(rows))
        else:
            self.write_table(found, rows, first=first, last=last)

    def write_table(self, cohort: Cohort, rows: list[plan.Planned], *, first: date, last: date) -> None:
        for row in rows:
            local = timezone.localtime(row.send_at)
            with translation.override("nb"):
                day = formats.date_format(local, "D d.m.Y H.i")
            self.stdout.write(f"{day:<20} {row.to:<40} {row.text.name:<26} {row.language}  {row.why}")
        with translation.override("nb"):
            successors = [each.words for each in plan.coming_successors() if any(each.may_move(row) for row in rows)]
        for words in successors:
            self.stdout.write(words)
        self.stdout.write(f"{len(rows)} mails in cohort {cohort.number} from {first} to {last}.")


def mails(cohort: Cohort, *, first: date, last: date) -> list[plan.Planned]:
    """What is planned for the cohort from the first moment of one day to the last of another, and not yet posted."""
    start = timezone.make_aware(datetime.combine(first, time.min)) - timedelta(microseconds=1)
    end = timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min)) - timedelta(microseconds=1)
    rows = [row for row in plan.everything(start, end) if f"cohort:{cohort.number}" in row.scope]
    posted = set(Message.objects.filter(key__in=[row.key for row in rows]).values_list("key", flat=True))
    return [row for row in rows if row.key not in posted]


def as_json(rows: list[plan.Planned]) -> str:
    return json.dumps(
        [
            {
                "send_at": timezone.localtime(row.send_at).isoformat(),
                "until": timezone.localtime(row.until).isoformat(),
                "to": row.to,
                "name": row.name,
                "mail": row.text.name,
                "language": row.language,
                "why": row.why,
            }
            for row in rows
        ],
        ensure_ascii=False,
        indent=2,
    )
