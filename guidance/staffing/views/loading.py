"""Many supervisors from a sheet: upload it, see what each row comes to, confirm, and get a receipt."""

import io

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from guidance import access
from guidance.staffing.loading import sheet
from guidance.staffing.loading.check import check
from guidance.staffing.loading.load import load
from participants.loading.load import Changed
from participants.loading.plan import RowResult
from participants.models import Cohort, CohortUpload
from parts.forms import field, say

WHAT = "supervisors"
PER_PAGE = 100
FIRST_SHOWN = [RowResult.ERROR, RowResult.NEW, RowResult.CHANGED, RowResult.SAME]


class SupervisorFileForm(forms.Form):
    cohort = forms.ModelChoiceField(
        label=gettext_lazy("Pulje"),
        queryset=Cohort.objects.none(),
        empty_label=None,
        help_text=gettext_lazy("Kapasiteten i fila gjelder denne pulja."),
    )
    file = forms.FileField(
        label=gettext_lazy("Regneark"),
        allow_empty_file=True,
        max_length=200,
        help_text=gettext_lazy("Et regneark i formatet .xlsx, på høyst 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        going_on = Cohort.objects.going_on(today=timezone.localdate()).order_by("-number")
        field(self, "cohort", forms.ModelChoiceField).queryset = going_on

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if file := cleaned.get("file"):
            try:
                cleaned["contents"] = sheet.read(file, size=file.size)
            except ValidationError as error:
                self.add_error("file", error)
        return cleaned


def _check_leads(request: PersonRequest) -> None:
    if not access.leads_guidance(request.user, today=timezone.localdate()):
        raise Http404


@require_http_methods(["GET", "POST"])
def upload(request: PersonRequest) -> HttpResponse:
    _check_leads(request)
    form = SupervisorFileForm(request.POST, request.FILES) if request.method == "POST" else SupervisorFileForm()
    if form.is_bound and form.is_valid():
        contents = form.cleaned_data["contents"]
        CohortUpload.objects.keep(
            user=request.user,
            file_name=form.cleaned_data["file"].name,
            rows=contents.rows,
            now=timezone.now(),
            what=WHAT,
            cohort=form.cleaned_data["cohort"],
        )
        for title in contents.unread:
            say(request, _("Kolonnen leses ikke: %(column)s") % {"column": title}, level=messages.WARNING)
        return redirect("guidance:preview_supervisors")
    return render(request, "guidance/staffing/load.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def template(request: PersonRequest) -> FileResponse:
    _check_leads(request)
    file = io.BytesIO()
    sheet.write_template(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=_("mal for veiledere.xlsx"))


@require_http_methods(["GET", "POST"])
def preview(request: PersonRequest) -> HttpResponse:
    """What each row comes to; a POST loads exactly that."""
    _check_leads(request)
    now = timezone.now()
    kept = CohortUpload.objects.of(request.user, now=now, what=WHAT).select_related("cohort")
    found = kept.filter(loaded_at=None, cohort__isnull=False).first()
    if found is None or found.cohort is None:
        gone = _("Det er ingen fil å se over. En fil tas vare på i én time. Last den opp på nytt.")
        say(request, gone, level=messages.WARNING)
        return redirect("guidance:load_supervisors")
    rows, changed = found.read_rows().get(sheet.SUPERVISORS.title, []), False
    if request.method == "POST":
        try:
            done = load(rows, cohort=found.cohort, digest=request.POST.get("digest", ""), by=request.user, now=now)
        except Changed as error:
            plan, changed = error.plan, True
        else:
            found.loaded(cohort=found.cohort, counts=dict(done.counted()), now=now)
            said = ngettext(
                "%(new)s veileder er lagt til, og %(changed)s er endret.",
                "%(new)s veiledere er lagt til, og %(changed)s er endret.",
                len(done.added),
            )
            say(request, said % {"new": len(done.added), "changed": len(done.edited)})
            return redirect("guidance:supervisors")
    else:
        plan = check(rows, cohort=found.cohort, today=timezone.localdate(now))
    lines = sorted(plan.lines, key=lambda line: FIRST_SHOWN.index(line.result))
    context = {
        "upload": found,
        "plan": plan,
        "changed": changed,
        "page": (page := Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))),
        "pages": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "guidance/staffing/preview.html", context, status=409 if changed else 200)
