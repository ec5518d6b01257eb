"""The defects of an application against the rules of its call, all at once and by field."""

from collections import Counter
from collections.abc import Iterable, Iterator

from chassis.money import MAX_CENTS, format_cents
from services.bandi.rules.bando import CENTO_PER_CENTO_BP, Difetto, Partenariato, Regole, percento
from services.bandi.rules.domanda import Contenuto, DomandaIncompleta, Membro, RuoloPartner, SottoProgetto


def controlla_domanda(regole: Regole, contenuto: Contenuto, altri: Iterable[Difetto] = ()) -> None:
    """Refuse an application that does not satisfy the rules of its call.

    Args:
        regole: the version of the call's rules in force.
        contenuto: what the applicant has written.
        altri: defects of what stands beside the content: consents, documents.

    Raises:
        DomandaIncompleta: with every defect.
    """
    found = (*difetti_domanda(regole, contenuto), *altri)
    if found:
        raise DomandaIncompleta(
            f"La domanda non rispetta {len(found)} regole del bando: {found[0].messaggio}",
            field=found[0].campo,
            remedy="Correggere ogni punto elencato nella bozza; la verifica li mostra tutti prima della presentazione.",
            items=[difetto.item() for difetto in found],
        )


def difetti_domanda(regole: Regole, contenuto: Contenuto) -> tuple[Difetto, ...]:
    """Find everything that keeps an application from being presented, all at once.

    Args:
        regole: the version of the call's rules in force.
        contenuto: what the applicant has written.

    Returns:
        The defects by field, in Italian; empty when the application can be presented.

    Source: DOMAIN "bandi", rules as data; AVVISO2017 (lead, three partners, one accredited, two sub-projects).
    """
    return (
        *_general_defects(regole, contenuto),
        *_partnership_defects(regole, contenuto),
        *_parts_defects(regole, contenuto),
    )


def _general_defects(regole: Regole, contenuto: Contenuto) -> Iterator[Difetto]:
    if contenuto.titolo is None:
        yield Difetto("titolo", "completezza", "Manca il titolo del progetto.")
    if contenuto.durata_mesi is None:
        yield Difetto("durata_mesi", "completezza", "Manca la durata del progetto in mesi.")
    elif regole.durata_massima_mesi is not None and contenuto.durata_mesi > regole.durata_massima_mesi:
        yield Difetto("durata_mesi", "durata", f"Il progetto dura piu' dei {regole.durata_massima_mesi} mesi ammessi.")


def _partnership_defects(regole: Regole, contenuto: Contenuto) -> Iterator[Difetto]:
    chi = regole.partenariato
    leads = [membro for membro in contenuto.membri if membro.ruolo is RuoloPartner.CAPOFILA]
    if len(leads) != 1:
        yield Difetto("membri", "capofila", f"Il partenariato ha un solo capofila, non {len(leads)}.")
    for lead in leads:
        if chi.capofila_nominati and lead.ente not in chi.capofila_nominati:
            yield Difetto("membri", "capofila", f"{lead.ente} non e' fra gli enti che il bando ammette come capofila.")
        if lead.categoria not in chi.capofila_ammessi:
            allowed = ", ".join(sorted(chi.capofila_ammessi))
            yield Difetto("membri", "capofila", f"{lead.categoria} non puo' essere capofila: possono {allowed}.")
    yield from _members_defects(chi, contenuto.membri)


def _members_defects(chi: Partenariato, membri: tuple[Membro, ...]) -> Iterator[Difetto]:
    for ente, times in Counter(membro.ente for membro in membri).items():
        if times > 1:
            yield Difetto("membri", "partner", f"L'ente {ente} compare {times} volte nel partenariato.")
    members = [membro for membro in membri if membro.ruolo is not RuoloPartner.SOSTENITORE]
    if len(members) < chi.membri_minimi:
        yield Difetto(
            "membri", "partner", f"Servono almeno {chi.membri_minimi} membri compreso il capofila: sono {len(members)}."
        )
    if chi.membri_massimi is not None and len(members) > chi.membri_massimi:
        yield Difetto("membri", "partner", f"Sono ammessi al piu' {chi.membri_massimi} membri: sono {len(members)}.")
    if not chi.sostenitori_ammessi and len(members) != len(membri):
        yield Difetto("membri", "partner", "Il bando non prevede sostenitori accanto ai partner.")
    for membro in membri:
        if membro.ruolo is RuoloPartner.PARTNER and membro.categoria not in chi.categorie_ammesse:
            yield Difetto("membri", "categorie", f"{membro.ente}: la categoria {membro.categoria} non e' ammessa.")
    present = Counter(membro.categoria for membro in members)
    for richiesta in chi.categorie_richieste:
        if present[richiesta.categoria] < richiesta.minimo:
            yield Difetto(
                "membri",
                "categorie",
                f"Serve almeno {richiesta.minimo} {richiesta.categoria} nel partenariato: sono "
                f"{present[richiesta.categoria]}.",
            )


