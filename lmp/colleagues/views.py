"""Who is staff and what they may, and how a colleague is let in."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import PersonRequest
from lmp.colleagues.forms import ColleagueForm
from lmp.colleagues.hiring import let_in
from lmp.colleagues.roles import rights_of
from parts.forms import say
from parts.names import alphabetical


@require_safe
def colleagues(request: PersonRequest) -> HttpResponse:
    if not request.user.is_staff:
        raise Http404
    people = User.objects.filter(is_staff=True).prefetch_related("groups")
    rows = [(person, rights_of(person)) for person in sorted(people, key=lambda person: alphabetical(str(person)))]
    return render(request, "colleagues/list.html", {"rows": rows, "may_let_in": request.user.is_superuser})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """For those who may give others access: as in the administration, superusers alone."""
    if not (request.user.is_staff and request.user.is_superuser):
        raise Http404
    form = ColleagueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = ("name", "email", "reads_needs", "sees_as_others", "lets_others_in")
        facts = {name: form.cleaned_data[name] for name in asked}
        try:
            person = let_in(**facts, by=request.user, now=timezone.now())
        except ValidationError as error:  # somebody else was first
            form.add_error("email", error)
        else:
            said = _("%(name)s har fått tilgang, og får en e-post om hvordan de kommer i gang.")
            say(request, said % {"name": person})
            return redirect("colleagues:list")
    return render(request, "colleagues/new.html", {"form": form}, status=422 if form.errors else 200)
