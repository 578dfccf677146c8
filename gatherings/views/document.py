import io

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from gatherings.models import Document

# What a browser shows by itself and cannot be made to run; all else is a file to keep.
SHOWN = {"application/pdf", "image/png", "image/jpeg"}


@require_safe
def document(request: PersonRequest, pk: int) -> FileResponse:
    found = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    response = FileResponse(
        io.BytesIO(bytes(found.content)),
        as_attachment=found.content_type not in SHOWN,
        filename=found.name,
        content_type=found.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
