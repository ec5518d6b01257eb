"""HTTP bodies of the service, by noun. Their docstrings and descriptions are read by integrators, in Italian."""
