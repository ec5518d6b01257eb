"""First tables of inclusione: projects and lines, measures, enrolments, plans, hours, allowance, pacts.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.revisions import create_chassis_tables, drop_chassis_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the tables."""
    op.create_table(
        "misura",
        sa.Column("misura_id", sa.Uuid(), nullable=False),
        sa.Column("codice", sa.String(), nullable=False),
        sa.Column("titolo", sa.String(), nullable=False),
        sa.Column("bando_codice", sa.String(), nullable=True),
        sa.Column("ente_titolare", sa.String(), nullable=True),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.CheckConstraint("numero >= 1", name=op.f("ck_misura_numero_positivo")),
        sa.PrimaryKeyConstraint("misura_id", name=op.f("pk_misura")),
        sa.UniqueConstraint("codice", name=op.f("uq_misura_codice")),
    )
    op.create_table(
        "nucleo",
        sa.Column("nucleo_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("nucleo_id", name=op.f("pk_nucleo")),
    )
    op.create_table(
        "persona_cancellata",
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("cancellata_il", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("persona_id", name=op.f("pk_persona_cancellata")),
    )
    op.create_table(
        "persona_unita",
        sa.Column("assorbita_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("unita_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("assorbita_id <> persona_id", name=op.f("ck_persona_unita_due_persone")),
        sa.PrimaryKeyConstraint("assorbita_id", name=op.f("pk_persona_unita")),
    )
    op.create_index("ix_persona_unita_persona_id", "persona_unita", ["persona_id"], unique=False)
    op.create_table(
        "presa_in_carico",
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("laboratorio_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=True),
        sa.Column("nucleo_id", sa.Uuid(), nullable=True),
        sa.Column("presa_in_carico_il", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("persona_id", "laboratorio_id", name=op.f("pk_presa_in_carico")),
    )
    op.create_table(
        "progetto",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("bando_codice", sa.String(), nullable=False),
        sa.Column("codice", sa.String(), nullable=False),
        sa.Column("titolo", sa.String(), nullable=False),
        sa.Column("capofila", sa.String(), nullable=False),
        sa.Column("comune", sa.String(), nullable=True),
        sa.Column("quartiere", sa.String(), nullable=True),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("inizio", sa.Date(), nullable=True),
        sa.Column("fine", sa.Date(), nullable=True),
        sa.Column("partner", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("progetto_id", name=op.f("pk_progetto")),
    )
    op.create_index(op.f("ix_progetto_capofila"), "progetto", ["capofila"], unique=False)
    op.create_table(
        "linea",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("stato", sa.Text(), nullable=False),
        sa.Column("fondo", sa.String(), nullable=False),
        sa.Column("ammesso_cent", sa.BigInteger(), nullable=False),
        sa.Column("impegnato_cent", sa.BigInteger(), nullable=False),
        sa.Column("capienza_cent", sa.BigInteger(), nullable=False),
        sa.Column("riservato_servizi_cent", sa.BigInteger(), nullable=False),
        sa.Column("riservato_indennita_cent", sa.BigInteger(), nullable=False),
        sa.Column("tetto_servizi_cent", sa.BigInteger(), nullable=True),
        sa.Column("tetto_indennita_cent", sa.BigInteger(), nullable=True),
        sa.Column("liquidato_cent", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("stato IN ('aperta', 'chiusa')", name=op.f("ck_linea_stato_ammesso")),
        sa.CheckConstraint(
            "ammesso_cent >= 0 AND impegnato_cent >= 0 AND capienza_cent >= 0", name=op.f("ck_linea_importi")
        ),
        sa.CheckConstraint("liquidato_cent >= 0", name=op.f("ck_linea_liquidato_non_negativo")),
        sa.CheckConstraint(
            "riservato_indennita_cent <= tetto_indennita_cent", name=op.f("ck_linea_mai_oltre_indennita")
        ),
        sa.CheckConstraint(
            "riservato_servizi_cent + riservato_indennita_cent <= capienza_cent",
            name=op.f("ck_linea_mai_oltre_capienza"),
        ),
        sa.CheckConstraint("riservato_servizi_cent <= tetto_servizi_cent", name=op.f("ck_linea_mai_oltre_servizi")),
        sa.CheckConstraint(
            "riservato_servizi_cent >= 0 AND riservato_indennita_cent >= 0",
            name=op.f("ck_linea_riservato_non_negativo"),
        ),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name=op.f("fk_linea_progetto_id")),
        sa.PrimaryKeyConstraint("progetto_id", name=op.f("pk_linea")),
    )
    op.create_table(
        "lotto_liquidazione",
        sa.Column("lotto_id", sa.Uuid(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("fino_al", sa.Date(), nullable=False),
        sa.Column("atto", sa.String(), nullable=False),
        sa.Column("autore", sa.String(), nullable=False),
        sa.Column("totale_cent", sa.BigInteger(), nullable=False),
        sa.Column("quota_morosita_cent", sa.BigInteger(), nullable=False),
        sa.Column("righe", sa.Integer(), nullable=False),
        sa.Column("liquidato_il", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["progetto_id"], ["progetto.progetto_id"], name=op.f("fk_lotto_liquidazione_progetto_id")
        ),
        sa.PrimaryKeyConstraint("lotto_id", name=op.f("pk_lotto_liquidazione")),
        sa.UniqueConstraint("progetto_id", "numero", name=op.f("uq_lotto_liquidazione_progetto_id_numero")),
        info={"immutable": True},
    )
    op.create_table(
        "misura_versione",
        sa.Column("misura_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("vale_dal", sa.Date(), nullable=False),
        sa.Column("atto", sa.String(), nullable=False),
        sa.Column("regole", postgresql.JSONB(), nullable=False),
        sa.Column("autore", sa.String(), nullable=False),
        sa.Column("approvata_il", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["misura_id"], ["misura.misura_id"], name=op.f("fk_misura_versione_misura_id")),
        sa.PrimaryKeyConstraint("misura_id", "numero", name=op.f("pk_misura_versione")),
        info={"immutable": True},
    )
    op.create_table(
        "nucleo_membro",
        sa.Column("nucleo_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("dal", sa.Date(), nullable=False),
        sa.Column("al", sa.Date(), nullable=True),
        sa.CheckConstraint("al IS NULL OR al >= dal", name=op.f("ck_nucleo_membro_date_in_ordine")),
        sa.ForeignKeyConstraint(["nucleo_id"], ["nucleo.nucleo_id"], name=op.f("fk_nucleo_membro_nucleo_id")),
        sa.PrimaryKeyConstraint("nucleo_id", "persona_id", "dal", name=op.f("pk_nucleo_membro")),
    )
    op.create_index("ix_nucleo_membro_persona_id", "nucleo_membro", ["persona_id", "dal"], unique=False)
    op.create_table(
        "patto",
        sa.Column("patto_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("nucleo_id", sa.Uuid(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("quota_numeratore", sa.Integer(), nullable=False),
        sa.Column("quota_denominatore", sa.Integer(), nullable=False),
        sa.Column("metodo", sa.Text(), nullable=False),
        sa.Column("stato", sa.Text(), nullable=False),
        sa.Column("incolpevole_certificata_da", sa.String(), nullable=True),
        sa.Column("incolpevole_certificata_il", sa.Date(), nullable=True),
        sa.Column("lordo_cent", sa.BigInteger(), nullable=False),
        sa.Column("versato_cent", sa.BigInteger(), nullable=False),
        sa.Column("firmato_da", sa.String(), nullable=False),
        sa.Column("firmato_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cessato_il", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(stato = 'cessato') = (cessato_il IS NOT NULL)", name=op.f("ck_patto_cessato_datato")),
        sa.CheckConstraint(
            "metodo IN ('autografa', 'grafometrica', 'digitale', 'spid')", name=op.f("ck_patto_metodo_ammesso")
        ),
        sa.CheckConstraint("stato IN ('attivo', 'cessato')", name=op.f("ck_patto_stato_ammesso")),
        sa.CheckConstraint(
            "(incolpevole_certificata_da IS NULL) = (incolpevole_certificata_il IS NULL)",
            name=op.f("ck_patto_certificazione_intera"),
        ),
        sa.CheckConstraint(
            "lordo_cent >= 0 AND versato_cent >= 0 AND versato_cent * quota_denominatore <= lordo_cent "
            "* quota_numeratore",
            name=op.f("ck_patto_mai_oltre_la_quota"),
        ),
        sa.CheckConstraint(
            "quota_numeratore BETWEEN 1 AND quota_denominatore", name=op.f("ck_patto_quota_fra_zero_e_uno")
        ),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name=op.f("fk_patto_progetto_id")),
        sa.PrimaryKeyConstraint("patto_id", name=op.f("pk_patto")),
    )
    op.create_index("ix_patto_progetto_id", "patto", ["progetto_id", "patto_id"], unique=False)
    op.create_index(
        "uq_patto_attivo",
        "patto",
        ["persona_id", "progetto_id"],
        unique=True,
        postgresql_where=sa.text("stato = 'attivo'"),
    )
    op.create_table(
        "tetto_persona",
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("misura_id", sa.Uuid(), nullable=False),
        sa.Column("tetto_cent", sa.BigInteger(), nullable=False),
        sa.Column("riservato_cent", sa.BigInteger(), nullable=False),
        sa.Column("maturato_cent", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "maturato_cent BETWEEN 0 AND riservato_cent", name=op.f("ck_tetto_persona_maturato_nel_riservato")
        ),
        sa.CheckConstraint("riservato_cent BETWEEN 0 AND tetto_cent", name=op.f("ck_tetto_persona_mai_oltre_il_tetto")),
        sa.ForeignKeyConstraint(["misura_id"], ["misura.misura_id"], name=op.f("fk_tetto_persona_misura_id")),
        sa.PrimaryKeyConstraint("persona_id", "misura_id", name=op.f("pk_tetto_persona")),
    )
    op.create_table(
        "iscrizione",
        sa.Column("iscrizione_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("misura_id", sa.Uuid(), nullable=False),
        sa.Column("misura_numero", sa.Integer(), nullable=False),
        sa.Column("misura_codice", sa.String(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("operatore", sa.String(), nullable=False),
        sa.Column("canale", sa.Text(), nullable=False),
        sa.Column("esito", sa.Text(), nullable=False),
        sa.Column("spiegazione", postgresql.JSONB(), nullable=False),
        sa.Column("iscritta_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valutata_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("canale IN ('sportello', 'telefono', 'web')", name=op.f("ck_iscrizione_canale_ammesso")),
        sa.CheckConstraint(
            "esito IN ('idoneo', 'in_accertamento', 'non_idoneo')", name=op.f("ck_iscrizione_esito_ammesso")
        ),
        sa.CheckConstraint("versione >= 1", name=op.f("ck_iscrizione_versione_positiva")),
        sa.ForeignKeyConstraint(
            ["misura_id", "misura_numero"],
            ["misura_versione.misura_id", "misura_versione.numero"],
            name=op.f("fk_iscrizione_misura_id_misura_numero"),
        ),
        sa.ForeignKeyConstraint(["misura_id"], ["misura.misura_id"], name=op.f("fk_iscrizione_misura_id")),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name=op.f("fk_iscrizione_progetto_id")),
        sa.PrimaryKeyConstraint("iscrizione_id", name=op.f("pk_iscrizione")),
        sa.UniqueConstraint(
            "persona_id", "misura_id", "progetto_id", name=op.f("uq_iscrizione_persona_id_misura_id_progetto_id")
        ),
    )
    op.create_index("ix_iscrizione_ente", "iscrizione", ["ente", "iscrizione_id"], unique=False)
    op.create_index("ix_iscrizione_progetto_id", "iscrizione", ["progetto_id", "iscrizione_id"], unique=False)
    op.create_table(
        "ammissione",
        sa.Column("iscrizione_id", sa.Uuid(), nullable=False),
        sa.Column("livello", sa.Text(), nullable=False),
        sa.Column("ammessa_da", sa.String(), nullable=False),
        sa.Column("ammessa_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "livello IN ('base', 'accoglienza_orientamento', 'consolidamento')",
            name=op.f("ck_ammissione_livello_ammesso"),
        ),
        sa.ForeignKeyConstraint(
            ["iscrizione_id"], ["iscrizione.iscrizione_id"], name=op.f("fk_ammissione_iscrizione_id")
        ),
        sa.PrimaryKeyConstraint("iscrizione_id", "livello", name=op.f("pk_ammissione")),
        info={"immutable": True},
    )
    op.create_table(
        "pip",
        sa.Column("pip_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("iscrizione_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("misura_id", sa.Uuid(), nullable=False),
        sa.Column("misura_numero", sa.Integer(), nullable=False),
        sa.Column("misura_codice", sa.String(), nullable=False),
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("stato", sa.Text(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("inizio", sa.Date(), nullable=True),
        sa.Column("fine", sa.Date(), nullable=True),
        sa.Column("massimale_percorso_cent", sa.BigInteger(), nullable=False),
        sa.Column("percorso_con_indennita", sa.Boolean(), nullable=False),
        sa.Column("riservato_servizi_cent", sa.BigInteger(), nullable=False),
        sa.Column("riservato_indennita_cent", sa.BigInteger(), nullable=False),
        sa.Column("costo_servizi_cent", sa.BigInteger(), nullable=False),
        sa.Column("maturato_cent", sa.BigInteger(), nullable=False),
        sa.Column("liquidato_cent", sa.BigInteger(), nullable=False),
        sa.Column("creato_da", sa.String(), nullable=False),
        sa.Column("creato_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attivato_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chiuso_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("motivo_chiusura", sa.String(), nullable=True),
        sa.CheckConstraint(
            "stato IN ('bozza', 'firmato', 'attivo', 'concluso', 'rinunciato', 'decaduto')",
            name=op.f("ck_pip_stato_ammesso"),
        ),
        sa.CheckConstraint(
            "stato NOT IN ('bozza') OR (riservato_servizi_cent = 0 AND riservato_indennita_cent = 0)",
            name=op.f("ck_pip_bozza_senza_dote"),
        ),
        sa.CheckConstraint(
            "(numero = 0) = (inizio IS NULL) AND (numero = 0) = (fine IS NULL)", name=op.f("ck_pip_date_se_firmato")
        ),
        sa.CheckConstraint(
            "costo_servizi_cent BETWEEN 0 AND riservato_servizi_cent", name=op.f("ck_pip_costo_nella_dote")
        ),
        sa.CheckConstraint("fine >= inizio", name=op.f("ck_pip_date_in_ordine")),
        sa.CheckConstraint(
            "liquidato_cent BETWEEN 0 AND riservato_indennita_cent", name=op.f("ck_pip_liquidato_nella_dote")
        ),
        sa.CheckConstraint(
            "maturato_cent BETWEEN 0 AND riservato_indennita_cent", name=op.f("ck_pip_maturato_nella_dote")
        ),
        sa.CheckConstraint(
            "riservato_servizi_cent + CASE WHEN percorso_con_indennita THEN riservato_indennita_cent "
            "ELSE 0 END <= massimale_percorso_cent",
            name=op.f("ck_pip_mai_oltre_percorso"),
        ),
        sa.CheckConstraint(
            "riservato_servizi_cent >= 0 AND riservato_indennita_cent >= 0", name=op.f("ck_pip_riservato_non_negativo")
        ),
        sa.CheckConstraint("versione >= 1 AND numero >= 0", name=op.f("ck_pip_versione_positiva")),
        sa.ForeignKeyConstraint(["iscrizione_id"], ["iscrizione.iscrizione_id"], name=op.f("fk_pip_iscrizione_id")),
        sa.ForeignKeyConstraint(["misura_id"], ["misura.misura_id"], name=op.f("fk_pip_misura_id")),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name=op.f("fk_pip_progetto_id")),
        sa.PrimaryKeyConstraint("pip_id", name=op.f("pk_pip")),
    )
    op.create_index(
        "ix_pip_da_attivare", "pip", ["inizio"], unique=False, postgresql_where=sa.text("stato = 'firmato'")
    )
    op.create_index("ix_pip_ente", "pip", ["ente", "pip_id"], unique=False)
    op.create_index("ix_pip_persona_id", "pip", ["persona_id"], unique=False)
    op.create_index("ix_pip_progetto_id", "pip", ["progetto_id", "pip_id"], unique=False)
    op.create_index(
        "uq_pip_aperto",
        "pip",
        ["iscrizione_id"],
        unique=True,
        postgresql_where=sa.text("stato IN ('bozza', 'firmato', 'attivo')"),
    )
    op.create_table(
        "risposta",
        sa.Column("iscrizione_id", sa.Uuid(), nullable=False),
        sa.Column("requisito", sa.String(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("risposta", sa.Text(), nullable=False),
        sa.Column("prova", sa.Text(), nullable=True),
        sa.Column("riferimento", sa.String(), nullable=True),
        sa.Column("data_da", sa.String(), nullable=False),
        sa.Column("data_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "prova IN ('autocertificazione', 'documento_esibito', 'banca_dati', 'dichiarazione_operatore')",
            name=op.f("ck_risposta_prova_ammesso"),
        ),
        sa.CheckConstraint("risposta = 'da_verificare' OR prova IS NOT NULL", name=op.f("ck_risposta_con_prova")),
        sa.CheckConstraint("risposta IN ('si', 'no', 'da_verificare')", name=op.f("ck_risposta_risposta_ammesso")),
        sa.ForeignKeyConstraint(
            ["iscrizione_id"], ["iscrizione.iscrizione_id"], name=op.f("fk_risposta_iscrizione_id")
        ),
        sa.PrimaryKeyConstraint("iscrizione_id", "requisito", "numero", name=op.f("pk_risposta")),
        info={"immutable": True},
    )
    op.create_table(
        "valutazione",
        sa.Column("iscrizione_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("esito", sa.Text(), nullable=False),
        sa.Column("causa", sa.String(), nullable=False),
        sa.Column("spiegazione", postgresql.JSONB(), nullable=False),
        sa.Column("valutata_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "esito IN ('idoneo', 'in_accertamento', 'non_idoneo')", name=op.f("ck_valutazione_esito_ammesso")
        ),
        sa.ForeignKeyConstraint(
            ["iscrizione_id"], ["iscrizione.iscrizione_id"], name=op.f("fk_valutazione_iscrizione_id")
        ),
        sa.PrimaryKeyConstraint("iscrizione_id", "numero", name=op.f("pk_valutazione")),
        info={"immutable": True},
    )
    op.create_table(
        "dote_movimento",
        sa.Column("movimento_id", sa.Uuid(), nullable=False),
        sa.Column("pip_id", sa.Uuid(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("causale", sa.Text(), nullable=False),
        sa.Column("servizi_cent", sa.BigInteger(), nullable=False),
        sa.Column("indennita_cent", sa.BigInteger(), nullable=False),
        sa.Column("avvenuto_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "causale IN ('firma', 'revisione', 'conclusione', 'rinuncia', 'decadenza', 'rettifica')",
            name=op.f("ck_dote_movimento_causale_ammesso"),
        ),
        sa.ForeignKeyConstraint(["pip_id"], ["pip.pip_id"], name=op.f("fk_dote_movimento_pip_id")),
        sa.ForeignKeyConstraint(["progetto_id"], ["linea.progetto_id"], name=op.f("fk_dote_movimento_progetto_id")),
        sa.PrimaryKeyConstraint("movimento_id", name=op.f("pk_dote_movimento")),
        info={"immutable": True},
    )
    op.create_index("ix_dote_movimento_pip_id", "dote_movimento", ["pip_id"], unique=False)
    op.create_index("ix_dote_movimento_progetto_id", "dote_movimento", ["progetto_id"], unique=False)
    op.create_table(
        "liquidazione",
        sa.Column("liquidazione_id", sa.Uuid(), nullable=False),
        sa.Column("lotto_id", sa.Uuid(), nullable=False),
        sa.Column("pip_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("patto_id", sa.Uuid(), nullable=True),
        sa.Column("quota_id", sa.Uuid(), nullable=True),
        sa.Column("importo_cent", sa.BigInteger(), nullable=False),
        sa.Column("quota_morosita_cent", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("importo_cent > 0", name=op.f("ck_liquidazione_importo_positivo")),
        sa.CheckConstraint(
            "patto_id IS NOT NULL OR quota_morosita_cent = 0", name=op.f("ck_liquidazione_quota_con_patto")
        ),
        sa.CheckConstraint(
            "quota_morosita_cent BETWEEN 0 AND importo_cent", name=op.f("ck_liquidazione_quota_nell_importo")
        ),
        sa.ForeignKeyConstraint(["lotto_id"], ["lotto_liquidazione.lotto_id"], name=op.f("fk_liquidazione_lotto_id")),
        sa.ForeignKeyConstraint(["patto_id"], ["patto.patto_id"], name=op.f("fk_liquidazione_patto_id")),
        sa.ForeignKeyConstraint(["pip_id"], ["pip.pip_id"], name=op.f("fk_liquidazione_pip_id")),
        sa.PrimaryKeyConstraint("liquidazione_id", name=op.f("pk_liquidazione")),
        sa.UniqueConstraint("lotto_id", "pip_id", name=op.f("uq_liquidazione_lotto_id_pip_id")),
        info={"immutable": True},
    )
    op.create_index("ix_liquidazione_pip_id", "liquidazione", ["pip_id"], unique=False)
    op.create_table(
        "pip_bozza",
        sa.Column("pip_id", sa.Uuid(), nullable=False),
        sa.Column("piano", postgresql.JSONB(), nullable=False),
        sa.Column("modificata_da", sa.String(), nullable=False),
        sa.Column("modificata_il", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pip_id"], ["pip.pip_id"], name=op.f("fk_pip_bozza_pip_id")),
        sa.PrimaryKeyConstraint("pip_id", name=op.f("pk_pip_bozza")),
    )
    op.create_table(
        "pip_firma",
        sa.Column("pip_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("chi", sa.String(), nullable=False),
        sa.Column("metodo", sa.Text(), nullable=False),
        sa.Column("testo_sha256", sa.String(), nullable=False),
        sa.Column("raccolta_da", sa.String(), nullable=False),
        sa.Column("firmata_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("chi IN ('persona', 'operatore')", name=op.f("ck_pip_firma_chi_ammesso")),
        sa.CheckConstraint(
            "metodo IN ('autografa', 'grafometrica', 'digitale', 'spid')", name=op.f("ck_pip_firma_metodo_ammesso")
        ),
        sa.ForeignKeyConstraint(["pip_id"], ["pip.pip_id"], name=op.f("fk_pip_firma_pip_id")),
        sa.PrimaryKeyConstraint("pip_id", "numero", "chi", name=op.f("pk_pip_firma")),
        info={"immutable": True},
    )
    op.create_table(
        "pip_passaggio",
        sa.Column("pip_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("stato", sa.Text(), nullable=False),
        sa.Column("autore", sa.String(), nullable=False),
        sa.Column("motivo", sa.String(), nullable=True),
        sa.Column("avvenuto_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "stato IN ('bozza', 'firmato', 'attivo', 'concluso', 'rinunciato', 'decaduto')",
            name=op.f("ck_pip_passaggio_stato_ammesso"),
        ),
        sa.ForeignKeyConstraint(["pip_id"], ["pip.pip_id"], name=op.f("fk_pip_passaggio_pip_id")),
        sa.PrimaryKeyConstraint("pip_id", "versione", name=op.f("pk_pip_passaggio")),
        info={"immutable": True},
    )
    op.create_table(
        "pip_servizio",
        sa.Column("pip_id", sa.Uuid(), nullable=False),
        sa.Column("servizio_codice", sa.String(), nullable=False),
        sa.Column("previsti_minuti", sa.Integer(), nullable=False),
        sa.Column("registrati_minuti", sa.Integer(), nullable=False),
        sa.Column("validati_minuti", sa.Integer(), nullable=False),
        sa.CheckConstraint("registrati_minuti <= previsti_minuti", name=op.f("ck_pip_servizio_mai_oltre_il_piano")),
        sa.CheckConstraint(
            "validati_minuti BETWEEN 0 AND registrati_minuti", name=op.f("ck_pip_servizio_validati_fra_registrati")
        ),
        sa.ForeignKeyConstraint(["pip_id"], ["pip.pip_id"], name=op.f("fk_pip_servizio_pip_id")),
        sa.PrimaryKeyConstraint("pip_id", "servizio_codice", name=op.f("pk_pip_servizio")),
    )
    op.create_table(
        "pip_versione",
        sa.Column("pip_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("misura_numero", sa.Integer(), nullable=False),
        sa.Column("piano", postgresql.JSONB(), nullable=False),
        sa.Column("servizi_cent", sa.BigInteger(), nullable=False),
        sa.Column("indennita_cent", sa.BigInteger(), nullable=False),
        sa.Column("testo", sa.String(), nullable=False),
        sa.Column("testo_sha256", sa.String(), nullable=False),
        sa.Column("firmata_il", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pip_id"], ["pip.pip_id"], name=op.f("fk_pip_versione_pip_id")),
        sa.PrimaryKeyConstraint("pip_id", "numero", name=op.f("pk_pip_versione")),
        info={"immutable": True},
    )
    op.create_table(
        "ora",
        sa.Column("ore_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("pip_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("diretta", sa.Boolean(), nullable=False),
        sa.Column("servizio_codice", sa.String(), nullable=True),
        sa.Column("categoria_indiretta", sa.Text(), nullable=True),
        sa.Column("sessione", sa.String(), nullable=True),
        sa.Column("inizio", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fine", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minuti", sa.Integer(), nullable=False),
        sa.Column("giorno", sa.Date(), nullable=False),
        sa.Column("piano_dal", sa.Date(), nullable=False),
        sa.Column("piano_al", sa.Date(), nullable=False),
        sa.Column("stato", sa.Text(), nullable=False),
        sa.Column("registrata_da", sa.String(), nullable=False),
        sa.Column("registrata_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("firma_metodo", sa.Text(), nullable=True),
        sa.Column("firmata_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("validata_da", sa.String(), nullable=True),
        sa.Column("validata_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("annullata_da", sa.String(), nullable=True),
        sa.Column("annullata_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("annullata_motivo", sa.String(), nullable=True),
        sa.Column("costo_cent", sa.BigInteger(), nullable=False),
        sa.Column("indennita_cent", sa.BigInteger(), nullable=False),
        sa.Column("gia_pagata_da", sa.String(), nullable=True),
        sa.Column("gia_pagata_il", sa.DateTime(timezone=True), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("persona_id"), "="),
            (sa.literal_column("tstzrange(inizio, fine)"), "&&"),
            where=sa.text("diretta AND stato <> 'annullata'"),
            using="gist",
            name="ora_senza_sovrapposizioni",
        ),
        sa.CheckConstraint("(stato = 'annullata') = (annullata_il IS NOT NULL)", name=op.f("ck_ora_annullata_datata")),
        sa.CheckConstraint(
            "categoria_indiretta IN ('progettazione', 'rete_territoriale', 'ricerca_aziende', "
            "'monitoraggio', 'amministrazione')",
            name=op.f("ck_ora_categoria_indiretta_ammesso"),
        ),
        sa.CheckConstraint(
            "fine = inizio + minuti * interval '1 minute' AND minuti >= 15", name=op.f("ck_ora_minuti_dell_intervallo")
        ),
        sa.CheckConstraint(
            "firma_metodo IN ('autografa', 'grafometrica', 'digitale', 'spid')",
            name=op.f("ck_ora_firma_metodo_ammesso"),
        ),
        sa.CheckConstraint("stato <> 'validata' OR validata_il IS NOT NULL", name=op.f("ck_ora_validata_datata")),
        sa.CheckConstraint(
            "stato = 'validata' OR stato = 'annullata' OR (costo_cent = 0 AND indennita_cent = 0)",
            name=op.f("ck_ora_importi_se_validata"),
        ),
        sa.CheckConstraint(
            "stato IN ('registrata', 'firmata', 'validata', 'annullata')", name=op.f("ck_ora_stato_ammesso")
        ),
        sa.CheckConstraint("(firmata_il IS NULL) = (firma_metodo IS NULL)", name=op.f("ck_ora_firma_intera")),
        sa.CheckConstraint("costo_cent >= 0 AND indennita_cent >= 0", name=op.f("ck_ora_importi_non_negativi")),
        sa.CheckConstraint("diretta = (categoria_indiretta IS NULL)", name=op.f("ck_ora_indiretta_con_categoria")),
        sa.CheckConstraint("diretta = (servizio_codice IS NOT NULL)", name=op.f("ck_ora_diretta_con_servizio")),
        sa.CheckConstraint(
            "diretta OR (costo_cent = 0 AND indennita_cent = 0)", name=op.f("ck_ora_indiretta_non_pagata")
        ),
        sa.CheckConstraint("giorno BETWEEN piano_dal AND piano_al", name=op.f("ck_ora_dentro_il_piano")),
        sa.CheckConstraint("validata_da <> registrata_da", name=op.f("ck_ora_seconda_persona")),
        sa.CheckConstraint("versione >= 1", name=op.f("ck_ora_versione_positiva")),
        sa.ForeignKeyConstraint(
            ["pip_id", "servizio_codice"],
            ["pip_servizio.pip_id", "pip_servizio.servizio_codice"],
            name="fk_ora_servizio",
        ),
        sa.ForeignKeyConstraint(["pip_id"], ["pip.pip_id"], name=op.f("fk_ora_pip_id")),
        sa.PrimaryKeyConstraint("ore_id", name=op.f("pk_ora")),
    )
    op.create_index("ix_ora_pip_id", "ora", ["pip_id", "inizio"], unique=False)
    op.create_table(
        "voce_indennita",
        sa.Column("voce_id", sa.Uuid(), nullable=False),
        sa.Column("pip_id", sa.Uuid(), nullable=False),
        sa.Column("ore_id", sa.Uuid(), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("importo_cent", sa.BigInteger(), nullable=False),
        sa.Column("giorno", sa.Date(), nullable=False),
        sa.Column("motivo", sa.String(), nullable=True),
        sa.Column("creata_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(tipo = 'maturazione') = (importo_cent > 0) AND importo_cent <> 0", name=op.f("ck_voce_indennita_segno")
        ),
        sa.CheckConstraint(
            "tipo IN ('maturazione', 'storno', 'compensazione')", name=op.f("ck_voce_indennita_tipo_ammesso")
        ),
        sa.ForeignKeyConstraint(["ore_id"], ["ora.ore_id"], name=op.f("fk_voce_indennita_ore_id")),
        sa.ForeignKeyConstraint(["pip_id"], ["pip.pip_id"], name=op.f("fk_voce_indennita_pip_id")),
        sa.PrimaryKeyConstraint("voce_id", name=op.f("pk_voce_indennita")),
        info={"immutable": True},
    )
    op.create_index("ix_voce_indennita_pip_id", "voce_indennita", ["pip_id"], unique=False)
    op.create_index(
        "uq_voce_maturata", "voce_indennita", ["ore_id"], unique=True, postgresql_where=sa.text("tipo = 'maturazione'")
    )
    op.create_index(
        "uq_voce_tolta", "voce_indennita", ["ore_id"], unique=True, postgresql_where=sa.text("tipo <> 'maturazione'")
    )
    op.create_table(
        "liquidazione_voce",
        sa.Column("voce_id", sa.Uuid(), nullable=False),
        sa.Column("liquidazione_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["liquidazione_id"], ["liquidazione.liquidazione_id"], name=op.f("fk_liquidazione_voce_liquidazione_id")
        ),
        sa.ForeignKeyConstraint(["voce_id"], ["voce_indennita.voce_id"], name=op.f("fk_liquidazione_voce_voce_id")),
        sa.PrimaryKeyConstraint("voce_id", name=op.f("pk_liquidazione_voce")),
        info={"immutable": True},
    )
    op.create_index("ix_liquidazione_voce_liquidazione_id", "liquidazione_voce", ["liquidazione_id"], unique=False)
    create_chassis_tables()


def downgrade() -> None:
    """Drops them."""
    drop_chassis_tables()
    op.drop_index("ix_liquidazione_voce_liquidazione_id", table_name="liquidazione_voce")
    op.drop_table("liquidazione_voce")
    op.drop_index("uq_voce_tolta", table_name="voce_indennita", postgresql_where=sa.text("tipo <> 'maturazione'"))
    op.drop_index("uq_voce_maturata", table_name="voce_indennita", postgresql_where=sa.text("tipo = 'maturazione'"))
    op.drop_index("ix_voce_indennita_pip_id", table_name="voce_indennita")
    op.drop_table("voce_indennita")
    op.drop_index("ix_ora_pip_id", table_name="ora")
    op.drop_table("ora")
    op.drop_table("pip_versione")
    op.drop_table("pip_servizio")
    op.drop_table("pip_passaggio")
    op.drop_table("pip_firma")
    op.drop_table("pip_bozza")
    op.drop_index("ix_liquidazione_pip_id", table_name="liquidazione")
    op.drop_table("liquidazione")
    op.drop_index("ix_dote_movimento_progetto_id", table_name="dote_movimento")
    op.drop_index("ix_dote_movimento_pip_id", table_name="dote_movimento")
    op.drop_table("dote_movimento")
    op.drop_table("valutazione")
    op.drop_table("risposta")
    op.drop_index(
        "uq_pip_aperto", table_name="pip", postgresql_where=sa.text("stato IN ('bozza', 'firmato', 'attivo')")
    )
    op.drop_index("ix_pip_progetto_id", table_name="pip")
    op.drop_index("ix_pip_persona_id", table_name="pip")
    op.drop_index("ix_pip_ente", table_name="pip")
    op.drop_index("ix_pip_da_attivare", table_name="pip", postgresql_where=sa.text("stato = 'firmato'"))
    op.drop_table("pip")
    op.drop_table("ammissione")
    op.drop_index("ix_iscrizione_progetto_id", table_name="iscrizione")
    op.drop_index("ix_iscrizione_ente", table_name="iscrizione")
    op.drop_table("iscrizione")
    op.drop_table("tetto_persona")
    op.drop_index("uq_patto_attivo", table_name="patto", postgresql_where=sa.text("stato = 'attivo'"))
    op.drop_index("ix_patto_progetto_id", table_name="patto")
    op.drop_table("patto")
    op.drop_index("ix_nucleo_membro_persona_id", table_name="nucleo_membro")
    op.drop_table("nucleo_membro")
    op.drop_table("misura_versione")
    op.drop_table("lotto_liquidazione")
    op.drop_table("linea")
    op.drop_index(op.f("ix_progetto_capofila"), table_name="progetto")
    op.drop_table("progetto")
    op.drop_table("presa_in_carico")
    op.drop_index("ix_persona_unita_persona_id", table_name="persona_unita")
    op.drop_table("persona_unita")
    op.drop_table("persona_cancellata")
    op.drop_table("nucleo")
    op.drop_table("misura")
