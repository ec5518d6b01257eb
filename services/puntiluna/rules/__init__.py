"""The law of PuntiLuna as pure functions: ledger, tariffs, paid hours, debts, reductions, settlements."""
