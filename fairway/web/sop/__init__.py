"""An SOP as people read it: its words, its map, its forms."""
