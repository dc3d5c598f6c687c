"""What the archive hands on: the articles of a question in the forms that other programs read, one file a form."""
