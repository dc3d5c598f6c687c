"""One page layout an outlet, filled by `string.Template`: what surrounds the prose on a real news page."""
