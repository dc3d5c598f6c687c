"""What a served archive needs beside its pages: who is let in, in which lane, and what was answered before."""
