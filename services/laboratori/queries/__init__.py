"""Every SELECT and every lock of the service, by noun.

Locks are taken in one order everywhere: lab, activity, attendances by id, people by id, households by id.
"""
