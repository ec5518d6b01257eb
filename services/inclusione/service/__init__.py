"""Use cases of inclusione, by noun: plain functions, each one transaction."""
