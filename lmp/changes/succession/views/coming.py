"""One's own functions to hand over, and what is agreed about a day to come."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from guidance.models import ProjectLeader
from lmp.changes.models import Succession
from lmp.changes.succession import succeeding
from participants.models import Contact, Participation
from parts.forms import say


@require_safe
def leaving(request: PersonRequest) -> HttpResponse:
    """Jeg slutter: every function that the person can hand over themselves."""
    own = Contact.objects.replaceable_by(request.user).filter(user=request.user)
    related = ("unit", "participation__municipality__county", "participation__cohort")
    context = {
        "contacts": list(own.select_related(*related).order_by("pk")),
        "leader": ProjectLeader.objects.current(today=timezone.localdate()).filter(user=request.user).first(),
        "coming": list(Succession.objects.coming().involving(request.user).in_words()),
    }
    return render(request, "changes/leaving.html", context)


@require_http_methods(["GET", "POST"])
def call_off(request: PersonRequest, pk: int) -> HttpResponse:
    """What was agreed ahead does not happen after all. Pressed twice, it is called off once."""
    able = Succession.objects.editable_by(request.user, today=timezone.localdate())
    succession = get_object_or_404(able.in_words(), pk=pk)
    if request.method == "POST":
        names = {"new": succession.name, "old": succession.hands_over_to_reader(request.user)}
        try:
            succeeding.call_off(succession, by=request.user, now=timezone.now())
        except ValidationError as error:
            say(request, error.messages[0])
        else:
            say(request, _("Det er avlyst at %(new)s overtar etter %(old)s.") % names)
        contact = succession.contact
        if contact and Participation.objects.visible_to(request.user).filter(pk=contact.participation_id).exists():
            return redirect("participants:contacts", contact.participation_id)
        return redirect("home")
    if not succession.is_coming:
        return redirect("home")
    own = succession.holder == request.user
    return render(request, "changes/call_off.html", {"succession": succession, "own": own})
