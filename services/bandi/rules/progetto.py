"""The money and the term of a funded project: programmato >= ammesso >= impegnato >= erogato >= 0, always."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from chassis.errors import Conflict, Invalid, NotFound
from chassis.money import format_cents


class StatoProgetto(StrEnum):
    """Life of a funded project."""

    FINANZIATO = "finanziato"
    IMPEGNATO = "impegnato"
    RENDICONTATO = "rendicontato"
    CONCLUSO = "concluso"
    RINUNCIATO = "rinunciato"
    REVOCATO = "revocato"


IN_CORSO = frozenset({StatoProgetto.FINANZIATO, StatoProgetto.IMPEGNATO})
"""Open to every act; with the final account approved only the balance, the conclusion and a revocation are left."""

CHIUSI = frozenset({StatoProgetto.CONCLUSO, StatoProgetto.RINUNCIATO, StatoProgetto.REVOCATO})


class TipoMovimento(StrEnum):
    """An act that moves the money or the term of a project."""

    FINANZIAMENTO = "finanziamento"
    IMPEGNO = "impegno"
    AVVIO = "avvio"
    PAGAMENTO = "pagamento"
    PROROGA = "proroga"
    RINUNCIA = "rinuncia"
    CONCLUSIONE = "conclusione"
    REVOCA = "revoca"
    RECUPERO = "recupero"
    CUP = "cup"
    PIANO = "piano"
    RENDICONTO = "rendiconto"


@dataclass(frozen=True, slots=True)
class Avanzamento:
    """The waterfall of one project on one line, in cents."""

    programmato_cent: int
    ammesso_cent: int
    impegnato_cent: int = 0
    erogato_cent: int = 0

    @property
    def rispetta_la_cascata(self) -> bool:
        """Say whether programmato >= ammesso >= impegnato >= erogato >= 0."""
        return self.programmato_cent >= self.ammesso_cent >= self.impegnato_cent >= self.erogato_cent >= 0


@dataclass(frozen=True, slots=True)
class Concessione:
    """Money granted to an application, by a ranking or by a rolling call: cents asked and given on each line."""

    domanda_id: UUID
    protocollo: int
    capofila: str
    richiesto: tuple[tuple[str, int], ...]
    ammesso: tuple[tuple[str, int], ...]


class ProgettoSconosciuto(NotFound):
    """No project with that id or code."""

    title = "Progetto inesistente"


class ProgettoNonInCorso(Conflict):
    """The project is over: concluded, renounced or revoked."""

    title = "Progetto non in corso"


class LineaNonDelProgetto(Invalid):
    """The project has no money on that line, or the line is named twice."""

    title = "Linea non del progetto"


class ImpegnoOltreAmmesso(Conflict):
    """A commitment never exceeds what was admitted."""

    title = "Impegno oltre l'ammesso"


class PagamentoSenzaImpegno(Conflict):
    """Nothing is paid before it is committed."""

    title = "Pagamento senza impegno"


class PagamentoOltreImpegno(Conflict):
    """A payment never exceeds what is committed and not paid yet."""

    title = "Pagamento oltre l'impegno"


class RinunciaDopoPagamento(Conflict):
    """A project that has been paid is closed with its accounts, not renounced."""

    title = "Rinuncia dopo un pagamento"


class RecuperoNonDovuto(Conflict):
    """Money is recovered from projects that are over, and never more than they were paid."""

    title = "Recupero non dovuto"


class ProgettoGiaAvviato(Conflict):
    """The start of a project is declared once."""

    title = "Progetto gia' avviato"


class ProgettoNonAvviato(Conflict):
    """The term of a project counts from its start."""

    title = "Progetto non ancora avviato"


class ProgettoNonImpegnato(Conflict):
    """A project is concluded after its money was committed."""

    title = "Progetto non impegnato"


class ProrogaNonValida(Conflict):
    """An extension moves the end forward, within the limits of the call."""

    title = "Proroga non valida"


def controlla_in_corso(stato: StatoProgetto) -> None:
    """Refuse acts on a project that is over, or whose final account is approved.

    Raises:
        ProgettoNonInCorso: it is concluded, renounced, revoked or accounted for.
    """
    if stato not in IN_CORSO:
        raise ProgettoNonInCorso(f"Il progetto e' {stato}: non ammette questo atto.")


def controlla_non_chiuso(stato: StatoProgetto) -> None:
    """Refuse payments, conclusions and revocations of a project that is over; they may follow the final account.

    Raises:
        ProgettoNonInCorso: it is concluded, renounced or revoked.
    """
    if stato in CHIUSI:
        raise ProgettoNonInCorso(f"Il progetto e' {stato}: non ammette altri atti.")


def impegna(linee: Mapping[str, Avanzamento], importi: Mapping[str, int]) -> dict[str, Avanzamento]:
    """Commit money legally, line by line.

    Args:
        linee: the waterfall of the project by line.
        importi: cents to add to what is committed, by line, each > 0.

    Returns:
        The new waterfall of the named lines.

    Raises:
        LineaNonDelProgetto, ImpegnoOltreAmmesso.

    Source: DOMAIN "bandi", Money.
    """
    moved: dict[str, Avanzamento] = {}
    for linea, importo in importi.items():
        prima = _line(linee, linea)
        if prima.impegnato_cent + importo > prima.ammesso_cent:
            raise ImpegnoOltreAmmesso(
                f"Linea {linea}: l'ammesso e' {format_cents(prima.ammesso_cent)}, gia' impegnati "
                f"{format_cents(prima.impegnato_cent)}; non si possono impegnare altri {format_cents(importo)}.",
                field="importi",
                remedy=f"Impegnare al piu' {format_cents(prima.ammesso_cent - prima.impegnato_cent)}.",
            )
        moved[linea] = replace(prima, impegnato_cent=prima.impegnato_cent + importo)
    return moved


def eroga(linee: Mapping[str, Avanzamento], importi: Mapping[str, int]) -> dict[str, Avanzamento]:
    """Pay committed money, line by line.

    Args:
        linee: the waterfall of the project by line.
        importi: cents to pay, by line, each > 0.

    Raises:
        LineaNonDelProgetto, PagamentoSenzaImpegno, PagamentoOltreImpegno.

    Source: DOMAIN "bandi", Money: no payment before the commitment; above what is left it is refused.
    """
    moved: dict[str, Avanzamento] = {}
    for linea, importo in importi.items():
        prima = _line(linee, linea)
        if prima.impegnato_cent == 0:
            raise PagamentoSenzaImpegno(
                f"Linea {linea}: nulla e' impegnato, quindi nulla si paga.",
                field="importi",
                remedy="Registrare prima l'impegno con il suo atto.",
            )
        if prima.erogato_cent + importo > prima.impegnato_cent:
            raise PagamentoOltreImpegno(
                f"Linea {linea}: impegnati {format_cents(prima.impegnato_cent)}, gia' pagati "
                f"{format_cents(prima.erogato_cent)}; non si possono pagare altri {format_cents(importo)}.",
                field="importi",
                remedy=f"Pagare al piu' {format_cents(prima.impegnato_cent - prima.erogato_cent)}.",
            )
        moved[linea] = replace(prima, erogato_cent=prima.erogato_cent + importo)
    return moved


def rinuncia(linee: Mapping[str, Avanzamento]) -> dict[str, Avanzamento]:
    """Give all the money of a project back to the call's pool.

    Raises:
        RinunciaDopoPagamento: something has been paid already.
    """
    if any(linea.erogato_cent for linea in linee.values()):
        raise RinunciaDopoPagamento(
            "Il progetto ha gia' ricevuto pagamenti: non si rinuncia.",
            remedy="Chiudere il progetto con la conclusione: cio' che non e' pagato torna al bando.",
        )
    return chiudi(linee)


def chiudi(linee: Mapping[str, Avanzamento]) -> dict[str, Avanzamento]:
    """Close the accounts of a project: what is not paid becomes an economy and returns to the call's pool."""
    return {
        codice: replace(linea, ammesso_cent=linea.erogato_cent, impegnato_cent=linea.erogato_cent)
        for codice, linea in linee.items()
    }


