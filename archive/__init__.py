"""Keeps: every article with its versions, its copies and its bytes, and why every other page is not here."""
