"""Tables of puntiluna: ledger, attendance credits and paid hours, mirrors and debts, reductions and settlements."""

from services.puntiluna.models.accrediti import Accredito, AvvisoLimite, OraPagata, Recupero
from services.puntiluna.models.base import Base
from services.puntiluna.models.debiti import Debito, PosizioneDebitoria, Proprietario, Rilevazione
from services.puntiluna.models.donazioni import Donazione, Ripartizione
from services.puntiluna.models.nuclei import Contratto, Nucleo, PersonaUnita, SceltaNucleo
from services.puntiluna.models.pagamenti import ConfigurazioneEnte, Pagamento
from services.puntiluna.models.progetti import Alimentazione, LimitePunti, Progetto, TariffaPunti
from services.puntiluna.models.radici import RadiceFirmata
from services.puntiluna.models.registro import (
    ContoRegistro,
    DaSigillare,
    MovimentoRegistro,
    RigaRegistro,
    SaldoNotato,
    SigilloRegistro,
)
from services.puntiluna.models.riconciliazioni import Differenza, Riconciliazione
from services.puntiluna.models.riduzioni import Distinta, FonteRiduzione, Lotto, Quota, Riduzione, RispostaRiga

__all__ = [
    "Accredito",
    "Alimentazione",
    "AvvisoLimite",
    "Base",
    "ConfigurazioneEnte",
    "ContoRegistro",
    "Contratto",
    "DaSigillare",
    "Debito",
    "Differenza",
    "Distinta",
    "Donazione",
    "FonteRiduzione",
    "LimitePunti",
    "Lotto",
    "MovimentoRegistro",
    "Nucleo",
    "OraPagata",
    "Pagamento",
    "PersonaUnita",
    "PosizioneDebitoria",
    "Progetto",
    "Proprietario",
    "Quota",
    "RadiceFirmata",
    "Recupero",
    "Riconciliazione",
    "Riduzione",
    "RigaRegistro",
    "Rilevazione",
    "Ripartizione",
    "RispostaRiga",
    "SaldoNotato",
    "SceltaNucleo",
    "SigilloRegistro",
    "TariffaPunti",
]