def recupera(
    stato: StatoProgetto, linee: Mapping[str, Avanzamento], importi: Mapping[str, int]
) -> dict[str, Avanzamento]:
    """Take back money that was paid to a project that is over; it returns to the call's pool.

    Args:
        stato: state of the project.
        linee: the waterfall of the project by line.
        importi: cents to take back, by line, each > 0.

    Raises:
        LineaNonDelProgetto, RecuperoNonDovuto.

    Source: DOMAIN "bandi", Money: a final account may produce a recovery.
    """
    if stato not in CHIUSI:
        raise RecuperoNonDovuto(
            f"Il progetto e' {stato}: si recupera solo dopo la conclusione o la revoca.",
            remedy="Concludere o revocare prima il progetto.",
        )
    moved: dict[str, Avanzamento] = {}
    for linea, importo in importi.items():
        prima = _line(linee, linea)
        if importo > prima.erogato_cent:
            raise RecuperoNonDovuto(
                f"Linea {linea}: pagati {format_cents(prima.erogato_cent)}; non si recuperano {format_cents(importo)}.",
                field="importi",
                remedy=f"Recuperare al piu' {format_cents(prima.erogato_cent)}.",
            )
        left = prima.erogato_cent - importo
        moved[linea] = replace(prima, ammesso_cent=left, impegnato_cent=left, erogato_cent=left)
    return moved


