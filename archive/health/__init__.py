"""The health of an archive: one file an examination, and what of it can be mended without losing anything."""
