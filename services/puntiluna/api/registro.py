"""The register: roots of its chains, its verification, the signed roots and the keys that verify them."""

from fastapi import Path

from chassis.http import PUBLIC, Api, Ctx, CursorParam, Limit
from chassis.ruoli import Ruolo
from chassis.signing import signing_of
from chassis.store import store_of
from chassis.types import Pagina
from services.puntiluna.models import RadiceFirmata
from services.puntiluna.schemas.registro import (
    ChiavePubblica,
    ChiaviPubbliche,
    CimaVista,
    GuastoVista,
    LibroVista,
    RadiceVista,
    RegistroVista,
    VerificaVista,
)
from services.puntiluna.service import radici, registro
from services.puntiluna.service.registro import StatoLibro

api = Api("puntiluna", tag="Registro", description="Il registro dei movimenti: sigilli, radici firmate, verifica.")
CUSTODI = frozenset({Ruolo.AMMINISTRATORE, Ruolo.OPERAZIONI, Ruolo.TESORIERE})
GUASTI_MOSTRATI = 1000


@api.get(
    "/registro",
    roles=CUSTODI,
    summary="Legge lo stato del registro",
    description="Per ogni libro quanti movimenti sono sigillati, l'impronta dell'ultimo e quanti attendono.",
)
async def leggi_registro(ctx: Ctx) -> RegistroVista:
    """Read the roots of the chains."""
    return RegistroVista(libri=[_libro(libro) for libro in await registro.stato_registro(ctx.session)])


@api.get(
    "/registro/verifica",
    roles=frozenset({Ruolo.AMMINISTRATORE, Ruolo.OPERAZIONI}),
    summary="Verifica il registro",
    description=(
        "Ricalcola catene, somme e saldi e li confronta con le radici firmate conservate fuori dalla base dati: nomina "
        "il primo anello rotto, ogni saldo che non torna e ogni tratto riscritto."
    ),
)
async def verifica_registro(ctx: Ctx) -> VerificaVista:
    """Verify the register."""
    verifica = await registro.verifica_registro(ctx.session, store_of(ctx.session), signing_of(ctx.session))
    esito = verifica.radici
    return VerificaVista(
        in_ordine=verifica.in_ordine,
        libri=[_libro(libro) for libro in verifica.libri],
        radici=esito.quante if esito else 0,
        ultima_radice=esito.ultima.giorno if esito and esito.ultima else None,
        non_firmati=esito.non_firmati if esito else 0,
        guasti=[GuastoVista(dove=dove, motivo=motivo) for dove, motivo in verifica.guasti()[:GUASTI_MOSTRATI]],
    )


@api.get(
    "/registro/radici",
    roles=PUBLIC,
    summary="Elenca le radici firmate",
    description=(
        "Ogni giorno il registro firma fin dove sono arrivate le sue catene. Chi conserva una radice prova che i "
        "movimenti sigillati prima di quel giorno non sono stati riscritti; le più recenti per prime."
    ),
)
async def elenca_radici(ctx: Ctx, limit: Limit = 50, cursor: CursorParam = None) -> Pagina[RadiceVista]:
    """List the signed roots."""
    chiave = ctx.decode_cursor(cursor, 1)
    trovate = await radici.elenca_radici(ctx.session, prima_di=int(chiave[0]) if chiave else None, limite=limit + 1)
    pagina = trovate[:limit]
    seguente = ctx.encode_cursor([pagina[-1].numero]) if len(trovate) > limit else None
    return Pagina(items=[_radice(radice) for radice in pagina], cursor=seguente)


@api.post(
    "/registro/radici",
    roles=CUSTODI,
    status_code=201,
    summary="Firma una radice adesso",
    description=(
        "Senza attendere la radice del giorno, per esempio prima di una manutenzione: la firma, la conserva fuori "
        "dalla base dati e la pubblica."
    ),
)
async def pubblica_radice(ctx: Ctx) -> RadiceVista:
    """Sign a root now."""
    firmata = await radici.pubblica_radice(ctx.session, store_of(ctx.session), signing_of(ctx.session), now=ctx.now)
    return _radice(firmata)


@api.get(
    "/registro/radici/{numero}",
    roles=PUBLIC,
    summary="Legge una radice firmata",
    description="La radice con quel numero, come è stata firmata.",
)
async def leggi_radice(ctx: Ctx, numero: int = Path(ge=1, le=99_999_999)) -> RadiceVista:
    """Read a signed root."""
    return _radice(await radici.leggi_radice(ctx.session, numero))


@api.get(
    "/chiavi",
    roles=PUBLIC,
    summary="Legge le chiavi pubbliche",
    description="Documento JWKS: con queste chiavi si verificano le radici del registro e i lotti firmati, di sempre.",
)
async def leggi_chiavi(ctx: Ctx) -> ChiaviPubbliche:
    """Read the public keys."""
    return ChiaviPubbliche(keys=[ChiavePubblica(**chiave) for chiave in signing_of(ctx.session).document["keys"]])


def _libro(libro: StatoLibro) -> LibroVista:
    return LibroVista(libro=libro.libro, sigilli=libro.sigilli, radice=libro.radice, non_sigillati=libro.non_sigillati)


def _radice(firmata: RadiceFirmata) -> RadiceVista:
    cime = [CimaVista(libro=libro, n=n) for libro, n in sorted(firmata.cime.items())]
    return RadiceVista(numero=firmata.numero, emessa_il=firmata.emessa_il, libri=cime, jws=firmata.jws)
