"""What the board costs: as many queries for few as for many, and its time beside an empty view's."""

from statistics import median

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench import board, guidance, national, pages
from bench.timing import at_depth, depths, timed
from bench.urls import EMPTY
from guidance.tests.conftest import sign_in
from outbox.models import ReturnReason
from outbox.returns import addresses
from participants.models import Municipality, Participation, Unit

MAX_QUERIES = 20
MAX_OF_60, MAX_OF_357 = 8, 25  # of an empty view's time


def add(count: int, *, cohort, staff) -> None:
    now = timezone.now()
    for municipality in Municipality.objects.exclude(participations__cohort=cohort)[:count]:
        made = Participation.objects.create(
            cohort=cohort,
            municipality=municipality,
            welcomed_at=now,
            welcomed_by=staff,
            accepted_at=now,
            accepted_by=staff,
        )
        Unit.objects.create(participation=made, name="Skole", kind="school")


def let_mail_come_back(cohort, *, staff) -> None:
    """To one person in each municipality."""
    now = timezone.now()
    for participation in cohort.participations.filter(contacts=None):
        email = f"eier-{participation.pk}@example.no"
        participation.add_contact(function="owner", unit=None, email=email, name="Kari Kontakt", by=staff, now=now)
        addresses.bury(email, ReturnReason.UNKNOWN, sent_at=now, now=now)


@pytest.mark.parametrize("who", ["staff", "leader"])
def test_as_many_queries_whatever_its_size(client, request, cohort, staff, who):
    counts = []
    sign_in(client, request.getfixturevalue(who))
    for count in (2, 20, 60):
        add(count - cohort.participations.count(), cohort=cohort, staff=staff)
        let_mail_come_back(cohort, staff=staff)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("board:board", args=[cohort.pk]))
        assert f"av {count}\n" in page.content.decode()
        assert page.content.decode().count("kommer i retur") == count
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= MAX_QUERIES


def usual_ratio(load: national.Load, *, rounds: int) -> float:
    """The board's time over the empty view's just after it: the median of many turns, so that no odd one decides."""
    url, client = reverse("board:board", args=[load.cohort.pk]), pages.signed_in(load.staff)
    taken: dict[str, list[float]] = {url: [], EMPTY: []}
    for address in taken:
        assert client.get(address).status_code == 200  # composes the queries, and reads the templates
    for depth in depths(rounds):
        for address, times in taken.items():
            times.append(at_depth(depth, lambda address=address: timed(lambda: client.get(address))).worked)
    return median(board / empty for board, empty in zip(taken[url], taken[EMPTY], strict=True))


@pytest.mark.services
@pytest.mark.alone
def test_the_whole_board_keeps_to_its_time(db, settings):
    """`make bench` says how many milliseconds that is on the machine at hand."""
    settings.ROOT_URLCONF = "bench.urls"
    load = national.load(now=timezone.now())
    guidance.fill(load, 1000)
    board.settle_gatherings(load)
    assert load.cohort.participations.count() == 60
    assert usual_ratio(load, rounds=40) <= MAX_OF_60
    board.add_the_others(load)
    assert load.cohort.participations.count() == 357
    assert usual_ratio(load, rounds=20) <= MAX_OF_357
