"""One rule for what staff may, in the administration and on the portal's own pages: the rights of their group.

What they may not is not drawn: from each page that is shown to one who lacks something, the links and the forms that
would only turn them away are taken. It is done once, when the page is done, so that no template can forget it.
"""

import re
from collections.abc import Callable
from functools import lru_cache, partial
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, URLResolver, get_resolver
from django.views.defaults import permission_denied

from accounts.models import User
from lmp.colleagues import pages

# A link alone in its line, a link, and a form. Neither of the last two holds another of its kind.
_LINE = re.compile(r"(?s)<(li|p)\b[^>]*>\s*<a\b([^>]*)>(?:(?!</a>|</\1>).)*</a>[\s.]*</\1>")
_LINK = re.compile(r"(?s)<a\b([^>]*)>(.*?)</a>")
_FORM = re.compile(r"(?s)<form\b([^>]*)>(.*?)</form>")
_ACTS = re.compile(r"(?s)<button\b(?![^>]*formaction)[^>]*>.*?</button>|<input\b[^>]*type=\"(?:submit|hidden)\"[^>]*>")
_TOKEN, _OWN = re.compile(r'<input\b[^>]*name="csrfmiddlewaretoken"[^>]*>'), 'id="page-form"'
_SHOWS_ROWS = re.compile(r"<(?:table|tr|ol|ul)\b")


class StaffRightsMiddleware:
    """Staff without the right to what a page shows, or does, get the administration's answer: 403."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user = request.user
        is_page = not response.streaming and response.get("Content-Type", "").startswith("text/html")
        if is_page and user.is_authenticated and user.is_staff and not user.has_perms(pages.all_needed()):
            response.content = _without_dead_ends(response.content.decode(), user, request.path)
        return response

    def process_view(self, request: HttpRequest, view: Callable, args: Any, kwargs: Any) -> HttpResponse | None:
        user = request.user
        if not (user.is_authenticated and user.is_staff) or user.is_superuser:
            return None
        needs = pages.needed(request.resolver_match.view_name if request.resolver_match else "", acts=_acts(request))
        if needs is None or not user.has_perms(needs):
            return permission_denied(request, PermissionDenied())  # raised, it would be logged with all its way
        return None


def _acts(request: HttpRequest) -> bool:
    return request.method not in ("GET", "HEAD", "OPTIONS")


def _without_dead_ends(html: str, user: User, page: str) -> str:
    is_dead = partial(_is_dead, user=user, page=page)

    def line(found: re.Match[str]) -> str:
        return "" if is_dead(found[2]) and not _is_read(found[2], page) else found[0]

    def link(found: re.Match[str]) -> str:
        if not is_dead(found[1]):
            return found[0]
        return found[2] if _is_read(found[1], page) and "ds-button" not in found[1] else ""

    def form(found: re.Match[str]) -> str:
        if not is_dead(found[1], is_form=True):
            return found[0]
        # A list in which something is marked is still a list. The buttons for the language belong to the page's form.
        token = _TOKEN.search(found[2])
        shell = f'<form id="page-form" method="post" hidden>{token[0]}</form>' if token and _OWN in found[1] else ""
        return shell + (_ACTS.sub("", found[2]) if _SHOWS_ROWS.search(found[2]) else "")

    return _FORM.sub(form, _LINK.sub(link, _LINE.sub(line, html)))


def _is_dead(attributes: str, *, user: User, page: str, is_form: bool = False) -> bool:
    """Whether what has these attributes leads to a refusal."""
    acts = is_form and 'method="post"' in attributes
    name = _leads_to("action" if is_form else "href", attributes, page)
    if not name:
        return False
    needs = pages.needed(name, acts=acts)
    return needs is None or not user.has_perms(needs)


def _is_read(attributes: str, page: str) -> bool:
    """Whether the link leads to something to read. To whom it is closed, it stays as words."""
    needs = pages.NEEDED.get(_leads_to("href", attributes, page))
    return needs is not None and not needs.is_a_form


def _leads_to(attribute: str, attributes: str, page: str) -> str:
    """The page's name, or none: outside the portal, or with nothing there."""
    found = re.search(rf'\s{attribute}="([^"]*)"', attributes)
    if found is None and attribute == "href":
        return ""
    address = urlsplit(urljoin(page, unescape(found[1]) if found else ""))
    return "" if address.scheme or address.netloc else _name_of(address.path, get_resolver())


# A page asks about a hundred addresses, most of them in the frame that all pages have: each takes as long as a query.
@lru_cache(maxsize=4096)
def _name_of(path: str, resolver: URLResolver) -> str:
    try:
        return resolver.resolve(path).view_name
    except Resolver404:
        return ""
