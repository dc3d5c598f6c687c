"""What documents on the web look like, whichever channel asked for them: pure, bounded, and never surprised."""
