"""The approved plan of a project - activities, targets, budget by line and partner - and how it is redrawn."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chassis.errors import Conflict, Invalid, NotFound
from chassis.money import format_cents
from services.bandi.rules.bando import CENTO_PER_CENTO_BP, Contributo, Difetto, percento
from services.bandi.rules.progetto import Avanzamento


class StatoRimodulazione(StrEnum):
    """Life of a request to redraw a plan."""

    CHIESTA = "chiesta"
    APPROVATA = "approvata"
    RESPINTA = "respinta"
    RITIRATA = "ritirata"


@dataclass(frozen=True, slots=True)
class Attivita:
    """A planned activity, on a line or on none, within the days of the project when they are known."""

    codice: str
    titolo: str
    linea: str | None
    inizio: date | None
    fine: date | None


@dataclass(frozen=True, slots=True)
class Indicatore:
    """A target: how much of what the project promises."""

    codice: str
    titolo: str
    unita: str
    atteso: int


@dataclass(frozen=True, slots=True)
class Quota:
    """A partner's part of the budget of a line, in cents: whole cost and the part that is contribution."""

    linea: str
    ente: str
    costo_cent: int
    contributo_cent: int


@dataclass(frozen=True, slots=True)
class Piano:
    """A whole plan."""

    attivita: tuple[Attivita, ...]
    indicatori: tuple[Indicatore, ...]
    quote: tuple[Quota, ...]

    def della_linea(self, linea: str) -> tuple[Quota, ...]:
        """Return the shares of a line, in their order."""
        return tuple(quota for quota in self.quote if quota.linea == linea)

    @property
    def costo_cent(self) -> int:
        """Return the whole cost."""
        return sum(quota.costo_cent for quota in self.quote)

    @property
    def contributo_cent(self) -> int:
        """Return the whole contribution."""
        return sum(quota.contributo_cent for quota in self.quote)


@dataclass(frozen=True, slots=True)
class Differenza:
    """One thing that differs between two plans: where it stands, how it was and how it is; None: it is not there."""

    dove: str
    prima: str | None
    dopo: str | None


class PianoNonValido(Invalid):
    """The plan does not hold: amounts, partners, activities or targets."""

    title = "Piano non valido"


class PianoSconosciuto(NotFound):
    """The project has no plan with that number."""

    title = "Piano inesistente"


class RimodulazioneSconosciuta(NotFound):
    """The project has no request with that number."""

    title = "Rimodulazione inesistente"


class RimodulazioneGiaChiesta(Conflict):
    """A project has one open request at a time."""

    title = "Rimodulazione gia' chiesta"


class RimodulazioneGiaDecisa(Conflict):
    """The request has been approved, rejected or withdrawn."""

    title = "Rimodulazione gia' decisa"


class RimodulazioneSuperata(Conflict):
    """The plan the request started from, or the money of the project, has changed in the meantime."""

    title = "Rimodulazione superata"


def difetti_piano(
    piano: Piano,
    *,
    linee: Mapping[str, Avanzamento],
    pagati: Mapping[tuple[str, str], int],
    spesi: Mapping[tuple[str, str], int],
    membri: Sequence[str],
    contributo: Contributo,
    giorni: tuple[date, date] | None,
) -> tuple[Difetto, ...]:
    """Find everything that keeps a plan from being approved, all at once.

    Args:
        piano: the plan asked for.
        linee: the waterfall of the project by line.
        pagati: cents already paid by line and partner.
        spesi: cents of cost already admitted by line and partner.
        membri: the lead and its partners.
        contributo: rates of the call.
        giorni: first and last day of the project, when it has started.

    Source: DOMAIN "bandi", Money: rimodulazione; ADR 0061: the money of a line stays on its line.
    """
    return (
        *_amount_defects(piano, linee, contributo),
        *_partner_defects(piano, membri, pagati, spesi),
        *_content_defects(piano, linee, giorni),
    )


def controlla_piano(difetti: Sequence[Difetto]) -> None:
    """Refuse a plan with its defects.

    Raises:
        PianoNonValido: with every defect.
    """
    if difetti:
        raise PianoNonValido(
            f"Il piano ha {len(difetti)} difetti: {difetti[0].messaggio}",
            field=difetti[0].campo,
            remedy="Correggere ogni punto elencato e ripetere la richiesta.",
            items=[difetto.item() for difetto in difetti],
        )


def _amount_defects(piano: Piano, linee: Mapping[str, Avanzamento], contributo: Contributo) -> Iterator[Difetto]:
    for codice in sorted({quota.linea for quota in piano.quote} - set(linee)):
        yield Difetto(f"quote.{codice}", "linee", f"Il progetto non ha la linea {codice}.")
    for codice, linea in linee.items():
        shares = piano.della_linea(codice)
        campo = f"quote.{codice}"
        given = sum(quota.contributo_cent for quota in shares)
        cost = sum(quota.costo_cent for quota in shares)
        if given != linea.ammesso_cent:
            yield Difetto(
                campo,
                "totale",
                f"Linea {codice}: le quote fanno {format_cents(given)} e l'ammesso e' "
                f"{format_cents(linea.ammesso_cent)}; il denaro di una linea resta sulla sua linea.",
            )
        if given * CENTO_PER_CENTO_BP > cost * contributo.quota_massima_bp:
            yield Difetto(
                campo,
                "contributo",
                f"Linea {codice}: il contributo supera il {percento(contributo.quota_massima_bp)} del costo.",
            )
        if (cost - given) * CENTO_PER_CENTO_BP < cost * contributo.cofinanziamento_minimo_bp:
            yield Difetto(
                campo,
                "cofinanziamento",
                f"Linea {codice}: il cofinanziamento e' sotto il "
                f"{percento(contributo.cofinanziamento_minimo_bp)} del costo.",
            )
        for quota in shares:
            if quota.contributo_cent > quota.costo_cent:
                yield Difetto(campo, "importi", f"Linea {codice}: il contributo di {quota.ente} supera il suo costo.")


