"""All that is shared: with the reader, or for staff all of it."""

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from gatherings.models import Document
from lmp.sharing import access
from lmp.sharing.forms import ReaderFilter, StaffFilter, value_of
from lmp.sharing.models import Publication
from parts.rows import annotated

PAGE_SIZE = 25
SHOWN = 20  # of the gatherings' own documents


@require_safe
def publications(request: PersonRequest) -> HttpResponse:
    return _of_staff(request) if request.user.is_staff else _of_reader(request)


def _of_staff(request: PersonRequest) -> HttpResponse:
    today = timezone.localdate()
    form = StaffFilter(request.GET)
    page = Paginator(form.filter(today=today).in_words(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "rows": [(each, each.state(today=today)) for each in page.object_list],
        "may_share": access.may_share(request.user),
        "query": request.GET.urlencode(),
    }
    return render(request, "sharing/staff_list.html", context)


def _of_reader(request: PersonRequest) -> HttpResponse:
    mine = access.shown_to(request.user, today=timezone.localdate())
    form = ReaderFilter(request.GET, concerns=_concerns(mine))
    found = (
        form.filter(Publication.objects.filter(pk__in=[each.pk for each in mine]).in_words())
        .annotate(file_count=Count("files", filter=Q(files__removed_at__isnull=True)))
        .order_by("-published_at", "-pk")
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    unread = {each.pk for each in mine if not annotated(each, "is_read", bool)}
    language = translation.get_language() or ""
    documents = Document.objects.visible_to(request.user).defer("content").select_related("gathering__cohort")
    context = {
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "rows": [(each, *each.wording(language), each.pk in unread) for each in page.object_list],
        "documents": documents.order_by("-uploaded_at", "-pk")[:SHOWN],
        "narrowed": bool(request.GET),
    }
    return render(request, "sharing/list.html", context)


def _concerns(publications: list[Publication]) -> dict[str, str]:
    return {value_of(each): each.concerns for each in sorted(publications, key=lambda each: each.concerns)}
