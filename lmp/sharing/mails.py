"""The mail about a publication. Staff see it first, and may write it otherwise: `lmp/writing` sends it."""

from collections.abc import Sequence

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy

from lmp.sharing.models.file import SharedFile
from lmp.sharing.models.publication import Publication
from outbox.texts import MailText, Values


def values(publication: Publication, *, names: Sequence[str], language: str) -> Values:
    """What concerns the publication; `names` are those of its files. The rest is the recipient's."""
    with translation.override(language):
        title, _language = publication.title_in(language)
        return {
            "tittel": title,
            "gjelder": publication.in_a_sentence,
            "filer": list(names),
            "lenke": settings.SITE_URL + publication.get_absolute_url(),
        }


def names_of_files(publication: Publication, *, only_replaced: bool = False) -> list[str]:
    """Those of the newest versions."""
    files = SharedFile.objects.kept().filter(publication=publication).prefetch_related("versions")
    versions = [list(file.versions.all()) for file in files]
    return [str(each[0]) for each in versions if len(each) > 1 or not only_replaced]


def _samples(language: str) -> Sequence[tuple[str, Values]]:
    found = Publication.objects.filter(published_at__isnull=False).in_words()[:20]
    return [
        (str(each), {"navn": "Kari", "avsender": "Stine"} | dict(values(each, names=[], language=language)))
        for each in found
    ]


_PLACEHOLDERS = {
    "navn": gettext_lazy("navnet på mottakeren"),
    "tittel": gettext_lazy("tittelen på innlegget"),
    "gjelder": gettext_lazy("hva innlegget gjelder: samlingen, fylket eller pulja"),
    "filer": gettext_lazy("navnene på filene, hvis det er noen"),
    "lenke": gettext_lazy("lenken til innlegget"),
    "avsender": gettext_lazy("navnet på den som skriver"),
}

NEWS = MailText(
    name="sharing.news",
    title=gettext_lazy("Nytt innlegg eller nytt dokument"),
    placeholders=_PLACEHOLDERS,
    samples=_samples,
)
VERSION = MailText(
    name="sharing.version",
    title=gettext_lazy("Ny versjon av et dokument"),
    placeholders=_PLACEHOLDERS,
    samples=_samples,
)
UNREAD = MailText(
    name="sharing.unread",
    title=gettext_lazy("Påminnelse om et innlegg som ikke er lest"),
    placeholders=_PLACEHOLDERS,
    samples=_samples,
)

TEXTS = (NEWS, VERSION, UNREAD)
