"""Each kind of mail is in the thread that a reader expects. The two years look at every mail that they bring about."""

import pytest

from lmp.demo.tests.conftest import demo as demo  # noqa: PLC0414 – the fixture
from lmp.demo.tests.conftest import loaded as loaded  # noqa: PLC0414 – the fixture
from lmp.demo.tests.conftest import now as now  # noqa: PLC0414 – the fixture
from lmp.tests.two_years import threads
from outbox import texts
from outbox.models import Message
from outbox.wire import envelope

pytestmark = [pytest.mark.urls("lmp.demo.tests.demo_urls"), pytest.mark.slow, pytest.mark.usefixtures("demo")]


def test_every_kind_has_a_thread_or_stands_alone():
    kinds = [kind for kinds in threads.THREADS.values() for kind in kinds]
    assert sorted(kinds) == sorted(texts.all_texts())


def test_each_mail_of_the_demo_is_in_the_thread_of_its_kind():
    mails = Message.objects.all()
    wrong = {mail.key: found for mail in mails if (found := threads.wrong_with(mail))}
    assert wrong == {}
    assert len({mail.text_name for mail in mails}) > 25


def test_the_letter_is_in_one_thread_with_the_reminders_of_what_it_asks_for():
    letter = Message.objects.filter(text_name="welcome.welcome").latest("pk")
    participation = letter.about.participation  # type: ignore[union-attr]
    first = participation.confirmations.order_by("round")[0]
    reminders = Message.objects.about_rows(type(first), [first.pk])
    assert {envelope.thread_of(mail) for mail in [letter, *reminders]} == {
        ("participants", "confirmation", str(first.pk))
    }


def test_a_registration_that_is_gone_leaves_its_mails_in_a_thread_of_their_own():
    mail = Message.objects.filter(text_name="gatherings.swapped_in").latest("pk")
    mail.about_id = "0"
    mail = Message(**{field.attname: getattr(mail, field.attname) for field in Message._meta.concrete_fields})
    assert envelope.thread_of(mail) == ("gatherings", "registration", "0")
