"""The chassis tables as the first migration of each service makes them: one piece of schema for four databases.

Frozen: a migration that has run is never edited. A later change of these tables is a new pair of functions here,
called by a new migration of each service; the golden schemas keep what they make in step with `chassis.tables`.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


def create_chassis_tables() -> None:
    """Makes the tables of events, idempotent answers, access register, clock and installed SQL."""
    op.create_table(
        "evento_parcheggiato",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("headers", postgresql.JSONB(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("tentativi", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stato", sa.Text(), nullable=False),
        sa.Column("creato_il", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("stato IN ('parcheggiato', 'morto')", name=op.f("ck_evento_parcheggiato_stato_ammesso")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_evento_parcheggiato")),
    )
    op.create_index(
        "ix_evento_parcheggiato_next_at",
        "evento_parcheggiato",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("stato = 'parcheggiato'"),
    )
    op.create_table(
        "flusso",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column(
            "nato_il", sa.DateTime(timezone=True), nullable=False, comment="when the broker says the stream was made"
        ),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_flusso")),
    )
    op.create_table(
        "inbox",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("creato_il", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_inbox")),
    )
    op.create_table(
        "orologio",
        sa.Column("riga", sa.Integer(), nullable=False),
        sa.Column("scarto_us", sa.BigInteger(), nullable=False, comment="microseconds between platform and real time"),
        sa.CheckConstraint("riga = 1", name=op.f("ck_orologio_una_riga")),
        sa.PrimaryKeyConstraint("riga", name=op.f("pk_orologio")),
    )
    op.create_table(
        "outbox",
        sa.Column("n", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("accaduto_il", sa.DateTime(timezone=True), nullable=False, comment="platform clock"),
        sa.Column("traceparent", sa.Text(), nullable=True),
        sa.Column("creato_il", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("inviato_il", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("versione >= 1", name=op.f("ck_outbox_versione_positiva")),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_outbox")),
        sa.UniqueConstraint("event_id", name=op.f("uq_outbox_event_id")),
    )
    op.create_index(
        "ix_outbox_da_inviare", "outbox", ["n"], unique=False, postgresql_where=sa.text("inviato_il IS NULL")
    )
    op.create_table(
        "registro_accessi",
        sa.Column("registrazione_id", sa.Uuid(), nullable=False),
        sa.Column("soggetto", sa.Text(), nullable=False),
        sa.Column("ruoli", sa.Text(), nullable=False),
        sa.Column("oggetto", sa.Text(), nullable=False),
        sa.Column("oggetto_id", sa.Text(), nullable=False),
        sa.Column("scopo", sa.Text(), nullable=False),
        sa.Column("esito", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("avvenuto_il", sa.DateTime(timezone=True), nullable=False, comment="platform clock"),
        sa.CheckConstraint("esito IN ('consentito', 'negato')", name=op.f("ck_registro_accessi_esito_ammesso")),
        sa.PrimaryKeyConstraint("registrazione_id", name=op.f("pk_registro_accessi")),
        info={"immutable": True},
    )
    op.create_index("ix_registro_accessi_oggetto", "registro_accessi", ["oggetto", "oggetto_id"], unique=False)
    op.create_table(
        "risposta_idempotente",
        sa.Column("soggetto", sa.Text(), nullable=False),
        sa.Column("rotta", sa.Text(), nullable=False),
        sa.Column("chiave", sa.Text(), nullable=False),
        sa.Column("impronta", sa.LargeBinary(), nullable=False, comment="SHA-256 of path and body"),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", postgresql.JSONB(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("creato_il", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("soggetto", "rotta", "chiave", name=op.f("pk_risposta_idempotente")),
    )
    op.create_index("ix_risposta_idempotente_creato_il", "risposta_idempotente", ["creato_il"], unique=False)
    op.create_table(
        "sql_installato",
        sa.Column("nome", sa.Text(), nullable=False),
        sa.Column("impronta", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("nome", name=op.f("pk_sql_installato")),
    )


def drop_chassis_tables() -> None:
    """Undoes `create_chassis_tables`."""
    op.drop_table("sql_installato")
    op.drop_index("ix_risposta_idempotente_creato_il", table_name="risposta_idempotente")
    op.drop_table("risposta_idempotente")
    op.drop_index("ix_registro_accessi_oggetto", table_name="registro_accessi")
    op.drop_table("registro_accessi")
    op.drop_index("ix_outbox_da_inviare", table_name="outbox", postgresql_where=sa.text("inviato_il IS NULL"))
    op.drop_table("outbox")
    op.drop_table("orologio")
    op.drop_table("inbox")
    op.drop_table("flusso")
    op.drop_index(
        "ix_evento_parcheggiato_next_at",
        table_name="evento_parcheggiato",
        postgresql_where=sa.text("stato = 'parcheggiato'"),
    )
    op.drop_table("evento_parcheggiato")
