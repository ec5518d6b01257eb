"""Applications: the consent of the partners and what each of them does.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "adesione",
        sa.Column("domanda_id", sa.Uuid(), nullable=False),
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("esito", sa.String(), nullable=False),
        sa.Column("motivo", sa.String(), nullable=True),
        sa.Column("condizioni", sa.String(), nullable=False),
        sa.Column("decisa_da", sa.String(), nullable=False),
        sa.Column("decisa_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(esito = 'rifiutata') = (motivo IS NOT NULL)", name="ck_adesione_motivo_se_rifiutata"),
        sa.CheckConstraint("esito IN ('accettata', 'rifiutata')", name="ck_adesione_esito_ammesso"),
        sa.ForeignKeyConstraint(["domanda_id"], ["domanda.domanda_id"], name="fk_adesione_domanda_id"),
        sa.PrimaryKeyConstraint("domanda_id", "ente", name="pk_adesione"),
    )
    op.create_index(
        "ix_domanda_membri", "domanda", [sa.text("(bozza -> 'membri') jsonb_path_ops")], postgresql_using="gin"
    )
    op.create_table(
        "quota_membro",
        sa.Column("domanda_id", sa.Uuid(), nullable=False),
        sa.Column("linea", sa.String(), nullable=False),
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("costo_cent", sa.BigInteger(), nullable=False),
        sa.Column("contributo_cent", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "contributo_cent >= 0 AND contributo_cent <= costo_cent", name="ck_quota_membro_contributo_entro_il_costo"
        ),
        sa.ForeignKeyConstraint(["domanda_id", "ente"], ["membro.domanda_id", "membro.ente"]),
        sa.ForeignKeyConstraint(["domanda_id", "linea"], ["sotto_progetto.domanda_id", "sotto_progetto.linea"]),
        sa.PrimaryKeyConstraint("domanda_id", "linea", "ente", name="pk_quota_membro"),
    )
    op.execute(
        "INSERT INTO quota_membro (domanda_id, linea, ente, costo_cent, contributo_cent) "
        "SELECT parte.domanda_id, parte.linea, membro.ente, parte.costo_cent, parte.contributo_cent "
        "FROM sotto_progetto AS parte JOIN membro ON membro.domanda_id = parte.domanda_id AND membro.ruolo = 'capofila'"
    )


def downgrade() -> None:
    """Drop them; drafts keep their members, whose answers are asked again."""
    op.drop_table("quota_membro")
    op.drop_index("ix_domanda_membri", table_name="domanda", postgresql_using="gin")
    op.drop_table("adesione")
