"""From rows to bodies: what callers see of calls, applications, rankings and projects."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.bandi.models import (
    Bando,
    Domanda,
    Graduatoria,
    Linea,
    MovimentoProgetto,
    Progetto,
    ProgettoLinea,
    Punteggio,
    RigaGraduatoria,
    Scheda,
)
from services.bandi.rules.bando import Difetto, Modalita, StatoBando, ora_di_roma
from services.bandi.rules.domanda import StatoDomanda
from services.bandi.rules.progetto import StatoProgetto, TipoMovimento
from services.bandi.rules.righe import Riga, riga_da_valori
from services.bandi.schemas.bando import BandoDettaglio, BandoVoce, DotazioneLinea, FinestraVista, RegoleBando
from services.bandi.schemas.domanda import DifettoVoce, DomandaVoce, PunteggioVista, SchedaVista
from services.bandi.schemas.graduatoria import (
    CausaVista,
    GraduatoriaVista,
    ImportoLineaVista,
    PuntiCriterio,
    RigaVista,
    SpareggioVista,
)
from services.bandi.schemas.progetto import LineaProgetto, MembroVista, MovimentoVista, ProgettoDettaglio, ProgettoVoce


def bando_voce(bando: Bando, dotazione: int, assegnato: int) -> BandoVoce:
    """Return a call as it is listed."""
    return BandoVoce(**_call_fields(bando), dotazione=dotazione, assegnato=assegnato)


def bando_dettaglio(bando: Bando, regole: RegoleBando, linee: Sequence[Linea]) -> BandoDettaglio:
    """Return a call with the rules in force, or being drafted."""
    given = {linea.codice: linea.assegnato_cent for linea in linee}
    return BandoDettaglio(
        **_call_fields(bando),
        dotazione=sum(linea.dotazione or 0 for linea in regole.linee),
        assegnato=sum(given.values()),
        versione=bando.versione,
        regole_versione=bando.regole_versione,
        descrizione=bando.descrizione,
        regole=regole,
        linee=[
            DotazioneLinea(
                codice=linea.codice,
                azione=linea.azione,
                fondo=linea.fondo,
                dotazione=linea.dotazione,
                assegnato=given.get(linea.codice, 0),
            )
            for linea in regole.linee
        ],
        finestre=[
            FinestraVista(
                codice=finestra.codice,
                apre_a_roma=ora_di_roma(finestra.apre_il),
                chiude_a_roma=ora_di_roma(finestra.chiude_il),
            )
            for finestra in regole.finestre
        ],
        graduatorie=bando.ultima_graduatoria,
    )


def _call_fields(bando: Bando) -> dict[str, Any]:
    return {
        "bando_id": bando.bando_id,
        "codice": bando.codice,
        "titolo": bando.titolo,
        "ente_promotore": bando.ente_promotore,
        "promotore": bando.promotore,
        "organismo_intermedio": bando.organismo_intermedio,
        "territorio": bando.territorio,
        "modalita": Modalita(bando.modalita),
        "stato": StatoBando(bando.stato),
        "apre_il": bando.apre_il,
        "chiude_il": bando.chiude_il,
        "apre_a_roma": ora_di_roma(bando.apre_il) if bando.apre_il else None,
        "chiude_a_roma": ora_di_roma(bando.chiude_il) if bando.chiude_il else None,
        "pubblicato_il": bando.pubblicato_il,
    }


def difetti(found: Iterable[Difetto]) -> list[DifettoVoce]:
    """Return defects as they are shown."""
    return [DifettoVoce(campo=item.campo, regola=item.regola, messaggio=item.messaggio) for item in found]


def domanda_voce(domanda: Domanda, bando_codice: str) -> DomandaVoce:
    """Return an application as it is listed."""
    return DomandaVoce(**campi_domanda(domanda, bando_codice))


def campi_domanda(domanda: Domanda, bando_codice: str) -> dict[str, Any]:
    """Return the fields every body of an application has."""
    return {
        "domanda_id": domanda.domanda_id,
        "bando": bando_codice,
        "stato": StatoDomanda(domanda.stato),
        "capofila": domanda.capofila,
        "protocollo": domanda.protocollo,
        "presentata_il": domanda.presentata_il,
        "protocollata_il": domanda.protocollata_il,
        "aggiornata_il": domanda.aggiornata_il,
    }


def scheda_vista(scheda: Scheda, punteggi: Iterable[Punteggio]) -> SchedaVista:
    """Return a signed sheet with its scores."""
    return SchedaVista(
        scheda_id=scheda.scheda_id,
        domanda_id=scheda.domanda_id,
        commissario=scheda.commissario,
        firmata_il=scheda.firmata_il,
        punteggi=[
            PunteggioVista(criterio=item.criterio, punti=item.punti_cent, motivazione=item.motivazione)
            for item in punteggi
        ],
    )


def graduatoria_vista(graduatoria: Graduatoria, bando_codice: str) -> GraduatoriaVista:
    """Return an approved version of a ranking."""
    return GraduatoriaVista(
        graduatoria_id=graduatoria.graduatoria_id,
        bando=bando_codice,
        numero=graduatoria.numero,
        finestra=graduatoria.finestra,
        regole_versione=graduatoria.regole_versione,
        atto=graduatoria.atto,
        approvata_il=graduatoria.approvata_il,
        righe=graduatoria.righe,
        finanziate=graduatoria.finanziate,
        finanziato=graduatoria.finanziato_cent,
        impronta=graduatoria.impronta,
        cause=[
            CausaVista(tipo=item["tipo"], atto=item["atto"], chi=item["chi"], importo=item["importo_cent"])
            for item in graduatoria.cause or []
        ],
    )


def riga_salvata(riga: RigaGraduatoria) -> RigaVista:
    """Return a stored row."""
    return riga_vista(riga_da_valori(riga.contenuto), riga.ordine)


def riga_vista(riga: Riga, ordine: int) -> RigaVista:
    """Return a row at its place in the order of the ranking."""
    return RigaVista(
        ordine=ordine,
        posizione=riga.posizione,
        domanda_id=riga.domanda_id,
        protocollo=riga.protocollo,
        capofila=riga.capofila,
        titolo=riga.titolo,
        totale=riga.totale_cent,
        punteggi=[PuntiCriterio(criterio=codice, punti=punti) for codice, punti in riga.punteggi],
        premialita=riga.premialita_cent,
        spareggi=[SpareggioVista(nome=nome, valore=valore) for nome, valore in riga.spareggi],
        esito=riga.esito,
        motivo=riga.motivo,
        spiegazione=riga.spiegazione[:2000],
        richiesto=importi(riga.richiesto),
        ammesso=importi(riga.ammesso),
        residuo=importi(riga.residuo),
        cambiamento=riga.cambiamento,
    )


def importi(pairs: Iterable[tuple[str, int]]) -> list[ImportoLineaVista]:
    """Return amounts by line."""
    return [ImportoLineaVista(linea=linea, importo=importo) for linea, importo in pairs]


def progetto_voce(progetto: Progetto, bando_codice: str, linee: Sequence[ProgettoLinea]) -> ProgettoVoce:
    """Return a project as it is listed."""
    return ProgettoVoce(**_project_fields(progetto, bando_codice, linee))


def progetto_dettaglio(progetto: Progetto, bando_codice: str, linee: Sequence[ProgettoLinea]) -> ProgettoDettaglio:
    """Return a project with its partnership."""
    return ProgettoDettaglio(
        **_project_fields(progetto, bando_codice, linee),
        versione=progetto.versione,
        domanda_id=progetto.domanda_id,
        durata_mesi=progetto.durata_mesi,
        piano=progetto.piano,
        membri=[MembroVista(**membro) for membro in progetto.membri],
    )


def _project_fields(progetto: Progetto, bando_codice: str, linee: Sequence[ProgettoLinea]) -> Mapping[str, Any]:
    return {
        "progetto_id": progetto.progetto_id,
        "codice": progetto.codice,
        "bando": bando_codice,
        "titolo": progetto.titolo,
        "capofila": progetto.capofila,
        "comune": progetto.comune,
        "quartiere": progetto.quartiere,
        "stato": StatoProgetto(progetto.stato),
        "inizio": progetto.inizio,
        "fine": progetto.fine,
        "cup": progetto.cup,
        "linee": [
            LineaProgetto(
                linea=linea.linea,
                azione=linea.azione,
                fondo=linea.fondo,
                programmato=linea.programmato_cent,
                ammesso=linea.ammesso_cent,
                impegnato=linea.impegnato_cent,
                erogato=linea.erogato_cent,
            )
            for linea in linee
        ],
    }


def movimento_vista(movimento: MovimentoProgetto) -> MovimentoVista:
    """Return an act on a project."""
    return MovimentoVista(
        numero=movimento.numero,
        tipo=TipoMovimento(movimento.tipo),
        atto=movimento.atto,
        importi=importi(sorted(movimento.importi.items())),
        inizio=movimento.inizio,
        fine=movimento.fine,
        registrato_il=movimento.registrato_il,
    )
