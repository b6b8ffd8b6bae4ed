"""What every answer tells the browser, beside the policy of its content: how it is reached, kept and framed."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_YEAR = 365 * 24 * 3600
_NOTHING = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"
SAVED_NOT_RUN = "default-src 'none'; frame-ancestors 'none'; sandbox"


class Headers:
    """Stands outside of the others, so that their answers carry it too."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.answer(request)
        answer["Cross-Origin-Resource-Policy"] = "same-origin"
        answer["Permissions-Policy"] = _NOTHING
        if settings.ADDRESS.startswith("https://"):  # over plain http browsers pass it by
            answer["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"
        if "Cache-Control" not in answer and _is_somebodys(request, answer):
            answer["Cache-Control"] = "private, no-store"
        if answer.get("Content-Disposition", "").startswith("attachment"):
            answer["Content-Security-Policy"] = SAVED_NOT_RUN
        if _signs_out(request):
            answer["Clear-Site-Data"] = '"cache", "storage"'
        return answer


def _is_somebodys(request: HttpRequest, answer: HttpResponse) -> bool:
    """Whether whoever asks is known by a cookie, or becomes so."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in answer.cookies


def _signs_out(request: HttpRequest) -> bool:
    match = request.resolver_match
    return request.method == "POST" and match is not None and match.view_name == "account_logout"
