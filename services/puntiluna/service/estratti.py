"""A household's statement: earned, given, spent, pending, arrears before and after, as of any instant."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.puntiluna.queries import debiti as queries_debiti
from services.puntiluna.queries import estratti as queries
from services.puntiluna.queries import recuperi as queries_recuperi
from services.puntiluna.queries.estratti import AttivitaAl, DebitoAl, RiduzioneEstratto, RigaEstratto, SommaRiduzioni
from services.puntiluna.rules.donazioni import NucleoSconosciuto
from services.puntiluna.rules.estratto import VoceEstratto, racconta_movimento, stato_al, voce_di
from services.puntiluna.rules.registro import Causa, Conto, Libro, TipoConto
from services.puntiluna.rules.riduzioni import OrigineRiduzione, StatoRiduzione
from services.puntiluna.rules.tariffe import giorno_di

RIDUZIONI_MASSIME = 500


@dataclass(frozen=True, slots=True)
class RigaRaccontata:
    """A line of the statement, told in plain Italian (hundredths)."""

    ordine: int
    conto_id: UUID
    movimento_id: UUID
    registrato_il: datetime
    accaduto_il: datetime
    voce: VoceEstratto
    descrizione: str
    importo_cent: int
    saldo_cent: int


@dataclass(frozen=True, slots=True)
class RiduzioneRaccontata:
    """A reduction as it was at the instant of the statement."""

    letta: RiduzioneEstratto
    stato: StatoRiduzione
    confermato_cent: int
    risposta_data: bool

    @property
    def debito_dopo_cent(self) -> int:
        """The arrears that could be reduced, less what the landlord confirmed."""
        return max(self.letta.debito_prima_cent - self.confermato_cent, 0)


@dataclass(frozen=True, slots=True)
class Estratto:
    """A household's statement as of an instant (hundredths of a point, cents of arrears)."""

    nucleo_id: UUID
    al: datetime
    saldo_cent: int
    saldo_donatore_cent: int
    spendibile_cent: int
    totali: dict[VoceEstratto, int]
    prenotato_cent: int
    confermato_cent: int
    in_attesa_fondo_cent: int
    quote_saldo_cent: int
    quote_confermato_cent: int
    righe: list[RigaRaccontata]
    riduzioni: list[RiduzioneRaccontata]
    debiti: list[DebitoAl]
    attivita: list[AttivitaAl]


async def estratto_conto(
    session: AsyncSession, nucleo_id: UUID, *, al: datetime, prima_di: tuple[int, UUID] | None, limite: int | None
) -> Estratto:
    """Compose the statement of a household.

    Args:
        session: a transaction.
        nucleo_id: the household.
        al: the instant it speaks of.
        prima_di: only the lines before this one (order of the movement, account), for the next page.
        limite: how many lines at most, None for all.

    Returns:
        The statement; totals and balances are always of the whole period.

    Raises:
        NucleoSconosciuto: neither laboratori nor the ledger knows the household.

    Source: DOMAIN, puntiluna, "A household sees its statement".
    """
    nucleo = Conto(Libro.PUNTI, TipoConto.NUCLEO, str(nucleo_id)).conto_id
    donatore = Conto(Libro.PUNTI, TipoConto.DONATORE, str(nucleo_id)).conto_id
    quote = Conto(Libro.QUOTE, TipoConto.NUCLEO, str(nucleo_id)).conto_id
    totali = await queries.totali_dei_conti(session, [nucleo, donatore, quote], al)
    if not totali and await queries_debiti.nucleo(session, nucleo_id) is None:
        raise NucleoSconosciuto(f"Il nucleo {nucleo_id} non è conosciuto.")
    saldi = {conto: sum(v for (c, _, _), v in totali.items() if c == conto) for conto in (nucleo, donatore, quote)}
    per_voce: dict[VoceEstratto, int] = dict.fromkeys(VoceEstratto, 0)
    for (conto, causa, entrata), totale in totali.items():
        if conto != quote:
            per_voce[voce_di(Causa(causa), 1 if entrata else -1)] += totale
    recupero = (await queries_recuperi.da_recuperare(session, [nucleo])).get(nucleo, 0)
    riduzioni = [_al(r, al) for r in await queries.riduzioni_al(session, nucleo_id, al, RIDUZIONI_MASSIME)]
    somme = await queries.somme_riduzioni_al(session, nucleo_id, al)
    punti, indennita = (somme.get(o, SommaRiduzioni()) for o in (OrigineRiduzione.PUNTI, OrigineRiduzione.INDENNITA))
    return Estratto(
        nucleo_id=nucleo_id,
        al=al,
        saldo_cent=saldi[nucleo],
        saldo_donatore_cent=saldi[donatore],
        spendibile_cent=max(saldi[nucleo] - recupero, 0),
        totali=per_voce,
        prenotato_cent=punti.prenotato_cent,
        confermato_cent=punti.confermato_cent,
        in_attesa_fondo_cent=await queries.in_attesa_del_fondo(session, nucleo_id),
        quote_saldo_cent=saldi[quote],
        quote_confermato_cent=indennita.confermato_cent,
        righe=[_riga(r) for r in await queries.righe_dei_conti(session, [nucleo, donatore], al, prima_di, limite)],
        riduzioni=riduzioni,
        debiti=await queries.debiti_al(session, nucleo_id, al),
        attivita=await queries.attivita_al(session, [nucleo, donatore], al),
    )


def residuo(debito: DebitoAl) -> int | None:
    """Arrears left: the debt last told less what was confirmed after it; None when never told (cents)."""
    if debito.comunicato_cent is None:
        return None
    return max(debito.comunicato_cent - debito.confermato_dopo_cent, 0)


def _riga(riga: RigaEstratto) -> RigaRaccontata:
    causa = Causa(riga.causa)
    giorno: date = giorno_di(riga.accaduto_il)
    return RigaRaccontata(
        ordine=riga.ordine,
        conto_id=riga.conto_id,
        movimento_id=riga.movimento_id,
        registrato_il=riga.registrato_il,
        accaduto_il=riga.accaduto_il,
        voce=voce_di(causa, riga.importo_cent),
        descrizione=racconta_movimento(causa, riga.importo_cent, riga.dettaglio, giorno),
        importo_cent=riga.importo_cent,
        saldo_cent=riga.saldo_cent,
    )


def _al(letta: RiduzioneEstratto, al: datetime) -> RiduzioneRaccontata:
    risposta_data = letta.risposta_il is not None and letta.risposta_il <= al
    stato = stato_al(
        StatoRiduzione(letta.stato),
        risposta_gia_data=risposta_data,
        liquidata_gia=letta.liquidata_il is not None and letta.liquidata_il <= al,
    )
    confermata = stato in {StatoRiduzione.CONFERMATA, StatoRiduzione.LIQUIDATA}
    return RiduzioneRaccontata(letta, stato, letta.confermato_cent if confermata else 0, risposta_data)
