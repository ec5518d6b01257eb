"""Calls: the promoting body by its code, the managing body it delegates.

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


def upgrade() -> None:
    """Keep the name of the promoter beside its code, which is made of the name where only that was known."""
    op.add_column("bando", sa.Column("promotore", sa.String(), nullable=True))
    op.add_column("bando", sa.Column("organismo_intermedio", sa.String(), nullable=True))
    op.execute(
        "UPDATE bando SET promotore = ente_promotore, "
        "ente_promotore = "
        "trim(BOTH '-' FROM left(upper(regexp_replace(ente_promotore, '[^A-Za-z0-9]+', '-', 'g')), 64)), "
        "organismo_intermedio = bozza ->> 'organismo_intermedio'"
    )
    op.drop_constraint("ck_bando_versione_motivo_ammesso", "bando_versione")
    op.create_check_constraint(
        "ck_bando_versione_motivo_ammesso",
        "bando_versione",
        "motivo IN ('pubblicazione', 'integrazione', 'proroga', 'fase')",
    )
    op.add_column("graduatoria", sa.Column("cause", postgresql.JSONB(), nullable=True))
    # Millions of characters that nobody searches: to compress them took longer than to compute the ranking.
    op.execute("ALTER TABLE graduatoria ALTER COLUMN ingresso SET STORAGE EXTERNAL")


def downgrade() -> None:
    """Give the name its place back."""
    op.drop_column("graduatoria", "cause")
    op.execute("ALTER TABLE graduatoria ALTER COLUMN ingresso SET STORAGE DEFAULT")
    op.drop_constraint("ck_bando_versione_motivo_ammesso", "bando_versione")
    op.create_check_constraint(
        "ck_bando_versione_motivo_ammesso", "bando_versione", "motivo IN ('pubblicazione', 'integrazione', 'proroga')"
    )
    op.execute("UPDATE bando SET ente_promotore = coalesce(promotore, ente_promotore)")
    op.drop_column("bando", "organismo_intermedio")
    op.drop_column("bando", "promotore")
