"""The press's prose: one Markdown file an article, `*.update.md` for what had changed by the second day."""
