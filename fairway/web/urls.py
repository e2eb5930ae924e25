from django.urls import URLPattern, URLResolver, path

from fairway.web.views.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health, name="health"),
]
