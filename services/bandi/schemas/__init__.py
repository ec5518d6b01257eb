"""HTTP bodies of the service, by noun."""
