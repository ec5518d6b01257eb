"""PIP: the life of a plan, what a plan may hold, what it costs, and the text that is signed."""

import hashlib
from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from chassis.errors import Refusal
from chassis.money import format_cents
from services.inclusione.rules.misura import MINUTI_QUARTO, Livello, RegoleMisura, tariffa_massima


class MetodoFirma(StrEnum):
    """How a signature was given."""

    AUTOGRAFA = "autografa"
    GRAFOMETRICA = "grafometrica"
    DIGITALE = "digitale"
    SPID = "spid"


class PianoNonValido(Refusal):
    """The plan holds something the measure does not offer, or not in that quantity."""

    status = 422
    title = "Piano non valido"


class PianoFuoriProgetto(Refusal):
    """The plan's dates leave those of the project."""

    title = "Piano fuori dalle date del progetto"


class LivelloNonAmmesso(Refusal):
    """The level asks for a selection that was not recorded."""

    title = "Livello non ammesso"


class MassimalePercorsoSuperato(Refusal):
    """The services cost more than one path may."""

    title = "Massimale del percorso superato"


class FirmaSuAltroTesto(Refusal):
    """What was signed is not the text of the draft as it is now."""

    title = "Il testo e' cambiato"


class NessunaBozza(Refusal):
    """There is no draft to edit or to sign."""

    title = "Nessuna bozza"


class BozzaGiaAperta(Refusal):
    """One draft at a time."""

    title = "Bozza gia' aperta"


class PipGiaAperto(Refusal):
    """An enrolment has one living plan."""

    title = "Piano gia' aperto"


class RevisioneSottoIlFatto(Refusal):
    """A new version cannot plan less than what was already registered."""

    title = "Revisione inferiore alle ore registrate"


@dataclass(frozen=True, slots=True)
class ServizioPianificato:
    """One service of a plan and the minutes of it."""

    servizio: str
    minuti: int


@dataclass(frozen=True, slots=True)
class Piano:
    """What a version of a plan says: first and last day, services and their minutes."""

    inizio: date
    fine: date
    servizi: tuple[ServizioPianificato, ...]


@dataclass(frozen=True, slots=True)
class Preventivo:
    """What a plan must be able to pay, in cents: the services and the allowance."""

    servizi_cent: int
    indennita_cent: int

    @property
    def totale_cent(self) -> int:
        """Both together."""
        return self.servizi_cent + self.indennita_cent


def verifica_piano(
    piano: Piano,
    regole: RegoleMisura,
    *,
    ammissioni: Collection[Livello] = (),
    sospesi: int = 0,
    altri: Mapping[str, int] | None = None,
) -> None:
    """Refuses a plan outside the rules of its measure.

    Args:
        piano: the version to check; minutes in quarters of an hour.
        ammissioni: levels this person was selected for.
        sospesi: days on which the plan stood still; they do not count in its length.
        altri: minutes validated in the other plans of the same path, by service code.

    Raises:
        PianoNonValido: dates, catalogue, quarters, duration or hours of a level.
        LivelloNonAmmesso: a gated level without a selection.

    Source: DOMAIN part inclusione ("Levels are gates"); programmi.json PROLORENTEGGIO (18 and 124 hours).
    """
    if piano.fine < piano.inizio:
        raise PianoNonValido(
            "Il piano finisce prima di cominciare.", field="fine", remedy="Mettere la fine dopo l'inizio."
        )
    giorni = timedelta(days=sospesi)
    if regole.durata_massima_mesi is not None and piano.fine - giorni >= dopo_mesi(
        piano.inizio, regole.durata_massima_mesi
    ):
        raise PianoNonValido(
            f"Il piano dura piu' di {regole.durata_massima_mesi} mesi.", field="fine", remedy="Anticipare la fine."
        )
    codici = [servizio.servizio for servizio in piano.servizi]
    if not codici or len(set(codici)) != len(codici):
        raise PianoNonValido(
            "Un piano ha almeno un servizio, ciascuno una volta sola.",
            field="servizi",
            remedy="Sommare le ore dello stesso servizio in una riga.",
        )
    per_livello: dict[Livello, int] = {}
    for pianificato in piano.servizi:
        servizio = regole.servizio(pianificato.servizio)
        if servizio is None:
            raise PianoNonValido(
                f"La misura non offre il servizio {pianificato.servizio}.",
                field="servizi",
                remedy="Usare i codici del catalogo della misura.",
            )
        if pianificato.minuti < MINUTI_QUARTO or pianificato.minuti % MINUTI_QUARTO:
            raise PianoNonValido(
                f"Le ore del servizio {servizio.codice} non sono quarti d'ora interi.",
                field="servizi",
                remedy="Scrivere le ore con decimali .00, .25, .50 o .75.",
            )
        per_livello[servizio.livello] = per_livello.get(servizio.livello, 0) + pianificato.minuti
    _verifica_livelli(per_livello, regole, ammissioni, _per_livello(altri or {}, regole))


