from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from participants import registers
from participants.models import Cohort


class Command(BaseCommand):
    help = "Ask the registers how many children each unit of a cohort has, and keep it beside what municipalities say."

    def add_arguments(self, parser) -> None:
        parser.add_argument("cohort", type=int, metavar="COHORT")

    def handle(self, *args, **options) -> None:
        cohort = Cohort.objects.filter(number=options["cohort"]).first()
        if cohort is None:
            raise CommandError(f"There is no cohort {options['cohort']}.")
        total = cohort.participations.taking_part().count()
        summary = registers.Summary()
        for participation, comparison, counted in registers.refresh(cohort, on=timezone.localdate()):
            summary.add(comparison, counted=counted)
            municipality = participation.municipality
            problems = "".join(f" {error}" for error in comparison.errors)
            self.stdout.write(
                f"{summary.municipalities}/{total} {municipality.number} {municipality.name}: "
                f"{counted}/{len(comparison.known)}{problems}"
            )
        self.stdout.write(str(summary))
        if summary.failed:
            raise CommandError("A register failed for some municipalities. Run again later.")
