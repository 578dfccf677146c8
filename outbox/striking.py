"""Taking a text out of the mails that hold it, those that wait and those that are kept as they were sent."""

import html
import re
from collections.abc import Collection

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q
from django.utils import translation
from django.utils.translation import gettext as _

from outbox.models import Message
from parts.names import one_line

# What is shown of a mail without opening it.
LINES = ("subject", "about_label", "why")


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