def _per_livello(minuti: Mapping[str, int], regole: RegoleMisura) -> Mapping[Livello, int]:
    totali: dict[Livello, int] = {}
    for codice, quanti in minuti.items():
        servizio = regole.servizio(codice)
        if servizio is not None:
            totali[servizio.livello] = totali.get(servizio.livello, 0) + quanti
    return totali


def _verifica_livelli(
    per_livello: Mapping[Livello, int],
    regole: RegoleMisura,
    ammissioni: Collection[Livello],
    altri: Mapping[Livello, int],
) -> None:
    for livello, minuti in per_livello.items():
        regola = regole.livello(livello)
        if regola.richiede_ammissione and livello not in ammissioni:
            raise LivelloNonAmmesso(
                f"Il livello {livello.value} chiede una selezione che per questa persona non risulta.",
                field="servizi",
                remedy="Registrare prima l'ammissione al livello.",
            )
        prima = altri.get(livello, 0)
        if regola.minuti_massimi is not None and minuti + prima > regola.minuti_massimi:
            raise PianoNonValido(
                f"Il livello {livello.value} ammette {ore_italiane(regola.minuti_massimi)} ore, "
                f"il piano ne prevede {ore_italiane(minuti)}"
                + (f" e {ore_italiane(prima)} sono gia' state fatte in piani precedenti." if prima else "."),
                field="servizi",
                remedy="Ridurre le ore di quel livello.",
            )


def verifica_date_progetto(piano: Piano, *, inizio: date | None, fine: date | None) -> None:
    """Refuses a plan that starts before its project or ends after it.

    Raises:
        PianoFuoriProgetto: the dates are known and the plan leaves them.
    """
    if (inizio is not None and piano.inizio < inizio) or (fine is not None and piano.fine > fine):
        raise PianoFuoriProgetto(
            "Il piano esce dalle date del progetto"
            f" ({inizio.isoformat() if inizio else 'senza inizio'} - {fine.isoformat() if fine else 'senza fine'}).",
            field="fine",
            remedy="Riportare il piano dentro le date del progetto, o chiedere una proroga.",
        )


def dopo_mesi(giorno: date, mesi: int) -> date:
    """The same day so many months later, or the last day of that month when it has no such day."""
    anni, mese = divmod(giorno.month - 1 + mesi, 12)
    anno = giorno.year + anni
    return date(anno, mese + 1, min(giorno.day, monthrange(anno, mese + 1)[1]))


def calcola_preventivo(
    piano: Piano,
    regole: RegoleMisura,
    *,
    residuo_persona_cent: int,
    usato_cent: int = 0,
    massimale_cent: int | None = None,
    altri_cent: int = 0,
) -> Preventivo:
    """What the plan must be able to pay, at the highest rates in force during it.

    Each product of minutes and hourly rate is rounded up, while each hour really attended is rounded down
    (`rules.ore.costo_ora`): what the hours cost can then never exceed what the plan reserved. The allowance is not
    refused above the person's cap, it stops there.

    Args:
        residuo_persona_cent: what the person's cap still allows in this measure, cents; below 0 when two people
            turned out to be one.
        usato_cent: allowance the plan has already accrued or paid: a revision never holds less.
        massimale_cent: the most this path may cost, when the person's band lowers the measure's cap.
        altri_cent: what the other plans of the same path hold of that cap, or have spent.

    Returns:
        Cents for services and for the allowance.

    Raises:
        MassimalePercorsoSuperato: the services (and the allowance, when the measure counts it) exceed the path cap.
        TariffaNonPrevista: a table has no rate on the first day.

    Source: DOMAIN part inclusione (Dote: at most 3,000 EUR a path; Indennita: at most 2,000 EUR a person).
    """
    servizi_cent, indennita_cent = 0, 0
    for pianificato in piano.servizi:
        servizio = regole.servizio(pianificato.servizio)
        if servizio is None:
            continue
        costo = tariffa_massima(servizio.costi, piano.inizio, piano.fine, di_che_cosa=f"il servizio {servizio.codice}")
        servizi_cent += _per_eccesso(pianificato.minuti * costo)
        if servizio.da_indennita:
            tasso = tariffa_massima(regole.indennita, piano.inizio, piano.fine, di_che_cosa="l'indennita'")
            indennita_cent += _per_eccesso(pianificato.minuti * tasso)
    indennita_cent = max(min(indennita_cent, residuo_persona_cent), usato_cent)
    percorso = servizi_cent + (indennita_cent if regole.percorso_con_indennita else 0)
    massimale = regole.massimale_percorso_cent if massimale_cent is None else massimale_cent
    if percorso + altri_cent > massimale:
        prima = f", di cui {format_cents(altri_cent)} EUR gia' spesi in piani precedenti" if altri_cent else ""
        raise MassimalePercorsoSuperato(
            f"Il piano costa {format_cents(percorso)} EUR: il massimale del percorso e' {format_cents(massimale)} EUR"
            f"{prima}.",
            field="servizi",
            remedy="Ridurre le ore o scegliere servizi meno costosi.",
        )
    return Preventivo(servizi_cent, indennita_cent)


