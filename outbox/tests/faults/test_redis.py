"""A queue that is down: the page saves as quickly as ever, and the mail goes later."""

import socket
import subprocess
import sys

from outbox.models import Message, Wording
from outbox.tests.faults.house import ALONE, House, all_sent, free_port, wait_for

pytestmark = ALONE


def start_redis(house: House, port: int) -> subprocess.Popen:
    process = house.start(["redis-server", "--port", str(port), "--save", "", "--dir", str(house.folder)])
    ping = ["redis-cli", "-p", str(port), "ping"]
    wait_for(lambda: subprocess.run(ping, capture_output=True, check=False).stdout == b"PONG\n")
    return process


def post_as_a_page_does(house: House) -> float:
    command = [sys.executable, "-m", "outbox.tests.faults.poster"]
    answer = subprocess.run(command, env=house.environment(), capture_output=True, text=True, check=True)
    return float(answer.stdout.splitlines()[-1])


def test_redis_down_costs_a_second_and_loses_nothing(house):
    port = free_port()
    house.redis_url = f"redis://127.0.0.1:{port}/0"
    house.start_smtp()
    redis = start_redis(house, port)
    worker = house.start_worker()
    house.kill(redis)
    assert post_as_a_page_does(house) < 2
    assert Wording.objects.count() == 1
    assert Message.objects.filter(sent_at=None).count() == 20
    start_redis(house, port)
    wait_for(all_sent, seconds=40)
    assert len(house.accepted()) == 20
    assert worker.poll() is None


def test_redis_that_hangs_costs_a_second_and_loses_nothing(house):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        house.redis_url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        assert post_as_a_page_does(house) < 2
    assert Message.objects.filter(sent_at=None).count() == 20


def test_with_redis_up_the_page_wakes_the_worker_without_any_sweep(house):
    port = free_port()
    house.redis_url = f"redis://127.0.0.1:{port}/0"
    house.queue = "celery"
    house.start_smtp()
    start_redis(house, port)
    house.start_worker(sweep=3600)
    assert post_as_a_page_does(house) < 1
    wait_for(all_sent)
    assert len(house.accepted()) == 20
