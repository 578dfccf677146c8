"""What this app holds about a person, for the page where they see it and download it. Never what they wrote of others.

Two queries: the page has one budget for all apps.
"""

from datetime import date
from typing import Any

from django.db.models import CharField, Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal_data import Section
from guidance.models import Capacity, GuidanceSession, Leave, LogDraft, Measure, Supervisor
from guidance.staffing.wording import span_in_words
from participants.models import Strike
from participants.models.geography import SHARED_NAMES
from parts.dates import date_in_words

MEMBERSHIP = "supervisor__memberships"


def guidance(user: User) -> Section:
    """Who they are as a supervisor or project leader, the groups they have been in, and how much they have written."""
    found = list(
        User.objects.filter(pk=user.pk)
        .annotate(
            logs=_count(GuidanceSession.objects.held().filter(submitted_by=OuterRef("pk")), "submitted_by"),
            withdrawn=_count(GuidanceSession.objects.filter(withdrawn_by=OuterRef("pk")), "withdrawn_by"),
            struck=_count(Strike.objects.filter(struck_by=OuterRef("pk")), "struck_by"),
            drafts=_count(LogDraft.objects.filter(user=OuterRef("pk")), "user"),
            measures=_count(Measure.objects.standing().filter(opened_by=OuterRef("pk")), "opened_by"),
        )
        .values(
            "supervisor__name",
            "supervisor__phone",
            "supervisor__workplace",
            "supervisor__wished",
            "supervisor__employer",
            "supervisor__knows_kindergarten",
            "supervisor__knows_school",
            f"{MEMBERSHIP}__group__participation__municipality__name",
            f"{MEMBERSHIP}__started_on",
            f"{MEMBERSHIP}__ended_on",
            "project_leader__name",
            "project_leader__started_on",
            "project_leader__ended_on",
            "logs",
            "withdrawn",
            "drafts",
            "measures",
            "struck",
        )
        .order_by(f"{MEMBERSHIP}__started_on", f"{MEMBERSHIP}__pk")
    )
    rows: list[tuple[str, str]] = []
    for person in found[:1]:
        if name := person["supervisor__name"]:
            rows.append((_("Veileder"), ", ".join([name, *_knowledge(person)])))
            rows += _as_supervisor(user, person)
        if name := person["project_leader__name"]:
            span = _span(person["project_leader__started_on"], person["project_leader__ended_on"])
            rows.append((_("Prosjektleder ved Læringsmiljøsenteret"), f"{name}, {span}"))
    for member in found:
        if municipality := member[f"{MEMBERSHIP}__group__participation__municipality__name"]:
            span = _span(member[f"{MEMBERSHIP}__started_on"], member[f"{MEMBERSHIP}__ended_on"])
            rows.append((_("Veiledergruppa i %(municipality)s") % {"municipality": municipality}, span))
    for person in found[:1]:
        written = {
            _("Veiledningslogger du har sendt inn"): person["logs"],
            _("Logger du har trukket tilbake"): person["withdrawn"],
            _("Utkast til logger"): person["drafts"],
            _("Tiltak du har lagt til"): person["measures"],
            _("Tekster du har fjernet for godt"): person["struck"],
        }
        rows += [(what, str(count)) for what, count in written.items() if count]
    return _("Veiledning"), rows


def _as_supervisor(user: User, person: dict) -> list[tuple[str, str]]:
    """What is held of the supervisor beside the groups, also what a project leader decides."""
    own = [
        (_("Telefon"), person["supervisor__phone"]),
        (_("Arbeidssted"), person["supervisor__workplace"]),
        (_("Ønsker høyst"), "" if person["supervisor__wished"] is None else str(person["supervisor__wished"])),
    ]
    held: dict[str, list[str]] = {"county": [], "barred": [], "leave": []}
    capacities = []
    for kind, text, last, cohort, most in sorted(_places_and_numbers(user)):
        if kind == "capacity":
            capacities.append((_("Flest kommuner i pulje %(number)s") % {"number": cohort}, str(most)))
        elif kind == "leave":
            first = parse_date(text)
            held[kind] += [span_in_words(first, parse_date(last) if last else None)] if first else []
        else:
            held[kind].append(f"{text} ({last})" if last and text in SHARED_NAMES else text)
    several = [
        (_("Fylker"), held["county"]),
        (_("Ikke habil i"), held["barred"]),
        (_("Permisjon"), held["leave"]),
    ]
    return [row for row in [*own, *((what, ", ".join(each)) for what, each in several), *capacities] if row[1]]


def _places_and_numbers(user: User) -> QuerySet:
    """In one query: (kind, text, text, number, number)."""
    text: dict[str, Any] = {"output_field": CharField()}
    number: dict[str, Any] = {"output_field": IntegerField()}
    none, nought = Value("", **text), Value(0, **number)
    counties = Supervisor.preferred_counties.through.objects.filter(supervisor__user=user)
    barred = Supervisor.not_with.through.objects.filter(supervisor__user=user)
    capacities = Capacity.objects.filter(supervisor__user=user).order_by()
    leaves = Leave.objects.filter(supervisor__user=user).order_by()
    first, last = Cast("first_on", CharField()), Coalesce(Cast("last_on", CharField()), none)
    return counties.values_list(Value("county", **text), "county__name", none, nought, nought).union(
        barred.values_list(Value("barred", **text), "municipality__name", "municipality__county__name", nought, nought),
        capacities.values_list(Value("capacity", **text), none, none, Cast("cohort__number", IntegerField()), "most"),
        leaves.values_list(Value("leave", **text), first, last, nought, nought),
    )


def _count(rows: QuerySet, by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), Value(0))


def _knowledge(person: dict) -> list[str]:
    known = [(person["supervisor__knows_kindergarten"], _("kjenner barnehage"))]
    known.append((person["supervisor__knows_school"], _("kjenner skole")))
    employer = Supervisor.Employer(person["supervisor__employer"]).label
    return [str(employer), *(text for knows, text in known if knows)]


def _span(start: date, end: date | None) -> str:
    first = date_in_words(start)
    if end is None:
        return _("fra %(first)s") % {"first": first}
    return _("fra %(first)s til %(last)s") % {"first": first, "last": date_in_words(end)}
