"""Files rendered from plain values, by noun: names of people come in as arguments and stay in the file alone."""
