"""What is read on a page: its text, and the labels a screen reader says; not what is marked as another language."""

from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
SILENT = {"script", "style", "textarea", "pre", "code", "template"}
SPOKEN = {"aria-label", "title", "placeholder", "alt"}


class PageText(HTMLParser):
    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.hidden: list[str] = []  # the elements around us, from the first that is not for reading on
        self.texts: list[str] = []
        self.links: list[str] = []
        self.main_buttons = 0  # in the page's own part, and in no list
        self._around: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self._around.append(tag)
        self.main_buttons += self._is_main_button(given)
        if self.hidden or tag in SILENT or (given.get("lang") or self.language) != self.language:
            if tag not in VOID:
                self.hidden.append(tag)
            return
        self.texts += [value for name, value in attrs if name in SPOKEN and value]
        if tag == "input" and given.get("type") in {"submit", "button", "reset"}:
            self.texts.append(given.get("value") or "")
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")

    def _is_main_button(self, given: dict[str, str | None]) -> bool:
        classes = (given.get("class") or "").split()
        if "ds-button" not in classes or (given.get("data-variant") or "primary") != "primary" or "hidden" in given:
            return False
        return "main" in self._around and not {"li", "tr", "details", "dialog"} & set(self._around)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._around:
            while self._around.pop() != tag:
                pass
        if tag in self.hidden:
            while self.hidden.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.texts.append(data)


def read(html: str, language: str) -> PageText:
    page = PageText(language)
    page.feed(html)
    return page
