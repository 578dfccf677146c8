from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from participants.loading import check, load, sheets
from participants.loading.plan import CohortPlan, PlanLine, RowResult


class Command(BaseCommand):
    help = (
        "Load a whole cohort from an xlsx with the sheets Kommuner, Enheter and Kontakter. "
        "Without --commit, only show what each row would do. Exit code 1: a row has an error; 2: the file is of no use."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
        parser.add_argument("--commit", action="store_true", help="save, if no row has an error")
        parser.add_argument("--both", action="store_true", help="the municipalities in another cohort are in both")
        parser.add_argument("--by", metavar="EMAIL", help="who loads it; needed when there are several superusers")
        parser.add_argument(
            "--template", type=Path, metavar="FILE", help="write an empty workbook to fill in, and stop"
        )

    def handle(self, *args, **options) -> None:
        if options["template"]:
            with options["template"].open("wb") as file:
                sheets.write_template(file)
            self.stdout.write(str(options["template"]))
            return
        if not options["file"]:
            raise CommandError("Name the FILE to load, or --template FILE.", returncode=2)
        by = _loader(options["by"]) if options["commit"] or options["by"] else None
        try:
            with options["file"].open("rb") as file:
                contents = load.read(file, size=options["file"].stat().st_size)
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}", returncode=2) from error
        except ValidationError as error:
            raise CommandError(f"{options['file']}: {error.messages[0]}", returncode=2) from error
        now = timezone.now()
        plan = check.check(contents.rows, by=by, now=now)
        self._show(plan, contents.unread)
        if plan.has_errors:
            raise CommandError(_("Ingenting er lagret. Rett radene med feil og prøv igjen."), returncode=1)
        if by is None or not options["commit"]:
            self.stdout.write(_("Ingenting er lagret. Kjør på nytt med --commit for å lagre."))
            return
        try:
            load.load(contents.rows, digest=plan.digest, by=by, now=now, both=options["both"])
        except load.Changed as error:
            raise CommandError(
                _("Ingenting er lagret: noe ble endret i portalen imens. Kjør på nytt."), returncode=1
            ) from error
        except load.Unanswered as error:
            raise CommandError(
                _("Ingenting er lagret. Skal %(names)s være med i begge puljene, kjør på nytt med --both.")
                % {"names": "; ".join(error.plan.in_two)},
                returncode=1,
            ) from error
        self.stdout.write(_("Lagret."))

    def _show(self, plan: CohortPlan, unread: list[str]) -> None:
        for title in unread:
            self.stdout.write(_("Kolonnen leses ikke: %(column)s") % {"column": title})
        for line in plan.lines:
            self.stdout.write(_plain(line))
        for sheet, counts in plan.counts().items():
            parts = [f"{RowResult(result).label} {count}" for result, count in counts.items() if count]
            self.stdout.write(f"{sheet}: {', '.join(parts) or '0'}")


def _plain(line: PlanLine) -> str:
    details = [f"{column}: {before or '–'} → {after}" for column, before, after in line.changes]
    details += [f"{column}: {message}" if column else message for column, message in line.errors]
    details += line.notes
    number = "" if line.number is None else str(line.number)
    return f"{line.sheet:<10} {number:>5}  {line.result.label:<16} {line.what}  {'; '.join(details)}".rstrip()


def _loader(email: str | None) -> User:
    if email:
        by = User.objects.filter(email=email, is_staff=True, is_active=True).first()
        if by is None:
            raise CommandError(f"--by: no active member of staff has the address {email}.", returncode=2)
        return by
    superusers = list(User.objects.filter(is_superuser=True, is_active=True)[:2])
    if len(superusers) != 1:
        found = "several" if superusers else "none"
        raise CommandError(
            f"Say who loads the file with --by EMAIL: without it there has to be one superuser, and there are {found}.",
            returncode=2,
        )
    return superusers[0]
