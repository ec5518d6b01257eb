"""What the stories of active inclusion share: a project with its line, people of a lab, plans, hours, results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from scenari.toolkit import Actor, Stage
from scenari.toolkit.stage import ROMA

ATTESA_S = 90.0
DAL = "2017-01-01"
PER_FOGLIO = 50
REGIONE = "REGIONE-LOMBARDIA"
PASSO = 110  # days between two births of a story; each story has days of its own, or its people would look doubled


def euro(cents: int) -> str:
    """Write cents as the API does."""
    return f"{cents // 100}.{cents % 100:02d}"


@dataclass(slots=True)
class Percorsi:
    """One story: its project, who works on it, the people it follows."""

    stage: Stage
    misura: str
    progetto_id: str
    capofila: str
    operatore: Actor
    seconda: Actor
    ufficio: Actor
    regione: Actor
    laboratorio_id: str = ""
    sportello: Actor | None = None
    persone: list[str] = field(default_factory=list)
    nuclei: list[str] = field(default_factory=list)
    iscrizioni: dict[str, str] = field(default_factory=dict)
    piani: dict[str, str] = field(default_factory=dict)

    def in_ordine(self) -> list[str]:
        """Return the plans in the order of the people, whichever was signed first: a step must repeat itself."""
        return [self.piani[persona] for persona in self.persone if persona in self.piani]

    async def risultati(self) -> dict[str, tuple[int | None, int]]:
        """Read what was expected and what was reached, by indicator."""
        letti = await self.regione.get("inclusione", f"/linee/{self.progetto_id}/risultati")
        return {riga["indicatore"]: (riga["atteso"], riga["raggiunto"]) for riga in letti["items"]}

    async def linea(self) -> dict[str, Any]:
        """Read the line of the project."""
        letta: dict[str, Any] = await self.ufficio.get("inclusione", f"/linee/{self.progetto_id}")
        return letta


def attori(stage: Stage, capofila: str, operatore: str) -> tuple[Actor, Actor, Actor, Actor]:
    """Return the accredited operator, its second person, the lead's officer and the Region's."""
    codice = operatore.lower().replace("-", ".")
    return (
        stage.actor("operatore_accreditato", subject=f"operatrice.{codice}", ente=operatore),
        stage.actor("operatore_accreditato", subject=f"coordinatore.{codice}", ente=operatore),
        stage.actor("funzionario_comune", subject=f"ufficio.{capofila.lower().replace('-', '.')}", ente=capofila),
        stage.actor("funzionario_bandi", subject="ufficio.bandi.regione", ente=REGIONE),
    )


async def affida(
    stage: Stage,
    *,
    bando: str,
    misura: str,
    titolo: str,
    capofila: tuple[str, str, str],
    partner: Sequence[tuple[str, str, str]],
    operatore: str,
    linee: Sequence[tuple[str, str, str, str]],
    luogo: tuple[str, str],
    mesi: int,
    inizio: str,
) -> Percorsi:
    """Enter a tender held elsewhere with its outcome, commit the money, start the project.

    Args:
        capofila: code, name and category of the lead; likewise each of `partner`.
        linee: code, action, fund and amount of each line.
        luogo: municipality and neighbourhood.
        inizio: first day of the project.
    """
    op, seconda, ufficio, regione = attori(stage, capofila[0], operatore)
    await stage.at(f"{inizio}T08:00:00")
    corpo = {
        "codice": bando,
        "titolo": titolo,
        "ente_promotore": REGIONE,
        "promotore": "Regione Lombardia",
        "territorio": luogo[0],
        "regole": {
            "modalita": "affidamento",
            "linee": [
                {"codice": codice, "azione": azione, "fondo": fondo, "dotazione": importo}
                for codice, azione, fondo, importo in linee
            ],
            "partenariato": {
                "capofila_ammessi": [capofila[2]],
                "categorie_ammesse": sorted({chi[2] for chi in partner} | {capofila[2]}),
            },
            "valutazione": {},
            "durata_massima_mesi": mesi,
        },
    }
    await regione.post("bandi", "/bandi", corpo, step="bando")
    await regione.post("bandi", f"/bandi/{bando}/pubblicazione", {"atto": "atto (sintetico)"}, step="pubblicazione")
    enti = [{"ente": chi[0], "denominazione": chi[1], "categoria": chi[2]} for chi in (capofila, *partner)]
    esito = {
        "atto": "affidamento (sintetico)",
        "titolo": titolo,
        "aggiudicatario": enti[0],
        "altri": enti[1:],
        "comune": luogo[0],
        "quartiere": luogo[1],
        "durata_mesi": mesi,
        "importi": [{"linea": codice, "importo": importo} for codice, _, _, importo in linee],
    }
    progetto = await regione.post("bandi", f"/bandi/{bando}/esito", esito, step="esito")
    percorso = f"/progetti/{progetto['progetto_id']}"
    impegno = {"atto": "impegno (sintetico)", "importi": esito["importi"]}
    await regione.post("bandi", f"{percorso}/impegni", impegno, step="impegno")
    avvio = {"atto": "avvio (sintetico)", "inizio": inizio}
    await regione.post("bandi", f"{percorso}/avvio", avvio, step="avvio")
    storia = Percorsi(stage, misura, progetto["progetto_id"], capofila[0], op, seconda, ufficio, regione)
    await attendi_linea(storia)
    return storia


async def finanziato(stage: Stage, *, bando: str, capofila: str, misura: str) -> Percorsi:
    """Find the project of a lead in a call that another story played, and its accredited operator."""
    projects = await stage.visitor.items("bandi", "/progetti", params={"bando": bando})
    trovato = next(project for project in projects if project["capofila"] == capofila)
    dettaglio = await stage.visitor.get("bandi", f"/progetti/{trovato['progetto_id']}")
    operatore = next(m["ente"] for m in dettaglio["membri"] if m["categoria"] == "OPERATORE_ACCREDITATO")
    op, seconda, ufficio, regione = attori(stage, capofila, operatore)
    storia = Percorsi(stage, misura, trovato["progetto_id"], capofila, op, seconda, ufficio, regione)
    await attendi_linea(storia)
    return storia


async def attendi_linea(storia: Percorsi) -> None:
    """Wait until the inclusion line holds all its committed money."""

    async def committed() -> bool:
        answer = await storia.ufficio.request("GET", "inclusione", f"/linee/{storia.progetto_id}", expected=(200, 404))
        return answer.status == 200 and answer.body["impegnato"] == answer.body["ammesso"]

    await storia.stage.until("la linea di inclusione impegnata", committed, timeout_s=ATTESA_S)
    storia.stage.step("progetto e linea di inclusione")


async def apri_laboratorio(
    storia: Percorsi, *, ente: str, nome: str, comune: str, quartiere: str, dal: str, del_progetto: bool
) -> None:
    """Set up the project's own lab, or open one by hand, with its desk."""
    gestore = storia.stage.actor("funzionario_comune", subject=f"ufficio.{ente.lower().replace('-', '.')}", ente=ente)
    if del_progetto:

        async def lab() -> dict[str, Any] | None:
            params = {"progetto_id": storia.progetto_id}
            page = await storia.stage.visitor.get("laboratori", "/laboratori", params=params)
            return page["items"][0] if page["items"] else None

        trovato = await storia.stage.until("il laboratorio del progetto", lab, timeout_s=ATTESA_S)
    else:
        nuovo = {"nome": nome, "ente_gestore": ente, "comune": comune, "quartiere": quartiere}
        trovato = await gestore.post("laboratori", "/laboratori", nuovo, step="laboratorio")
    storia.laboratorio_id = trovato["laboratorio_id"]
    path = f"/laboratori/{storia.laboratorio_id}"
    read = await storia.stage.visitor.request("GET", "laboratori", path)
    if read.body["stato"] == "da_allestire":
        setting = {
            "nome": nome,
            "quartiere": quartiere,
            "sede": {"indirizzo": "Sede (sintetica)", "comune": comune, "proprietario": "Comune", "dal": dal},
            "orari": [{"giorno": 2, "apre": "15:00", "chiude": "18:00"}],
        }
        await gestore.put("laboratori", f"{path}/allestimento", setting, if_match=read.etag)
    storia.sportello = storia.stage.actor(
        "operatore_laboratorio", subject=f"sportello.{storia.misura.lower()}", ente=ente
    )
    member = {"sub": storia.sportello.subject, "ruolo": "operatore_sportello", "dal": dal}
    await gestore.post("laboratori", f"{path}/equipe", member, step="equipe")


