"""What is taken out of an archive for good: articles, a topic, or only the bytes of pages; all else stays true.

All of it is done in small transactions under the crawl lock. It can be killed at any instant: what was done is whole,
and the same rule goes on with the rest. The bytes follow the rows: what is to leave the WARC files is noted before the
rows that name it go, and only that ever leaves them.
"""
