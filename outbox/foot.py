"""The foot of each mail: who sends it, why its reader gets it, and whom to ask. Staff's own wordings leave it alone."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from parts import own_links

BECAUSE = "because.toml"
# Where the writer signs with their own name, the project does not sign too.
_SIGNED_BY_ITS_WRITER = "{avsender}"


@dataclass(frozen=True)
class Foot:
    """`signature` is two lines, or none."""

    signature: tuple[str, ...]
    because: str
    ask: str
    privacy: str
    privacy_url: str

    def text(self) -> str:
        about = f"{self.because}\n{self.ask}\n{self.privacy}: {self.privacy_url}"
        return "\n\n".join(part for part in ("\n".join(self.signature), about) if part) + "\n"


def of(name: str, wordings: Path, language: str, *, body: str) -> Foot | None:
    """The foot of this kind of mail, in the language that is active; none where a folder of wordings has no reasons."""
    reason = _because(wordings / BECAUSE).get(name)
    if reason is None:
        return None
    signed = _SIGNED_BY_ITS_WRITER in body
    sender = _("Læringsmiljøprosjektet, Utdanningsdirektoratet")
    return Foot(
        signature=() if signed else (_("Vennlig hilsen"), sender),
        because=_("Du får denne e-posten fordi %(reason)s.") % {"reason": reason[language]},
        ask=_("Spørsmål? Svar på denne e-posten, eller skriv til %(address)s.") % {"address": settings.SUPPORT_EMAIL},
        privacy=_("Slik behandler vi personopplysninger"),
        privacy_url=own_links.in_language(f"{settings.SITE_URL}/personvern/", language),
    )


def name_of_link() -> str:
    """What an address of the portal is called in HTML where the wording does not name it."""
    return _("Åpne siden i Læringsmiljøportalen")


def is_greeting(paragraph: str) -> bool:
    return paragraph.startswith(("Hei,", "Hei!", _("Vennlig hilsen")))


@cache
def _because(path: Path) -> dict[str, dict[str, str]]:
    if not path.exists():
        return {}
    reasons = tomllib.loads(path.read_text(encoding="utf-8")).values()
    return {kind: reason for reason in reasons for kind in reason["kinds"]}
