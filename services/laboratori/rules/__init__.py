"""The law of the neighbourhood lab: pure functions, enumerations and refusals."""
