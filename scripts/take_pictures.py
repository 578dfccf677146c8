"""Take the pictures of the help and the README, of a demo on a fixed day: .venv/bin/python scripts/take_pictures.py

make pictures does it. The help's pictures are of a phone, so that they can be read on one, and are in both languages.
"""

import argparse
import base64
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import time_machine
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
HELP = ROOT / "static" / "img" / "help"
README = ROOT / "docs" / "pictures"
MOMENT = datetime(2026, 12, 1, 9, tzinfo=UTC)  # a Tuesday morning
LANGUAGES = ["nb", "nn"]
PHONE: ViewportSize = {"width": 480, "height": 1200}
DESK: ViewportSize = {"width": 1000, "height": 800}
WIDE: ViewportSize = {"width": 1280, "height": 1250}
NARROW: ViewportSize = {"width": 390, "height": 1100}
SHARPNESS = 1.5  # pixels of a picture to each CSS pixel
QUALITY = 0.6
ABOVE = 16.0  # CSS pixels kept above what is at the top
TALLEST = 620  # CSS pixels of a picture of the help
Act = Callable[[Page], object]
WEBP = """async ([png, quality]) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    const blob = await canvas.convertToBlob({type: "image/webp", quality});
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return [btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join("")), bitmap.width, bitmap.height];
}"""


# The browser for tests writes dates in American, whatever it is asked; a Norwegian one writes them like this.
NORWEGIAN_DATES = """() => {
    for (const field of document.querySelectorAll("input[type=date], input[type=time]")) {
        const value = field.value.split("-").reverse().join(".");
        field.placeholder = field.type === "date" ? "dd.mm.åååå" : "--:--";
        field.type = "text";
        field.value = value;
    }
}"""


def follow(selector: str) -> Act:
    """A link or a button, by what it leads to."""

    def act(page: Page) -> None:
        page.locator(selector).first.click()
        page.wait_for_load_state()

    return act


def see(path: str) -> Act:
    return lambda page: page.goto(path)


def search(page: Page) -> None:
    page.goto("/sok/?q=kari.nordli")


def write_a_note(page: Page) -> None:
    """Of a municipality whose deadline is over."""
    follow("main a[href*='/kommune/']:not([href*='?'])")(page)
    follow("a[href$='/notater/']")(page)
    note = {"nb": "Ringte. Ny rektor fra januar.", "nn": "Ringde. Ny rektor frå januar."}
    page.locator("main textarea").fill(note[page.locator("html").get_attribute("lang") or "nb"])
    page.locator("main input[type=date]").fill("2026-12-10")
    follow("main form button[type=submit]")(page)


def remind(page: Page) -> None:
    follow("main a[href*='kind=reminder']")(page)
    follow("main button[name=minn]")(page)
    page.locator("main input[type=radio]").first.check()
    follow("main form button.ds-button:not([data-variant])")(page)


def nominate(page: Page) -> None:
    page.goto("/statsforvalter/nominer/")
    page.locator("main select").nth(0).select_option(label="Frosta")
    page.locator("main select").nth(1).select_option(index=1)
    follow("main button[type=submit]")(page)


# Each picture: whose page, how to come there, what is at its top, and how tall it may be
SHOTS: dict[str, tuple[str, list[Act], str, int]] = {
    "sign-in": ("", [see("/konto/logg-inn/")], "main form:has(input[type=email])", 300),
    "contact-confirm": (
        "contact",
        [follow("main a[href$='/bekreft/']")],
        ".app-held:has(input[name$='-children'])",
        420,
    ),
    "contact-contacts": (
        "contact",
        [
            follow("main a[href$='/bekreft/']"),
            follow(".ds-breadcrumbs a[href^='/kommune/']"),
            follow("main a[href$='/kontakter/']"),
        ],
        "main h1",
        TALLEST,
    ),
    "contact-register": ("contact", [follow("main a[href$='/paamelding/']")], "#page-form", 500),
    "head-group": ("head", [follow("main a[href^='/enhet/']")], "#group", TALLEST),
    "head-measure": ("principal", [follow("main a[href*='/tiltak/']:has-text('tilsynsplan')")], "#say", TALLEST),
    "participant-registration": ("head", [follow("main a[href^='/paameldinger/']")], "#reise", TALLEST),
    "supervisor-plan": (
        "supervisor",
        [follow("main a[href='/veiledning/']"), follow("main a[href$='/mote/']")],
        "main h1",
        TALLEST,
    ),
    "supervisor-log": (
        "supervisor",
        [follow("main a[href^='/veiledning/logg/mote/']")],
        "main textarea >> xpath=ancestor::*[contains(@class,'ds-field')][1]",
        TALLEST,
    ),
    "leader-groups": ("leader", [follow("main a[href$='/grupper/']")], "main h1", TALLEST),
    "leader-silent": ("leader", [follow("main a[href*='vis=tause']")], "main table, main .app-table", 400),
    "governor-nominate": ("officer", [nominate], "main fieldset", TALLEST),
    "governor-counties": ("officer", [see("/statsforvalter/")], "main h1", TALLEST),
    "staff-work": ("staff", [], "main h2:has-text('vent')", TALLEST),
    "staff-search": ("staff", [search], "main h1", 400),
    "staff-note": ("staff", [write_a_note], "main ul", 300),
    "staff-remind": ("staff", [remind], "main h1", TALLEST),
    "staff-board": ("staff", [follow("main a[href$='/status/']")], "main tbody tr >> nth=1", TALLEST),
}
SHOTS_OF_THE_README: dict[str, tuple[str, list[Act], ViewportSize]] = {
    "my-page": ("contact", [], DESK),
    "confirm": ("contact", [follow("main a[href$='/bekreft/']")], DESK),
    "register": ("contact", [follow("main a[href$='/paamelding/']")], DESK),
    "groups": ("leader", [follow("main a[href$='/grupper/']")], WIDE),
    "log": ("supervisor", [follow("main a[href^='/veiledning/logg/mote/']")], NARROW),
    "staff": ("staff", [], DESK),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="the pictures whose name contains this")
    parser.add_argument(
        "--language", choices=LANGUAGES, help="the help's pictures in one language, none of the README's"
    )
    parser.add_argument("--into", type=Path, default=HELP, help="the folder for the help's pictures")
    options = parser.parse_args()
    with served_demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=which("chromium-headless-shell") or which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        for language in [options.language] if options.language else LANGUAGES:
            take_help(browser, address, language, into=options.into, only=options.only or "")
        if not (options.language or options.only):
            take_readme(browser, address)
        browser.close()


