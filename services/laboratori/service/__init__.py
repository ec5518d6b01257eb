"""Use cases of the labs, by noun: plain functions, one call = one transaction."""
