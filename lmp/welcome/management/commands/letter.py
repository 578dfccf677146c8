from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lmp.welcome.letter import render
from lmp.welcome.load_facts import letter_facts, with_facts
from lmp.welcome.models import file_name
from participants.models import Cohort, Participation


class Command(BaseCommand):
    help = "Writes the welcome letter to a municipality as a PDF. Sends nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cohort", type=int, help="the cohort's number, such as 5")
        parser.add_argument("municipality", help="the municipality's number, such as 5054")
        parser.add_argument("--language", choices=["nb", "nn"], default="", help="instead of the municipality's own")
        parser.add_argument("--output", type=Path, help="the file; its default name is printed")

    def handle(self, *, cohort: int, municipality: str, language: str, output: Path | None, **_options: Any) -> None:
        participation = self._participation(cohort, municipality.zfill(4))
        facts = letter_facts(participation, today=timezone.localdate(), language=language)
        pdf = render(facts)
        path = output or Path(file_name(participation, facts.language))
        try:
            path.write_bytes(pdf.content)
        except OSError as error:
            raise CommandError(f"Could not write {path}: {error.strerror}") from error
        self.stdout.write(f"{path}")
        if pdf.flaw:
            self.stderr.write(f"This is not PDF/A: {pdf.flaw}")

    def _participation(self, cohort: int, municipality: str) -> Participation:
        if not Cohort.objects.filter(number=cohort).exists():
            known = ", ".join(
                str(number) for number in Cohort.objects.order_by("number").values_list("number", flat=True)
            )
            raise CommandError(f"There is no cohort {cohort}. Known: {known or 'none'}.")
        participations = with_facts(Participation.objects.filter(cohort__number=cohort))
        try:
            return participations.get(municipality__number=municipality)
        except Participation.DoesNotExist:
            raise CommandError(f"Municipality {municipality} is not in cohort {cohort}.") from None
