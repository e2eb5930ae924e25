from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI

from fairway import __version__

api = NinjaAPI(title="Fairway", version=__version__, docs_url=None)

urlpatterns: list[URLPattern | URLResolver] = [path("", api.urls)]
