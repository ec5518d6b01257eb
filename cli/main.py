"""The `quartieri` command: what there is, and where each part of it is done. Heavy imports happen inside."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from cli.console import ending_badly

app = typer.Typer(
    help="Quartieri: bandi, laboratori sociali, inclusione attiva e PuntiLuna.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
eventi = typer.Typer(help="Eventi parcheggiati e morti di un servizio.", no_args_is_help=True)
registro = typer.Typer(help="Il registro contabile di PuntiLuna.", no_args_is_help=True)
app.add_typer(eventi, name="eventi")
app.add_typer(registro, name="registro")
inclusione = typer.Typer(help="Il servizio dell'inclusione attiva.", no_args_is_help=True)
app.add_typer(inclusione, name="inclusione")
bandi = typer.Typer(help="I bandi e le loro graduatorie.", no_args_is_help=True)
app.add_typer(bandi, name="bandi")

Port = Annotated[int | None, typer.Option(min=1, max=65_535, metavar="N", show_default=False)]
Service = Annotated[str, typer.Argument(help="bandi, laboratori, inclusione o puntiluna.", metavar="SERVIZIO")]


@app.command()
def up(
    demo: Annotated[bool, typer.Option(help="Carica la dimostrazione la prima volta.")] = True,
    with_parent: Annotated[bool, typer.Option(hidden=True, help="Fermati quando il processo padre finisce.")] = False,
    port_gateway: Port = None,
    port_bandi: Port = None,
    port_laboratori: Port = None,
    port_inclusione: Port = None,
    port_puntiluna: Port = None,
    port_issuer: Port = None,
    port_postgres: Port = None,
    port_nats: Port = None,
) -> None:
    """Avvia tutta la piattaforma in primo piano; Ctrl-C la ferma."""
    with ending_badly():
        from cli.up import run_up
        from deploy.local.ports import Ports

        ports = Ports.from_env(
            gateway=port_gateway,
            bandi=port_bandi,
            laboratori=port_laboratori,
            inclusione=port_inclusione,
            puntiluna=port_puntiluna,
            issuer=port_issuer,
            postgres=port_postgres,
            nats=port_nats,
        )
        asyncio.run(run_up(ports, load_demo=demo, with_parent=with_parent))


@app.command()
def demo(
    names: Annotated[list[str] | None, typer.Argument(metavar="[SCENARIO]...", help="Tutti, se non indicati.")] = None,
) -> None:
    """Rappresenta gli scenari su una piattaforma usa e getta e confronta ogni cifra con quella attesa."""
    with ending_badly():
        from cli.demo import run_demo

        raise typer.Exit(asyncio.run(run_demo(names or [])))


@app.command()
def serve(
    name: Annotated[str, typer.Argument(metavar="PROCESSO", help="Un servizio, oppure gateway.")],
    host: Annotated[str, typer.Option(help="Indirizzo su cui ascoltare.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Porta su cui ascoltare.")] = 8000,
) -> None:
    """Avvia un solo processo (un servizio o il gateway), configurato dall'ambiente."""
    from cli.serve import serve_process

    with ending_badly():
        serve_process(name, host, port)


@app.command()
def migra(
    services: Annotated[list[str] | None, typer.Argument(metavar="[SERVIZIO]...", help="Tutti, se omessi.")] = None,
) -> None:
    """Porta le basi dati allo schema di questa versione."""
    from cli.migra import migrate_all

    with ending_badly():
        asyncio.run(migrate_all(services or []))


@app.command()
def openapi(
    check: Annotated[bool, typer.Option("--check", help="Non scrivere: rifiuta se sono diversi.")] = False,
) -> None:
    """Scrive i documenti OpenAPI in docs/openapi."""
    from cli.documents import write_openapi

    with ending_badly():
        write_openapi(check=check)


@app.command()
def asyncapi(
    check: Annotated[bool, typer.Option("--check", help="Non scrivere: rifiuta se sono diversi.")] = False,
) -> None:
    """Scrive i documenti AsyncAPI in docs/asyncapi."""
    from cli.documents import write_asyncapi

    with ending_badly():
        write_asyncapi(check=check)


