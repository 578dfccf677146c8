"""What a help page is made of: tasks, each with its steps, what to do when it goes wrong, and a picture of the demo."""

import json
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.translation import get_language

SIZES = settings.BASE_DIR / "static" / "img" / "help" / "sizes.json"  # written with the pictures
WIDTH = 480  # on the page, in CSS pixels; they are stored with more


@dataclass(frozen=True)
class Picture:
    name: str
    alt: Promise

    @property
    def address(self) -> str:
        return static(f"img/help/{self._place}")

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def height(self) -> int:
        width, height = _sizes()[self._place]
        return round(height * WIDTH / width)

    @property
    def _place(self) -> str:
        language = "nn" if get_language() == "nn" else "nb"
        return f"{language}/{self.name}.webp"


@cache
def _sizes() -> dict[str, tuple[int, int]]:
    """The width and height of each picture in its own pixels, so that the page does not jump when it comes."""
    return dict(json.loads(SIZES.read_text()))


@dataclass(frozen=True)
class Task:
    """`key` is the task's place on its page: #bekrefte."""

    key: str
    title: Promise
    steps: tuple[Promise, ...]
    wrong: tuple[Promise, ...] = ()
    picture: Picture | None = None


@dataclass(frozen=True)
class Guide:
    """The help page of one kind of person, or a part of it. `key` is its address: /hjelp/kontaktperson/."""

    key: str
    title: Promise
    lead: Promise
    ask: Promise
    tasks: tuple[Task, ...]
