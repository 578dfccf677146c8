"""Sending what staff have written: to each recipient once, or why not, row by row."""

import logging
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from lmp.outage import is_outage
from lmp.writing import composing
from lmp.writing.composing import ComposedMail
from lmp.writing.left_out import WhyLeftOut
from lmp.writing.models import Recipient, Writing
from outbox import queue
from outbox.models import Message
from outbox.posting import post

logger = logging.getLogger(__name__)
# So many are posted while the writer waits for the page; more are a worker's.
AT_ONCE = 20
# In one transaction: what is posted together, or not at all.
BATCH = 50


def order(writing_pk: int, *, seen: str, by: User, now: datetime) -> Writing:
    """Send it as its writer saw it. Pressed twice, or in two tabs, it is sent once.

    Raise ValidationError for the reasons of `Writing.order`.
    """
    with transaction.atomic():
        writing = Writing.objects.select_for_update(of=("self",)).select_related("written_by").get(pk=writing_pk)
        is_new, few = writing.order(seen=seen, by=by, now=now), writing.recipients.count() <= AT_ONCE
        if is_new and not few:
            transaction.on_commit(lambda: queue.ask("lmp.writing.tasks.send", writing.pk, expires=600), robust=True)
    if is_new and few:
        process(writing.pk, now=now)
    return writing


def process(writing_pk: int, *, now: datetime) -> None:
    """Post what waits of it. Done once for each recipient, whoever asks, how often, and how many at a time."""
    writing = Writing.objects.select_related("written_by").get(pk=writing_pk)
    while _post_batch(writing, now=now):
        pass


@transaction.atomic
def _post_batch(writing: Writing, *, now: datetime) -> int:
    waiting = Recipient.objects.waiting().filter(writing=writing).order_by("pk")
    # What another worker has taken is skipped, and not waited for.
    keys = list(waiting.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:BATCH])
    recipients = list(composing.with_facts(Recipient.objects.filter(pk__in=keys)).order_by("pk"))
    for mail in composing.compose(writing, recipients, now=now):
        _post(writing, mail, now=now)
    return len(keys)


def _post(writing: Writing, mail: ComposedMail, *, now: datetime) -> None:
    recipient = mail.recipient
    recipient.done_at = now
    recipient.leave_out(mail.left_out)
    if not mail.left_out:
        try:
            with transaction.atomic():
                recipient.message = _written(writing, mail, now=now)
        except Exception as error:
            if is_outage(error):  # nothing is wrong with this one: the whole batch waits for the worker
                raise
            logger.exception("recipient %s of writing %s could not be written to", recipient.pk, writing.pk)
            recipient.leave_out(WhyLeftOut("failed"))
    recipient.save(update_fields=["done_at", "left_out", "left_out_values", "message"])


def _written(writing: Writing, mail: ComposedMail, *, now: datetime) -> Message:
    return post(
        mail.text,
        key=mail.key or mail.recipient.key,
        to=mail.recipient.addressee,
        language=mail.language,
        values=mail.values,
        why=mail.why,
        now=now,
        about=writing,
        expires_at=mail.expires_at,
        wording=mail.wording,
        reply_to=writing.reply_to,
    )


def try_out(
    writing: Writing, composed: Collection[ComposedMail], *, token: str, by: User, now: datetime
) -> list[Message]:
    """Copies to the writer alone, one in each language that it goes out in, marked as such. A token makes them once."""
    made = []
    wordings: composing.Wordings = {}
    for mail in composing.languages(composed):
        subject, body = mail.source(wordings)
        with override(mail.language):
            marked = _("Prøve: %(subject)s") % {"subject": subject}
            mark = _("Dette er en prøve. Slik blir e-posten til %(name)s.") % {"name": mail.name}
        made.append(
            post(
                mail.text,
                key=f"writing.test:{writing.pk}:{mail.language}:{token}",
                to=by,
                language=mail.language,
                values=mail.values,
                why=_("Prøve, bare til den som skriver"),
                now=now,
                about=writing,
                wording=(marked, f"{mark}\n\n{body}"),
                reply_to=writing.reply_to,
            )
        )
    return made
