"""Labs: born from a project or by hand, set up, staffed, closed."""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Forbidden, NotFound, Refusal
from chassis.ids import uuid7
from services.laboratori.models import Laboratorio, MembroEquipe, Orario, Progetto, Sede
from services.laboratori.queries import laboratori as queries
from services.laboratori.rules.calendario import Periodo, PeriodoNonValido, verifica_periodo
from services.laboratori.rules.laboratori import (
    AZIONE_LABORATORIO,
    Apertura,
    GiaInEquipe,
    LaboratorioNonAttivo,
    OrigineLaboratorio,
    StatoLaboratorio,
    stato_dopo_progetto,
    verifica_attivo,
    verifica_orari,
)
from services.laboratori.schemas.laboratori import (
    Allestimento,
    Equipe,
    LaboratorioDettaglio,
    LaboratorioNuovo,
    LaboratorioSintesi,
    MembroEquipeNuovo,
    MembroEquipeVisto,
    SedeNuova,
)
from services.laboratori.service.vincoli import rifiuti_del_database

VersionCheck = Callable[[int], None]


async def trova_laboratorio(session: AsyncSession, laboratorio_id: UUID, *, lock: bool = False) -> Laboratorio:
    """Give a lab.

    Raises:
        NotFound: there is none with that id.
    """
    found = await queries.laboratorio(session, laboratorio_id, lock=lock)
    if found is None:
        raise NotFound("Il laboratorio non esiste.", field="laboratorio_id")
    return found


async def laboratorio_attivo(session: AsyncSession, laboratorio_id: UUID, *, istante: datetime) -> Laboratorio:
    """Give a lab that was open for work at an instant.

    Raises:
        NotFound: there is none with that id.
        LaboratorioNonAttivo: not set up yet, or closed by then.
    """
    found = await trova_laboratorio(session, laboratorio_id)
    verifica_attivo(StatoLaboratorio(found.stato), found.chiuso_il, istante=istante)
    return found


async def _dettaglio(session: AsyncSession, laboratorio: Laboratorio) -> LaboratorioDettaglio:
    sedi = await queries.sedi(session, laboratorio.laboratorio_id)
    orari = await queries.orari(session, laboratorio.laboratorio_id)
    return LaboratorioDettaglio.di(laboratorio, sedi, orari)


async def elenca_laboratori(
    session: AsyncSession,
    *,
    progetto_id: UUID | None,
    ente_gestore: str | None,
    comune: str | None,
    dopo: tuple[str, UUID] | None,
    limite: int,
) -> list[LaboratorioSintesi]:
    """Give the public data of labs by name, those after `dopo`."""
    trovati = await queries.laboratori(
        session, progetto_id=progetto_id, ente_gestore=ente_gestore, comune=comune, dopo=dopo, limite=limite
    )
    return [LaboratorioSintesi.model_validate(laboratorio) for laboratorio in trovati]


async def leggi_laboratorio(session: AsyncSession, laboratorio_id: UUID) -> LaboratorioDettaglio:
    """Give the public page of a lab.

    Raises:
        NotFound: there is none with that id.
    """
    return await _dettaglio(session, await trova_laboratorio(session, laboratorio_id))


async def crea_laboratorio(
    session: AsyncSession, corpo: LaboratorioNuovo, *, enti: Collection[str] | None, now: datetime
) -> LaboratorioDettaglio:
    """Open a lab by hand, to be set up.

    Args:
        corpo: name and place.
        enti: organisations the caller acts for; none for an administrator, who acts for all.
        now: platform instant.

    Returns:
        The lab.

    Raises:
        Forbidden: the lab would be managed by somebody else's organisation.

    Source: MILANO2017, the five labs of Milan have no regional project.
    """
    if enti is not None and corpo.ente_gestore not in enti:
        raise Forbidden(
            "Si aprono soltanto laboratori del proprio ente.",
            field="ente_gestore",
            remedy="Indicare il codice dell'ente per cui si lavora.",
        )
    laboratorio = Laboratorio(
        laboratorio_id=uuid7(),
        versione=1,
        nome=corpo.nome,
        progetto_id=None,
        ente_gestore=corpo.ente_gestore,
        comune=corpo.comune,
        quartiere=corpo.quartiere,
        stato=StatoLaboratorio.DA_ALLESTIRE.value,
        origine=OrigineLaboratorio.MANUALE.value,
        creato_il=now,
        attivato_il=None,
        chiuso_il=None,
    )
    session.add(laboratorio)
    await session.flush()
    return await _dettaglio(session, laboratorio)


