"""Goes out: discovers links, fetches pages politely and safely, and runs the show."""
