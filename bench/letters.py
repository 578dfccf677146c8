"""How fast the letters of a whole pulje are set."""

from statistics import median
from time import perf_counter

from django.utils import timezone

from bench.national import Load
from bench.timing import table
from lmp.welcome import letter
from participants.models import Participation

ROUNDS = 3


def facts(participation: Participation) -> letter.LetterFacts:
    cohort, municipality = participation.cohort, participation.municipality
    today = timezone.localdate()
    units, contacts = participation.units.all(), participation.contacts.select_related("user")
    return letter.LetterFacts(
        language=participation.language,
        dated=today,
        cohort=cohort.number,
        first_year=cohort.first_year,
        starts_on=cohort.starts_on,
        municipality=municipality.name,
        municipality_number=municipality.number,
        governor=municipality.governor_name(on=today),
        reply_by=cohort.confirm_by,
        reply_url=f"https://portal.example.no/kommune/{participation.pk}/bekreft/",
        help_address="hjelp@example.no",
        units=tuple(letter.Unit(unit.name, unit.kind, unit.organisation_number) for unit in units),
        contacts=tuple(
            letter.Contact(contact.function, contact.name, contact.user.email, contact.phone) for contact in contacts
        ),
        gatherings=tuple(
            letter.Gathering(semester, cohort.starts_on, None, "Gardermoen", "fixed") for semester in (None, 1, 2, 3, 4)
        ),
    )


def report(load: Load) -> str:
    participations = load.cohort.participations.select_related("municipality__county__governor", "cohort")
    letters = [facts(participation) for participation in participations]
    letter.render(letters[0])  # reads the fonts
    seconds, largest = [], []
    for _round in range(ROUNDS):
        for one in letters:
            started = perf_counter()
            letter.render(one)
            taken = perf_counter() - started
            seconds.append(taken)
            if len(one.units) == max(len(other.units) for other in letters):
                largest.append(taken)
    rows = [
        ["all", f"{median(seconds) * 1000:.1f}", f"{len(seconds) / sum(seconds):.0f}"],
        ["the one with 30 units", f"{median(largest) * 1000:.1f}", f"{len(largest) / sum(largest):.0f}"],
    ]
    title = f"Letters: {len(letters)} municipalities, {ROUNDS} times over, one process; median ms, letters a second\n"
    return title + table(["letters", "ms", "per second"], rows)
