"""Landlords whole: who pays each reduction, payments, standing choices, reconciliations, signed batches.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STATI = "'composta', 'approvata', 'in_pagamento', 'liquidata', 'annullata'"
_STATI_PRIMA = "'composta', 'approvata', 'liquidata'"
_CRITERI = "'proporzionale', 'uguale', 'piu_antichi'"
_DIFFERENZE = (
    "'sconosciuta', 'contratto_diverso', 'importo_diverso', 'senza_risposta', 'respinta_qui', 'scaduta_qui', "
    "'non_registrata'"
)
_ATTI = (
    "'annulla_presso_ente', 'correggi_contratto', 'correggi_importo', 'rispondi_al_lotto', 'prenota_di_nuovo', "
    "'registra_presso_ente'"
)


def upgrade() -> None:
    """Add tables and columns; what was settled or composed keeps the project it was charged to."""
    op.add_column("lotto", sa.Column("firma", sa.String(), nullable=True))
    op.add_column("riduzione", sa.Column("automatica", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("ripartizione", sa.Column("criterio", sa.String(), nullable=True))
    op.create_check_constraint(op.f("ck_ripartizione_criterio_ammesso"), "ripartizione", f"criterio IN ({_CRITERI})")
    for column in ("ente_pagatore", "annullata_da", "motivo"):
        op.add_column("distinta", sa.Column(column, sa.String(), nullable=True))
    op.add_column("distinta", sa.Column("annullata_il", sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint(op.f("ck_distinta_stato_ammesso"), "distinta", type_="check")
    op.create_check_constraint(op.f("ck_distinta_stato_ammesso"), "distinta", f"stato IN ({_STATI})")
    _create_payments()
    _create_reconciliations()
    op.create_table(
        "scelta_nucleo",
        sa.Column("nucleo_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("automatica", sa.Boolean(), nullable=False),
        sa.Column("minimo_cent", sa.BigInteger(), nullable=False),
        sa.Column("riserva_cent", sa.BigInteger(), nullable=False),
        sa.Column("scelta_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scelta_da", sa.String(), nullable=False),
        sa.CheckConstraint("minimo_cent > 0", name=op.f("ck_scelta_nucleo_minimo_positivo")),
        sa.CheckConstraint("riserva_cent >= 0", name=op.f("ck_scelta_nucleo_riserva_non_negativa")),
        sa.ForeignKeyConstraint(["nucleo_id"], ["nucleo.nucleo_id"], name=op.f("fk_scelta_nucleo_nucleo_id")),
        sa.PrimaryKeyConstraint("nucleo_id", name=op.f("pk_scelta_nucleo")),
    )
    op.create_index(
        "ix_scelta_nucleo_automatica",
        "scelta_nucleo",
        ["nucleo_id"],
        unique=False,
        postgresql_where=sa.text("automatica"),
    )
    op.execute(
        "INSERT INTO fonte_riduzione (riduzione_id, progetto_id, importo_cent, distinta_id) "
        "SELECT riduzione_id, progetto_id, confermato_cent, distinta_id FROM riduzione "
        "WHERE distinta_id IS NOT NULL AND progetto_id IS NOT NULL AND confermato_cent > 0"
    )


def _create_payments() -> None:
    op.create_table(
        "configurazione_ente",
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("nome", sa.String(), nullable=False),
        sa.Column("iban", sa.String(), nullable=True),
        sa.Column("bic", sa.String(), nullable=True),
        sa.Column("aggiornata_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("aggiornata_da", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("ente", name=op.f("pk_configurazione_ente")),
    )
    op.create_table(
        "pagamento",
        sa.Column("pagamento_id", sa.Uuid(), nullable=False),
        sa.Column("distinta_id", sa.Uuid(), nullable=False),
        sa.Column("importo_cent", sa.BigInteger(), nullable=False),
        sa.Column("esecuzione", sa.Date(), nullable=False),
        sa.Column("pagatore_nome", sa.String(), nullable=False),
        sa.Column("pagatore_iban", sa.String(), nullable=False),
        sa.Column("pagatore_bic", sa.String(), nullable=True),
        sa.Column("creditore_nome", sa.String(), nullable=False),
        sa.Column("creditore_iban", sa.String(), nullable=False),
        sa.Column("causale", sa.String(), nullable=False),
        sa.Column("impronta", sa.String(), nullable=False),
        sa.Column("disposto_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disposto_da", sa.String(), nullable=False),
        sa.CheckConstraint("importo_cent > 0", name=op.f("ck_pagamento_importo_positivo")),
        sa.CheckConstraint("length(impronta) = 64", name=op.f("ck_pagamento_impronta")),
        sa.ForeignKeyConstraint(["distinta_id"], ["distinta.distinta_id"], name=op.f("fk_pagamento_distinta_id")),
        sa.PrimaryKeyConstraint("pagamento_id", name=op.f("pk_pagamento")),
        sa.UniqueConstraint("distinta_id", name=op.f("uq_pagamento_distinta_id")),
        info={"immutable": True},
    )
    op.create_table(
        "fonte_riduzione",
        sa.Column("riduzione_id", sa.Uuid(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("importo_cent", sa.BigInteger(), nullable=False),
        sa.Column("distinta_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("importo_cent > 0", name=op.f("ck_fonte_riduzione_importo_positivo")),
        sa.ForeignKeyConstraint(["distinta_id"], ["distinta.distinta_id"], name=op.f("fk_fonte_riduzione_distinta_id")),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name=op.f("fk_fonte_riduzione_progetto_id")),
        sa.ForeignKeyConstraint(
            ["riduzione_id"], ["riduzione.riduzione_id"], name=op.f("fk_fonte_riduzione_riduzione_id")
        ),
        sa.PrimaryKeyConstraint("riduzione_id", "progetto_id", name=op.f("pk_fonte_riduzione")),
    )
    op.create_index(
        "ix_fonte_riduzione_da_liquidare",
        "fonte_riduzione",
        ["progetto_id"],
        unique=False,
        postgresql_where=sa.text("distinta_id IS NULL"),
    )
    op.create_index("ix_fonte_riduzione_distinta", "fonte_riduzione", ["distinta_id"], unique=False)


def _create_reconciliations() -> None:
    op.create_table(
        "riconciliazione",
        sa.Column("riconciliazione_id", sa.Uuid(), nullable=False),
        sa.Column("ente_proprietario", sa.String(), nullable=False),
        sa.Column("dal", sa.DateTime(timezone=True), nullable=False),
        sa.Column("al", sa.DateTime(timezone=True), nullable=False),
        sa.Column("righe", sa.Integer(), nullable=False),
        sa.Column("totale_ente_cent", sa.BigInteger(), nullable=False),
        sa.Column("totale_piattaforma_cent", sa.BigInteger(), nullable=False),
        sa.Column("concordi", sa.Integer(), nullable=False),
        sa.Column("differenze", sa.Integer(), nullable=False),
        sa.Column("autore", sa.String(), nullable=False),
        sa.Column("ricevuta_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("dal <= al", name=op.f("ck_riconciliazione_periodo")),
        sa.ForeignKeyConstraint(
            ["ente_proprietario"], ["proprietario.ente"], name=op.f("fk_riconciliazione_ente_proprietario")
        ),
        sa.PrimaryKeyConstraint("riconciliazione_id", name=op.f("pk_riconciliazione")),
        info={"immutable": True},
    )
    op.create_index(
        "ix_riconciliazione_ente", "riconciliazione", ["ente_proprietario", "riconciliazione_id"], unique=False
    )
    op.create_table(
        "differenza",
        sa.Column("riconciliazione_id", sa.Uuid(), nullable=False),
        sa.Column("posto", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("protocollo", sa.BigInteger(), nullable=False),
        sa.Column("contratto_codice", sa.String(), nullable=False),
        sa.Column("tipo", sa.String(), nullable=False),
        sa.Column("importo_ente_cent", sa.BigInteger(), nullable=True),
        sa.Column("importo_piattaforma_cent", sa.BigInteger(), nullable=True),
        sa.Column("stato", sa.String(), nullable=True),
        sa.Column("atto_proposto", sa.String(), nullable=False),
        sa.CheckConstraint(f"tipo IN ({_DIFFERENZE})", name=op.f("ck_differenza_tipo_ammesso")),
        sa.CheckConstraint(f"atto_proposto IN ({_ATTI})", name=op.f("ck_differenza_atto_proposto_ammesso")),
        sa.ForeignKeyConstraint(
            ["riconciliazione_id"],
            ["riconciliazione.riconciliazione_id"],
            name=op.f("fk_differenza_riconciliazione_id"),
        ),
        sa.PrimaryKeyConstraint("riconciliazione_id", "posto", name=op.f("pk_differenza")),
        info={"immutable": True},
    )


def downgrade() -> None:
    """Remove what was added; a Distinta in a state that the older version does not know must be settled first."""
    op.drop_index("ix_scelta_nucleo_automatica", table_name="scelta_nucleo", postgresql_where=sa.text("automatica"))
    for table in ("scelta_nucleo", "differenza", "riconciliazione", "fonte_riduzione", "pagamento"):
        op.drop_table(table)
    op.drop_table("configurazione_ente")
    op.drop_constraint(op.f("ck_distinta_stato_ammesso"), "distinta", type_="check")
    op.create_check_constraint(op.f("ck_distinta_stato_ammesso"), "distinta", f"stato IN ({_STATI_PRIMA})")
    for column in ("annullata_il", "ente_pagatore", "annullata_da", "motivo"):
        op.drop_column("distinta", column)
    op.drop_constraint(op.f("ck_ripartizione_criterio_ammesso"), "ripartizione", type_="check")
    op.drop_column("ripartizione", "criterio")
    op.drop_column("riduzione", "automatica")
    op.drop_column("lotto", "firma")
