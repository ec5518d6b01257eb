"""Lineage: which fund, which donations, stand behind every point that a household spends, and where each one went.

Points of an account are told apart by when they entered it: the oldest leave first. What the ledger says and this rule
alone decide; the same movements give the same answer for ever (ADR 0080).
"""

from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from services.puntiluna.rules.registro import TipoConto

_CON_GIACENZA = frozenset({TipoConto.NUCLEO, TipoConto.DONATORE, TipoConto.SOLIDALE})


@dataclass(frozen=True, slots=True)
class Fonte:
    """Where points come from: the project whose fund issued them, and the donations they passed through, in order."""

    progetto_id: UUID
    donazioni: tuple[UUID, ...] = ()
    solidale: bool = False
    """Whether they were shared out of a common pool."""


@dataclass(frozen=True, slots=True)
class Partita:
    """Some points with one source (hundredths)."""

    fonte: Fonte
    importo_cent: int


@dataclass(frozen=True, slots=True)
class RigaTracciata:
    """A line of a movement with what its account is (hundredths)."""

    conto_id: UUID
    tipo: TipoConto
    progetto_id: UUID | None
    importo_cent: int


@dataclass(frozen=True, slots=True)
class MovimentoTracciato:
    """A movement as lineage reads it, in the order of the ledger."""

    ordine: int
    riduzione_id: UUID | None
    donazione_id: UUID | None
    ripartizione: bool
    righe: tuple[RigaTracciata, ...]


@dataclass(slots=True)
class Tasca:
    """The points of one reduction: reserved and, after a partial answer, what of them was confirmed."""

    prenotate: list[Partita] = field(default_factory=list)
    confermate: list[Partita] | None = None

    def fonti(self, confermato_cent: int) -> list[Partita]:
        """The sources of what was confirmed: the oldest points first.

        Args:
            confermato_cent: how much the landlord confirmed; the whole reservation when it waits.

        Raises:
            LineaInterrotta: fewer points were reserved than that.
        """
        return prime(self.confermate if self.confermate is not None else self.prenotate, confermato_cent)


@dataclass(slots=True)
class Tracciato:
    """Where every point of some accounts is: still held, or in which reduction."""

    giacenze: dict[UUID, list[Partita]]
    riduzioni: dict[UUID, Tasca]


class LineaInterrotta(Exception):
    """An account gave more than it had: the movements that were read are not all its movements."""


@dataclass(order=True, slots=True)
class _Lotto:
    posto: tuple[int, int]
    fonte: Fonte = field(compare=False)
    importo_cent: int = field(compare=False)


def rintraccia(movimenti: Iterable[MovimentoTracciato]) -> Tracciato:
    """Follow the points through movements: the oldest of an account leave first, what returns takes its old place.

    Args:
        movimenti: all the movements of some accounts and of the accounts that gave to them, by `ordine`.

    Returns:
        What each account still holds and what each reduction took.

    Raises:
        LineaInterrotta: an account gives more than entered it.

    A reversal gives back to a fund: the points of that fund leave first, the newest before the others, so that the
    totals of each fund hold; when the household has already spent them, other points leave in their place.

    Source: DOMAIN, puntiluna, "Lineage answers which fund or donor paid this reduction"; ADR 0080.
    """
    conti: dict[UUID, list[_Lotto]] = {}
    tasche: dict[UUID, tuple[list[_Lotto], Tasca]] = {}
    for movimento in movimenti:
        _applica(movimento, conti, tasche)
    return Tracciato(
        {conto: unisci(_partite(lotti)) for conto, lotti in conti.items() if lotti},
        {riduzione: tasca for riduzione, (_, tasca) in tasche.items()},
    )


def prime(partite: Sequence[Partita], importo_cent: int) -> list[Partita]:
    """Give the first points of a list up to an amount.

    Args:
        partite: in order.
        importo_cent: hundredths, 0 or more.

    Returns:
        The first of them, the last one cut, that add up to the amount.

    Raises:
        LineaInterrotta: they are fewer.
    """
    prese: list[Partita] = []
    for partita in partite:
        parte = min(partita.importo_cent, importo_cent)
        if parte:
            prese.append(replace(partita, importo_cent=parte))
            importo_cent -= parte
    if importo_cent:
        raise LineaInterrotta(f"mancano {importo_cent} centesimi")
    return prese


