"""The register: roots of its chains, and its verification."""

from chassis.http import Api, Ctx
from chassis.ruoli import Ruolo
from services.puntiluna.schemas.distinte import GuastoVista, LibroVista, RegistroVista, VerificaVista
from services.puntiluna.service import registro
from services.puntiluna.service.registro import StatoLibro

api = Api("puntiluna", tag="Registro", description="Il registro dei movimenti: sigilli e verifica.")
CUSTODI = frozenset({Ruolo.AMMINISTRATORE, Ruolo.OPERAZIONI, Ruolo.TESORIERE})


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
    description="Ricalcola catene, somme e saldi: nomina il primo anello rotto e ogni saldo che non torna.",
)
async def verifica_registro(ctx: Ctx) -> VerificaVista:
    """Verify the register."""
    verifica = await registro.verifica_registro(ctx.session)
    return VerificaVista(
        in_ordine=verifica.in_ordine,
        libri=[_libro(libro) for libro in verifica.libri],
        guasti=[GuastoVista(dove=dove, motivo=motivo) for dove, motivo in verifica.guasti()],
    )


def _libro(libro: StatoLibro) -> LibroVista:
    return LibroVista(libro=libro.libro, sigilli=libro.sigilli, radice=libro.radice, non_sigillati=libro.non_sigillati)
