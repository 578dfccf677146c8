"""The forms of a page as its reader has them: what the fields contain, what a select offers, what can be pressed."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

BUTTONS = {"submit", "button", "reset", "image"}
TICKED = {"checkbox", "radio"}


@dataclass
class Form:
    """`fields` is what a browser would send, `choices` what each select offers, `buttons` what can be pressed."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def press(self, name: str, value: str) -> dict[str, list[str]]:
        if (name, value) not in self.buttons:
            raise LookupError(f"no button {name}={value} in the form to {self.action}")
        return self.fields | {name: [value]}


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self.feed(html)

    def form(self, action: str) -> Form | None:
        return next((form for form in self.forms if form.action == action), None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""))
            self.forms.append(self._form)
        if self._form and "disabled" not in given:
            self._take(self._form, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = ""

    def _take(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, kind, value = given.get("name", ""), given.get("type", "text"), given.get("value", "")
        if tag == "button" or (tag == "input" and kind in BUTTONS):
            form.buttons.append((name, value))
        elif tag == "input" and name and (kind not in TICKED or "checked" in given):
            form.fields.setdefault(name, []).append(value or ("on" if kind in TICKED else ""))
        elif tag == "select":
            self._select, form.choices[name] = name, []
        elif tag == "option" and self._select:
            form.choices[self._select].append(value)
            if "selected" in given or self._select not in form.fields:  # the first one, until one is chosen
                form.fields[self._select] = [value]
