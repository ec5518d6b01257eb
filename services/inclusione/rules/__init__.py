"""The law of inclusione: pure functions by noun; no clock, no I/O, no framework."""
