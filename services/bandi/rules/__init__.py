"""The law of the calls: rules as values, pure functions over them, and the refusals they raise.

``bando`` what a call may say and ``contraddizioni`` what it may not; ``domanda`` the life of an application and
``difetti`` what keeps it from being presented; ``graduatoria`` who is funded and why, made of ``righe``;
``spiegazione`` the same in words; ``progetto`` the money of a funded project. No clock, no I/O, no framework.
"""
