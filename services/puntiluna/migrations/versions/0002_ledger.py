"""Signed roots of the ledger.

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
    """Make the table of published roots."""
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


def downgrade() -> None:
    """Drop it: the roots that count are outside the database."""
    op.drop_table("radice_firmata")
