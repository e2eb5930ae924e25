"""How much a file may hold. Checked before the work starts; the refusal names the limit (interface.md)."""

FILE_BYTES = 200 * 1024 * 1024
ROWS = 2_000_000
COLUMNS = 500
UNPACKED_BYTES = 1024 * 1024 * 1024
"""All parts of a workbook together, unpacked."""
UNPACKED_FREE = 20 * 1024 * 1024
"""Below this a workbook may expand as it likes: much repeats in small ones."""
EXPANSION = 200
ENTRIES = 5_000
CELL = 32_767
"""Characters in one cell, as in Excel."""
