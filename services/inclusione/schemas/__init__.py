"""HTTP bodies of inclusione, by noun."""