async def popola(storia: Percorsi, quanti: int, *, donne: int, proprietario: str | None = None, sigla: str) -> None:
    """Register people, each alone in a household and taken on by the lab; the first `donne` are women. All synthetic.

    Args:
        proprietario: landlord of their tenancy contracts; None for households without one.
        sigla: begins their surnames and contracts.
    """
    assert storia.sportello is not None
    fogli = [range(primo, min(primo + PER_FOGLIO, quanti)) for primo in range(0, quanti, PER_FOGLIO)]
    path = f"/laboratori/{storia.laboratorio_id}/nuclei/elenco"
    for numero, foglio in enumerate(fogli):
        nuclei = [_nucleo(chi, donna=chi < donne, proprietario=proprietario, sigla=sigla) for chi in foglio]
        answer = await storia.sportello.post("laboratori", path, {"nuclei": nuclei}, step=f"nuclei {numero}")
        storia.nuclei += [item["nucleo_id"] for item in answer["items"]]
        storia.persone += [item["persone"][0] for item in answer["items"]]
    storia.stage.step(f"{quanti} persone registrate")


def _nucleo(chi: int, *, donna: bool, proprietario: str | None, sigla: str) -> dict[str, Any]:
    nascita = date(1972, 1, 1) + timedelta(days=PASSO * chi + sum(sigla.encode()) % PASSO)
    persona = {
        "nome": "Persona",
        "cognome": f"Sintetica {sigla} {chi + 1:03d}",
        "data_nascita": nascita.isoformat(),
        "genere": "donna" if donna else "uomo",
    }
    membro = {"persona": persona, "ruolo": "intestatario", "dal": "2012-01-01", "presa_in_carico": True}
    contratto = {"contratto_codice": f"{sigla}-{chi + 1:04d}", "ente_proprietario": proprietario, "dal": "2012-01-01"}
    return {"membri": [membro], "contratti": [contratto] if proprietario else []}


