"""Tables of puntiluna: ledger, attendance credits and paid hours, mirrors and debts, reductions and settlements."""

from services.puntiluna.models.accrediti import Accredito, AvvisoLimite, OraPagata, Recupero
from services.puntiluna.models.base import Base
from services.puntiluna.models.debiti import Debito, PosizioneDebitoria, Proprietario, Rilevazione
from services.puntiluna.models.donazioni import Donazione, Ripartizione
from services.puntiluna.models.nuclei import Contratto, Nucleo, PersonaUnita
from services.puntiluna.models.progetti import Alimentazione, LimitePunti, Progetto, TariffaPunti
from services.puntiluna.models.radici import RadiceFirmata
from services.puntiluna.models.registro import (
    ContoRegistro,
    DaSigillare,
    MovimentoRegistro,
    RigaRegistro,
    SigilloRegistro,
)
from services.puntiluna.models.riduzioni import Distinta, Lotto, Quota, Riduzione, RispostaRiga

__all__ = [
    "Accredito",
    "Alimentazione",
    "AvvisoLimite",
    "Base",
    "ContoRegistro",
    "Contratto",
    "DaSigillare",
    "Debito",
    "Distinta",
    "Donazione",
    "LimitePunti",
    "Lotto",
    "MovimentoRegistro",
    "Nucleo",
    "OraPagata",
    "PersonaUnita",
    "PosizioneDebitoria",
    "Progetto",
    "Proprietario",
    "Quota",
    "RadiceFirmata",
    "Recupero",
    "Riduzione",
    "RigaRegistro",
    "Rilevazione",
    "Ripartizione",
    "RispostaRiga",
    "SigilloRegistro",
    "TariffaPunti",
]
