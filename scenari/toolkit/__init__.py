"""What every scenario stands on: people with a role, the platform clock, waiting, expected against obtained."""

from scenari.toolkit.concorso import Concorso, importi, membro
from scenari.toolkit.dichiarazioni import aderiscono, dichiarano
from scenari.toolkit.http import Acknowledged, Actor, Answer, Gateway, UnexpectedAnswer
from scenari.toolkit.numeroso import ConcorsoNumeroso, Proposta, contenuto_singolo, nome
from scenari.toolkit.report import Report, Row
from scenari.toolkit.stage import Effect, Stage, StageTimeout
from scenari.toolkit.tokens import TokenSource

__all__ = [
    "Acknowledged",
    "Actor",
    "Answer",
    "Concorso",
    "ConcorsoNumeroso",
    "Effect",
    "Gateway",
    "Proposta",
    "Report",
    "Row",
    "Stage",
    "StageTimeout",
    "TokenSource",
    "UnexpectedAnswer",
    "aderiscono",
    "contenuto_singolo",
    "dichiarano",
    "importi",
    "membro",
    "nome",
]
