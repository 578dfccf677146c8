"""The forms that pages draw, read from the pages as a browser would."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit


@dataclass
class Drawn:
    """A form, with a value of each name as the page shows it. `choices`: the other values of a name."""

    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def kind(self) -> tuple[str, ...]:
        """The same form about another row is the same kind."""
        words = ["1" if word.isdecimal() else word for word in urlsplit(self.action).path.split("/")]
        return ("/".join(words), *sorted({*self.values, *self.files, *(name for name, _value in self.buttons)}))


class Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.forms, self.by_id = page, [], {}
        self.form = self.select = self.area = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self.page, facts.get("action", ""))
            self.form = Drawn(action) if facts.get("method", "").lower() == "post" else None
            if self.form:
                self.forms.append(self.form)
                self.by_id[facts.get("id", "")] = self.form
        form = self.by_id.get(facts["form"]) if "form" in facts else self.form
        name, value = facts.get("name", ""), facts.get("value", "")
        if tag == "option" and self.select:
            form, name = self.select
            form.choices.setdefault(name, []).append(value)
            if "selected" in facts or not form.values.get(name):
                form.values[name] = [value]
        if not form or not name:
            return
        kind = facts.get("type", "text")
        if tag == "select":
            self.select = (form, name)
            form.values.setdefault(name, [])
        elif tag == "textarea":
            self.area = (form, name)
            form.values.setdefault(name, [""])
        elif tag == "button" or (tag == "input" and kind in {"submit", "image"}):
            form.buttons.append((name, value))
        elif tag == "input" and kind == "file":
            form.files.add(name)
        elif tag == "input" and kind in {"checkbox", "radio"}:
            form.choices.setdefault(name, []).append(value or "on")
            if "checked" in facts or (kind == "radio" and name not in form.values):
                form.values.setdefault(name, []).append(value or "on")
            form.values.setdefault(name, [])
        elif tag == "input":
            form.values.setdefault(name, []).append(value)

    def handle_data(self, data: str) -> None:
        if self.area:
            form, name = self.area
            form.values[name] = [form.values[name][0] + data]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None


def forms_on(page: str, html: str) -> list[Drawn]:
    """Those that post to ourselves; not the one that signs out, and not the language's."""
    reader = Reader(page)
    reader.feed(html)
    out = ("/konto/logg-ut/", "/konto/sprak/", "/admin/logout/")
    return [form for form in reader.forms if form.action.startswith("/") and not form.action.startswith(out)]
