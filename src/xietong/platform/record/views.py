"""Pages of the public record. Everyone may read it, signed in or not."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from . import kinds, queries


@require_safe
def record(request: HttpRequest) -> HttpResponse:
    page = queries.entries(request.GET.get("page", 1))
    return render(
        request,
        "record/record.html",
        {
            "page": page,
            "readings": [kinds.read(entry) for entry in page],
            "head": queries.head(),
            "waiting": queries.waiting(),
        },
    )


@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        queries.export(),
        content_type="application/x-ndjson; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="record.jsonl"'},
    )


@require_safe
def parameters(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "record/parameters.html",
        {
            "parameters": queries.parameters(),
            "page": queries.parameter_changes(request.GET.get("page", 1)),
        },
    )
