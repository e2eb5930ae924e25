"""The two doors: pages at the root, programs under /api/v1."""

from django.urls import URLPattern, URLResolver, include, path

from fairway.api.reference import reference

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/docs", reference, name="api-reference"),
    path("api/v1/", include("fairway.api.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("fairway.web.urls")),
]