def unisci(partite: Iterable[Partita]) -> list[Partita]:
    """Add up what has the same source, in order of first appearance."""
    somme: dict[Fonte, int] = {}
    for partita in partite:
        somme[partita.fonte] = somme.get(partita.fonte, 0) + partita.importo_cent
    return [Partita(fonte, importo) for fonte, importo in somme.items()]


def per_progetto(partite: Iterable[Partita]) -> dict[UUID, int]:
    """Add up what each project's fund paid (hundredths)."""
    somme: dict[UUID, int] = {}
    for partita in partite:
        progetto = partita.fonte.progetto_id
        somme[progetto] = somme.get(progetto, 0) + partita.importo_cent
    return somme


def _applica(
    movimento: MovimentoTracciato,
    conti: dict[UUID, list[_Lotto]],
    tasche: dict[UUID, tuple[list[_Lotto], Tasca]],
) -> None:
    usciti, restituiti = _escono(movimento, conti, tasche)
    if not usciti:
        return
    entrate = sorted((r for r in movimento.righe if r.importo_cent > 0), key=lambda r: r.tipo in _CON_GIACENZA)
    for riga in entrate:
        parte = _preleva(usciti, riga.importo_cent, None)
        if riga.tipo in _CON_GIACENZA:
            for indice, lotto in enumerate(parte):
                if not restituiti:
                    lotto.posto, lotto.fonte = (movimento.ordine, indice), _passata(lotto.fonte, movimento)
                insort(conti.setdefault(riga.conto_id, []), lotto)
        elif riga.tipo is TipoConto.PRENOTATO and movimento.riduzione_id is not None:
            tasche[movimento.riduzione_id] = (parte, Tasca(_partite(parte)))
        elif riga.tipo is TipoConto.CONFERMATO and movimento.riduzione_id in tasche:
            tasche[movimento.riduzione_id][1].confermate = _partite(parte)


def _escono(
    movimento: MovimentoTracciato,
    conti: dict[UUID, list[_Lotto]],
    tasche: dict[UUID, tuple[list[_Lotto], Tasca]],
) -> tuple[list[_Lotto], bool]:
    """Take out what leaves; True when it returns from a reservation to where it was."""
    verso_fondo = next(
        (r.progetto_id for r in movimento.righe if r.tipo is TipoConto.FONDO and r.importo_cent > 0), None
    )
    usciti: list[_Lotto] = []
    restituiti = False
    for riga in movimento.righe:
        if riga.importo_cent > 0:
            continue
        if riga.tipo is TipoConto.FONDO and riga.progetto_id is not None:
            usciti.append(_Lotto((movimento.ordine, 0), Fonte(riga.progetto_id), -riga.importo_cent))
        elif riga.tipo in _CON_GIACENZA:
            usciti += _preleva(conti.setdefault(riga.conto_id, []), -riga.importo_cent, verso_fondo)
        elif riga.tipo is TipoConto.PRENOTATO and movimento.riduzione_id in tasche:
            usciti += tasche[movimento.riduzione_id][0]
            restituiti = True
    return usciti, restituiti


def _passata(fonte: Fonte, movimento: MovimentoTracciato) -> Fonte:
    if movimento.donazione_id is not None:
        return replace(fonte, donazioni=(*fonte.donazioni, movimento.donazione_id))
    return replace(fonte, solidale=True) if movimento.ripartizione else fonte


def _preleva(lotti: list[_Lotto], importo_cent: int, preferito: UUID | None) -> list[_Lotto]:
    """Take an amount out of a holding: of the preferred fund the newest first, then the oldest of all."""
    presi: list[_Lotto] = []
    scelti = [lotto for lotto in reversed(lotti) if preferito is not None and lotto.fonte.progetto_id == preferito]
    for lotto in scelti:
        importo_cent -= _stacca(lotto, importo_cent, presi)
    while importo_cent and lotti:
        importo_cent -= _stacca(lotti[0], importo_cent, presi)
        if not lotti[0].importo_cent:
            del lotti[0]
    if importo_cent:
        raise LineaInterrotta(f"mancano {importo_cent} centesimi")
    if scelti:
        lotti[:] = [lotto for lotto in lotti if lotto.importo_cent]
    return presi


def _stacca(lotto: _Lotto, importo_cent: int, presi: list[_Lotto]) -> int:
    parte = min(lotto.importo_cent, importo_cent)
    if parte:
        presi.append(_Lotto(lotto.posto, lotto.fonte, parte))
        lotto.importo_cent -= parte
    return parte


def _partite(lotti: Iterable[_Lotto]) -> list[Partita]:
    return [Partita(lotto.fonte, lotto.importo_cent) for lotto in lotti]
