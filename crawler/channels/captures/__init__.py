"""The captures of a web archive: what its index is asked, and how what it holds is read."""
