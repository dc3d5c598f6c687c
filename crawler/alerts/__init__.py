"""Who hears of what is wrong with an archive: by a command, by e-mail, by a webhook; each fault once."""
