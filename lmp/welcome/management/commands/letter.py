from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lmp.welcome.letter import render
from lmp.welcome.load_facts import letter_facts, with_facts
from lmp.welcome.models import Letter, file_name
from participants.models import Cohort, Participation


class Command(BaseCommand):
    help = "Writes the welcome letter to a municipality as a PDF, as it was sent. Sends nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cohort", type=int, help="the cohort's number, such as 5")
        parser.add_argument("municipality", help="the municipality's number, such as 5054")
        parser.add_argument("--anew", action="store_true", help="as it would be today, though it has been sent")
        parser.add_argument(
            "--language",
            choices=["nb", "nn"],
            default="",
            help="for one of today: instead of the municipality's own",
        )
        parser.add_argument("--output", type=Path, help="the file; its default name is printed")

    def handle(
        self, *, cohort: int, municipality: str, language: str, anew: bool, output: Path | None, **_options: Any
    ) -> None:
        participation = self._participation(cohort, municipality.zfill(4))
        kept = None if anew else Letter.objects.sent().filter(participation=participation).first()
        if kept:
            self._write_kept(kept, language, output)
        else:
            self._write_todays(participation, language, output)

    def _write_kept(self, letter: Letter, language: str, output: Path | None) -> None:
        if language and language != letter.language:
            raise CommandError(f"The letter was sent in {letter.language}. One of today in {language} takes --anew.")
        self._write(bytes(letter.pdf), output or Path(letter.file_name), letter.note, archival=letter.archival)
        self.stderr.write(f"This is the letter as it was sent on {timezone.localdate(letter.sent_at)}.")

    def _write_todays(self, participation: Participation, language: str, output: Path | None) -> None:
        facts = letter_facts(participation, today=timezone.localdate(), language=language)
        pdf = render(facts)
        self._write(
            pdf.content, output or Path(file_name(participation, facts.language)), pdf.note, archival=not pdf.flaw
        )
        was_sent = Letter.objects.sent().filter(participation=participation).exists()
        kept = "another was sent" if was_sent else "none has been sent"
        self.stderr.write(f"This is the letter as it would be today; {kept}.")

    def _write(self, content: bytes, path: Path, note: str, *, archival: bool) -> None:
        try:
            path.write_bytes(content)
        except OSError as error:
            raise CommandError(f"Could not write {path}: {error.strerror}") from error
        self.stdout.write(f"{path}")
        if note:
            self.stderr.write(note if archival else f"This is not PDF/A: {note}")

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
