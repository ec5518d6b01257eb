"""The Distinta: confirmed reductions of a landlord in a period, approved by a second person, paid, settled."""

from datetime import date
from enum import StrEnum

from chassis.errors import Conflict, Forbidden, NotFound
from services.puntiluna.rules.fondi import FuoriCompetenza


class StatoDistinta(StrEnum):
    """Life of a Distinta."""

    COMPOSTA = "composta"
    APPROVATA = "approvata"
    IN_PAGAMENTO = "in_pagamento"
    LIQUIDATA = "liquidata"
    ANNULLATA = "annullata"


class ModoLiquidazione(StrEnum):
    """How it is settled: a payment, or an entry in the books of the Comune that is both landlord and payer."""

    PAGAMENTO = "pagamento"
    GIROCONTO = "giroconto"


class DistintaSconosciuta(NotFound):
    """No such Distinta."""

    title = "Distinta sconosciuta"


class NienteDaLiquidare(Conflict):
    """No confirmed reduction of the landlord in the period is free."""

    title = "Niente da liquidare"


class DistintaNonApprovabile(Conflict):
    """Only a composed Distinta can be approved."""

    title = "Distinta non approvabile"


class DistintaNonLiquidabile(Conflict):
    """Only an approved Distinta can be settled."""

    title = "Distinta non liquidabile"


class DistintaNonAnnullabile(Conflict):
    """A settled Distinta, or one already cancelled, stays as it is."""

    title = "Distinta non annullabile"


class DistintaNonPagabile(Conflict):
    """A payment is ordered once, for an approved Distinta of a landlord that is paid."""

    title = "Distinta non pagabile"


class ApprovatoreNonTerzo(Forbidden):
    """Who composed a Distinta may not approve it: two people, always."""

    title = "Approvatore non terzo"


class CoordinateMancanti(Conflict):
    """The bank account of who pays or of who is paid is not configured."""

    title = "Coordinate di pagamento mancanti"


class CoordinateAppenaCambiate(Forbidden):
    """Who changed the landlord's bank account may not order a payment to it."""

    title = "Coordinate cambiate da chi dispone"


class DisponeChiHaComposto(Forbidden):
    """Who composed a Distinta may not order its payment."""

    title = "Dispone chi ha composto"


class AnnullaChiHaDisposto(Forbidden):
    """A payment already ordered is called off by another treasurer than the one who ordered it."""

    title = "Annullamento di chi ha disposto"


class RifiutoMancante(Conflict):
    """A payment already ordered is called off only when the bank refused it, and with the bank's reference."""

    title = "Rifiuto della banca mancante"


class PagamentoRitirato(Conflict):
    """The file of a payment that was called off is given to nobody any more."""

    title = "Pagamento ritirato"


class ProprietarioNonPaga(Forbidden):
    """A landlord that is no Comune does not dispose of what is paid to it."""

    title = "Il proprietario non paga se stesso"


class PagamentoSconosciuto(NotFound):
    """No payment was ordered for the Distinta."""

    title = "Pagamento sconosciuto"


class EsecuzionePassata(Conflict):
    """A bank cannot be asked to pay on a day that has passed."""

    title = "Giorno di esecuzione passato"


class EnteNonConfigurato(NotFound):
    """No name and account are kept for the organisation."""

    title = "Ente non configurato"


class EnteDiAltri(Forbidden):
    """A treasurer writes the account of their own organisation only."""

    title = "Ente di altri"


class TotaleDiverso(Conflict):
    """The lines do not add up to the total."""

    title = "Totale diverso"


