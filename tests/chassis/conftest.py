"""A toy service on the chassis: notes that people write, so that each promise of the chassis can be tested alone."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import pytest_asyncio
import sqlalchemy as sa
from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from chassis.database import async_url
from chassis.errors import Conflict, Forbidden
from chassis.events import Envelope, Event, EventIn
from chassis.http import PUBLIC, Api, Ctx, CursorParam, Limit, ServiceSpec, build_app
from chassis.ids import uuid7
from chassis.inbox import Consumers, NotYet
from chassis.jobs import Jobs
from chassis.outbox import emit
from chassis.ruoli import Ruolo
from chassis.tables import chassis_metadata
from chassis.types import Body, Euro, Istante, Pagina, TestoBreve, Versione, View
from tests.support.infra import Infra
from tests.support.service import ServiceUnderTest, service_settings

toy_metadata = sa.MetaData()
nota = sa.Table(
    "nota",
    toy_metadata,
    sa.Column("nota_id", sa.Uuid, primary_key=True),
    sa.Column("testo", sa.Text, nullable=False),
    sa.Column("importo_cent", sa.BigInteger, nullable=False),
    sa.Column("versione", sa.Integer, nullable=False),
    sa.Column("autore", sa.Text, nullable=False),
    sa.CheckConstraint("testo <> 'rovina'", name="non_rovina", deferrable=None),
)
# A deferred trigger makes the COMMIT itself fail, after the handler has ended well.
FAILING_COMMIT = """
CREATE FUNCTION rifiuta_al_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.testo = 'fallisci al commit' THEN RAISE EXCEPTION 'no'; END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER al_commit AFTER INSERT ON nota
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION rifiuta_al_commit();
"""


class NotaScritta(Event, subject="bandi.nota.scritta.v1", aggregate="nota_id"):
    """A note was written."""

    nota_id: UUID
    testo: str


class NotaVista(EventIn):
    """A consumer's narrow view of a note."""

    nota_id: UUID
    testo: str


class NotaNuova(Body):
    """A note to write."""

    testo: TestoBreve
    importo: Euro = 0
    quando: Istante | None = None


class Nota(View):
    """A note."""

    nota_id: UUID
    testo: TestoBreve
    importo: Euro
    versione: Versione


class NotaDoppia(Conflict):
    """Two notes with one text."""

    title = "Nota gia' scritta"


consumers = Consumers("bandi")
jobs = Jobs()
seen: list[str] = []


@consumers.on("laboratori.nota.scritta.v1", NotaVista)
async def nota_scritta(session: AsyncSession, event: NotaVista, envelope: Envelope, now: datetime) -> None:
    """Keeps the note; the word `aspetta` waits for another event, `difetto` is a bug."""
    del envelope, now
    if event.testo == "aspetta":
        raise NotYet("la nota aspetta")
    if event.testo == "difetto":
        raise RuntimeError("difetto del gestore")
    if event.testo == "lenta":
        await session.execute(sa.text("SET LOCAL statement_timeout = '50ms'"))
        await session.execute(sa.text("SELECT pg_sleep(1)"))
    seen.append(event.testo)
    await session.execute(
        nota.insert().values(
            nota_id=event.nota_id, testo=event.testo, importo_cent=0, versione=event.versione, autore="evento"
        )
    )


api = Api("bandi", tag="Note", description="Note di prova.")


async def scrive_la_nota(nota_id: UUID, ctx: Ctx) -> None:
    """Only its author may touch a note."""
    author = await ctx.session.scalar(sa.select(nota.c.autore).where(nota.c.nota_id == nota_id))
    if author != ctx.principal.subject:
        raise Forbidden("La nota e' di un'altra persona.")


@api.post("/note", roles={Ruolo.RESIDENTE}, status_code=201, summary="Scrive una nota")
async def scrivi_nota(corpo: NotaNuova, ctx: Ctx) -> Nota:
    """Writes a note and tells of it."""
    if corpo.testo == "doppia":
        raise NotaDoppia("Questa nota c'e' gia'.", field="testo", remedy="Scrivere un altro testo.")
    nota_id = uuid7()
    await ctx.session.execute(
        nota.insert().values(
            nota_id=nota_id,
            testo=corpo.testo,
            importo_cent=corpo.importo,
            versione=1,
            autore=ctx.principal.subject,
        )
    )
    await emit(ctx.session, NotaScritta(nota_id=nota_id, versione=1, testo=corpo.testo), now=ctx.now)
    return Nota(nota_id=nota_id, testo=corpo.testo, importo=corpo.importo, versione=1)


