"""Search."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Finding any record by a part of its name, by phone or by number."""

    name = "fairway.search"
    label = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        """Keep the index with what is saved, fill it for what is there; comes after the domains have registered."""
        from fairway import home
        from fairway.runs import verify
        from fairway.search import customers, index, kinds

        customers.register()
        kinds.listen(index.saved, index.deleted)
        home.register_step("search index", _fill)
        verify.register_check("search", index.found_by_their_words)


def _fill() -> None:
    from fairway.search import index

    index.fill()
