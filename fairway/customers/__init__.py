"""Companies and contacts, duplicates and merging, consent."""
