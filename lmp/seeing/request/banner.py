"""The banner that says as whom the portal is seen. It is put on each page when it is done, so none can lack it."""

import math
import re
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import translation

from lmp.seeing.request.current import Current

BODY = re.compile(rb"<body\b[^>]*>")


def put_on(response: HttpResponse, request: HttpRequest, seeing: Current, *, now: datetime) -> HttpResponse:
    """First on the page, also on one for errors. A file has none, and neither has what is empty."""
    is_page = response.get("Content-Type", "").startswith("text/html")
    if response.streaming or not is_page or not response.content:
        return response
    context = {
        "viewing": seeing.viewing,
        "language": seeing.own_language,
        "minutes": max(1, math.ceil((seeing.viewing.until - now).total_seconds() / 60)),
        "token": get_token(request),
    }
    with translation.override(seeing.own_language):
        drawn = render_to_string("seeing/banner.html", context).encode()
    content, count = BODY.subn(lambda body: body.group() + drawn, response.content, count=1)
    if not count:
        raise ValueError("A page without a body can't say as whom it is seen")
    response.content = content
    return response
