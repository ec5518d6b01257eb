"""Figures of the source documents used by the scenarios; what is not printed in a source is marked ``sintetico``."""
