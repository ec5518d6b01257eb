"""Patti: what people commit to, alone or as a group, and the one-off contribution a share of which also goes back."""

from collections.abc import Sequence
from enum import StrEnum

from chassis.errors import Refusal

IMPORTO_MINIMO_CENT = 1


class Impegno(StrEnum):
    """What a pact commits its signers to, beside the share of what they receive."""

    RIENTRO_MOROSITA = "rientro_morosita"
    FORMAZIONE = "formazione"
    RICERCA_LAVORO = "ricerca_lavoro"
    CURA_SPAZI = "cura_spazi"
    VOLONTARIATO = "volontariato"
    SERVIZI_AI_VICINI = "servizi_ai_vicini"


class StatoContributo(StrEnum):
    """The state of a contribution."""

    CONCESSO = "concesso"
    LIQUIDATO = "liquidato"
    REVOCATO = "revocato"


class GruppoDiAltroProgetto(Refusal):
    """A group pact gathers people of its own project."""

    title = "Gruppo di un altro progetto"


class ContributoNonRevocabile(Refusal):
    """A contribution that was paid, or revoked, is not revoked again."""

    title = "Contributo non revocabile"


class MassimalePersonaSuperato(Refusal):
    """The person already holds all that one person may receive in the measure."""

    title = "Massimale della persona superato"


class ImpegniRipetuti(Refusal):
    """Each commitment stands once in a pact."""

    status = 422
    title = "Impegni ripetuti"


class CertificazioneRiservata(Refusal):
    """Only the officer of the project's lead says that arrears are blameless."""

    status = 403
    title = "Certificazione riservata al capofila"


def verifica_certificante(*, certifica: bool, del_capofila: bool) -> None:
    """Refuses a certification given by whoever is not the officer of the lead.

    Raises:
        CertificazioneRiservata: a certification is there and the caller may not give it.

    Source: DOMAIN part inclusione ("only to arrears certified as incolpevole, by whom, when").
    """
    if certifica and not del_capofila:
        raise CertificazioneRiservata(
            "Che la morosita' sia incolpevole lo certifica un funzionario del comune capofila.",
            field="incolpevole",
            remedy="Firmare il patto senza certificazione: il funzionario la aggiunge dopo.",
        )


def verifica_impegni(impegni: Sequence[Impegno]) -> None:
    """Refuses a commitment written twice.

    Raises:
        ImpegniRipetuti: one stands there more than once.
    """
    if len(set(impegni)) != len(impegni):
        raise ImpegniRipetuti(
            "Un impegno del patto e' scritto due volte.", field="impegni", remedy="Scriverlo una volta sola."
        )


def verifica_revoca(stato: StatoContributo) -> None:
    """Refuses to revoke what was already paid or revoked.

    Raises:
        ContributoNonRevocabile: it is not waiting to be paid.
    """
    if stato is not StatoContributo.CONCESSO:
        raise ContributoNonRevocabile(
            f"Un contributo {stato.value} non si revoca.",
            remedy="Si revoca un contributo concesso e non ancora liquidato.",
        )