@app.command()
def stati(
    check: Annotated[bool, typer.Option("--check", help="Non scrivere: rifiuta se e' diversa.")] = False,
) -> None:
    """Scrive in docs/stati.md i passaggi di stato di piani e ore, dalla loro tabella."""
    from cli.documents import write_states

    with ending_badly():
        write_states(check=check)


@app.command()
def token(
    user: Annotated[str, typer.Argument(metavar="UTENTE", help="Un utente dimostrativo, per esempio ufficio.bandi.")],
) -> None:
    """Stampa un token per un utente dimostrativo della piattaforma locale."""
    from cli.token import print_token

    with ending_badly():
        print_token(user)


@app.command()
def proprietario(
    modo: Annotated[str, typer.Argument(metavar="[MODO]", help="Come si comporta; `elenco` li nomina.")] = "regolare",
    giri: Annotated[int, typer.Option(min=0, help="Quante volte; 0: finche' non lo si ferma.")] = 1,
    pausa_s: Annotated[float, typer.Option(min=0.1, help="Secondi fra un giro e l'altro.")] = 5.0,
) -> None:
    """Fa la parte di ALER sulla piattaforma locale: preleva e risponde, o sbaglia nel modo che si chiede."""
    with ending_badly():
        from cli.console import CommandError
        from deploy.local.proprietario import DESCRIZIONI, Modo

        elenco = "\n".join(f"{uno:12} {che_cosa}" for uno, che_cosa in DESCRIZIONI.items())
        if modo == "elenco":
            typer.echo(elenco)
            return
        if modo not in set(Modo):
            raise CommandError(f"{modo}: modo sconosciuto. Esistono:\n{elenco}")
        from cli.proprietario import run_landlord

        asyncio.run(run_landlord(Modo(modo), rounds=giri, pause_s=pausa_s))


@eventi.command("elenca")
def eventi_elenca(service: Service) -> None:
    """Elenca gli eventi parcheggiati e morti."""
    from cli.eventi import list_parked

    with ending_badly():
        asyncio.run(list_parked(service))


@eventi.command("riprova")
def eventi_riprova(
    service: Service,
    event: Annotated[UUID | None, typer.Argument(metavar="[EVENTO]", help="Tutti, se omesso.")] = None,
) -> None:
    """Fa ritentare subito un evento, o tutti."""
    from cli.eventi import retry_parked

    with ending_badly():
        asyncio.run(retry_parked(service, event))


@eventi.command("ripubblica")
def eventi_ripubblica(
    service: Service,
    since: Annotated[datetime, typer.Argument(metavar="DAL", help="Istante UTC, per esempio 2026-01-31T08:00:00.")],
) -> None:
    """Fa ripubblicare dall'outbox gli eventi scritti da un istante in poi; chi li ha gia' applicati li ignora."""
    from cli.eventi import replay_outbox

    with ending_badly():
        asyncio.run(replay_outbox(service, since))


@registro.command("verifica")
def registro_verifica(
    roots: Annotated[
        Path | None,
        typer.Option("--radici", help="Cartella con copie proprie delle radici firmate, al posto dell'archivio."),
    ] = None,
) -> None:
    """Ricalcola sigilli e saldi del registro di PuntiLuna e li confronta con le radici firmate conservate altrove."""
    from cli.registro import verify_ledger

    with ending_badly():
        raise typer.Exit(asyncio.run(verify_ledger(None if roots is None else roots.resolve())))


@bandi.command("verifica")
def bandi_verifica(
    code: Annotated[str, typer.Argument(metavar="CODICE", help="Il bando, per esempio GESTIONE-SOCIALE-ERP-2017.")],
) -> None:
    """Ricalcola ogni graduatoria approvata di un bando dai dati conservati: devono uscire gli stessi byte."""
    from cli.bandi import verify_rankings

    with ending_badly():
        raise typer.Exit(asyncio.run(verify_rankings(code)))


@inclusione.command("ruota-chiavi")
def inclusione_ruota_chiavi() -> None:
    """Cifra di nuovo gli IBAN con la prima delle chiavi; quando finisce, le altre si possono togliere."""
    from cli.inclusione import rotate_iban_keys

    with ending_badly():
        asyncio.run(rotate_iban_keys())


if __name__ == "__main__":
    app()
