"""inclusione: active inclusion (action 9.1.3) - plans, their money, hours, allowances, pacts.

Owns: the rules of each call as versioned data (Misura), the budget lines of the projects, enrolments and their
evaluation, the PIP with its signed versions, the Dote it reserves, the hours, the allowance and its liquidation, the
pacts of shared responsibility alone and in groups, the claims of the operators, the payment files with the accounts of
people (encrypted), placements, host firms and vacancies, enterprise paths, certificates, targets beside results. Knows
people and households by pseudonymous ids only.
Publishes: iscrizione.valutata, pip.attivato, pip.concluso, pip.rinunciato, ore.validate, indennita.liquidata,
indennita.quota_morosita.
Listens to: bandi (progetto.finanziato, impegnato, prorogato, concluso, revocato), laboratori (persona.presa_in_carico,
persona.unita, persona.cancellata, nucleo.aggiornato), puntiluna (ora.gia_pagata, ora.liberata).
"""
