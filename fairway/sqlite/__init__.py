"""Django's SQLite backend with a queue of writers and transactions that may begin at their first write."""
