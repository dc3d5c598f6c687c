"""Decides: what a page says, which article it is, whether it belongs to the topic, and whose copy it is."""