def economia(prima: Mapping[str, Avanzamento], dopo: Mapping[str, Avanzamento]) -> dict[str, int]:
    """Return the cents that go back to the call's pool, by line."""
    return {codice: prima[codice].ammesso_cent - dopo[codice].ammesso_cent for codice in dopo}


def controlla_conclusione(stato: StatoProgetto, inizio: date | None) -> None:
    """Refuse to conclude what has not been committed and started.

    Raises:
        ProgettoNonInCorso, ProgettoNonImpegnato, ProgettoNonAvviato.
    """
    controlla_non_chiuso(stato)
    if stato is StatoProgetto.FINANZIATO:
        raise ProgettoNonImpegnato(
            "Il progetto non ha impegni: non c'e' nulla da concludere.", remedy="Registrare l'impegno o la rinuncia."
        )
    _started(inizio)


def termine(inizio: date, mesi: int, termine_ultimo: date | None) -> date:
    """Return the last day of a project.

    Args:
        inizio: first day.
        mesi: duration in months, >= 1.
        termine_ultimo: day after which no project of the call may last, if any.

    Source: programmi.json AVVISO-2017-DURATA: 30 months from the start and never after 2021-06-19.
    """
    last = aggiungi_mesi(inizio, mesi) - timedelta(days=1)
    return last if termine_ultimo is None else min(last, termine_ultimo)


def controlla_avvio(inizio_gia: date | None, inizio: date, termine_ultimo: date | None) -> None:
    """Refuse a second start, or one beyond the last day of the call.

    Raises:
        ProgettoGiaAvviato, ProrogaNonValida.
    """
    if inizio_gia is not None:
        raise ProgettoGiaAvviato(f"Il progetto e' avviato dal {inizio_gia.isoformat()}.")
    if termine_ultimo is not None and inizio > termine_ultimo:
        raise ProrogaNonValida(
            f"L'avvio cade dopo il termine ultimo del bando, {termine_ultimo.isoformat()}.", field="inizio"
        )


def controlla_proroga(
    inizio: date | None, fine: date | None, nuova_fine: date, *, mesi_massimi: int | None, termine_ultimo: date | None
) -> None:
    """Refuse an extension that does not move the end forward or goes beyond the call's limits.

    Args:
        inizio: first day of the project, None when not started.
        fine: present last day.
        nuova_fine: last day asked.
        mesi_massimi: months the call allows from the start, if limited.
        termine_ultimo: day after which no project of the call may last, if any.

    Raises:
        ProgettoNonAvviato, ProrogaNonValida.
    """
    start = _started(inizio)
    if fine is not None and nuova_fine <= fine:
        raise ProrogaNonValida(f"La nuova fine deve venire dopo quella attuale, {fine.isoformat()}.", field="fine")
    limits = [day for day in (termine_ultimo,) if day is not None]
    if mesi_massimi is not None:
        limits.append(termine(start, mesi_massimi, None))
    if limits and nuova_fine > min(limits):
        raise ProrogaNonValida(
            f"Le regole del bando non ammettono una fine dopo il {min(limits).isoformat()}.",
            field="fine",
            remedy="Prorogare prima il bando con il suo atto, se e' il caso.",
        )


def aggiungi_mesi(giorno: date, mesi: int) -> date:
    """Add months to a day; the last day of a shorter month stands for days it does not have."""
    years, month = divmod(giorno.month - 1 + mesi, 12)
    year = giorno.year + years
    for day in range(giorno.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, min(giorno.day, 27))


def _started(inizio: date | None) -> date:
    if inizio is None:
        raise ProgettoNonAvviato(
            "Il progetto non e' ancora avviato.", remedy="Registrare prima l'avvio con la sua data."
        )
    return inizio


def _line(linee: Mapping[str, Avanzamento], codice: str) -> Avanzamento:
    if codice not in linee:
        raise LineaNonDelProgetto(
            f"Il progetto non ha la linea {codice}.",
            field="importi",
            remedy=f"Le linee del progetto sono: {', '.join(sorted(linee))}.",
        )
    return linee[codice]
