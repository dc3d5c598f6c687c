"""Where feeds and sitemaps lead on to: older pages, and the places where a site usually has them."""