async def aggiorna_progetto(
    session: AsyncSession,
    *,
    progetto_id: UUID,
    versione: int,
    codice: str,
    titolo: str,
    capofila: str,
    comune: str | None,
    quartiere: str | None,
    stato: str,
    azioni: Collection[str],
    accaduto_il: datetime,
    now: datetime,
) -> None:
    """Take in what `bandi` tells of a project; the first news of one with a 9.4.2 line opens its lab.

    Only newer versions are applied. The lab is the same whatever the order in which the news comes: a revocation that
    arrives first makes it, closed.

    Args:
        progetto_id: the project.
        versione: version of the project told, 1 or more.
        codice: its code.
        titolo: its title, first name of the lab.
        capofila: code of its lead, who manages the lab.
        comune: where it is.
        quartiere: its neighbourhood.
        stato: its state.
        azioni: actions of its lines.
        accaduto_il: when it happened.
        now: platform instant.

    Source: DOMAIN laboratori, a lab is born from `progetto.finanziato`.
    """
    nuovo = Progetto(
        progetto_id=progetto_id,
        versione=versione,
        codice=codice,
        titolo=titolo,
        capofila=capofila,
        comune=comune,
        quartiere=quartiere,
        stato=stato,
        aggiornato_il=now,
    )
    noto = await queries.riserva_progetto(session, nuovo)
    if noto is not None:
        if noto.versione >= versione:
            return
        for name, value in nuovo.model_dump(exclude={"progetto_id"}).items():
            setattr(noto, name, value)
    if AZIONE_LABORATORIO not in azioni:
        return
    laboratorio = await queries.laboratorio_del_progetto(session, progetto_id)
    if laboratorio is None:
        laboratorio = Laboratorio(
            laboratorio_id=uuid7(),
            versione=1,
            nome=titolo,
            progetto_id=progetto_id,
            ente_gestore=capofila,
            comune=comune,
            quartiere=quartiere,
            stato=StatoLaboratorio.DA_ALLESTIRE.value,
            origine=OrigineLaboratorio.PROGETTO.value,
            creato_il=now,
            attivato_il=None,
            chiuso_il=None,
        )
        session.add(laboratorio)
    if stato_dopo_progetto(StatoLaboratorio(laboratorio.stato), stato) is StatoLaboratorio.CHIUSO:
        _chiudi(laboratorio, accaduto_il)


def _chiudi(laboratorio: Laboratorio, istante: datetime) -> None:
    if laboratorio.stato == StatoLaboratorio.CHIUSO:
        return
    laboratorio.stato = StatoLaboratorio.CHIUSO.value
    laboratorio.chiuso_il = istante
    laboratorio.versione += 1


async def allestisce_laboratorio(
    session: AsyncSession, laboratorio_id: UUID, corpo: Allestimento, *, check_version: VersionCheck, now: datetime
) -> LaboratorioDettaglio:
    """Set a lab up, or change its seat and hours: it is open from now on.

    Args:
        laboratorio_id: the lab.
        corpo: name, seat, weekly hours.
        check_version: refuses when the caller saw an older version.
        now: platform instant.

    Returns:
        The lab.

    Raises:
        NotFound: there is no such lab.
        LaboratorioNonAttivo: it is closed.
        OrariNonValidi: two opening intervals overlap.
        PeriodoNonValido: the new seat begins before the present one.

    Source: DOMAIN laboratori, then set up: seat, owner of the seat, weekly opening hours.
    """
    laboratorio = await trova_laboratorio(session, laboratorio_id, lock=True)
    check_version(laboratorio.versione)
    if laboratorio.stato == StatoLaboratorio.CHIUSO:
        raise LaboratorioNonAttivo("Il laboratorio è chiuso: non si allestisce più.")
    orari = verifica_orari([Apertura(orario.giorno, orario.apre, orario.chiude) for orario in corpo.orari])
    await queries.cancella_orari(session, laboratorio_id)
    session.add_all(
        Orario(laboratorio_id=laboratorio_id, giorno=orario.giorno, apre=orario.apre, chiude=orario.chiude)
        for orario in orari
    )
    await _trasferisci(session, laboratorio_id, corpo.sede)
    laboratorio.nome = corpo.nome
    laboratorio.quartiere = corpo.quartiere or laboratorio.quartiere
    laboratorio.comune = corpo.sede.comune
    laboratorio.stato = StatoLaboratorio.ATTIVO.value
    laboratorio.attivato_il = laboratorio.attivato_il or now
    laboratorio.versione += 1
    await session.flush()
    return await _dettaglio(session, laboratorio)


