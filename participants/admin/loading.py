"""Loading a cohort: upload a workbook, see what each row comes to, confirm, and get a receipt."""

import io

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.requests import PersonRequest
from participants.loading import check, load, sheets
from participants.loading.plan import CohortPlan, PlanLine, RowResult
from participants.models import CohortUpload
from parts.admin import admin_page

PER_PAGE = 100
PERMISSIONS = ["participants.add_participation", "participants.add_unit", "participants.add_contact"]
SHOWN = {
    "": gettext_lazy("Alle rader"),
    "error": gettext_lazy("Bare feil"),
    "changes": gettext_lazy("Bare nye og endrede"),
    "absent": gettext_lazy("Står ikke i fila"),
}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Regneark"),
        allow_empty_file=True,
        max_length=200,
        help_text=gettext_lazy("Et regneark i formatet .xlsx, på høyst 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if file := cleaned.get("file"):
            try:
                cleaned["contents"] = load.read(file, size=file.size)
            except ValidationError as error:
                self.add_error("file", error)
        return cleaned


def _page(modeladmin: admin.ModelAdmin, request: PersonRequest, name: str, context: dict, status: int = 200):
    return admin_page(modeladmin, request, f"admin/participants/cohort/{name}.html", context, status=status)


def _check_permission(request: PersonRequest) -> None:
    if not request.user.has_perms(PERMISSIONS):
        raise PermissionDenied


def upload_view(modeladmin: admin.ModelAdmin, request: PersonRequest) -> HttpResponse:
    _check_permission(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        contents = form.cleaned_data["contents"]
        CohortUpload.objects.keep(
            user=request.user,
            file_name=form.cleaned_data["file"].name,
            rows=contents.rows,
            now=timezone.now(),
        )
        for title in contents.unread:
            messages.warning(request, _("Kolonnen leses ikke: %(column)s") % {"column": title})
        return redirect("admin:participants_cohort_preview")
    return _page(
        modeladmin, request, "load", {"title": _("Last inn pulje"), "form": form}, status=422 if form.errors else 200
    )


def template_view(modeladmin: admin.ModelAdmin, request: PersonRequest) -> FileResponse:
    _check_permission(request)
    file = io.BytesIO()
    sheets.write_template(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=_("mal for pulje.xlsx"))


def preview_view(modeladmin: admin.ModelAdmin, request: PersonRequest) -> HttpResponse:
    _check_permission(request)
    now = timezone.now()
    upload = CohortUpload.objects.of(request.user, now=now).filter(loaded_at=None).first()
    if upload is None:
        messages.error(request, _("Det er ingen fil å se over. En fil tas vare på i én time. Last den opp på nytt."))
        return redirect("admin:participants_cohort_load")
    rows, changed = upload.read_rows(), False
    if request.method == "POST":
        try:
            digest, both = request.POST.get("digest", ""), "both" in request.POST
            plan = load.load(rows, digest=digest, both=both, by=request.user, now=now)
        except load.Changed as error:
            plan, changed = error.plan, not error.plan.has_errors
        except load.Unanswered as error:
            plan = error.plan
        else:
            upload.loaded(cohort=plan.cohort, counts=plan.counts(), now=now)
            modeladmin.log_change(request, plan.cohort, _("Lastet inn %(file)s") % {"file": upload.file_name})
            return redirect("admin:participants_cohort_receipt")
    else:
        plan = check.check(rows, by=request.user, now=now)
    # With errors in it, what is left to do comes first.
    shown = request.GET.get("vis", "error" if plan.has_errors else "")
    context = {
        "title": _("Se over før du laster inn"),
        "upload": upload,
        "plan": plan,
        "changed": changed,
        "asks_again": request.method == "POST" and not changed,
        "counts": _counts(plan.counts()),
        "results": [result.label for result in RowResult],
        "shown": shown,
        "choices": SHOWN.items(),
        "page": Paginator(_filtered(plan, shown), PER_PAGE).get_page(request.GET.get("side")),
    }
    status = 409 if changed else 422 if request.method == "POST" else 200
    return _page(modeladmin, request, "preview", context, status=status)


def receipt_view(modeladmin: admin.ModelAdmin, request: PersonRequest) -> HttpResponse:
    _check_permission(request)
    upload = get_object_or_404(
        CohortUpload.objects.of(request.user, now=timezone.now()).select_related("cohort"), loaded_at__isnull=False
    )
    context = {
        "title": _("Pulja er lastet inn"),
        "upload": upload,
        "counts": _counts(upload.counts),
        "results": [result.label for result in RowResult],
    }
    return _page(modeladmin, request, "receipt", context)


def _filtered(plan: CohortPlan, shown: str) -> list[PlanLine]:
    wanted = {
        "error": {RowResult.ERROR},
        "changes": {RowResult.NEW, RowResult.CHANGED},
        "absent": {RowResult.ABSENT},
    }.get(shown)
    return [line for line in plan.lines if wanted is None or line.result in wanted]


def _counts(counts: dict[str, dict[str, int]]) -> list[tuple[str, list[int]]]:
    return [(sheet, [by_result[result] for result in RowResult.values]) for sheet, by_result in counts.items()]
