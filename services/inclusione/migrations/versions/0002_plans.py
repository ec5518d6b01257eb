"""Plans that stand still, profiles, requirements kept during the path, registers of sessions.

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

APERTI = "stato IN ('bozza', 'firmato', 'attivo')"
APERTI_O_SOSPESI = "stato IN ('bozza', 'firmato', 'attivo', 'sospeso')"
STATI = "stato IN ('bozza', 'firmato', 'attivo', 'concluso', 'rinunciato', 'decaduto')"
STATI_CON_SOSPESO = "stato IN ('bozza', 'firmato', 'attivo', 'sospeso', 'concluso', 'rinunciato', 'decaduto')"
CAUSALI = "causale IN ('firma', 'revisione', 'conclusione', 'rinuncia', 'decadenza', 'rettifica')"
CAUSALI_CON_RIPRESA = CAUSALI.replace("'revisione', ", "'revisione', 'ripresa', ")


def _check(tabella: str, nome: str, condizione: str) -> None:
    """Puts a wider CHECK in the place of another."""
    op.drop_constraint(op.f(f"ck_{tabella}_{nome}"), tabella, type_="check")
    op.create_check_constraint(op.f(f"ck_{tabella}_{nome}"), tabella, condizione)


def upgrade() -> None:
    """Widens the states of plans and makes the tables."""
    _check("pip", "stato_ammesso", STATI_CON_SOSPESO)
    _check("pip_passaggio", "stato_ammesso", STATI_CON_SOSPESO)
    _check("dote_movimento", "causale_ammesso", CAUSALI_CON_RIPRESA)
    op.add_column("pip", sa.Column("fascia", sa.String(), nullable=True))
    op.drop_index("uq_pip_aperto", table_name="pip", postgresql_where=sa.text(APERTI))
    op.create_index("uq_pip_aperto", "pip", ["iscrizione_id"], unique=True, postgresql_where=sa.text(APERTI_O_SOSPESI))
    op.create_table(
        "pip_sospensione",
        sa.Column("sospensione_id", sa.Uuid(), nullable=False),
        sa.Column("pip_id", sa.Uuid(), nullable=False),
        sa.Column("dal", sa.Date(), nullable=False),
        sa.Column("al", sa.Date(), nullable=True),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("atto", sa.String(), nullable=True),
        sa.Column("sospesa_da", sa.String(), nullable=False),
        sa.Column("sospesa_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ripresa_da", sa.String(), nullable=True),
        sa.Column("ripresa_il", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "motivo IN ('emergenza_pubblica', 'impedimento_personale', 'lavoro_temporaneo', 'causa_organizzativa')",
            name=op.f("ck_pip_sospensione_motivo_ammesso"),
        ),
        sa.CheckConstraint("al >= dal", name=op.f("ck_pip_sospensione_date_in_ordine")),
        sa.CheckConstraint("(al IS NULL) = (ripresa_il IS NULL)", name=op.f("ck_pip_sospensione_ripresa_intera")),
        sa.ForeignKeyConstraint(["pip_id"], ["pip.pip_id"], name=op.f("fk_pip_sospensione_pip_id")),
        sa.PrimaryKeyConstraint("sospensione_id", name=op.f("pk_pip_sospensione")),
        postgresql.ExcludeConstraint(
            (sa.column("pip_id"), "="),
            (sa.text("daterange(dal, al, '[]')"), "&&"),
            using="gist",
            name="sospensioni_senza_sovrapposizioni",
        ),
    )
    op.create_index(op.f("ix_pip_sospensione_pip_id"), "pip_sospensione", ["pip_id"], unique=False)
    op.create_table(
        "verifica_in_itinere",
        sa.Column("iscrizione_id", sa.Uuid(), nullable=False),
        sa.Column("requisito", sa.String(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("risposta", sa.Text(), nullable=False),
        sa.Column("prova", sa.Text(), nullable=True),
        sa.Column("riferimento", sa.String(), nullable=True),
        sa.Column("giorno", sa.Date(), nullable=False),
        sa.Column("data_da", sa.String(), nullable=False),
        sa.Column("data_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "risposta = 'da_verificare' OR prova IS NOT NULL", name=op.f("ck_verifica_in_itinere_con_prova")
        ),
        sa.CheckConstraint(
            "risposta IN ('si', 'no', 'da_verificare')", name=op.f("ck_verifica_in_itinere_risposta_ammesso")
        ),
        sa.CheckConstraint(
            "prova IN ('autocertificazione', 'documento_esibito', 'banca_dati', 'dichiarazione_operatore')",
            name=op.f("ck_verifica_in_itinere_prova_ammesso"),
        ),
        sa.ForeignKeyConstraint(
            ["iscrizione_id"], ["iscrizione.iscrizione_id"], name=op.f("fk_verifica_in_itinere_iscrizione_id")
        ),
        sa.PrimaryKeyConstraint("iscrizione_id", "requisito", "numero", name=op.f("pk_verifica_in_itinere")),
        info={"immutable": True},
    )
    op.create_table(
        "profilo",
        sa.Column("iscrizione_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("misura_numero", sa.Integer(), nullable=False),
        sa.Column("punti", sa.Integer(), nullable=False),
        sa.Column("fascia", sa.String(), nullable=False),
        sa.Column("voci", postgresql.JSONB(), nullable=False),
        sa.Column("profilata_da", sa.String(), nullable=False),
        sa.Column("profilata_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("punti >= 0", name=op.f("ck_profilo_punti_non_negativi")),
        sa.ForeignKeyConstraint(["iscrizione_id"], ["iscrizione.iscrizione_id"], name=op.f("fk_profilo_iscrizione_id")),
        sa.PrimaryKeyConstraint("iscrizione_id", "numero", name=op.f("pk_profilo")),
        info={"immutable": True},
    )
    _sessioni()
    _ora_pagata_una_volta()


def _ora_pagata_una_volta() -> None:
    """An hour may come back into the allowance: each time it accrues and is taken back is a turn of its own."""
    op.add_column("ora", sa.Column("arbitrato_versione", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("voce_indennita", sa.Column("giro", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.create_check_constraint(op.f("ck_voce_indennita_giro_positivo"), "voce_indennita", "giro >= 1")
    _check("voce_indennita", "tipo_ammesso", "tipo IN ('maturazione', 'ripristino', 'storno', 'compensazione')")
    _check(
        "voce_indennita",
        "segno",
        "(tipo IN ('maturazione', 'ripristino')) = (importo_cent > 0) AND importo_cent <> 0",
    )
    _indici_delle_voci(["ore_id", "giro"], "importo_cent > 0", "importo_cent < 0")


def _indici_delle_voci(colonne: list[str], maturata: str, tolta: str) -> None:
    op.drop_index("uq_voce_maturata", table_name="voce_indennita")
    op.drop_index("uq_voce_tolta", table_name="voce_indennita")
    for nome, quali in (("uq_voce_maturata", maturata), ("uq_voce_tolta", tolta)):
        op.create_index(nome, "voce_indennita", colonne, unique=True, postgresql_where=sa.text(quali))


def _sessioni() -> None:
    op.create_table(
        "sessione",
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("codice", sa.String(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("servizio_codice", sa.String(), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("inizio", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fine", sa.DateTime(timezone=True), nullable=False),
        sa.Column("aperta_da", sa.String(), nullable=False),
        sa.Column("aperta_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("fine > inizio", name=op.f("ck_sessione_istanti_in_ordine")),
        sa.CheckConstraint("tipo IN ('individuale', 'gruppo')", name=op.f("ck_sessione_tipo_ammesso")),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name=op.f("fk_sessione_progetto_id")),
        sa.PrimaryKeyConstraint("ente", "codice", name=op.f("pk_sessione")),
    )
    op.create_index("ix_sessione_progetto_id", "sessione", ["progetto_id", "inizio", "codice"], unique=False)
    # The labels that hours carried until now become pages of a register of their own.
    op.execute(
        "INSERT INTO sessione SELECT o.ente, o.sessione, (array_agg(p.progetto_id ORDER BY o.ore_id))[1],"
        " coalesce(min(o.servizio_codice), '-'), 'gruppo', min(o.inizio), max(o.fine), min(o.registrata_da),"
        " min(o.registrata_il) FROM ora o JOIN pip p USING (pip_id) WHERE o.sessione IS NOT NULL"
        " GROUP BY o.ente, o.sessione"
    )
    op.create_foreign_key("fk_ora_sessione", "ora", "sessione", ["ente", "sessione"], ["ente", "codice"])
    op.create_index(
        "ix_ora_sessione", "ora", ["ente", "sessione"], unique=False, postgresql_where=sa.text("sessione IS NOT NULL")
    )


def downgrade() -> None:
    """Drops them; refused where a plan stands still, a resumption moved money or an hour came back."""
    _indici_delle_voci(["ore_id"], "tipo = 'maturazione'", "tipo <> 'maturazione'")
    _check("voce_indennita", "segno", "(tipo = 'maturazione') = (importo_cent > 0) AND importo_cent <> 0")
    _check("voce_indennita", "tipo_ammesso", "tipo IN ('maturazione', 'storno', 'compensazione')")
    op.drop_column("voce_indennita", "giro")
    op.drop_column("ora", "arbitrato_versione")
    op.drop_index("ix_ora_sessione", table_name="ora", postgresql_where=sa.text("sessione IS NOT NULL"))
    op.drop_constraint("fk_ora_sessione", "ora", type_="foreignkey")
    op.drop_index("ix_sessione_progetto_id", table_name="sessione")
    op.drop_table("sessione")
    op.drop_table("profilo")
    op.drop_table("verifica_in_itinere")
    op.drop_index(op.f("ix_pip_sospensione_pip_id"), table_name="pip_sospensione")
    op.drop_table("pip_sospensione")
    op.drop_index("uq_pip_aperto", table_name="pip", postgresql_where=sa.text(APERTI_O_SOSPESI))
    op.create_index("uq_pip_aperto", "pip", ["iscrizione_id"], unique=True, postgresql_where=sa.text(APERTI))
    op.drop_column("pip", "fascia")
    _check("dote_movimento", "causale_ammesso", CAUSALI)
    _check("pip_passaggio", "stato_ammesso", STATI)
    _check("pip", "stato_ammesso", STATI)
