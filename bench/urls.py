"""The portal's addresses, and one page with nothing in it behind the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from lmp.urls import urlpatterns as portal

EMPTY = "/tom/"


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path(EMPTY.strip("/") + "/", empty), *portal]