@api.put("/note/{nota_id}", roles={Ruolo.RESIDENTE}, owner=scrive_la_nota, summary="Cambia una nota")
async def cambia_nota(nota_id: UUID, corpo: NotaNuova, ctx: Ctx) -> Nota:
    """Edits a note of the version the caller saw."""
    row = (await ctx.session.execute(sa.select(nota).where(nota.c.nota_id == nota_id).with_for_update())).one()
    ctx.require_match(row.versione)
    await ctx.session.execute(
        nota.update().where(nota.c.nota_id == nota_id).values(testo=corpo.testo, versione=row.versione + 1)
    )
    ctx.set_etag(row.versione + 1)
    return Nota(nota_id=nota_id, testo=corpo.testo, importo=row.importo_cent, versione=row.versione + 1)


@api.get("/note", roles=PUBLIC, summary="Elenca le note")
async def elenca_note(ctx: Ctx, limit: Limit = 2, cursor: CursorParam = None) -> Pagina[Nota]:
    """Lists notes by id."""
    after = ctx.decode_cursor(cursor, 1)
    query = sa.select(nota).order_by(nota.c.nota_id).limit(limit + 1)
    if after:
        query = query.where(nota.c.nota_id > UUID(after[0]))
    rows = (await ctx.session.execute(query)).all()
    items = [
        Nota(nota_id=row.nota_id, testo=row.testo, importo=row.importo_cent, versione=row.versione)
        for row in rows[:limit]
    ]
    more = ctx.encode_cursor([str(rows[limit - 1].nota_id)]) if len(rows) > limit else None
    return Pagina[Nota](items=items, cursor=more)


@api.post("/note/ricerche", reads=True, roles={Ruolo.RESIDENTE}, summary="Cerca le note")
async def cerca_note(corpo: NotaNuova, ctx: Ctx) -> Pagina[Nota]:
    """Searches by a term that may not stand in the URL."""
    rows = (await ctx.session.execute(sa.select(nota).where(nota.c.testo == corpo.testo))).all()
    items = [Nota(nota_id=row.nota_id, testo=row.testo, importo=0, versione=row.versione) for row in rows]
    return Pagina[Nota](items=items)


def _session_of(ctx: Ctx) -> AsyncSession:
    return ctx.session


@api.get("/difetti", roles=PUBLIC, summary="Ha un difetto")
async def difetto(session: Annotated[AsyncSession, Depends(_session_of)]) -> Nota:
    """Always fails, with a secret in its message."""
    await session.execute(sa.text("SELECT 1"))
    raise RuntimeError("segreto interno")


def create_toy(settings: Any, *, background: bool = True) -> Any:
    """The toy application."""
    spec = ServiceSpec(
        name="bandi",
        title="Prova",
        summary="Servizio di prova",
        description="Solo per le prove.",
        version="1.0.0",
        apis=[api],
        events=[NotaScritta],
        consumers=consumers,
        jobs=jobs,
    )
    return build_app(spec, settings, background=background)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def toy(infra: Infra, monkeypatch_module: Any) -> AsyncIterator[ServiceUnderTest]:
    """The toy service on an empty database with its tables made."""
    clone = await infra.empty("bandi")
    engine = create_async_engine(async_url(clone.urls.owner))
    async with engine.begin() as connection:
        await connection.run_sync(chassis_metadata.create_all)
        await connection.run_sync(toy_metadata.create_all)
        for statement in FAILING_COMMIT.split(";\nCREATE CONSTRAINT"):
            text = statement if statement.startswith("\nCREATE FUNCTION") else "CREATE CONSTRAINT" + statement
            await connection.exec_driver_sql(text)
        await connection.exec_driver_sql("GRANT ALL ON ALL TABLES IN SCHEMA public TO bandi_app")
    await engine.dispose()

    async def any_version(service: str, engine: Any) -> None:
        del service, engine

    monkeypatch_module.setattr("chassis.runtime.check_version", any_version)
    async with ServiceUnderTest("bandi", create_toy, service_settings(clone)) as running:
        yield running
    await infra.drop(clone)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def monkeypatch_module() -> AsyncIterator[Any]:
    """A monkeypatch that lasts a module."""
    import pytest

    with pytest.MonkeyPatch.context() as patch:
        yield patch
