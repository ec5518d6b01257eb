"""HTTP bodies of puntiluna."""
