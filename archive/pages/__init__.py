"""Our pages: one file a page, with its SQL and what it shows. Templates of the same names draw them."""