def controlla_approvazione(stato: StatoDistinta, *, composta_da: str, approva: str) -> None:
    """Refuse to approve what is not waiting for approval, or what one composed oneself.

    Args:
        stato: the Distinta's state.
        composta_da: who composed it.
        approva: who would approve it.

    Raises:
        DistintaNonApprovabile: it is already approved, settled or cancelled.
        ApprovatoreNonTerzo: the same person composed it.

    Source: ADR 0081.
    """
    if stato is not StatoDistinta.COMPOSTA:
        raise DistintaNonApprovabile(f"La distinta è {stato}: si approva solo una distinta composta.")
    if composta_da == approva:
        raise ApprovatoreNonTerzo(
            "Chi ha composto la distinta non può approvarla.",
            remedy="Fai approvare la distinta a un'altra persona dell'ente.",
        )


def controlla_pagamento(
    stato: StatoDistinta,
    modo: ModoLiquidazione,
    *,
    esecuzione: date,
    oggi: date,
    cambiate_da: str,
    composta_da: str,
    approvata_da: str | None,
    dispone: str,
) -> None:
    """Refuse a payment order that may not be given.

    Args:
        stato: the Distinta's state.
        modo: how it is settled.
        esecuzione: the day on which the bank should pay.
        oggi: today in Italy.
        cambiate_da: who last wrote the landlord's bank account.
        composta_da: who composed the Distinta.
        approvata_da: who approved it.
        dispone: who orders the payment.

    Raises:
        DistintaNonPagabile: it is not approved, was already ordered, or is settled by an internal entry.
        EsecuzionePassata: the day has passed.
        CoordinateAppenaCambiate: who orders, or who approved, is who changed the account.
        DisponeChiHaComposto: who orders is who composed.

    Source: ADR 0081.
    """
    if modo is not ModoLiquidazione.PAGAMENTO:
        raise DistintaNonPagabile(
            "Il proprietario è il Comune che paga: la distinta si liquida con una scrittura interna, senza pagamento."
        )
    if stato is not StatoDistinta.APPROVATA:
        raise DistintaNonPagabile(f"La distinta è {stato}: si dispone il pagamento solo di una distinta approvata.")
    if esecuzione < oggi:
        raise EsecuzionePassata(
            f"Il {esecuzione.isoformat()} è già passato.",
            field="esecuzione",
            remedy="Indica oggi o un giorno che viene.",
        )
    if composta_da == dispone:
        raise DisponeChiHaComposto(
            "Chi ha composto la distinta non può disporne il pagamento.",
            remedy="Fai disporre il pagamento a un'altra persona dell'ente.",
        )
    if cambiate_da in {dispone, approvata_da}:
        raise CoordinateAppenaCambiate(
            "Chi ha scritto le coordinate del proprietario non può approvare la distinta né disporre il pagamento.",
            remedy="Fai intervenire un'altra persona: chi scrive le coordinate non approva e non dispone.",
        )


def controlla_annullamento(
    stato: StatoDistinta, *, annulla: str, tesoriere: bool, disposto_da: str | None, rifiuto: str | None
) -> None:
    """Refuse to cancel what is settled, or what the bank may still pay.

    Args:
        stato: the Distinta's state.
        annulla: who would cancel it.
        tesoriere: whether that person is a treasurer.
        disposto_da: who ordered its payment, None when nobody did.
        rifiuto: the bank's reference of its refusal.

    Raises:
        DistintaNonAnnullabile: it is settled or already cancelled.
        AnnullaChiHaDisposto: its payment was ordered, by the caller, or the caller is no treasurer.
        RifiutoMancante: its payment was ordered and no refusal of the bank is named.

    Source: ADR 0081.
    """
    if stato in {StatoDistinta.LIQUIDATA, StatoDistinta.ANNULLATA}:
        raise DistintaNonAnnullabile(f"La distinta è {stato}: non si annulla più.")
    if stato is not StatoDistinta.IN_PAGAMENTO:
        return
    if not tesoriere or annulla == disposto_da:
        raise AnnullaChiHaDisposto(
            "Il pagamento è già disposto: lo annulla solo un tesoriere diverso da chi lo ha disposto.",
            remedy="Fai annullare la distinta a un altro tesoriere dell'ente.",
        )
    if rifiuto is None:
        raise RifiutoMancante(
            "Il pagamento è già disposto: si annulla solo se la banca lo ha rifiutato.",
            field="rifiuto_banca",
            remedy="Indica il riferimento del rifiuto della banca.",
        )


