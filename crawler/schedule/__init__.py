"""The daemon that keeps an archive going: when a topic is crawled, what fills the gaps, what the night is for."""
