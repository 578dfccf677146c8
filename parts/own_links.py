"""Addresses of the portal's in a mail: whoever opens one is met in the mail's language, signed in or not."""

import re
from urllib.parse import urlencode, urlsplit

from django.conf import settings


def is_ours(value: str) -> bool:
    """Whether this is an address of the portal's, and nothing else."""
    return value.startswith(f"{settings.SITE_URL}/") and not re.search(r"\s", value)


def in_language(value: str, language: str) -> str:
    """The same address, naming the language if it is not the one that whoever has chosen none is shown.

    What is no address of a page of ours is returned as it is: a file has no language, and is asked for by programs.
    """
    if language == settings.LANGUAGE_CODE or not is_ours(value):
        return value
    parts = urlsplit(value)
    if not parts.path.endswith("/"):
        return value
    query = "&".join(filter(None, [parts.query, urlencode({settings.LANGUAGE_PARAMETER: language})]))
    return parts._replace(query=query).geturl()
