"""What a page does, in a process of its own: save a fact, post its mail, and say how many seconds that took."""

import time

import django
from django.db import transaction
from django.utils import timezone

django.setup()

from outbox import posting  # noqa: E402
from outbox.models import Message, Wording  # noqa: E402


def main() -> None:
    began = time.monotonic()
    now = timezone.now()
    with transaction.atomic():
        Wording.objects.create(name="a fact", language="nb", subject="-", body="-")
        for number in range(20):
            message = Message(
                key=f"fact:{number}", to=f"p{number}@example.no", language="nb", subject="Sak", body="Hei"
            )
            posting.write(message, [], now=now)
    print(time.monotonic() - began)


if __name__ == "__main__":
    main()