async def _trasferisci(session: AsyncSession, laboratorio_id: UUID, sede: SedeNuova) -> None:
    """Makes the seat the present one; the former one ends the day before."""
    sedi = await queries.sedi(session, laboratorio_id)
    attuale = sedi[-1] if sedi else None
    if attuale is not None:
        uguale = (attuale.indirizzo, attuale.comune, attuale.proprietario) == (
            sede.indirizzo,
            sede.comune,
            sede.proprietario,
        )
        if uguale:
            return
        if sede.dal <= attuale.dal:
            raise PeriodoNonValido(
                "La nuova sede comincia prima di quella attuale.",
                field="sede.dal",
                remedy="Indicare il giorno del trasferimento.",
            )
        attuale.al = sede.dal - timedelta(days=1)
        await session.flush()
    session.add(Sede(sede_id=uuid7(), laboratorio_id=laboratorio_id, al=None, **sede.model_dump()))


async def chiude_laboratorio(
    session: AsyncSession, laboratorio_id: UUID, *, check_version: VersionCheck, now: datetime
) -> LaboratorioDettaglio:
    """Close a lab: from now on only what happened before is registered.

    Raises:
        NotFound: there is no such lab.
        LaboratorioNonAttivo: it is closed already.

    Source: MILANO2017, phases of management end.
    """
    laboratorio = await trova_laboratorio(session, laboratorio_id, lock=True)
    check_version(laboratorio.versione)
    if laboratorio.stato == StatoLaboratorio.CHIUSO:
        raise LaboratorioNonAttivo("Il laboratorio è già chiuso.")
    _chiudi(laboratorio, now)
    await session.flush()
    return await _dettaglio(session, laboratorio)


def _gia_in_equipe() -> Refusal:
    return GiaInEquipe(
        "L'operatore ha già quel ruolo nel laboratorio in quel periodo.",
        field="dal",
        remedy="Cessare prima il periodo in corso.",
    )


async def leggi_equipe(session: AsyncSession, laboratorio_id: UUID) -> Equipe:
    """Give the team of a lab, past members too."""
    return Equipe(
        items=[MembroEquipeVisto.model_validate(membro) for membro in await queries.equipe(session, laboratorio_id)]
    )


async def aggiunge_operatore(
    session: AsyncSession, laboratorio_id: UUID, corpo: MembroEquipeNuovo
) -> MembroEquipeVisto:
    """Put an operator in a lab's team for a period: from then on they see its people.

    Raises:
        NotFound: there is no such lab.
        PeriodoNonValido: the period ends before it begins.
        GiaInEquipe: the operator already has that role in a day of the period.

    Source: DOMAIN laboratori, team with roles and periods; decision 10.
    """
    await trova_laboratorio(session, laboratorio_id, lock=True)
    periodo = verifica_periodo(corpo.dal, corpo.al)
    presenti = await queries.periodi_equipe(session, laboratorio_id, corpo.sub, corpo.ruolo.value)
    if any(periodo.incontra(Periodo(membro.dal, membro.al)) for membro in presenti):
        raise _gia_in_equipe()
    membro = MembroEquipe(
        membro_equipe_id=uuid7(),
        laboratorio_id=laboratorio_id,
        sub=corpo.sub,
        ruolo=corpo.ruolo.value,
        dal=corpo.dal,
        al=corpo.al,
    )
    session.add(membro)
    async with rifiuti_del_database(session, {"ex_membro_equipe_un_periodo": _gia_in_equipe}):
        pass
    return MembroEquipeVisto.model_validate(membro)


async def cessa_operatore(
    session: AsyncSession, laboratorio_id: UUID, membro_equipe_id: UUID, *, al: date
) -> MembroEquipeVisto:
    """Tell the last day of an operator in a lab's team, inside.

    Raises:
        NotFound: no such line in the team.
        PeriodoNonValido: the last day comes before the first.

    Source: DOMAIN decision 10, who leaves the team no longer sees its people.
    """
    membro = await queries.membro_equipe(session, laboratorio_id, membro_equipe_id)
    if membro is None:
        raise NotFound("L'operatore non è in questa équipe.", field="membro_equipe_id")
    verifica_periodo(membro.dal, al)
    membro.al = al
    async with rifiuti_del_database(session, {"ex_membro_equipe_un_periodo": _gia_in_equipe}):
        pass
    return MembroEquipeVisto.model_validate(membro)
