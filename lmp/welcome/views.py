from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from lmp.overview import access
from lmp.welcome.letter import render
from lmp.welcome.load_facts import letter_facts, with_facts
from lmp.welcome.models import Letter, file_name


@require_safe
def letter(request: PersonRequest, pk: int) -> HttpResponse:
    """The letter as it was sent. Before that, staff alone see it, as it would be sent today."""
    participation = get_object_or_404(with_facts(access.letters(request.user)), pk=pk)
    sent = Letter.objects.sent().filter(participation=participation).first()
    if sent:
        return _pdf(bytes(sent.pdf), name=file_name(participation, sent.language))
    if participation.welcomed_at is None and not request.user.is_staff:
        raise Http404
    facts = letter_facts(participation, today=timezone.localdate())
    return _pdf(render(facts).content, name=file_name(participation, facts.language))


def _pdf(content: bytes, *, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
