"""What the parts of a page say of its article, and which of them is believed."""
