"""`/health/` for whatever watches over the server, `/metrics` for Prometheus; no log-in, no secret in either."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from handsel.core.addresses import is_of_this_machine
from handsel.front.operation import figures
from handsel.front.operation.health import look


@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """200 where all is well, else 503; each part with a word."""
    found = look()
    return JsonResponse(found.as_json(), status=HTTPStatus.OK if found.is_well else HTTPStatus.SERVICE_UNAVAILABLE)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For this machine, and for whoever has the token HANDSEL_METRICS_TOKEN; nobody else learns that it is there."""
    if not (_has_token(request) or is_of_this_machine(request)):
        return HttpResponse("Not found.\n", content_type="text/plain", status=HTTPStatus.NOT_FOUND)
    return HttpResponse(figures.text(), content_type=figures.MEDIA_TYPE)


def _has_token(request: HttpRequest) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    return bool(wanted) and scheme.lower() == "bearer" and constant_time_compare(given.strip(), wanted)