def servizio(
    codice: str, nome: str, livello: str, tipo: str, orario: str, *, indennita: bool = False
) -> dict[str, Any]:
    """Write a service of a catalogue."""
    return {
        "codice": codice,
        "nome": nome,
        "livello": livello,
        "tipo": tipo,
        "costi": [{"dal": DAL, "orario": orario}],
        "da_indennita": indennita,
    }


async def approva_misura(storia: Percorsi, *, titolo: str, vale_dal: str, regole: Mapping[str, Any]) -> None:
    """Enter the rules of the call."""
    corpo = {
        "codice": storia.misura,
        "titolo": titolo,
        "vale_dal": vale_dal,
        "atto": "atto di approvazione (sintetico)",
        "regole": {"requisiti": [], "presa_in_carico": "di_un_laboratorio", **regole},
    }
    await storia.regione.post("inclusione", "/misure", corpo, step="misura")


async def iscrivi(storia: Percorsi, chi: int, risposte: Mapping[str, str | None]) -> dict[str, Any]:
    """Enrol a person; an answer left out is not given, None is to be verified."""
    corpo = {
        "misura_codice": storia.misura,
        "progetto_id": storia.progetto_id,
        "persona_id": storia.persone[chi],
        "risposte": [
            {"requisito": codice, "risposta": "da_verificare"}
            if risposta is None
            else {"requisito": codice, "risposta": risposta, "prova": {"tipo": "documento_esibito"}}
            for codice, risposta in risposte.items()
        ],
    }
    fatta: dict[str, Any] = await storia.operatore.post("inclusione", "/iscrizioni", corpo, step=f"iscrizione {chi}")
    storia.iscrizioni[storia.persone[chi]] = fatta["iscrizione_id"]
    return fatta


async def iscrivi_tutti(storia: Percorsi, quanti: int, risposte: Mapping[str, str | None]) -> None:
    """Enrol the first people, all with the same answers, and wait until the last one is suitable."""
    await storia.stage.gather("iscrizioni", [partial(iscrivi, storia, chi, risposte) for chi in range(quanti)])
    await attendi_idonei(storia, range(quanti))


async def attendi_idonei(storia: Percorsi, chi: Sequence[int]) -> None:
    """Wait until the takings-on have made some people suitable."""

    async def suitable() -> bool:
        params = {"progetto_id": storia.progetto_id, "esito": "idoneo", "limit": 500}
        trovate = await storia.operatore.items("inclusione", "/iscrizioni", params=params)
        return {storia.persone[uno] for uno in chi} <= {riga["persona_id"] for riga in trovate}

    await storia.stage.until("le prese in carico che rendono idonei", suitable, timeout_s=ATTESA_S)