def take_help(browser: Browser, address: str, language: str, *, into: Path, only: str) -> None:
    stored = into / "sizes.json"
    sizes = json.loads(stored.read_text()) if stored.exists() else {}
    for name, (kind, acts, top, tallest) in SHOTS.items():
        if only not in name:
            continue
        page = opened(browser, address, kind, language, PHONE)
        for act in acts:
            act(page)
        picture, width, height = in_webp(page, cropped(page, top, tallest))
        file = into / language / f"{name}.webp"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(picture)
        sizes[f"{language}/{name}.webp"] = [width, height]
        page.context.close()
    stored.write_text(json.dumps(dict(sorted(sizes.items())), indent=2) + "\n")


def take_readme(browser: Browser, address: str) -> None:
    for name, (kind, acts, size) in SHOTS_OF_THE_README.items():
        page = opened(browser, address, kind, "nb", size)
        for act in acts:
            act(page)
        page.evaluate(NORWEGIAN_DATES)
        page.screenshot(path=README / f"{name}.png")
        page.context.close()


def opened(browser: Browser, address: str, kind: str, language: str, size: ViewportSize) -> Page:
    """A page on which that person is signed in, or nobody, in that language."""
    sharpness = SHARPNESS if size is PHONE else 1
    context = browser.new_context(
        base_url=address, viewport=size, device_scale_factor=sharpness, bypass_csp=True, locale="nb-NO"
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto("/konto/logg-inn/")
    if kind:
        follow(f"form[action='/demo/inn/{kind}/'] button")(page)
    if page.locator("html").get_attribute("lang") != language:
        follow(f".app-language button[value={language}]")(page)
    return page


def cropped(page: Page, top: str, tallest: int) -> bytes:
    """From what is at the top down, as tall as it may be, and never into the foot of the page."""
    page.evaluate(NORWEGIAN_DATES)
    page.add_style_tag(
        content=".app-demo, .app-help { display: none !important; } *, html { scroll-behavior: auto !important; }"
    )
    start = page.locator(top).first.bounding_box()
    main = page.locator("main").bounding_box()
    if not start or not main:
        raise LookupError(f"{page.url} has no {top}")
    y = max(start["y"] - ABOVE, 0)
    clip = {"x": 0, "y": y, "width": PHONE["width"], "height": min(tallest, main["y"] + main["height"] - y)}
    return page.screenshot(clip=clip, full_page=True)  # type: ignore[arg-type]


def in_webp(page: Page, png: bytes) -> tuple[bytes, int, int]:
    """The browser makes it, on a page of its own, whose policy is nobody's."""
    blank = page.context.new_page()
    encoded, width, height = blank.evaluate(WEBP, [base64.b64encode(png).decode(), QUALITY])
    return base64.b64decode(encoded), width, height


@contextmanager
def served_demo() -> Iterator[str]:
    """The demo, filled on a fixed day and served from a folder that goes: its address."""
    with tempfile.TemporaryDirectory() as folder, time_machine.travel(MOMENT, tick=True):
        for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY"):
            os.environ.pop(name, None)
        os.environ |= {"LMP_DEMO": "true", "LMP_VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "lmp.settings"}
        sys.path.insert(0, str(ROOT))
        with WSGIServer(("127.0.0.1", 0), Quiet) as server:
            address = f"http://localhost:{server.server_port}"
            os.environ["SITE_URL"] = address
            server.set_app(application())
            Thread(target=server.serve_forever, daemon=True).start()
            yield address
            server.shutdown()


def application() -> Callable:
    """Imported here: the settings are read with the environment that the demo needs."""
    import django

    django.setup()
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("demo", load_only=True)
    return StaticFilesHandler(get_wsgi_application())


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


if __name__ == "__main__":
    main()
