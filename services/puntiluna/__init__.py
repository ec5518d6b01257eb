"""puntiluna: the credit ledger of the neighbourhood.

Owns: accounts, movements, seals, tariffs, limits, paid person-hours, debts as told by landlords, reductions,
settlements.
Publishes: fondo.alimentato, punti.accreditati, punti.stornati, ora.gia_pagata, ora.liberata, riduzione.prenotata,
riduzione.confermata, riduzione.respinta, distinta.liquidata.
Listens to: bandi.progetto.*, laboratori.presenza.*, laboratori.nucleo.aggiornato, laboratori.persona.unita,
inclusione.ore.validate, inclusione.indennita.quota_morosita.
"""
