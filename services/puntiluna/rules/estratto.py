"""The words of a household's statement: every movement told in plain Italian, the giver of a donation never."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from services.puntiluna.rules.registro import Causa
from services.puntiluna.rules.riduzioni import NESSUNA_RISPOSTA, StatoRiduzione


class VoceEstratto(StrEnum):
    """What a line of a statement adds to."""

    GUADAGNATI = "guadagnati"
    CORREZIONI = "correzioni"
    DONATI = "donati"
    RICEVUTI = "ricevuti"
    PRENOTATI = "prenotati"
    RESTITUITI = "restituiti"
    QUOTE = "quote"


def voce_di(causa: Causa, importo_cent: int) -> VoceEstratto:
    """Say what a line adds to.

    Args:
        causa: the movement's cause.
        importo_cent: the line's amount on the household's account.

    Returns:
        The entry of the statement.
    """
    if causa is Causa.DONAZIONE:
        return VoceEstratto.RICEVUTI if importo_cent > 0 else VoceEstratto.DONATI
    return {
        Causa.ACCREDITO: VoceEstratto.GUADAGNATI,
        Causa.RIPORTO: VoceEstratto.GUADAGNATI,
        Causa.STORNO: VoceEstratto.CORREZIONI,
        Causa.RECUPERO: VoceEstratto.CORREZIONI,
        Causa.RIPARTIZIONE: VoceEstratto.RICEVUTI,
        Causa.PRENOTAZIONE: VoceEstratto.PRENOTATI,
        Causa.CONFERMA: VoceEstratto.RESTITUITI,
        Causa.RESTITUZIONE: VoceEstratto.RESTITUITI,
        Causa.QUOTA_MOROSITA: VoceEstratto.QUOTE,
    }.get(causa, VoceEstratto.CORREZIONI)


def racconta_movimento(causa: Causa, importo_cent: int, dettaglio: Mapping[str, object], giorno: date) -> str:
    """Tell a movement in plain Italian.

    Args:
        causa: why it exists.
        importo_cent: the line's amount on the household's account.
        dettaglio: what was kept with it.
        giorno: the day it speaks of, in Italy.

    Returns:
        A sentence for the household; it names no person.
    """
    data = giorno.strftime("%d/%m/%Y")
    protocollo, contratto = dettaglio.get("protocollo"), dettaglio.get("contratto_codice")
    if causa is Causa.DONAZIONE:
        if importo_cent > 0:
            return "Donazione ricevuta"
        return "Donazione a un nucleo" if dettaglio.get("verso") == "nucleo" else "Donazione al fondo Solidal"
    if causa is Causa.RESTITUZIONE:
        scaduta = dettaglio.get("motivo") == NESSUNA_RISPOSTA
        esito = "scaduta senza risposta" if scaduta else "respinta dal proprietario"
        return f"Riduzione n. {protocollo} sul contratto {contratto} {esito}: i punti ritornano"
    if causa is Causa.CONFERMA and importo_cent == 0:
        return f"Riduzione n. {protocollo} sul contratto {contratto} confermata dal proprietario"
    return {
        Causa.ACCREDITO: f"Attività del {data} ({_durata(dettaglio.get('minuti'))}, {dettaglio.get('voce')})",
        Causa.RIPORTO: f"Punti maturati prima della piattaforma ({dettaglio.get('atto')})",
        Causa.STORNO: f"Correzione dell'attività del {data}",
        Causa.RECUPERO: "Recupero di punti già spesi per un'attività corretta",
        Causa.RIPARTIZIONE: "Punti ricevuti dal fondo Solidal",
        Causa.QUOTA_MOROSITA: f"Quota dell'indennità del {data} destinata alla morosità",
        Causa.PRENOTAZIONE: f"Riduzione n. {protocollo} prenotata sul contratto {contratto}: inviata al proprietario",
        Causa.UNIONE: "Punti di una scheda doppia unita a questa",
        Causa.CONFERMA: f"Riduzione n. {protocollo} sul contratto {contratto} accettata in parte: il resto ritorna",
    }.get(causa, "Movimento del registro")


def nome_voce(voce: str) -> str:
    """Name a kind of activity as people read it: `centro_aggregazione_giovanile`, `base`."""
    fasce = {"base": "Attività di base", "silver": "Attività silver", "gold": "Attività gold"}
    return fasce.get(voce, voce.replace("_", " ").capitalize())


def racconta_stato(stato: StatoRiduzione) -> str:
    """Tell the state of a reduction to its household."""
    return {
        StatoRiduzione.PRENOTATA: "in attesa",
        StatoRiduzione.CONFERMATA: "confermata",
        StatoRiduzione.RESPINTA: "respinta, i punti sono tornati",
        StatoRiduzione.SCADUTA: "senza risposta, i punti sono tornati",
        StatoRiduzione.LIQUIDATA: "confermata e pagata",
    }[stato]


def stato_al(stato: StatoRiduzione, *, risposta_gia_data: bool, liquidata_gia: bool) -> StatoRiduzione:
    """Say the state that a reduction had at a past instant.

    Args:
        stato: its state now.
        risposta_gia_data: whether the landlord had answered (or the term had passed) by then.
        liquidata_gia: whether its Distinta was settled by then.

    Returns:
        The state at that instant.
    """
    if not risposta_gia_data:
        return StatoRiduzione.PRENOTATA
    if stato is StatoRiduzione.LIQUIDATA and not liquidata_gia:
        return StatoRiduzione.CONFERMATA
    return stato


def _durata(minuti: object) -> str:
    if not isinstance(minuti, int):
        return "durata non indicata"
    ore, resto = divmod(minuti, 60)
    if resto == 0:
        return f"{ore} ora" if ore == 1 else f"{ore} ore"
    return f"{ore} h {resto} min" if ore else f"{resto} min"
