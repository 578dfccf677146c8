"""From a wording with {placeholders} to a subject, a plain text and its HTML.

The wording knows paragraphs, "- " lists, bare addresses and named links, [name]({placeholder}), nothing else. The plain
text is the same, but that it has the address after a link's name, "name: https://…", or alone where the line before has
named it.
Values are put in after the wording is parsed: they never become markup.
"""

import html
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from markdown_it import MarkdownIt

from outbox import foot as feet
from parts import own_links
from parts.names import one_line

# A line of a header has 998 characters at most, and a word in it cannot be folded (RFC 5322, 2.1.1).
MAX_SUBJECT_LENGTH = 500

_NAME = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_FILLED_NAME = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[0-9]+)?)\}")
_ALONE = re.compile(r"[ \t]*(?:- )?\{([a-z][a-z0-9_]*)\}[ \t]*")
_NAMED_LINK = re.compile(r"\[([^\[\]{}\n]+)\]\(\{([a-z][a-z0-9_]*)\}\)")
_NAMED_LINK_ALONE = re.compile(rf"[ \t]*{_NAMED_LINK.pattern}[ \t]*")
_BROKEN = re.compile(r"\{[^{}\s]*\}?|\}")
_ADDRESS_OR_NAME = re.compile(r"https?://[^\s<>\"]+|" + _NAMED_LINK.pattern + "|" + _FILLED_NAME.pattern)
# As much of a mail as a list of mails shows beside its subject.
_PREHEADER_LENGTH = 120
# A clock and its hour, the figures of a telephone number: what is read as one is not broken over two lines.
_ONE_IN_HTML = re.compile(r"(?<=\bkl\.) (?=\d)|(?<=\btlf\.) (?=[+\d])|(?<=\d) (?=\d)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def placeholders(wording: str) -> list[str]:
    return _NAME.findall(wording)


def without_placeholders(wording: str) -> str:
    """For a title that is about all who get it: "Frist i {kommune}" is "Frist i …"."""
    return _NAME.sub("…", wording)


def broken_placeholders(wording: str) -> list[str]:
    return _BROKEN.findall(_NAME.sub("", wording))


@dataclass(frozen=True)
class FilledWording:
    """A wording with its lists laid out, and the cleaned values that go into it."""

    subject_wording: str
    body_wording: str
    values: Mapping[str, str]

    def subject(self) -> str:
        return Truncator(one_line(self._put_in(self.subject_wording))).chars(MAX_SUBJECT_LENGTH)

    def text(self, foot: feet.Foot | None = None) -> str:
        body = self._put_in(_NAMED_LINK.sub("\x01\\1: \x02{\\2}", self.body_wording))
        body = re.sub("(:\n+)\x01[^\x02]*\x02", r"\1", body)  # what stands before has named it
        body = re.sub("[\x01\x02]", "", body)
        said = re.sub(r"\n{3,}", "\n\n", body).strip() + "\n"
        return f"{said}\n{foot.text()}" if foot else said

    def html(self, language: str, foot: feet.Foot | None = None) -> str:
        env = {"values": self.values, "name_of_link": feet.name_of_link()}
        content = _markdown.render(self.body_wording, env)
        context = {
            "language": language,
            "subject": self.subject(),
            "preheader": self.preheader(),
            "content": mark_safe(content),  # noqa: S308
            "foot": foot,
        }
        return render_to_string("mails/layout.html", context)

    def preheader(self) -> str:
        """The first paragraph that is no greeting and no signature."""
        paragraphs = [one_line(paragraph) for paragraph in self.text().split("\n\n")]
        first = next((each for each in paragraphs if each and not feet.is_greeting(each)), "")
        return Truncator(first).chars(_PREHEADER_LENGTH)

    def _put_in(self, wording: str) -> str:
        return _FILLED_NAME.sub(lambda match: self.values[match[1]], wording)


def fill(
    *,
    subject: str,
    body: str,
    values: Mapping[str, str | Sequence[str]],
    language: str,
    paragraphs: Collection[str] = (),
) -> FilledWording:
    """A list is a value of its own, with commas, and so is each of its items: NAME.0, NAME.1 and so on.

    A value is one line, but those that `paragraphs` names. An address of the portal's opens in the mail's language.
    """
    clean: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    for name, value in values.items():
        if isinstance(value, (list, tuple)):
            lists[name] = [own_links.in_language(one_line(str(item)), language) for item in value]
            clean[name] = ", ".join(lists[name])
            clean.update((f"{name}.{number}", item) for number, item in enumerate(lists[name]))
        elif name in paragraphs:
            clean[name] = _CONTROL.sub("", str(value).replace("\r\n", "\n"))
        else:
            clean[name] = own_links.in_language(one_line(str(value)), language)
    return FilledWording(subject, _with_lists(body.replace("\r\n", "\n"), clean, lists), clean)


def _with_lists(body: str, values: Mapping[str, str], lists: Mapping[str, Sequence[str]]) -> str:
    """A list alone on its line becomes one line per item. A line whose only value is empty is left out."""
    lines: list[str] = []
    list_just_ended = False
    for line in body.split("\n"):
        alone = _ALONE.fullmatch(line)
        if alone and not values[alone[1]]:
            continue
        named = _NAMED_LINK_ALONE.fullmatch(line)
        if named and not values[named[2]]:
            continue
        if list_just_ended and line.strip():
            lines.append("")
        list_just_ended = alone is not None and alone[1] in lists
        if alone and list_just_ended:
            lines += [f"- {{{alone[1]}.{number}}}" for number in range(len(lists[alone[1]]))]
        else:
            lines.append(line)
    return "\n".join(lines)


def _html_text(_renderer, tokens, index, _options, env) -> str:
    values, content, pieces, end = env["values"], tokens[index].content, [], 0
    for match in _ADDRESS_OR_NAME.finditer(content):
        pieces.append(_escaped(content[end : match.start()]))
        end = match.end()
        if match[1]:
            pieces.append(_html_value(values[match[2]], match[1]) if values[match[2]] else html.escape(match[1]))
        elif match[3]:
            pieces.append(_html_value(values[match[3]], env["name_of_link"]))
        else:
            address = match[0].rstrip(".,;:!?)»")
            end -= len(match[0]) - len(address)
            pieces.append(_link(_FILLED_NAME.sub(lambda name: values[name[1]], address)))
    return "".join(pieces) + _escaped(content[end:])


def _html_value(value: str, name_of_link: str) -> str:
    # Only the portal's own addresses become links: a name that somebody typed never does.
    if own_links.is_ours(value):
        return _link(value, name_of_link)
    return _escaped(value).replace("\n", "<br>\n")


def _escaped(text: str) -> str:
    return _ONE_IN_HTML.sub("&nbsp;", html.escape(text))


def _link(address: str, name: str = "") -> str:
    return f'<a href="{html.escape(address)}">{html.escape(name or address)}</a>'


_markdown = MarkdownIt("zero", {"breaks": True}).enable(["list", "newline"])
_markdown.add_render_rule("text", _html_text)
