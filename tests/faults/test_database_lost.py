"""PostgreSQL's connections are cut, and the server stops and starts, while people send forms."""

import time

import pytest

from tests.faults.portal import Sender
from tests.faults.sending import EACH, TIMES, assert_whole, now_and_then, send_all

pytestmark = [pytest.mark.services, pytest.mark.alone]


def test_connections_that_are_cut_cost_nobody_what_they_typed(portal, world):
    portal.start_redis()
    portal.start_web()
    cuts = []

    def cut() -> None:
        cuts.append(portal.postgres.cut(portal.database))

    counted = send_all(portal, world, each=EACH, meanwhile=now_and_then(cut, times=TIMES))
    print(f"{sum(cuts)} connections cut: {dict(counted)}")
    assert sum(cuts)
    assert_whole(portal, each=EACH)


def test_a_server_that_stops_and_starts_costs_nobody_what_they_typed(portal, world):
    portal.start_redis()
    portal.start_web()
    stops = []

    def restart() -> None:
        mode = ("immediate", "fast")[len(stops) % 2]
        portal.postgres.stop(mode)
        time.sleep(0.5)
        portal.postgres.start()
        stops.append(mode)

    counted = send_all(portal, world, each=EACH, meanwhile=now_and_then(restart, times=TIMES // 2))
    print(f"stopped {len(stops)} times: {dict(counted)}")
    assert stops
    assert_whole(portal, each=EACH)


def test_connections_that_were_cut_while_nobody_asked_are_noticed_by_nobody(portal, world):
    """Each answers a page and a form on a connection that is gone."""
    portal.start_redis()
    portal.start_web()
    sender, staff = Sender(portal, world, "contact"), Sender(portal, world, "staff")
    idle = "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    for number in range(1, 6):
        form = staff.form("note", number)
        for _each in range(8):
            sender.client.get("/")
        portal.postgres.ask(f"select pg_terminate_backend(pid) {idle}", database=portal.database)
        assert staff.send("note", number, form).status_code == 302
        portal.postgres.ask(f"select pg_terminate_backend(pid) {idle}", database=portal.database)
        assert sender.client.get("/").status_code == 200
