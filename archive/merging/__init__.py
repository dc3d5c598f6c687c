"""Merging: other archives joined into this one, by rules that hold in any order and any number of times.

What an archive holds are facts under keys that mean the same everywhere: addresses, times, hashes, names; never ids. Of
two facts under one key one wins, or both become one, by a rule that asks neither who came first nor who is merged into
whom. What follows from facts (stories, counts) is made anew. docs/decisions/0010-merging.md says why.
"""
