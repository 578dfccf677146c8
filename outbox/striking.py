"""Taking a text out of the mails that hold it, those that wait and those that are kept; and all texts, in time."""

import html
import re
from collections.abc import Collection
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Case, Model, Q, Value, When
from django.utils import translation
from django.utils.translation import gettext as _

from outbox import markup, texts
from outbox.models import Attachment, Message, MessageQuerySet
from parts.names import one_line

# What is shown of a mail without opening it.
LINES = ("subject", "about_label", "why")
# What a mail says beside its text. Two of them must say something where they are asked for: a dash.
_SAID = ("body", "html", "why", "note", "about_label", "last_error")
_DASHED = ("resend_reason", "handled_note")
_BATCH = 500


def strike(strings: Collection[str], *, about: Model, text_names: Collection[str] = ()) -> int:
    """Put "(the text is removed)" where these strings stand. Return in how many mails.

    They are looked for in the mails about this row, and in all of these texts, for one mail may be about several rows.
    """
    kind = ContentType.objects.get_for_model(about)
    found = 0
    mails = Message.objects.filter(Q(about_type=kind, about_id=str(about.pk)) | Q(text_name__in=text_names))
    for mail in mails.select_for_update(of=("self",)).only("body", "html", "language", *LINES):
        body, page = mail.body, mail.html
        lines = {name: getattr(mail, name) for name in LINES}
        with translation.override(mail.language):
            for string in strings:
                body, page = _without(body, page, string.replace("\r\n", "\n"))
                lines = {name: _line_without(line, string) for name, line in lines.items()}
        changed = {"body": body, "html": page} | lines
        if any(value != getattr(mail, name) for name, value in changed.items()):
            Message.objects.filter(pk=mail.pk).update(**changed)
            found += 1
    return found


def forget_old(*, now: datetime) -> int:
    """Take all words and files out of the mails whose time is over. Return how many mails.

    What is left is that it was sent: key, kind, time, state and address. Its subject becomes the kind's own, without
    what was filled in. Done in batches, each whole; done twice, it is done once.
    """
    kinds, found = texts.all_texts(), 0
    while True:
        with transaction.atomic():
            rows = Message.objects.forgettable(now).select_for_update(of=("self",)).order_by("pk")
            batch = list(rows.values_list("pk", "text_name", "language")[:_BATCH])
            mails = Message.objects.filter(pk__in=[pk for pk, _name, _language in batch])
            Attachment.objects.filter(message__in=mails).delete()
            for name, language in {(name, language) for _pk, name, language in batch}:
                subject = name
                if text := kinds.get(name):
                    subject = markup.without_placeholders(texts.shipped_wording(text, language)[0])
                mails.filter(text_name=name, language=language).update(subject=subject)
            dashed = {name: Case(When(**{name: ""}, then=Value("")), default=Value("–")) for name in _DASHED}
            found += mails.update(forgotten_at=now, **dict.fromkeys(_SAID, ""), **dashed)
        if len(batch) < _BATCH:
            return found


def delete(mails: MessageQuerySet) -> None:
    """Delete these. One that was sent once more, or parted, is protected by the one that followed it."""
    keys = list(mails.values_list("pk", flat=True))
    Message.objects.filter(resend_of__in=keys).update(resend_of=None)
    Message.objects.filter(parted_from__in=keys).update(parted_from=None)
    Message.objects.filter(pk__in=keys).delete()


def _line_without(line: str, string: str) -> str:
    words = one_line(string)
    return line.replace(words, f"({_('teksten er fjernet')})") if words else line


def _without(body: str, page: str, string: str) -> tuple[str, str]:
    """As it stands in running text, and as an item of a list. What surrounds the words stays: ": such a text, "."""
    for words in dict.fromkeys((string, re.sub(r"\n{3,}", "\n\n", string).strip("\n"), one_line(string))):
        core = words.strip(" :,")
        if not core:
            continue
        start, end = words[: words.index(core)], words[words.index(core) + len(core) :]
        gone = f"{start}({_('teksten er fjernet')}){end}"
        body = body.replace(words, gone)
        page = page.replace(html.escape(words).replace("\n", "<br>\n"), html.escape(gone))
    return body, page
