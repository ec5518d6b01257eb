"""The tables every service has beside its own: events out, events in, idempotent answers, access register.

They live in a metadata of their own; Alembic's `target_metadata` of each service is this one plus the service's.
The times here are infrastructure time (retention, retries), not the platform clock, unless a column says so.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database import INSTANT, NAMING_CONVENTION

chassis_metadata = sa.MetaData(naming_convention=NAMING_CONVENTION)


def _real_now() -> sa.Column[object]:
    return sa.Column("creato_il", INSTANT, nullable=False, server_default=sa.func.now())


outbox = sa.Table(
    "outbox",
    chassis_metadata,
    sa.Column("n", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("event_id", sa.Uuid, nullable=False, unique=True),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("aggregate_id", sa.Uuid, nullable=False),
    sa.Column("versione", sa.Integer, nullable=False),
    sa.Column("body", JSONB, nullable=False),
    sa.Column("accaduto_il", INSTANT, nullable=False, comment="platform clock"),
    sa.Column("traceparent", sa.Text),
    _real_now(),
    sa.Column("inviato_il", INSTANT),
    sa.CheckConstraint("versione >= 1", name="versione_positiva"),
    sa.Index("ix_outbox_da_inviare", "n", postgresql_where=sa.text("inviato_il IS NULL")),
)

inbox = sa.Table(
    "inbox",
    chassis_metadata,
    sa.Column("event_id", sa.Uuid, primary_key=True),
    sa.Column("subject", sa.Text, nullable=False),
    _real_now(),
)

parked = sa.Table(
    "evento_parcheggiato",
    chassis_metadata,
    sa.Column("event_id", sa.Uuid, primary_key=True),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("headers", JSONB, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("motivo", sa.Text, nullable=False),
    sa.Column("tentativi", sa.Integer, nullable=False),
    sa.Column("next_at", INSTANT, nullable=False),
    sa.Column("stato", sa.Text, nullable=False),
    _real_now(),
    sa.CheckConstraint("stato IN ('parcheggiato', 'morto')", name="stato_ammesso"),
    sa.Index("ix_evento_parcheggiato_next_at", "next_at", postgresql_where=sa.text("stato = 'parcheggiato'")),
)

stream_origin = sa.Table(
    "flusso",
    chassis_metadata,
    sa.Column("stream", sa.Text, primary_key=True),
    sa.Column("nato_il", INSTANT, nullable=False, comment="when the broker says the stream was made"),
)

idempotent_answer = sa.Table(
    "risposta_idempotente",
    chassis_metadata,
    sa.Column("soggetto", sa.Text, primary_key=True),
    sa.Column("rotta", sa.Text, primary_key=True),
    sa.Column("chiave", sa.Text, primary_key=True),
    sa.Column("impronta", sa.LargeBinary, nullable=False, comment="SHA-256 of path and body"),
    sa.Column("status", sa.Integer),
    sa.Column("headers", JSONB),
    sa.Column("body", sa.LargeBinary),
    _real_now(),
    sa.Index("ix_risposta_idempotente_creato_il", "creato_il"),
)

access_register = sa.Table(
    "registro_accessi",
    chassis_metadata,
    sa.Column("registrazione_id", sa.Uuid, primary_key=True),
    sa.Column("soggetto", sa.Text, nullable=False),
    sa.Column("ruoli", sa.Text, nullable=False),
    sa.Column("oggetto", sa.Text, nullable=False),
    sa.Column("oggetto_id", sa.Text, nullable=False),
    sa.Column("scopo", sa.Text, nullable=False),
    sa.Column("esito", sa.Text, nullable=False),
    sa.Column("request_id", sa.Text, nullable=False),
    sa.Column("avvenuto_il", INSTANT, nullable=False, comment="platform clock"),
    sa.CheckConstraint("esito IN ('consentito', 'negato')", name="esito_ammesso"),
    sa.Index("ix_registro_accessi_oggetto", "oggetto", "oggetto_id"),
    info={"immutable": True},
)

platform_clock = sa.Table(
    "orologio",
    chassis_metadata,
    sa.Column("riga", sa.Integer, primary_key=True),
    sa.Column("scarto_us", sa.BigInteger, nullable=False, comment="microseconds between platform and real time"),
    sa.CheckConstraint("riga = 1", name="una_riga"),
)

installed_sql = sa.Table(
    "sql_installato",
    chassis_metadata,
    sa.Column("nome", sa.Text, primary_key=True),
    sa.Column("impronta", sa.Text, nullable=False),
)
