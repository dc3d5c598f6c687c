"""What is wrong with an archive's supply of news: sources that die or change, topics without news, runs that fail."""
