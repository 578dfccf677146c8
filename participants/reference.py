"""Counties, county governors and municipalities, from the lists the project ships."""

import csv
from pathlib import Path

from django.apps import apps as global_apps

DATA = Path(__file__).parent / "data"


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def load_after_migrate(using: str, apps=global_apps, **_kwargs) -> None:
    """Bring the reference tables up to the shipped lists. Rows that have left them stay: history points there.

    Runs after a flush too, which passes no `apps`.
    Sources: Kartverket's list of municipalities (2024), Språkrådet's list of målform, Enhetsregisteret.
    """
    try:
        county_governor = apps.get_model("participants", "CountyGovernor")
        county = apps.get_model("participants", "County")
        municipality = apps.get_model("participants", "Municipality")
    except LookupError:  # migrated back to before the tables existed
        return
    governors = [county_governor(**row) for row in _rows("county_governors.csv")]
    county_governor.objects.using(using).bulk_create(
        governors, update_conflicts=True, unique_fields=["organisation_number"], update_fields=["name"]
    )
    governor_ids = dict(county_governor.objects.using(using).values_list("organisation_number", "pk"))

    rows = _rows("municipalities.csv")
    counties = {row["county_number"]: (row["county_name"], row["governor"]) for row in rows}
    county.objects.using(using).bulk_create(
        [
            county(number=number, name=name, governor_id=governor_ids[governor])
            for number, (name, governor) in counties.items()
        ],
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=["name", "governor"],
    )
    county_ids = dict(county.objects.using(using).values_list("number", "pk"))

    facts = ["name", "name_official", "language", "organisation_number", "number_2020", "governor_2020"]
    municipality.objects.using(using).bulk_create(
        [
            municipality(
                number=row["number"],
                county_id=county_ids[row["county_number"]],
                **{fact: row[fact] for fact in facts},
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=[*facts, "county"],
    )
