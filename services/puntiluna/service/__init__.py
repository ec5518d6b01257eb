"""Use cases of puntiluna: plain functions, one transaction each."""
