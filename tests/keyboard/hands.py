"""Somebody who uses the portal without a mouse, and sees where they are at every step."""

from playwright.sync_api import Page

from tests.browsing import HEIGHT

FAR = 200  # steps; no page of the portal has as many places to stop
# A ring may be drawn around the field with its label. The browser draws what is inside its own field for days, and the
# way past the menu is seen by being there at all.
SEEN = """() => {
    const at = document.activeElement
    if (!at || at === document.body) return { on: "" }
    const rings = element => {
        const style = getComputedStyle(element)
        return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none"
    }
    const drawn = rings(at) || at.matches("[type=date], [type=time], .ds-skip-link")
        || (at.matches("[type=radio], [type=checkbox]") && rings(at.labels[0] ?? at) )
        || (at.closest(".ds-field") && rings(at.closest(".ds-field")))
    const shown = [...at.getClientRects()].some(box => [0.1, 0.5, 0.9].some(across => [0.1, 0.5, 0.9].some(down => {
        const top = document.elementFromPoint(box.x + box.width * across, box.y + box.height * down)
        return top && (at === top || at.contains(top) || top.closest("label")?.control === at)
    })))
    const on = `${at.tagName.toLowerCase()} ${at.name || at.id || at.textContent.trim().slice(0, 40)}`
    return { on, drawn, shown, skips: at.tabIndex > 0 }
}"""


class Keyboard:
    """Each stop on the way is seen: the focus is drawn, not wholly covered, and in the order of the page."""

    def __init__(self, page: Page) -> None:
        self.page, self.faults = page, set()
        assert page.viewport_size["height"] <= HEIGHT

    def look(self) -> None:
        seen = self.page.evaluate(SEEN)
        if not seen["on"]:
            return
        if not seen["drawn"]:
            self.faults.add(f"no focus drawn on {seen['on']}")
        if not seen["shown"]:
            self.faults.add(f"covered: {seen['on']}")
        if seen["skips"]:
            self.faults.add(f"out of order: {seen['on']}")

    def to(self, selector: str, *, key: str = "Tab") -> None:
        """Go on from where the focus is until it is on this; round the page once at most."""
        for _step in range(FAR):
            self.page.keyboard.press(key)
            self.look()
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"the keyboard never comes to {selector}")

    def type(self, selector: str, text: str) -> None:
        """In place of what stands there."""
        self.to(selector)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def press(self, selector: str, *, key: str = "Enter") -> None:
        self.to(selector)
        self.page.keyboard.press(key)
