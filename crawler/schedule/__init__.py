"""The daemon that keeps an archive going: when a topic is worth a crawl, what fills the gaps, and what the night is for."""
