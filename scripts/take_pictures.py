"""Take the README's pictures anew, of a demo that is running: .venv/bin/python scripts/take_pictures.py [ADDRESS]"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SIZE = {"width": 1000, "height": 640}


def main(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        page = browser.new_page(viewport=SIZE, locale="nb-NO")  # type: ignore[arg-type]
        page.goto(address)
        take(page, "sign-in")
        page.click("form[action='/demo/inn/contact/'] button")
        page.wait_for_url(f"{address}/")
        take(page, "my-page")
        page.click("main a[href*='bekreft']")
        page.wait_for_load_state()
        take(page, "confirm")
        browser.close()


def take(page: Page, name: str) -> None:
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main((sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000").rstrip("/"))
