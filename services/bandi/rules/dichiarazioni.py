"""What a commissioner declares of each application before seeing it: no conflict of interest, or one."""

from enum import StrEnum

from chassis.errors import Conflict, Forbidden, Invalid


class EsitoDichiarazione(StrEnum):
    """What a commissioner declares."""

    NESSUN_CONFLITTO = "nessun_conflitto"
    CONFLITTO = "conflitto"


class DichiarazioneMancante(Forbidden):
    """Nobody examines an application before declaring that nothing ties them to it."""

    title = "Dichiarazione sui conflitti di interesse mancante"


class ConflittoDichiarato(Forbidden):
    """Who has declared a conflict neither sees nor scores the application."""

    title = "Conflitto di interesse dichiarato"


class MotivoDelConflitto(Invalid):
    """A conflict is declared with its reason, its absence without."""

    title = "Motivo del conflitto"


class CommissarioDellEnte(Conflict):
    """Who belongs to an organisation that applies cannot say that nothing ties them to it."""

    title = "Commissario di un ente che partecipa"


class DichiarazioneGiaResa(Conflict):
    """A declaration stands; only a conflict found later is added to it."""

    title = "Dichiarazione gia' resa"


class ConflittoTardivo(Conflict):
    """Who has signed a sheet has already judged."""

    title = "Conflitto dichiarato dopo la firma"


class DomandaNonDichiarabile(Invalid):
    """Declarations are about the presented applications of the call."""

    title = "Domanda non del bando"


def controlla_accesso(dichiarata: EsitoDichiarazione | None) -> None:
    """Refuse a commissioner who has not declared yet, or has declared a conflict.

    Raises:
        DichiarazioneMancante, ConflittoDichiarato.
    """
    if dichiarata is None:
        raise DichiarazioneMancante(
            "Prima di esaminare una domanda il commissario dichiara se ha conflitti di interesse con chi la presenta.",
            remedy="Rendere la dichiarazione per questa domanda: capofila e partner sono nell'elenco da dichiarare.",
        )
    if dichiarata is EsitoDichiarazione.CONFLITTO:
        raise ConflittoDichiarato(
            "Il commissario ha dichiarato un conflitto di interesse: non vede e non valuta questa domanda.",
            remedy="La valutano gli altri commissari; se ne mancano, l'ufficio integra la commissione.",
        )


def controlla_dichiarazione(
    precedente: EsitoDichiarazione | None,
    esito: EsitoDichiarazione,
    motivo: str | None,
    *,
    firmata: bool,
    ente_partecipa: bool = False,
) -> bool:
    """Refuse a declaration that takes an earlier one back, comes after the judgement or hides its reason.

    Args:
        precedente: what the commissioner has declared of the application so far.
        esito: what is declared now.
        motivo: why, for a conflict.
        firmata: the commissioner has signed a sheet of the application.
        ente_partecipa: the commissioner's organisation is in the partnership that applies.

    Returns:
        True when there is something to write down; False when it says again what stands.

    Raises:
        MotivoDelConflitto, CommissarioDellEnte, DichiarazioneGiaResa, ConflittoTardivo.
    """
    if (esito is EsitoDichiarazione.CONFLITTO) != (motivo is not None):
        raise MotivoDelConflitto(
            "Un conflitto si dichiara dicendo quale; la sua assenza non ha motivi.",
            field="dichiarazioni",
            remedy="Indicare il motivo per i conflitti, e solo per quelli.",
        )
    if esito is EsitoDichiarazione.NESSUN_CONFLITTO and ente_partecipa:
        raise CommissarioDellEnte(
            "L'ente del commissario partecipa a questa domanda: un conflitto c'e'.",
            field="dichiarazioni",
            remedy="Dichiarare il conflitto con il suo motivo; la domanda la valutano gli altri commissari.",
        )
    if precedente is esito:
        return False
    if precedente is EsitoDichiarazione.CONFLITTO:
        raise DichiarazioneGiaResa(
            "Un conflitto dichiarato non si ritira.",
            field="dichiarazioni",
            remedy="Se la dichiarazione era sbagliata, l'ufficio sostituisce il commissario con un atto.",
        )
    if firmata:
        raise ConflittoTardivo(
            "Il commissario ha gia' firmato la scheda di questa domanda: il conflitto andava dichiarato prima.",
            field="dichiarazioni",
            remedy="Segnalarlo all'ufficio del bando, che decide sugli atti compiuti.",
        )
    return True
