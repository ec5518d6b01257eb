"""The contradictions that keep the rules of a call from holding together: refused while the call is drafted."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from chassis.money import MAX_CENTS, format_cents
from services.bandi.rules.bando import (
    CENTO_PER_CENTO_BP,
    Difetto,
    Fase,
    Finestra,
    MetodoPunteggio,
    Modalita,
    Regole,
    RegoleContraddittorie,
    Taglio,
    TipoSpareggio,
    dopo_il_termine,
    percento,
)


def contraddizioni(regole: Regole) -> tuple[Difetto, ...]:
    """Find everything that keeps the rules of a call from holding together.

    Returns:
        The defects, in the order of the document; empty when the rules can be published.

    Source: DOMAIN "bandi", rules as data; AVVISO2017; CDQ2007.
    """
    found: list[Difetto] = []
    for check in _CHECKS:
        found.extend(check(regole))
    return tuple(found)


def controlla_regole(regole: Regole) -> None:
    """Refuse the rules of a call that contradict each other.

    Raises:
        RegoleContraddittorie: with every contradiction and its reason.
    """
    found = contraddizioni(regole)
    if found:
        raise RegoleContraddittorie(
            f"Le regole del bando si contraddicono in {len(found)} punti: {found[0].messaggio}",
            field=found[0].campo,
            remedy="Correggere ogni punto elencato e salvare di nuovo la bozza.",
            items=[difetto.item() for difetto in found],
        )


def _check_dates(regole: Regole) -> Iterator[Difetto]:
    if regole.apre_il is None or regole.chiude_il is None:
        if regole.modalita is not Modalita.AFFIDAMENTO:
            yield Difetto("apre_il", "termini", "Un bando che riceve domande ha un'apertura e una chiusura.")
        return
    if regole.apre_il >= regole.chiude_il:
        yield Difetto("chiude_il", "termini", "La chiusura viene dopo l'apertura.")
    if regole.termine_ultimo is not None and regole.termine_ultimo <= regole.chiude_il.date():
        yield Difetto("termine_ultimo", "termini", "Il termine ultimo dei progetti viene dopo la chiusura del bando.")


def _check_windows(regole: Regole) -> Iterator[Difetto]:
    if (regole.modalita is Modalita.FINESTRE) != bool(regole.finestre):
        yield Difetto("finestre", "finestre", "Le finestre si indicano se, e solo se, la modalita' e' a finestre.")
    yield from _repeated("finestre", "finestra", (finestra.codice for finestra in regole.finestre))
    previous: Finestra | None = None
    for finestra in regole.finestre:
        if finestra.apre_il >= finestra.chiude_il:
            yield Difetto("finestre", "finestre", f"La finestra {finestra.codice} chiude prima di aprire.")
        inside = (
            regole.apre_il is not None
            and regole.chiude_il is not None
            and regole.apre_il <= finestra.apre_il
            and finestra.chiude_il <= regole.chiude_il
        )
        if not inside:
            yield Difetto("finestre", "finestre", f"La finestra {finestra.codice} esce dai termini del bando.")
        if previous is not None and finestra.apre_il < dopo_il_termine(previous.chiude_il):
            yield Difetto(
                "finestre", "finestre", f"La finestra {finestra.codice} apre prima che chiuda {previous.codice}."
            )
        previous = finestra


def _check_lines(regole: Regole) -> Iterator[Difetto]:
    if not regole.linee:
        yield Difetto("linee", "linee", "Un bando ha almeno una linea di finanziamento.")
    yield from _repeated("linee", "linea", (linea.codice for linea in regole.linee))
    if regole.dotazione_cent > MAX_CENTS:
        yield Difetto("linee", "dotazione", f"La dotazione supera {format_cents(MAX_CENTS)} euro.")
    for linea in regole.linee:
        if linea.dotazione_cent is None:
            if regole.modalita is not Modalita.AFFIDAMENTO and regole.seconda_fase is None:
                yield Difetto("linee", "dotazione", f"La linea {linea.codice} non dice la sua dotazione.")
        elif linea.massimale_cent is not None and linea.massimale_cent > linea.dotazione_cent:
            yield Difetto("linee", "massimale", f"Il massimale della linea {linea.codice} supera la sua dotazione.")


def _check_contribution(regole: Regole) -> Iterator[Difetto]:
    contributo = regole.contributo
    if contributo.quota_massima_bp + contributo.cofinanziamento_minimo_bp > CENTO_PER_CENTO_BP:
        yield Difetto(
            "contributo",
            "cofinanziamento",
            "La quota di contributo e il cofinanziamento minimo superano insieme il 100%.",
        )
    if contributo.cofinanziamento_in_denaro and contributo.cofinanziamento_minimo_bp == 0:
        yield Difetto(
            "contributo", "cofinanziamento", "Il cofinanziamento in denaro e' richiesto ma il minimo e' zero."
        )
    if contributo.denaro_minimo_bp > contributo.cofinanziamento_minimo_bp:
        yield Difetto(
            "contributo",
            "cofinanziamento",
            f"La parte in denaro ({percento(contributo.denaro_minimo_bp)}) supera il cofinanziamento minimo "
            f"({percento(contributo.cofinanziamento_minimo_bp)}).",
        )
    if contributo.quota_massima_bp == 0:
        yield Difetto("contributo", "contributo", "Un bando che non paga nulla del costo non finanzia alcun progetto.")
    known = [linea.dotazione_cent for linea in regole.linee if linea.dotazione_cent is not None]
    cap = contributo.massimale_progetto_cent
    if cap is not None and known and cap > sum(known):
        yield Difetto("contributo", "massimale", "Il massimale per progetto supera la dotazione del bando.")


def _check_partnership(regole: Regole) -> Iterator[Difetto]:
    chi = regole.partenariato
    if not chi.capofila_ammessi:
        yield Difetto("partenariato", "capofila", "Il bando non dice chi puo' essere capofila.")
    if chi.membri_massimi is not None and chi.membri_massimi < chi.membri_minimi:
        yield Difetto("partenariato", "partner", "I membri massimi sono meno dei membri minimi.")
    if chi.membri_massimi == 1 and (chi.sostenitori_ammessi or chi.categorie_ammesse):
        yield Difetto(
            "partenariato",
            "partner",
            "Chi si presenta da solo non ha partner ne' sostenitori: il massimo e' un membro.",
        )
    if chi.membri_minimi > 1 and not chi.categorie_ammesse:
        yield Difetto("partenariato", "partner", "Servono piu' membri ma nessuna categoria di partner e' ammessa.")
    reachable = chi.categorie_ammesse | chi.capofila_ammessi
    yield from _repeated("partenariato", "categoria richiesta", (r.categoria.value for r in chi.categorie_richieste))
    for richiesta in chi.categorie_richieste:
        if richiesta.categoria not in reachable:
            yield Difetto(
                "partenariato", "categorie", f"La categoria {richiesta.categoria} e' richiesta ma non e' ammessa."
            )
        elif richiesta.categoria not in chi.categorie_ammesse and richiesta.minimo > 1:
            yield Difetto(
                "partenariato",
                "categorie",
                f"La categoria {richiesta.categoria} puo' essere solo capofila: non se ne possono chiedere "
                f"{richiesta.minimo}.",
            )
    required = sum(richiesta.minimo for richiesta in chi.categorie_richieste)
    if chi.membri_massimi is not None and required > chi.membri_massimi:
        yield Difetto("partenariato", "categorie", "Le categorie richieste sono piu' dei membri massimi.")


def _check_scoring(regole: Regole) -> Iterator[Difetto]:
    valutazione = regole.valutazione
    criteri = valutazione.criteri
    if not criteri and regole.modalita in {Modalita.GRADUATORIA, Modalita.FINESTRE}:
        yield Difetto("valutazione", "criteri", "Una graduatoria ha almeno un criterio di valutazione.")
    yield from _repeated("valutazione", "criterio", (criterio.codice for criterio in criteri))
    yield from _repeated("valutazione", "premialita'", (bonus.codice for bonus in valutazione.premialita))
    weighted = [criterio for criterio in criteri if criterio.peso_bp is not None]
    if weighted and len(weighted) != len(criteri):
        yield Difetto("valutazione", "pesi", "O tutti i criteri hanno un peso o nessuno.")
    elif weighted:
        total = sum(criterio.peso_bp or 0 for criterio in weighted)
        if total != CENTO_PER_CENTO_BP:
            yield Difetto("valutazione", "pesi", f"I pesi dei criteri fanno {percento(total)}, non 100%.")
    elif criteri and sum(map(valutazione.scala_cent, criteri)) != valutazione.punteggio_massimo_cent:
        yield Difetto("valutazione", "pesi", "I punteggi massimi dei criteri non fanno il punteggio massimo del bando.")
    if valutazione.soglia_cent > valutazione.punteggio_massimo_cent:
        yield Difetto("valutazione", "soglia", "La soglia di ammissione supera il punteggio massimo.")
    for criterio in criteri:
        if criterio.punti_massimi_cent == 0:
            yield Difetto(
                "valutazione", "pesi", f"Il criterio {criterio.codice} non da' punti: il suo massimo e' zero."
            )
        if criterio.soglia_cent is not None and criterio.soglia_cent > valutazione.scala_cent(criterio):
            yield Difetto("valutazione", "soglia", f"La soglia del criterio {criterio.codice} supera il suo massimo.")


def _check_sheets(regole: Regole) -> Iterator[Difetto]:
    valutazione = regole.valutazione
    if valutazione.metodo is MetodoPunteggio.SOMMA and valutazione.commissari is None:
        yield Difetto("valutazione", "metodo", "Per sommare le schede il bando dice quanti sono i commissari.")
    if valutazione.metodo is MetodoPunteggio.COLLEGIALE and valutazione.commissari is not None:
        yield Difetto("valutazione", "metodo", "La scheda collegiale e' una sola: il numero dei commissari non serve.")


def _check_ties(regole: Regole) -> Iterator[Difetto]:
    spareggi = regole.valutazione.spareggi
    if not spareggi or spareggi[-1].tipo is not TipoSpareggio.PROTOCOLLO:
        yield Difetto("valutazione", "spareggi", "L'ultimo spareggio e' sempre l'ordine di protocollo.")
    yield from _repeated("valutazione", "spareggio", (f"{s.tipo} {s.criterio or ''}".strip() for s in spareggi))
    codes = {criterio.codice for criterio in regole.valutazione.criteri}
    for spareggio in spareggi:
        if (spareggio.tipo is TipoSpareggio.CRITERIO) != (spareggio.criterio is not None):
            yield Difetto("valutazione", "spareggi", "Uno spareggio per criterio nomina il criterio, gli altri no.")
        elif spareggio.criterio is not None and spareggio.criterio not in codes:
            yield Difetto("valutazione", "spareggi", f"Lo spareggio nomina un criterio ignoto: {spareggio.criterio}.")


def _check_phases(regole: Regole) -> Iterator[Difetto]:
    if regole.seconda_fase is not None and regole.modalita is not Modalita.MANIFESTAZIONE_DI_INTERESSE:
        yield Difetto(
            "seconda_fase", "fasi", "Solo una manifestazione di interesse apre un secondo bando ai suoi ammessi."
        )
    if regole.prima_fase is not None:
        if regole.modalita in {Modalita.AFFIDAMENTO, Modalita.MANIFESTAZIONE_DI_INTERESSE}:
            yield Difetto(
                "prima_fase", "fasi", "Segue una manifestazione di interesse un bando che sceglie i progetti."
            )
        if regole.fasi:
            yield Difetto(
                "fasi", "fasi", "Le fasi sono del programma: le dice la manifestazione di interesse che lo apre."
            )
        if regole.prima_fase == regole.seconda_fase:
            yield Difetto("prima_fase", "fasi", "Un bando non segue e apre la stessa fase.")
    yield from _repeated("fasi", "fase", (fase.value for fase in regole.fasi))
    if list(regole.fasi) != sorted(regole.fasi, key=list(Fase).index):
        order = ", ".join(fase.value for fase in Fase)
        yield Difetto("fasi", "fasi", f"Le fasi si seguono in quest'ordine: {order}.")
    if regole.fase is not None and regole.fase not in regole.fasi:
        yield Difetto("fase", "fasi", f"La fase {regole.fase} non e' fra le fasi del bando.")
    if regole.fasi and (regole.modalita is Modalita.MANIFESTAZIONE_DI_INTERESSE) != (
        regole.fasi[0] is Fase.ESPLORATIVA
    ):
        yield Difetto("fasi", "fasi", "La fase esplorativa apre le manifestazioni di interesse, e solo quelle.")


def _check_rolling(regole: Regole) -> Iterator[Difetto]:
    if regole.modalita is not Modalita.SPORTELLO:
        return
    if regole.taglio is Taglio.PARZIALE:
        yield Difetto("taglio", "sportello", "Uno sportello riserva tutto o nulla: il taglio e' stop o salta.")
    valutazione = regole.valutazione
    if valutazione.criteri or valutazione.premialita or valutazione.soglia_cent:
        yield Difetto(
            "valutazione",
            "sportello",
            "Uno sportello finanzia in ordine di arrivo: non ha criteri, soglia o premialita'.",
        )


def _check_windows_money(regole: Regole) -> Iterator[Difetto]:
    with_money = [finestra for finestra in regole.finestre if finestra.dotazioni]
    if with_money and len(with_money) != len(regole.finestre):
        yield Difetto("finestre", "dotazione", "O tutte le finestre hanno una dotazione o nessuna.")
    if not with_money and not regole.riporto:
        yield Difetto("riporto", "dotazione", "Senza una dotazione per finestra non c'e' un residuo da non riportare.")
    planned: Counter[str] = Counter()
    for finestra in with_money:
        yield from _repeated("finestre", "linea", (f"{finestra.codice} {codice}" for codice, _ in finestra.dotazioni))
        planned.update(dict(finestra.dotazioni))
    for codice, cents in sorted(planned.items()):
        linea = regole.linea(codice)
        if linea is None:
            yield Difetto("finestre", "dotazione", f"Le finestre nominano una linea che il bando non ha: {codice}.")
        elif linea.dotazione_cent is not None and cents > linea.dotazione_cent:
            yield Difetto(
                "finestre",
                "dotazione",
                f"Le dotazioni delle finestre sulla linea {codice} fanno {format_cents(cents)}: la linea ne ha "
                f"{format_cents(linea.dotazione_cent)}.",
            )


def _check_management(regole: Regole) -> Iterator[Difetto]:
    if regole.gestione.saldo_minimo_bp > 0 and not regole.gestione.rendiconto_obbligatorio:
        yield Difetto(
            "gestione.saldo_minimo", "gestione", "Un saldo trattenuto si paga al rendiconto: renderlo obbligatorio."
        )


def _check_documents(regole: Regole) -> Iterator[Difetto]:
    yield from _repeated("documenti", "documento", (documento.codice for documento in regole.documenti))
    for documento in regole.documenti:
        if documento.sanabile and not documento.obbligatorio:
            yield Difetto(
                "documenti", "documenti", f"Il documento {documento.codice} e' facoltativo: non c'e' nulla da sanare."
            )


_CHECKS: tuple[Callable[[Regole], Iterator[Difetto]], ...] = (
    _check_dates,
    _check_windows,
    _check_windows_money,
    _check_lines,
    _check_contribution,
    _check_partnership,
    _check_scoring,
    _check_sheets,
    _check_ties,
    _check_phases,
    _check_management,
    _check_rolling,
    _check_documents,
)


def _repeated(campo: str, what: str, names: Iterable[str]) -> Iterator[Difetto]:
    for name, times in Counter(names).items():
        if times > 1:
            yield Difetto(campo, "codici", f"{what.capitalize()} ripetuta o ripetuto: {name}.")
