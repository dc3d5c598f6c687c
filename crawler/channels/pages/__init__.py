"""The links of a page that an outlet publishes: which of them are articles, and which page comes next."""
