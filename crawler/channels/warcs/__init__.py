"""The records of WARC files, read in ranges under bounds."""