def rincara(piano: Piano, regole: RegoleMisura, *, fine: date) -> bool:
    """Whether a rate of the plan's services, or of the allowance they give, rises when the plan ends later.

    Args:
        fine: the later last day.
    """
    servizi = [regole.servizio(pianificato.servizio) for pianificato in piano.servizi]
    tabelle = [servizio.costi for servizio in servizi if servizio is not None]
    if any(servizio is not None and servizio.da_indennita for servizio in servizi):
        tabelle.append(regole.indennita)
    return any(
        tariffa_massima(tabella, piano.inizio, fine, di_che_cosa="il piano")
        > tariffa_massima(tabella, piano.inizio, piano.fine, di_che_cosa="il piano")
        for tabella in tabelle
    )


def _per_eccesso(minuti_per_cent: int) -> int:
    return -(-minuti_per_cent // 60)


def verifica_revisione(piano: Piano, registrati: Mapping[str, int], giorni: tuple[date, date] | None) -> None:
    """Refuses a new version that would leave out hours already registered.

    Args:
        registrati: minutes already registered by service code.
        giorni: first and last day that already have hours, or None.

    Raises:
        RevisioneSottoIlFatto: fewer minutes than registered, or dates that exclude a registered day.
    """
    previsti = {servizio.servizio: servizio.minuti for servizio in piano.servizi}
    mancanti = sorted(codice for codice, minuti in registrati.items() if minuti > previsti.get(codice, 0))
    if mancanti:
        raise RevisioneSottoIlFatto(
            f"Le ore gia' registrate superano quelle previste per: {', '.join(mancanti)}.",
            field="servizi",
            remedy="Prevedere almeno le ore registrate, oppure annullarle prima.",
        )
    if giorni is not None and (giorni[0] < piano.inizio or giorni[1] > piano.fine):
        raise RevisioneSottoIlFatto(
            "Ci sono ore registrate in giorni che la nuova versione escluderebbe.",
            field="fine",
            remedy="Tenere dentro il piano i giorni con ore registrate.",
        )


def componi_testo(
    *, pip: str, numero: int, persona: str, misura: str, misura_numero: int, piano: Piano, preventivo: Preventivo
) -> str:
    """The text that is signed: pseudonymous, complete, the same bytes for the same plan.

    Args:
        pip: id of the plan, and `persona` the pseudonymous id of the person, as text.
        numero: number of the version, from 1.

    Returns:
        Lines of Italian text ended by newlines; services in code order.

    Source: DOMAIN hard case 2 (what is signed and hashed is the pseudonymous text).
    """
    righe = [
        "PIANO DI INTERVENTO PERSONALIZZATO",
        f"piano {pip} versione {numero}",
        f"persona {persona}",
        f"misura {misura} versione {misura_numero}",
        f"dal {piano.inizio.isoformat()} al {piano.fine.isoformat()}",
        *(
            f"servizio {servizio.servizio} ore {ore_italiane(servizio.minuti)}"
            for servizio in sorted(piano.servizi, key=lambda voce: voce.servizio)
        ),
        f"dote servizi EUR {format_cents(preventivo.servizi_cent)}",
        f"indennita massima EUR {format_cents(preventivo.indennita_cent)}",
    ]
    return "\n".join(righe) + "\n"


def impronta(testo: str) -> str:
    """The SHA-256 of a text, in lower-case hexadecimal."""
    return hashlib.sha256(testo.encode()).hexdigest()


def verifica_firma(testo: str, firmato_sha256: str) -> None:
    """Refuses a signature given on another text.

    Raises:
        FirmaSuAltroTesto: the hash the signers saw is not that of the draft.
    """
    if impronta(testo) != firmato_sha256:
        raise FirmaSuAltroTesto(
            "La firma riguarda un testo diverso dalla bozza di adesso.",
            field="testo_sha256",
            remedy="Rileggere la bozza e firmare il testo attuale.",
        )


def ore_italiane(minuti: int) -> str:
    """Minutes as hours with two decimals, exact for quarters: 90 is `1.50`."""
    return format_cents(minuti * 100 // 60)


def differenze(prima: Piano, dopo: Piano) -> Sequence[str]:
    """What changed between two versions, one line each, in code order."""
    righe = []
    if prima.inizio != dopo.inizio:
        righe.append(f"inizio: {prima.inizio.isoformat()} -> {dopo.inizio.isoformat()}")
    if prima.fine != dopo.fine:
        righe.append(f"fine: {prima.fine.isoformat()} -> {dopo.fine.isoformat()}")
    da = {servizio.servizio: servizio.minuti for servizio in prima.servizi}
    a = {servizio.servizio: servizio.minuti for servizio in dopo.servizi}
    righe.extend(
        f"{codice}: {ore_italiane(da.get(codice, 0))} -> {ore_italiane(a.get(codice, 0))} ore"
        for codice in sorted(da.keys() | a.keys())
        if da.get(codice, 0) != a.get(codice, 0)
    )
    return righe