def _partner_defects(
    piano: Piano,
    membri: Sequence[str],
    pagati: Mapping[tuple[str, str], int],
    spesi: Mapping[tuple[str, str], int],
) -> Iterator[Difetto]:
    places = Counter((quota.linea, quota.ente) for quota in piano.quote)
    for (linea, ente), times in places.items():
        if times > 1:
            yield Difetto(f"quote.{linea}", "partner", f"Linea {linea}: {ente} compare {times} volte.")
        if ente not in membri:
            yield Difetto(f"quote.{linea}", "partner", f"Linea {linea}: {ente} non e' nel partenariato.")
    shares = {(quota.linea, quota.ente): quota.contributo_cent for quota in piano.quote}
    costs = {(quota.linea, quota.ente): quota.costo_cent for quota in piano.quote}
    for (linea, ente), cents in spesi.items():
        if cents > costs.get((linea, ente), 0):
            yield Difetto(
                f"quote.{linea}",
                "spesa",
                f"Linea {linea}: a {ente} sono gia' ammesse spese per {format_cents(cents)}, "
                "il costo non scende sotto.",
            )
    for (linea, ente), cents in pagati.items():
        if cents > shares.get((linea, ente), 0):
            yield Difetto(
                f"quote.{linea}",
                "pagato",
                f"Linea {linea}: a {ente} sono gia' stati pagati {format_cents(cents)}, la quota non scende sotto.",
            )


def _content_defects(
    piano: Piano, linee: Mapping[str, Avanzamento], giorni: tuple[date, date] | None
) -> Iterator[Difetto]:
    for name, codes in (
        ("attivita", [a.codice for a in piano.attivita]),
        ("indicatori", [i.codice for i in piano.indicatori]),
    ):
        for codice, times in Counter(codes).items():
            if times > 1:
                yield Difetto(f"{name}.{codice}", "codici", f"Il codice {codice} compare {times} volte.")
    for attivita in piano.attivita:
        campo = f"attivita.{attivita.codice}"
        if attivita.linea is not None and attivita.linea not in linee:
            yield Difetto(campo, "linee", f"Attivita' {attivita.codice}: il progetto non ha la linea {attivita.linea}.")
        if attivita.inizio is not None and attivita.fine is not None and attivita.fine < attivita.inizio:
            yield Difetto(campo, "giorni", f"Attivita' {attivita.codice}: finisce prima di cominciare.")
        named = [day for day in (attivita.inizio, attivita.fine) if day is not None]
        if giorni is not None and any(not giorni[0] <= day <= giorni[1] for day in named):
            yield Difetto(
                campo,
                "giorni",
                f"Attivita' {attivita.codice}: il progetto va dal {giorni[0].isoformat()} al {giorni[1].isoformat()}.",
            )


def controlla_richiesta_aperta(stato: StatoRimodulazione, numero: int) -> None:
    """Refuse to decide twice.

    Raises:
        RimodulazioneGiaDecisa: the request is no longer open.
    """
    if stato is not StatoRimodulazione.CHIESTA:
        raise RimodulazioneGiaDecisa(
            f"La richiesta {numero} e' gia' {stato}.", remedy="Se serve un altro piano, presentare una nuova richiesta."
        )


def confronta(prima: Piano, dopo: Piano) -> tuple[Differenza, ...]:
    """Return what differs between two plans, in a stable order: shares, then activities, then targets."""
    return (
        *_compared("quote", _share_texts(prima), _share_texts(dopo)),
        *_compared("attivita", _activity_texts(prima), _activity_texts(dopo)),
        *_compared("indicatori", _target_texts(prima), _target_texts(dopo)),
    )


def _compared(name: str, prima: Mapping[str, str], dopo: Mapping[str, str]) -> Iterator[Differenza]:
    for key in sorted(set(prima) | set(dopo)):
        if prima.get(key) != dopo.get(key):
            yield Differenza(f"{name}.{key}", prima.get(key), dopo.get(key))


def _share_texts(piano: Piano) -> dict[str, str]:
    return {
        f"{quota.linea}.{quota.ente}": f"costo {format_cents(quota.costo_cent)}, contributo "
        f"{format_cents(quota.contributo_cent)}"
        for quota in piano.quote
    }


def _activity_texts(piano: Piano) -> dict[str, str]:
    def days(item: Attivita) -> str:
        return f"dal {item.inizio or 'inizio'} al {item.fine or 'termine'}"

    return {item.codice: f"{item.titolo}, linea {item.linea or 'nessuna'}, {days(item)}" for item in piano.attivita}


def _target_texts(piano: Piano) -> dict[str, str]:
    return {item.codice: f"{item.titolo}: {item.atteso} {item.unita}" for item in piano.indicatori}
