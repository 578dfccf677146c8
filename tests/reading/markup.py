"""What must hold in the HTML of any page, and can be read without a browser."""

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.page_text import VOID

LANDMARKS = {"main": "main", "nav": "navigation", "aside": "complementary"}
NAMED_LANDMARKS = {"navigation", "region", "complementary"}
SINGLE_LANDMARKS = {"main", "search"}
LIVE = {"status", "alert", "log"}
ALERTS = {"ds-alert", "errornote"}


@dataclass
class Element:
    tag: str
    attrs: dict[str, str]
    around: "Element | None"
    texts: list[str] = field(default_factory=list)
    elements: list["Element"] = field(default_factory=list)

    @property
    def role(self) -> str:
        """Of a landmark or a live region."""
        return self.attrs.get("role") or LANDMARKS.get(self.tag, "")

    @property
    def classes(self) -> set[str]:
        return set(self.attrs.get("class", "").split())

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def __str__(self) -> str:
        said = "".join(f' {name}="{value}"' for name, value in self.attrs.items())
        return f"<{self.tag}{said}>"


class Markup(HTMLParser):
    """The elements of a page, each with the text in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open[-1] if self.open else None)
        self.elements.append(element)
        if element.around:
            element.around.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """In HTML the slash means nothing, save in a drawing."""
        self.handle_starttag(tag, attrs)
        if any(one.tag == "svg" for one in self.open):
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if any(one.tag == tag for one in self.open):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.texts.append(data)


def faults(html: str) -> list[str]:
    page = Markup(html)
    by_id = {one.attrs["id"]: one for one in page.elements if one.attrs.get("id")}
    return [
        *_repeated_ids(page.elements),
        *_landmarks(page.elements, by_id),
        *_tables(page.elements),
        *_live_regions(page.elements),
        *_pictures(page.elements),
    ]


def name_of(element: Element, by_id: dict[str, Element]) -> str:
    named = [by_id[key].text for key in element.attrs.get("aria-labelledby", "").split() if key in by_id]
    return " ".join(named) or element.attrs.get("aria-label", "")


def _repeated_ids(elements: list[Element]) -> list[str]:
    times = Counter(one.attrs["id"] for one in elements if one.attrs.get("id"))
    return [f"two elements have the id {key}" for key, count in times.items() if count > 1]


def _landmarks(elements: list[Element], by_id: dict[str, Element]) -> list[str]:
    landmarks = [(one, name_of(one, by_id)) for one in elements if one.role in SINGLE_LANDMARKS | NAMED_LANDMARKS]
    times = Counter((one.role, name) for one, name in landmarks)
    return [
        *(f"no name: {one}" for one, name in landmarks if one.role in NAMED_LANDMARKS and not name),
        *(f"two landmarks are {role} {name}" for (role, name), count in times.items() if count > 1),
    ]


def _tables(elements: list[Element]) -> list[str]:
    found = []
    for table in (one for one in elements if one.tag == "table" and one.role != "presentation"):
        if table.around and "aria-labelledby" in table.around.attrs and "module" in table.around.classes:
            continue  # a fieldset of Django's admin, named by its heading
        caption = table.elements[0] if table.elements and table.elements[0].tag == "caption" else None
        if not caption or not caption.text:
            found.append(f"no caption: {table} in {table.around}")
        elif (around := table.around) and around.role == "region" and "aria-label" in around.attrs:
            found.append(f"named apart from its caption: {around}")
    return found


def _live_regions(elements: list[Element]) -> list[str]:
    """What is told must lie in the region, which is there before it and not hidden."""
    return [
        f"a live region that comes with what it says: {one}"
        for one in elements
        if one.role in LIVE and (one.classes & ALERTS or "hidden" in one.attrs)
    ]


def _pictures(elements: list[Element]) -> list[str]:
    def is_told(one: Element) -> bool:
        """Or hidden, or never shown: from "base-svgs" Django's admin draws its own."""
        around: Element | None = one
        while around:
            if "aria-hidden" in around.attrs or "base-svgs" in around.classes:
                return True
            around = around.around
        return one.role == "img" and bool(one.attrs.get("aria-label"))

    drawings = [one for one in elements if one.tag == "svg"]
    return [
        *(f"no alt: {one}" for one in elements if one.tag == "img" and "alt" not in one.attrs),
        *(f"neither named nor hidden: {one}" for one in drawings if not is_told(one)),
    ]
