import pytest
from django.core.mail import get_connection
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from outbox.models import Attachment, Message
from outbox.wire import envelope

pytestmark = [pytest.mark.urls("lmp.demo.tests.demo_urls"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _demo_mode(settings, tmp_path):
    settings.DEMO = True
    settings.EMAIL_FILE_PATH = tmp_path


def make_message(number: int = 1, **fields) -> Message:
    now = timezone.now()
    facts = {
        "to": "kari@example.no",
        "language": "nb",
        "text_name": "participants.reminder",
        "subject": f"Emne {number}",
        "body": "Første avsnitt.\n\nSe https://example.no/side",
        "created_at": now,
        "next_attempt_at": now,
        "sent_at": now,
    }
    return Message.objects.create(key=f"test:{number}", message_id=f"<{number}@example.no>", **facts | fields)


def test_lists_what_was_sent_and_only_that(client):
    make_message(1)
    make_message(2, sent_at=None)

    page = client.get(reverse("demo:mails")).content.decode()

    assert "Emne 1" in page
    assert "Emne 2" not in page


def test_says_so_when_nothing_was_sent(client):
    assert "Ingen e-post er sendt ennå." in client.get(reverse("demo:mails")).content.decode()


def test_shows_the_text_with_live_links_and_the_attachments(client):
    message = make_message()
    file = Attachment.objects.create(message=message, name="brev.pdf", content_type="application/pdf", content=b"%PDF")

    page = client.get(reverse("demo:mail", args=[message.pk])).content.decode()
    download = client.get(reverse("demo:attachment", args=[message.pk, file.pk]))

    assert 'href="https://example.no/side"' in page
    assert "brev.pdf" in page
    assert (download.content, download.headers["Content-Type"]) == (b"%PDF", "application/pdf")


def test_links_follow_the_demo_to_another_port(client, settings):
    settings.SITE_URL = "http://localhost:8765"
    message = make_message(body="Les http://localhost:8000/kommune/3/ og http://localhost:8000.")

    page = client.get(reverse("demo:mail", args=[message.pk])).content.decode()

    assert 'href="http://localhost:8765/kommune/3/"' in page


def test_a_value_is_text_not_markup(client):
    message = make_message(body="<script>alert(1)</script>")
    page = client.get(reverse("demo:mail", args=[message.pk])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_code_that_the_outbox_has_wiped_is_read_from_the_file(client, tmp_path):
    message = make_message(body="Koden er 1234-5678 æøå", secret=True)
    other = make_message(2, body="En annen")
    with get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=tmp_path) as server:
        server.send_messages([envelope.compose(other, server), envelope.compose(message, server)])
    Message.objects.filter(pk=message.pk).update(body="")

    page = client.get(reverse("demo:mail", args=[message.pk])).content.decode()

    assert "Koden er 1234-5678 æøå" in page
    assert "En annen" not in page


def test_a_wiped_mail_without_a_file_shows_an_empty_text(client):
    message = make_message(body="", secret=True)
    assert client.get(reverse("demo:mail", args=[message.pk])).status_code == 200


def test_asks_the_same_number_of_queries_at_2_and_at_20_rows(client):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(reverse("demo:mails"))
        return len(captured)

    for number in range(2):
        make_message(number)
    at_two = queries()
    for number in range(2, 20):
        make_message(number)
    assert queries() == at_two <= 10
