"""What a reader asks of the archive: the language of the search box, and the same as SQL."""