def controlla_file(stato: StatoDistinta) -> None:
    """Refuse the bank's file of a payment that was called off.

    Raises:
        PagamentoRitirato: the Distinta is neither being paid nor settled.

    Source: ADR 0081.
    """
    if stato not in {StatoDistinta.IN_PAGAMENTO, StatoDistinta.LIQUIDATA}:
        raise PagamentoRitirato(
            f"La distinta è {stato}: il suo file non si porta più in banca.",
            remedy="Scarica il file della distinta che l'ha sostituita.",
        )


def controlla_liquidazione(stato: StatoDistinta, *, totale_cent: int, righe_cent: int) -> None:
    """Refuse to settle what is not approved or does not add up.

    Args:
        stato: the Distinta's state.
        totale_cent: its total.
        righe_cent: the sum of its lines as they are now.

    Raises:
        DistintaNonLiquidabile: it is not approved, or already settled.
        TotaleDiverso: total and lines differ.

    Source: DOMAIN, puntiluna, "Distinta"; the totals tie to the cent.
    """
    if stato not in {StatoDistinta.APPROVATA, StatoDistinta.IN_PAGAMENTO}:
        raise DistintaNonLiquidabile(
            f"La distinta è {stato}: si liquida solo una distinta approvata.", remedy="Approva prima la distinta."
        )
    if totale_cent != righe_cent:
        raise TotaleDiverso("Il totale della distinta non coincide con la somma delle sue righe.")


def controlla_pagatore(ente: str | None, *, pagatore: str | None, proprietario: str, modo: ModoLiquidazione) -> None:
    """Refuse who would dispose of another organisation's money, or of what itself is paid.

    Args:
        ente: the caller's organisation.
        pagatore: the one that pays; None in a Distinta composed before it was kept.
        proprietario: the landlord.
        modo: how it is settled.

    Raises:
        FuoriCompetenza: another organisation pays.
        ProprietarioNonPaga: the caller's is the landlord, and it is not an entry in a Comune's own books.

    Source: ADR 0081.
    """
    if pagatore is not None and ente != pagatore:
        raise FuoriCompetenza(
            "La distinta la paga un altro ente.", remedy=f"Se ne occupa {pagatore}: il tuo ente può solo leggerla."
        )
    if ente == proprietario and modo is not ModoLiquidazione.GIROCONTO:
        raise ProprietarioNonPaga(
            "Il tuo ente è il proprietario che viene pagato: non dispone della distinta.",
            remedy="La compone, la approva e la paga il Comune.",
        )


def modo_di_liquidazione(ente_proprietario: str, ente_pagatore: str) -> ModoLiquidazione:
    """Say how a landlord is settled: an internal entry for the Comune that pays itself, a payment for the others.

    Args:
        ente_proprietario: the landlord's code, `COMUNE-...` for a Comune.
        ente_pagatore: the code of the organisation that pays.

    Returns:
        The way of settling.

    Source: DOMAIN, puntiluna, "Landlords may be Comuni".
    """
    stesso = ente_proprietario == ente_pagatore and ente_proprietario.startswith("COMUNE-")
    return ModoLiquidazione.GIROCONTO if stesso else ModoLiquidazione.PAGAMENTO


def estremi_del_periodo(periodo: str) -> tuple[date, date]:
    """Give the first day of a month and of the next one.

    Args:
        periodo: `2020-11`.

    Returns:
        First day inside, first day outside.
    """
    anno, mese = (int(parte) for parte in periodo.split("-"))
    return date(anno, mese, 1), date(anno + mese // 12, mese % 12 + 1, 1)
