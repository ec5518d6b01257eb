"""The documents of an application: what the call asks, what a file may be, until when it may change."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chassis.errors import Conflict, Invalid, NotFound, TooLarge, UnsupportedMediaType
from services.bandi.rules.bando import Difetto, DocumentoRichiesto, FormatoDocumento
from services.bandi.rules.domanda import StatoDomanda

DOCUMENTI_MASSIMI = 100
MIB = 2**20
TUTTI_I_FORMATI = frozenset(FormatoDocumento)

NOMI = {FormatoDocumento.PDF_A: "PDF/A", FormatoDocumento.PDF: "PDF", FormatoDocumento.ODF: "ODF"}


@dataclass(frozen=True, slots=True)
class Documento:
    """A document of a draft: the place of the call's list it fills, if any, and whether its file has come."""

    richiesto: str | None
    nome: str
    caricato: bool


class DocumentoSconosciuto(NotFound):
    """The application has no document with that id."""

    title = "Documento inesistente"


class DocumentoNonPrevisto(Invalid):
    """The call's list of documents has no such place."""

    title = "Documento non previsto dal bando"


class DocumentiChiusi(Conflict):
    """The documents of a presented application do not change."""

    title = "Documenti non modificabili"


class TroppiDocumenti(Conflict):
    """An application has room for so many documents."""

    title = "Troppi documenti"


class FormatoNonAmmesso(UnsupportedMediaType):
    """The call asks this document in other formats."""

    title = "Formato non ammesso dal bando"


class DocumentoTroppoGrande(TooLarge):
    """The call asks a smaller file."""

    title = "Documento troppo grande"


class FileNonCaricato(NotFound):
    """The document has been announced, its file has not come yet."""

    title = "File non ancora caricato"


def richiesto(documenti: Iterable[DocumentoRichiesto], codice: str | None) -> DocumentoRichiesto | None:
    """Return what the call asks under a code; None for a document beside its list.

    Raises:
        DocumentoNonPrevisto: the call's list has no such code.
    """
    if codice is None:
        return None
    known = {documento.codice: documento for documento in documenti}
    if codice not in known:
        listed = ", ".join(sorted(known)) or "nessuno"
        raise DocumentoNonPrevisto(
            f"Il bando non chiede il documento {codice}.",
            field="richiesto",
            remedy=f"Usare un codice dell'elenco del bando ({listed}), o nessuno per un altro allegato.",
        )
    return known[codice]


def controlla_modificabili(stato: StatoDomanda) -> None:
    """Refuse to touch the documents of an application that is neither a draft nor being completed.

    Raises:
        DocumentiChiusi.
    """
    if stato not in {StatoDomanda.BOZZA, StatoDomanda.IN_INTEGRAZIONE}:
        raise DocumentiChiusi(
            f"La domanda e' {stato}: i suoi documenti non cambiano.",
            remedy="Per cambiarli sostituire la domanda entro i termini, o attendere una richiesta di integrazione.",
        )


def controlla_quanti(gia_presenti: int) -> None:
    """Refuse one document too many.

    Raises:
        TroppiDocumenti.
    """
    if gia_presenti >= DOCUMENTI_MASSIMI:
        raise TroppiDocumenti(
            f"La domanda ha gia' {gia_presenti} documenti, il massimo.", remedy="Unire o togliere dei documenti."
        )


def controlla_file(chiesto: DocumentoRichiesto | None, formato: FormatoDocumento, dimensione: int) -> None:
    """Refuse a file of another format, or larger, than the call asks.

    Args:
        chiesto: what the call asks; None for a document beside its list, which may be of any format.
        formato: what the content is.
        dimensione: bytes.

    Raises:
        FormatoNonAmmesso, DocumentoTroppoGrande.
    """
    if chiesto is None:
        return
    # A PDF/A is a PDF: who asks for a PDF takes it.
    kinds = {formato, FormatoDocumento.PDF} if formato is FormatoDocumento.PDF_A else {formato}
    if not kinds & chiesto.formati:
        wanted = ", ".join(sorted(NOMI[item] for item in chiesto.formati))
        raise FormatoNonAmmesso(
            f"Il contenuto del file e' {NOMI[formato]}: per {chiesto.titolo} il bando ammette {wanted}.",
            remedy="Produrre il documento in un formato ammesso; conta il contenuto, non il nome del file.",
        )
    if dimensione > chiesto.massimo_mib * MIB:
        raise DocumentoTroppoGrande(
            f"Per {chiesto.titolo} il bando ammette al massimo {chiesto.massimo_mib} MiB.", remedy="Ridurre il file."
        )


def difetti_documenti(chiesti: Iterable[DocumentoRichiesto], documenti: Iterable[Documento]) -> Iterator[Difetto]:
    """Find the documents that keep a draft from being presented.

    What the call lets be asked for afterwards (``sanabile``) keeps nobody out.

    Args:
        chiesti: the call's list.
        documenti: those of the draft.
    """
    here = tuple(documenti)
    present = Counter(documento.richiesto for documento in here if documento.caricato)
    for chiesto in chiesti:
        if chiesto.obbligatorio and not chiesto.sanabile and not present[chiesto.codice]:
            yield Difetto(f"documenti.{chiesto.codice}", "documenti", f"Manca il documento {chiesto.titolo}.")
    for documento in here:
        if not documento.caricato:
            yield Difetto(
                f"documenti.{documento.richiesto or 'altri'}",
                "documenti",
                f"Il file {documento.nome} e' annunciato ma non e' stato caricato: caricarlo o toglierlo.",
            )


def documenti_mancanti(chiesti: Iterable[DocumentoRichiesto], presenti: Iterable[str | None]) -> tuple[str, ...]:
    """Return the codes of the required documents that an application lacks, those to be asked for included."""
    have = set(presenti)
    return tuple(chiesto.codice for chiesto in chiesti if chiesto.obbligatorio and chiesto.codice not in have)
