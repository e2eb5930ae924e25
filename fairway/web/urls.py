from django.urls import URLPattern, URLResolver, path

from fairway.web.views.components_page import components
from fairway.web.views.health import health
from fairway.web.views.preferences import set_language, set_theme

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health, name="health"),
    path("components", components, name="components"),
    path("preferences/theme", set_theme, name="set-theme"),
    path("preferences/language", set_language, name="set-language"),
]
