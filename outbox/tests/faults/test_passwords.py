"""A password is changed at the other side, then here: no mail is lost by it. docs/operations.md has the order."""

import os
import signal
import subprocess
from urllib.parse import quote

from django.utils import timezone

from outbox.models import Message, Wording
from outbox.tests.faults.house import ALONE, all_sent, free_port, wait_for
from outbox.tests.faults.test_redis import post_as_a_page_does, start_redis

pytestmark = ALONE
# With every letter that has a meaning of its own in an address.
OLD, NEW = "gam/mel@t:1#?%", "ny/tt@pa:ss#?%"


def start_anew(house, worker: subprocess.Popen, **seconds: float) -> None:
    worker.send_signal(signal.SIGTERM)
    wait_for(lambda: worker.poll() is not None)
    house.start_worker(**seconds)


def test_mails_that_are_refused_for_the_password_wait_for_the_new_one(house, post_many, post):
    house.smtp_login = f"portal:{quote(OLD, safe='')}@"
    house.start_smtp(passwords=[OLD])
    worker = house.start_worker()
    post_many(10)
    wait_for(all_sent)
    house.order(passwords=[NEW])  # the old one is gone before the portal has the new one
    for number in range(10):
        post(f"later:{number}", to=f"q{number}@example.no", now=timezone.now())
    wait_for(lambda: Message.objects.filter(sent_at=None, attempts__gt=0).exists())
    assert not Message.objects.exclude(given_up_at=None).exists()

    house.smtp_login = f"portal:{quote(NEW, safe='')}@"
    start_anew(house, worker)
    wait_for(all_sent)
    assert len(house.accepted()) == 20
    assert house.sent_twice().total() == 0


def test_redis_takes_both_passwords_until_all_processes_have_the_new_one(house):
    port = free_port()
    house.queue = "celery"
    house.start_smtp()
    start_redis(house, port)

    def redis(*command: str, password: str) -> None:
        environ = os.environ | {"REDISCLI_AUTH": password}
        asked = ["redis-cli", "-p", str(port), *command]
        said = subprocess.run(asked, env=environ, capture_output=True, check=True)
        assert said.stdout == b"OK\n", said.stdout

    redis("CONFIG", "SET", "requirepass", OLD, password="")
    house.redis_url = f"redis://:{quote(OLD, safe='')}@127.0.0.1:{port}/0"
    worker = house.start_worker(sweep=3600)
    redis("ACL", "SETUSER", "default", f">{NEW}", password=OLD)
    post_as_a_page_does(house)
    wait_for(all_sent)
    Message.objects.all().delete()
    Wording.objects.all().delete()

    house.redis_url = f"redis://:{quote(NEW, safe='')}@127.0.0.1:{port}/0"
    start_anew(house, worker, sweep=3600)
    redis("ACL", "SETUSER", "default", f"<{OLD}", password=NEW)
    post_as_a_page_does(house)
    wait_for(all_sent)
    assert len(house.accepted()) == 40