def _parts_defects(regole: Regole, contenuto: Contenuto) -> Iterator[Difetto]:
    parts = contenuto.sotto_progetti
    if not parts:
        yield Difetto("sotto_progetti", "completezza", "Manca almeno un sotto-progetto con i suoi importi.")
    present = Counter(parte.linea for parte in parts)
    for codice, times in present.items():
        if times > 1:
            yield Difetto("sotto_progetti", "linee", f"La linea {codice} ha {times} sotto-progetti: ne serve uno.")
    for linea in regole.linee:
        if linea.sotto_progetto_obbligatorio and not present[linea.codice]:
            yield Difetto(
                "sotto_progetti", "linee", f"Manca il sotto-progetto obbligatorio della linea {linea.codice}."
            )
    members = {membro.ente for membro in contenuto.membri if membro.ruolo is not RuoloPartner.SOSTENITORE}
    for parte in parts:
        yield from _part_defects(regole, parte)
        yield from _share_defects(parte, members)
    if sum(parte.costo_cent for parte in parts) > MAX_CENTS:
        yield Difetto("sotto_progetti", "importi", f"Il costo del progetto supera {format_cents(MAX_CENTS)} euro.")
    cap = regole.contributo.massimale_progetto_cent
    if cap is not None and contenuto.contributo_cent > cap:
        yield Difetto(
            "sotto_progetti",
            "massimale",
            f"Il contributo chiesto e' {format_cents(contenuto.contributo_cent)}: il massimale per progetto e' "
            f"{format_cents(cap)}.",
        )


def _share_defects(parte: SottoProgetto, members: set[str]) -> Iterator[Difetto]:
    """Find what is wrong in the division of a sub-project: the shares are of members, once each, and make the whole."""
    campo = f"sotto_progetti.{parte.linea}.quote"
    if not parte.quote:
        return
    for ente, times in Counter(quota.ente for quota in parte.quote).items():
        if times > 1:
            yield Difetto(campo, "quote", f"Linea {parte.linea}: {ente} ha {times} quote, ne serve una.")
        if ente not in members:
            yield Difetto(campo, "quote", f"Linea {parte.linea}: {ente} ha una quota ma non e' nel partenariato.")
    for quota in parte.quote:
        if quota.contributo_cent > quota.costo_cent:
            yield Difetto(campo, "quote", f"Linea {parte.linea}: il contributo di {quota.ente} supera il suo costo.")
    for what, whole, shared in (
        ("costo", parte.costo_cent, sum(quota.costo_cent for quota in parte.quote)),
        ("contributo", parte.contributo_cent, sum(quota.contributo_cent for quota in parte.quote)),
    ):
        if whole != shared:
            yield Difetto(
                campo,
                "quote",
                f"Linea {parte.linea}: le quote di {what} fanno {format_cents(shared)}, non {format_cents(whole)}.",
            )


def _part_defects(regole: Regole, parte: SottoProgetto) -> Iterator[Difetto]:
    campo = f"sotto_progetti.{parte.linea}"
    linea = regole.linea(parte.linea)
    if linea is None:
        yield Difetto(campo, "linee", f"Il bando non ha la linea {parte.linea}.")
        return
    if parte.contributo_cent == 0:
        yield Difetto(campo, "importi", f"Linea {parte.linea}: il contributo chiesto e' zero.")
    if parte.contributo_cent > parte.costo_cent:
        yield Difetto(campo, "importi", f"Linea {parte.linea}: il contributo chiesto supera il costo.")
        return
    own = parte.costo_cent - parte.contributo_cent
    if parte.contributo_cent * CENTO_PER_CENTO_BP > parte.costo_cent * regole.contributo.quota_massima_bp:
        yield Difetto(
            campo,
            "contributo",
            f"Linea {parte.linea}: il contributo supera il {percento(regole.contributo.quota_massima_bp)} del costo.",
        )
    if own * CENTO_PER_CENTO_BP < parte.costo_cent * regole.contributo.cofinanziamento_minimo_bp:
        yield Difetto(
            campo,
            "cofinanziamento",
            f"Linea {parte.linea}: il cofinanziamento e' sotto il "
            f"{percento(regole.contributo.cofinanziamento_minimo_bp)} del costo.",
        )
    if parte.cofinanziamento_denaro_cent > own:
        yield Difetto(campo, "cofinanziamento", f"Linea {parte.linea}: il denaro proprio supera il cofinanziamento.")
    if regole.contributo.cofinanziamento_in_denaro and parte.cofinanziamento_denaro_cent == 0:
        yield Difetto(
            campo,
            "cofinanziamento",
            f"Linea {parte.linea}: una parte del cofinanziamento e' in denaro, non solo persone e strumenti.",
        )
    cash = parte.cofinanziamento_denaro_cent
    if cash * CENTO_PER_CENTO_BP < parte.costo_cent * regole.contributo.denaro_minimo_bp:
        yield Difetto(
            campo,
            "cofinanziamento",
            f"Linea {parte.linea}: la parte in denaro e' sotto il {percento(regole.contributo.denaro_minimo_bp)} del "
            "costo.",
        )
    if linea.massimale_cent is not None and parte.contributo_cent > linea.massimale_cent:
        yield Difetto(campo, "massimale", f"Linea {parte.linea}: il massimale e' {format_cents(linea.massimale_cent)}.")
