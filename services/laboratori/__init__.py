"""Laboratori: the neighbourhood labs, their people and the hours people give.

Owns labs (seat, opening hours, team), people and households with their tenancy contracts - the only place of the
platform where names, tax codes, birth dates and disadvantage conditions are kept -, consents and participation forms,
desk accesses, activities with their waiting lists, and attendances as an append-only history.

Publishes `laboratori.persona.*`, `laboratori.nucleo.aggiornato` and `laboratori.presenza.*`: pseudonymous ids, hours
and contract codes, never a name, a tax code, a birth date or a condition.

Listens to `bandi.progetto.*` (a funded line 9.4.2 opens a lab) and to `inclusione.iscrizione.valutata` and
`inclusione.pip.*` (mirrored for the evaluation).
"""
