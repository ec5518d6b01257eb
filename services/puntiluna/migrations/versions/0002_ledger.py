"""Signed roots of the ledger, balances noted down, points carried over from before the platform.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CAUSE = (
    "alimentazione",
    "accredito",
    "storno",
    "recupero",
    "donazione",
    "ripartizione",
    "quota_morosita",
    "prenotazione",
    "conferma",
    "restituzione",
    "liquidazione",
    "unione",
)
CAUSE_NUOVE = (*CAUSE, "riporto")


def _ammetti(cause: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_movimento_causa_ammesso"), "movimento", type_="check")
    elenco = ", ".join(f"'{causa}'" for causa in cause)
    op.create_check_constraint(op.f("ck_movimento_causa_ammesso"), "movimento", f"causa IN ({elenco})")


def upgrade() -> None:
    """Make the tables and count the lines that are there."""
    op.create_table(
        "radice_firmata",
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("jws", sa.String(), nullable=False),
        sa.Column("cime", postgresql.JSONB(), nullable=False),
        sa.Column("emessa_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("numero >= 1", name=op.f("ck_radice_firmata_numero_positivo")),
        sa.PrimaryKeyConstraint("numero", name=op.f("pk_radice_firmata")),
        info={"immutable": True},
    )
    op.create_table(
        "saldo_notato",
        sa.Column("conto_id", sa.Uuid(), nullable=False),
        sa.Column("al", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saldo_cent", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["conto_id"], ["conto.conto_id"], name=op.f("fk_saldo_notato_conto_id")),
        sa.PrimaryKeyConstraint("conto_id", "al", name=op.f("pk_saldo_notato")),
        info={"immutable": True},
    )
    op.add_column("conto", sa.Column("righe", sa.BigInteger(), server_default="0", nullable=False))
    op.execute(
        "UPDATE conto c SET righe = r.quante FROM (SELECT conto_id, count(*) AS quante FROM riga GROUP BY conto_id) r "
        "WHERE c.conto_id = r.conto_id"
    )
    _ammetti(CAUSE_NUOVE)


def downgrade() -> None:
    """Take them away: signed roots are kept outside, balances are the sum of their lines."""
    _ammetti(CAUSE)
    op.drop_column("conto", "righe")
    op.drop_table("saldo_notato")
    op.drop_table("radice_firmata")
