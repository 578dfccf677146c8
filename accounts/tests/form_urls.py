"""The portal with one more page: a form that answers with what it received."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path


def form(request: HttpRequest) -> HttpResponse:
    return JsonResponse({name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"})


def broken(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=500)


urlpatterns = [
    path("skjema/", form, name="form"),
    path("skjema/feil/", broken),
    path("", include("lmp.urls")),
]
