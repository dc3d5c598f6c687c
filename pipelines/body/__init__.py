"""The text of an article: where in a page it is, and which lines of what is found there are its own."""
