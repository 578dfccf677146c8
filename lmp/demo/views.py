from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.authentication import place_language, second_factor
from lmp.demo import mailbox, personas
from outbox.models import Message

ROWS = 50


@login_not_required
@require_POST
def sign_in(request: HttpRequest, key: str) -> HttpResponse:
    """Become one of the demo's people, with no code and no second factor."""
    refuse_outside_demo()
    persona = personas.by_key(key)
    if persona is None:
        raise Http404
    user = personas.user_of(persona)
    if user is None:
        raise Http404
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    place_language.remember(request, user)
    if user.is_staff:
        second_factor.remember(request.session, user, kind="totp")
    wanted = request.POST.get("next", "")
    is_own = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return redirect(wanted if is_own else settings.LOGIN_REDIRECT_URL)


@login_not_required
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    paginator = Paginator(sent(), ROWS)
    page = paginator.get_page(request.GET.get("page"))
    pages = paginator.get_elided_page_range(page.number)
    return render(request, "demo/mails.html", {"page": page, "pages": pages})


@login_not_required
@require_safe
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    message = get_object_or_404(sent(), pk=pk)
    attachments = message.attachments.defer("content")
    parents = [(_("E-post i demoen"), reverse("demo:mails"))]
    context = {"mail": message, "text": mailbox.text_of(message), "attachments": attachments, "parents": parents}
    return render(request, "demo/mail.html", context)


@login_not_required
@require_safe
def attachment(request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
    file = get_object_or_404(get_object_or_404(sent(), pk=pk).attachments, pk=attachment)
    headers = {"Content-Disposition": f'inline; filename="{file.name}"'}
    return HttpResponse(bytes(file.content), content_type=file.content_type, headers=headers)


def sent() -> QuerySet[Message]:
    refuse_outside_demo()
    return Message.objects.filter(sent_at__isnull=False).prefetch_related("further").order_by("-sent_at", "-pk")


def refuse_outside_demo() -> None:
    """A second lock, should these addresses ever be mounted elsewhere."""
    if not settings.DEMO:
        raise Http404