async def firma_piano(storia: Percorsi, chi: int, *, inizio: str, fine: str, minuti: Mapping[str, int]) -> str:
    """Draft and sign the plan of a person; return its id."""
    persona = storia.persone[chi]
    bozza = {
        "iscrizione_id": storia.iscrizioni[persona],
        "piano": {
            "inizio": inizio,
            "fine": fine,
            "servizi": [{"servizio": codice, "minuti": durata} for codice, durata in minuti.items()],
        },
    }
    pip = await storia.operatore.post("inclusione", "/pip", bozza, step=f"piano {chi}")
    firme = {
        "testo_sha256": pip["bozza"]["testo_sha256"],
        "persona": {"metodo": "autografa"},
        "operatore": {"metodo": "digitale"},
    }
    await storia.operatore.post("inclusione", f"/pip/{pip['pip_id']}/firme", firme, step=f"firme {chi}")
    storia.piani[persona] = pip["pip_id"]
    return str(pip["pip_id"])


def mattine(dal: date, minuti: int, *, al_giorno: int = 300) -> list[tuple[datetime, datetime]]:
    """Share minutes out over working days from a day on, a morning each, from nine."""
    sessioni, giorno = [], dal
    while minuti > 0:
        if giorno.weekday() < 5:
            durata = min(minuti, al_giorno)
            inizio = datetime(giorno.year, giorno.month, giorno.day, 9, tzinfo=ROMA)
            sessioni.append((inizio, inizio + timedelta(minutes=durata)))
            minuti -= durata
        giorno += timedelta(days=1)
    return sessioni


def righe_di(pip_id: str, servizio_codice: str, sessioni: Sequence[tuple[datetime, datetime]]) -> list[dict[str, str]]:
    """Write sessions of a service as hours of a plan."""
    return [
        {
            "pip_id": pip_id,
            "servizio_codice": servizio_codice,
            "inizio": inizio.isoformat(),
            "fine": fine.isoformat(),
        }
        for inizio, fine in sessioni
    ]


async def conduci(storia: Percorsi, nome: str, righe: Sequence[Mapping[str, str]]) -> None:
    """Register, have signed and validate hours: a request each for all of them, validation by a second person."""
    fatte: list[str] = []
    for numero, primo in enumerate(range(0, len(righe), 1000)):
        corpo = {"righe": list(righe[primo : primo + 1000])}
        answer = await storia.operatore.post("inclusione", "/ore/registrazioni", corpo, step=f"ore {nome} {numero}")
        assert not answer["rifiutate"], answer["rifiutate"][:3]
        fatte += answer["fatte"]
    firme = {"ore": fatte, "metodo": "autografa"}
    await storia.operatore.post("inclusione", "/ore/firme", firme, step=f"firma {nome}")
    answer = await storia.seconda.post("inclusione", "/ore/validazioni", {"ore": fatte}, step=f"validazione {nome}")
    assert not answer["rifiutate"], answer["rifiutate"][:3]


async def attende(storia: Percorsi, attesi: Mapping[str, int], fonte: str) -> None:
    """Write what the project's sheet expects, as targets."""
    for indicatore, atteso in attesi.items():
        corpo = {"atteso": atteso, "fonte": fonte}
        path = f"/linee/{storia.progetto_id}/obiettivi/{indicatore}"
        await storia.regione.put("inclusione", path, corpo)
    storia.stage.step("obiettivi scritti")


async def attestati(storia: Percorsi, chi: Sequence[int], servizio_codice: str, tipo: str = "frequenza") -> list[str]:
    """Issue certificates; return their verification codes."""

    async def uno(persona: int) -> str:
        corpo = {
            "pip_id": storia.piani[storia.persone[persona]],
            "servizio_codice": servizio_codice,
            "tipo": tipo,
            "soglia_percento": 100,
        }
        fatto = await storia.operatore.post("inclusione", "/attestati", corpo, step=f"attestato {tipo} {persona}")
        return str(fatto["codice"])

    return await storia.stage.gather("attestati", [partial(uno, persona) for persona in chi])


async def confronta_obiettivi(storia: Percorsi, attesi: Mapping[str, int], svolti: Mapping[str, int]) -> None:
    """Compare the targets with the source, and what the platform counted with what this story did (synthetic)."""
    letti = await storia.risultati()
    storia.stage.section("obiettivi della fonte")
    for indicatore, atteso in attesi.items():
        storia.stage.expect(f"atteso: {indicatore}", atteso, letti[indicatore][0])
    storia.stage.section("risultati contati dalla piattaforma")
    for indicatore, svolto in svolti.items():
        storia.stage.expect(indicatore, svolto, letti[indicatore][1])


def iban_sintetico(numero: int) -> str:
    """Return a well-formed Italian account number of no bank (ABI 99999)."""
    conto = f"X9999999999{numero:012d}"
    cifre = "".join(str(int(segno, 36)) for segno in f"{conto}IT00")
    return f"IT{98 - int(cifre) % 97:02d}{conto}"
