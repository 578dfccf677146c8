"""The mails that the outbox's own tests send."""

from pathlib import Path

from outbox.texts import MailText, Values

_real: list[tuple[str, Values]] = [
    ("Eksempelby", {"kommune": "Eksempelby", "frist": "3. mai", "enheter": ["En skole", "En barnehage"]}),
    ("Prøveby", {"kommune": "Prøveby", "frist": "4. mai", "enheter": ["Prøveskolen"]}),
]

_WORDINGS = Path(__file__).parent / "wordings"

REMINDER = MailText(
    name="outbox_tests.reminder",
    title="Påminnelse",
    placeholders={"kommune": "Navnet på kommunen", "frist": "Dagen for fristen", "enheter": "Enhetene"},
    samples=lambda language: _real,
    wordings=_WORDINGS,
)
CODE = MailText(
    name="outbox_tests.code",
    title="Kode",
    placeholders={"kode": "Koden"},
    samples=lambda language: [],
    secret=True,
    editable=False,
    wordings=_WORDINGS,
)

TEXTS = (REMINDER, CODE)
