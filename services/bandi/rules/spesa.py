"""Expenses of a project: declared by the lead, admitted or cut by the office, and what they are worth at the end."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chassis.errors import Conflict, Invalid, NotFound
from chassis.money import format_cents
from services.bandi.rules.bando import CENTO_PER_CENTO_BP, Contributo, Difetto, Gestione
from services.bandi.rules.progetto import StatoProgetto


class StatoRendiconto(StrEnum):
    """Life of a final account."""

    PRESENTATO = "presentato"
    RINVIATO = "rinviato"
    APPROVATO = "approvato"


class Limite(StrEnum):
    """Which rule held the final contribution of a line."""

    SPESA = "spesa"
    QUOTA_DEL_BANDO = "quota_del_bando"
    COFINANZIAMENTO = "cofinanziamento"
    DENARO = "denaro"
    IMPEGNATO = "impegnato"


@dataclass(frozen=True, slots=True)
class Voce:
    """One expense: of which line and partner, by which document, paid when; in kind when no money went out."""

    linea: str
    ente: str
    documento: str
    pagata_il: date
    importo_cent: int
    in_natura: bool = False


@dataclass(frozen=True, slots=True)
class Spesa:
    """Admitted expenses of a line, in cents: all of them, and those in kind."""

    costo_cent: int = 0
    in_natura_cent: int = 0


@dataclass(frozen=True, slots=True)
class Preventivo:
    """What the approved budget says of a line, in cents: cost, contribution, own money promised in cash."""

    costo_cent: int
    contributo_cent: int
    denaro_cent: int


@dataclass(frozen=True, slots=True)
class Spettanza:
    """The outcome of a line at the final account, in cents, with the rule that held it."""

    spesa: Spesa
    spettante_cent: int
    limite: Limite
    economia_cent: int
    da_recuperare_cent: int

    @property
    def cofinanziamento_cent(self) -> int:
        """Return what the partnership has put of its own."""
        return self.spesa.costo_cent - self.spettante_cent

    @property
    def denaro_cent(self) -> int:
        """Return the part of the co-financing that is money."""
        return max(0, self.spesa.costo_cent - self.spesa.in_natura_cent - self.spettante_cent)


class DichiarazioneNonValida(Invalid):
    """The declaration of expenses has defects."""

    title = "Dichiarazione di spesa non valida"


class DichiarazioneSconosciuta(NotFound):
    """The project has no declaration with that number."""

    title = "Dichiarazione di spesa inesistente"


class DichiarazioneGiaEsaminata(Conflict):
    """A declaration is examined once."""

    title = "Dichiarazione gia' esaminata"


class EsameNonValido(Invalid):
    """The cuts do not match the declaration, or a cut has no reason."""

    title = "Esame non valido"


class AmmessoOltreDichiarato(Conflict):
    """Nobody admits more than was declared."""

    title = "Ammesso oltre il dichiarato"


class AmmessoOltreQuota(Conflict):
    """The expenses admitted to a partner on a line do not exceed its part of the budget."""

    title = "Ammesso oltre la quota del partner"


class PagamentoOltreMaturato(Conflict):
    """The call pays an advance, then what the admitted expenses have earned, and keeps a balance to the end."""

    title = "Pagamento oltre il maturato"


class RendicontoPresentato(Conflict):
    """With the final account presented nothing more is declared."""

    title = "Rendiconto gia' presentato"


class RendicontoMancante(Conflict):
    """There is no final account, or it is not approved."""

    title = "Rendiconto mancante"


class SpeseDaEsaminare(Conflict):
    """The final account waits for the examination of every declaration."""

    title = "Spese ancora da esaminare"


class SaldoDaPagare(Conflict):
    """What the final account recognises is paid before the project is concluded."""

    title = "Saldo da pagare"


def controlla_dichiarazione(
    voci: Sequence[Voce],
    *,
    quote: Mapping[tuple[str, str], int],
    giorni: tuple[date, date],
    oggi: date,
    gia_dichiarati: frozenset[tuple[str, str, str]],
) -> None:
    """Refuse a declaration with every defect at once.

    Args:
        voci: the expenses, at least one.
        quote: cents of cost in the approved budget by line and partner.
        giorni: first and last day of the project.
        oggi: today in Rome.
        gia_dichiarati: line, partner and document of the expenses that wait for or passed the examination.

    Raises:
        DichiarazioneNonValida: with every defect.
    """
    found = list(_declaration_defects(voci, quote, giorni, oggi, gia_dichiarati))
    if found:
        raise DichiarazioneNonValida(
            f"La dichiarazione ha {len(found)} difetti: {found[0].messaggio}",
            field=found[0].campo,
            remedy="Correggere ogni voce elencata e ripetere la dichiarazione.",
            items=[difetto.item() for difetto in found],
        )


def _declaration_defects(
    voci: Sequence[Voce],
    quote: Mapping[tuple[str, str], int],
    giorni: tuple[date, date],
    oggi: date,
    gia_dichiarati: frozenset[tuple[str, str, str]],
) -> Iterator[Difetto]:
    seen = set(gia_dichiarati)
    first, last = giorni
    for n, voce in enumerate(voci, 1):
        campo = f"voci.{n}"
        if voce.importo_cent <= 0:
            yield Difetto(campo, "importi", f"Voce {n}: l'importo e' maggiore di zero.")
        if (voce.linea, voce.ente) not in quote:
            yield Difetto(campo, "quote", f"Voce {n}: {voce.ente} non ha una quota sulla linea {voce.linea}.")
        if not first <= voce.pagata_il <= last:
            yield Difetto(
                campo,
                "giorni",
                f"Voce {n}: sono ammesse le spese pagate dal {first.isoformat()} al {last.isoformat()}.",
            )
        elif voce.pagata_il > oggi:
            yield Difetto(campo, "giorni", f"Voce {n}: la spesa non e' ancora pagata, {voce.pagata_il.isoformat()}.")
        key = (voce.linea, voce.ente, voce.documento)
        if key in seen:
            yield Difetto(campo, "documento", f"Voce {n}: il documento {voce.documento} e' gia' dichiarato.")
        seen.add(key)


def esamina(dichiarati: Mapping[int, int], tagli: Iterable[tuple[int, int, str]]) -> dict[int, tuple[int, str | None]]:
    """Return what is admitted of each expense: what is not named among the cuts is admitted whole.

    Args:
        dichiarati: cents declared by number of expense.
        tagli: number of the expense, cents admitted, reason.

    Returns:
        Cents admitted and reason of the cut, by number of expense.

    Raises:
        EsameNonValido: a cut names no expense, names one twice or cuts nothing.
        AmmessoOltreDichiarato: more is admitted than was declared.
    """
    admitted: dict[int, tuple[int, str | None]] = {n: (cents, None) for n, cents in dichiarati.items()}
    done: set[int] = set()
    for n, cents, motivo in tagli:
        if n not in dichiarati or n in done:
            raise EsameNonValido(
                f"La voce {n} non e' nella dichiarazione, o e' indicata due volte.",
                field="tagli",
                remedy=f"Le voci vanno da 1 a {len(dichiarati)}, ognuna una volta.",
            )
        if cents > dichiarati[n]:
            raise AmmessoOltreDichiarato(
                f"Voce {n}: dichiarati {format_cents(dichiarati[n])}, non se ne ammettono {format_cents(cents)}.",
                field="tagli",
                remedy=f"Ammettere al piu' {format_cents(dichiarati[n])}.",
            )
        if cents == dichiarati[n]:
            raise EsameNonValido(
                f"Voce {n}: e' ammessa per intero, quindi non e' un taglio.",
                field="tagli",
                remedy="Togliere la voce dai tagli: cio' che non vi compare e' ammesso per intero.",
            )
        done.add(n)
        admitted[n] = (cents, motivo)
    return admitted


def controlla_quote(ammessi: Mapping[tuple[str, str], int], quote: Mapping[tuple[str, str], int]) -> None:
    """Refuse to admit to a partner, on a line, more cost than the approved budget gives it.

    Args:
        ammessi: cents admitted in all by line and partner, these included.
        quote: cents of cost in the approved budget by line and partner.

    Raises:
        AmmessoOltreQuota.
    """
    for (linea, ente), cents in ammessi.items():
        if cents > quote.get((linea, ente), 0):
            raise AmmessoOltreQuota(
                f"Linea {linea}: a {ente} sarebbero ammessi {format_cents(cents)} e la sua quota e' "
                f"{format_cents(quote.get((linea, ente), 0))}.",
                field="tagli",
                remedy="Tagliare l'eccedenza con il suo motivo, o approvare prima una rimodulazione.",
            )


def maturato(spesa: Spesa, preventivo: Preventivo, contributo: Contributo) -> tuple[int, Limite]:
    """Return the contribution earned by admitted expenses, in cents, and the rule that holds it.

    Four limits hold it at once: the project's own rate, the call's rate, the least co-financing, and the money that
    really went out less the cash the partnership promised, in proportion to the expenses, or the call's least.

    Source: DOMAIN "bandi": contribution rate and minimum co-financing, "not only people and tools"; ADR 0062.
    """
    cost, cash = spesa.costo_cent, spesa.costo_cent - spesa.in_natura_cent
    planned = max(preventivo.costo_cent, 1)
    own_share = -(-cost * contributo.cofinanziamento_minimo_bp // CENTO_PER_CENTO_BP)
    promised = -(-cost * preventivo.denaro_cent // planned) if contributo.cofinanziamento_in_denaro else 0
    own_cash = max(promised, -(-cost * contributo.denaro_minimo_bp // CENTO_PER_CENTO_BP))
    limits = (
        (cost * preventivo.contributo_cent // planned, Limite.SPESA),
        (cost * contributo.quota_massima_bp // CENTO_PER_CENTO_BP, Limite.QUOTA_DEL_BANDO),
        (cost - own_share, Limite.COFINANZIAMENTO),
        (max(0, cash - own_cash), Limite.DENARO),
    )
    return min(limits, key=lambda limit: limit[0])


def spetta(
    spesa: Spesa,
    preventivo: Preventivo,
    contributo: Contributo,
    *,
    impegnato_cent: int,
    erogato_cent: int,
    ammesso_cent: int,
) -> Spettanza:
    """Close the account of a line: what is due, what returns to the pool, what is to be given back.

    Args:
        spesa: the expenses admitted on the line.
        preventivo: the approved budget of the line.
        contributo: rates of the call.
        impegnato_cent: cents committed: nothing is due beyond them.
        erogato_cent: cents paid: above what is due they are to be recovered.
        ammesso_cent: cents admitted: below them there is an economy.
    """
    earned, limit = maturato(spesa, preventivo, contributo)
    due, limit = min((earned, limit), (impegnato_cent, Limite.IMPEGNATO), key=lambda item: item[0])
    kept = max(due, erogato_cent)
    return Spettanza(spesa, due, limit, ammesso_cent - kept, kept - due)


def controlla_pagabile(linea: str, *, pagato_cent: int, limite_cent: int) -> None:
    """Refuse a payment beyond what the rules of the call allow by now.

    Args:
        linea: the line.
        pagato_cent: cents paid in all, this payment included.
        limite_cent: cents that may have been paid by now.

    Raises:
        PagamentoOltreMaturato.
    """
    if pagato_cent > limite_cent:
        raise PagamentoOltreMaturato(
            f"Linea {linea}: le regole del bando ammettono pagamenti fino a {format_cents(max(0, limite_cent))}, "
            f"con questo si arriverebbe a {format_cents(pagato_cent)}.",
            field="importi",
            remedy="Esaminare altre spese, o attendere il rendiconto finale per il saldo.",
        )


def controlla_da_rendicontare(*, da_esaminare: Sequence[int], presentato: bool) -> None:
    """Refuse a final account presented twice, or before every declaration is examined.

    Raises:
        RendicontoPresentato, SpeseDaEsaminare.
    """
    if presentato:
        raise RendicontoPresentato(
            "Il rendiconto finale e' gia' presentato o approvato.", remedy="Attendere la decisione dell'ufficio."
        )
    if da_esaminare:
        raise SpeseDaEsaminare(
            f"Dichiarazioni ancora da esaminare: {', '.join(str(n) for n in da_esaminare)}.",
            remedy="Il rendiconto si presenta quando l'ufficio le ha esaminate tutte.",
        )


def controlla_rendicontato(stato: StatoProgetto, gestione: Gestione) -> None:
    """Refuse to conclude without an approved final account where the call asks for it.

    Raises:
        RendicontoMancante.
    """
    if gestione.rendiconto_obbligatorio and stato is not StatoProgetto.RENDICONTATO:
        raise RendicontoMancante(
            "Il bando chiede il rendiconto finale approvato prima della conclusione.",
            remedy="Il capofila presenta il rendiconto, l'ufficio lo approva, poi il progetto si conclude.",
        )


def controlla_saldo(stato: StatoProgetto, saldi: Mapping[str, int]) -> None:
    """Refuse to conclude a project whose approved final account is not paid yet.

    Args:
        stato: state of the project.
        saldi: cents recognised and not paid, by line.

    Raises:
        SaldoDaPagare.
    """
    due = {linea: cents for linea, cents in saldi.items() if cents}
    if stato is StatoProgetto.RENDICONTATO and due:
        raise SaldoDaPagare(
            "Il rendiconto riconosce somme non ancora pagate: "
            + ", ".join(f"linea {linea} {format_cents(cents)}" for linea, cents in due.items())
            + ".",
            remedy="Pagare il saldo, poi concludere il progetto.",
        )
