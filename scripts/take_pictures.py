"""Take the README's pictures again, of a demo that is running: .venv/bin/python scripts/take_pictures.py [ADDRESS]"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SIZE = {"width": 1000, "height": 800}


def main(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell") or shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        page = browser.new_page(viewport=SIZE, locale="nb-NO")  # type: ignore[arg-type]
        sign_in(page, address, "contact")
        take(page, "my-page")
        page.click("main a[href*='bekreft']")
        page.locator("input[name$='-children']").first.evaluate("field => field.scrollIntoView({block: 'center'})")
        take(page, "confirm")
        sign_in(page, address, "staff")
        take(page, "staff")
        browser.close()


def sign_in(page: Page, address: str, kind: str) -> None:
    page.context.clear_cookies()
    page.goto(address)
    page.click(f"form[action='/demo/inn/{kind}/'] button")
    page.wait_for_url(f"{address}/")


def take(page: Page, name: str) -> None:
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main((sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000").rstrip("/"))
