"""Every SELECT and every lock of the service, by noun.

Order of locks: call, its lines, application, project. A call's row locked for writing is the queue of protocol
numbers, rankings and money; shared, it keeps a ranking from being made while a decision or a sheet is written.
"""
