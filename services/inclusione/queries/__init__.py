"""Every SELECT and every lock of inclusione, by noun.

Locks are taken in one order: person (advisory), enrolment, plans by id, caps by person, pacts by id, the line last.
"""
