"""Every address, in the order of an engagement's life."""

from importlib.util import find_spec

from django.urls import include, path

from handsel.config.rooms import NAMES

urlpatterns = [
    *(
        path("", include(f"handsel.{name}.urls"))
        for name in (*NAMES, "front", "api")
        if find_spec(f"handsel.{name}.urls")
    ),
    path("accounts/", include("allauth.urls")),
]
