"""Accounts and results: claims of operators, payment files, contributions, group pacts, placements, certificates.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the tables, and the columns of what was there that they rest on."""
    op.create_table(
        "azienda",
        sa.Column("azienda_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("denominazione", sa.String(), nullable=False),
        sa.Column("comune", sa.String(), nullable=False),
        sa.Column("settore", sa.String(), nullable=False),
        sa.Column("registrata_da", sa.String(), nullable=False),
        sa.Column("registrata_il", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("azienda_id", name=op.f("pk_azienda")),
    )
    op.create_index("ix_azienda_ente", "azienda", ["ente", "azienda_id"], unique=False)
    op.create_table(
        "disponibilita",
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("competenze", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("fasce", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("dichiarata_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "fasce <@ ARRAY['mattina', 'pomeriggio', 'sera', 'notte', 'fine_settimana']",
            name=op.f("ck_disponibilita_fasce_ammesse"),
        ),
        sa.PrimaryKeyConstraint("persona_id", "ente", name=op.f("pk_disponibilita")),
    )
    op.create_index("ix_disponibilita_ente", "disponibilita", ["ente"], unique=False)
    op.create_table(
        "segreto",
        sa.Column("segreto_id", sa.Uuid(), nullable=False),
        sa.Column("chiave_id", sa.String(), nullable=False),
        sa.Column("cifrato", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("segreto_id", name=op.f("pk_segreto")),
    )
    op.create_index("ix_segreto_chiave_id", "segreto", ["chiave_id"], unique=False)
    op.create_table(
        "iban_persona",
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("segreto_id", sa.Uuid(), nullable=False),
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("registrato_da", sa.String(), nullable=False),
        sa.Column("registrato_il", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["segreto_id"], ["segreto.segreto_id"], name=op.f("fk_iban_persona_segreto_id")),
        sa.PrimaryKeyConstraint("persona_id", "versione", name=op.f("pk_iban_persona")),
        sa.UniqueConstraint("segreto_id", name=op.f("uq_iban_persona_segreto_id")),
    )
    op.create_table(
        "obiettivo",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("indicatore", sa.Text(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("atteso", sa.Integer(), nullable=False),
        sa.Column("fonte", sa.String(), nullable=False),
        sa.Column("scritto_da", sa.String(), nullable=False),
        sa.Column("scritto_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "indicatore IN ('iscrizioni', 'idonei', 'piani_avviati', 'persone_orientate', 'persone_formate', "
            "'persone_servizi_lavoro', 'patti_individuali', 'patti_di_gruppo', 'tirocini', 'attestati', "
            "'attestati_impresa', 'percorsi_impresa', 'contratti', 'contratti_trimestrali')",
            name=op.f("ck_obiettivo_indicatore_ammesso"),
        ),
        sa.CheckConstraint("atteso >= 0", name=op.f("ck_obiettivo_atteso_non_negativo")),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name=op.f("fk_obiettivo_progetto_id")),
        sa.PrimaryKeyConstraint("progetto_id", "indicatore", name=op.f("pk_obiettivo")),
    )
    op.create_table(
        "patto_gruppo",
        sa.Column("gruppo_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("titolo", sa.String(), nullable=False),
        sa.Column("impegni", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("quota_numeratore", sa.Integer(), nullable=False),
        sa.Column("quota_denominatore", sa.Integer(), nullable=False),
        sa.Column("stato", sa.Text(), nullable=False),
        sa.Column("aperto_da", sa.String(), nullable=False),
        sa.Column("aperto_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cessato_il", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(stato = 'cessato') = (cessato_il IS NOT NULL)", name=op.f("ck_patto_gruppo_cessato_datato")
        ),
        sa.CheckConstraint(
            "impegni <@ ARRAY['rientro_morosita', 'formazione', 'ricerca_lavoro', 'cura_spazi', "
            "'volontariato', 'servizi_ai_vicini']",
            name=op.f("ck_patto_gruppo_impegni_ammessi"),
        ),
        sa.CheckConstraint("stato IN ('attivo', 'cessato')", name=op.f("ck_patto_gruppo_stato_ammesso")),
        sa.CheckConstraint(
            "quota_numeratore BETWEEN 1 AND quota_denominatore", name=op.f("ck_patto_gruppo_quota_fra_zero_e_uno")
        ),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name=op.f("fk_patto_gruppo_progetto_id")),
        sa.PrimaryKeyConstraint("gruppo_id", name=op.f("pk_patto_gruppo")),
    )
    op.create_index("ix_patto_gruppo_progetto_id", "patto_gruppo", ["progetto_id", "gruppo_id"], unique=False)
    op.create_table(
        "posizione",
        sa.Column("posizione_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("azienda_id", sa.Uuid(), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("mansione", sa.String(), nullable=False),
        sa.Column("competenze", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("fasce", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("posti", sa.Integer(), nullable=False),
        sa.Column("occupati", sa.Integer(), nullable=False),
        sa.Column("aperta_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chiusa_il", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "fasce <@ ARRAY['mattina', 'pomeriggio', 'sera', 'notte', 'fine_settimana']",
            name=op.f("ck_posizione_fasce_ammesse"),
        ),
        sa.CheckConstraint("tipo IN ('tirocinio', 'lavoro')", name=op.f("ck_posizione_tipo_ammesso")),
        sa.CheckConstraint("posti >= 1 AND occupati BETWEEN 0 AND posti", name=op.f("ck_posizione_mai_oltre_i_posti")),
        sa.ForeignKeyConstraint(["azienda_id"], ["azienda.azienda_id"], name=op.f("fk_posizione_azienda_id")),
        sa.PrimaryKeyConstraint("posizione_id", name=op.f("pk_posizione")),
    )
    op.create_index("ix_posizione_azienda_id", "posizione", ["azienda_id", "posizione_id"], unique=False)
    op.create_table(
        "domanda_rimborso",
        sa.Column("domanda_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("misura_id", sa.Uuid(), nullable=False),
        sa.Column("misura_codice", sa.String(), nullable=False),
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("dal", sa.Date(), nullable=False),
        sa.Column("al", sa.Date(), nullable=False),
        sa.Column("stato", sa.Text(), nullable=False),
        sa.Column("righe", sa.Integer(), nullable=False),
        sa.Column("chiesto_cent", sa.BigInteger(), nullable=False),
        sa.Column("ammesso_cent", sa.BigInteger(), nullable=True),
        sa.Column("presentata_da", sa.String(), nullable=False),
        sa.Column("presentata_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("atto", sa.String(), nullable=True),
        sa.Column("istruita_da", sa.String(), nullable=True),
        sa.Column("istruita_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ritirata_il", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(stato = 'istruita') = (ammesso_cent IS NOT NULL) AND (stato = 'istruita') = (istruita_il IS NOT NULL)",
            name=op.f("ck_domanda_rimborso_istruita_con_esito"),
        ),
        sa.CheckConstraint(
            "(stato = 'ritirata') = (ritirata_il IS NOT NULL)", name=op.f("ck_domanda_rimborso_ritirata_datata")
        ),
        sa.CheckConstraint(
            "stato IN ('presentata', 'istruita', 'ritirata')", name=op.f("ck_domanda_rimborso_stato_ammesso")
        ),
        sa.CheckConstraint("al >= dal", name=op.f("ck_domanda_rimborso_date_in_ordine")),
        sa.CheckConstraint("ammesso_cent <= chiesto_cent", name=op.f("ck_domanda_rimborso_ammesso_nel_chiesto")),
        sa.CheckConstraint(
            "versione >= 1 AND numero >= 1 AND righe >= 1", name=op.f("ck_domanda_rimborso_numeri_positivi")
        ),
        sa.ForeignKeyConstraint(["misura_id"], ["misura.misura_id"], name=op.f("fk_domanda_rimborso_misura_id")),
        sa.ForeignKeyConstraint(["progetto_id"], ["linea.progetto_id"], name=op.f("fk_domanda_rimborso_progetto_id")),
        sa.PrimaryKeyConstraint("domanda_id", name=op.f("pk_domanda_rimborso")),
        sa.UniqueConstraint(
            "progetto_id",
            "misura_id",
            "ente",
            "numero",
            name=op.f("uq_domanda_rimborso_progetto_id_misura_id_ente_numero"),
        ),
    )
    op.create_table(
        "flusso_pagamento",
        sa.Column("flusso_id", sa.Uuid(), nullable=False),
        sa.Column("lotto_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("debitore", sa.String(), nullable=False),
        sa.Column("segreto_id", sa.Uuid(), nullable=False),
        sa.Column("esecuzione", sa.Date(), nullable=False),
        sa.Column("righe", sa.Integer(), nullable=False),
        sa.Column("totale_cent", sa.BigInteger(), nullable=False),
        sa.Column("creato_da", sa.String(), nullable=False),
        sa.Column("creato_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "numero >= 1 AND righe >= 1 AND totale_cent > 0", name=op.f("ck_flusso_pagamento_numeri_positivi")
        ),
        sa.ForeignKeyConstraint(
            ["lotto_id"], ["lotto_liquidazione.lotto_id"], name=op.f("fk_flusso_pagamento_lotto_id")
        ),
        sa.ForeignKeyConstraint(["segreto_id"], ["segreto.segreto_id"], name=op.f("fk_flusso_pagamento_segreto_id")),
        sa.PrimaryKeyConstraint("flusso_id", name=op.f("pk_flusso_pagamento")),
        sa.UniqueConstraint("lotto_id", "numero", name=op.f("uq_flusso_pagamento_lotto_id_numero")),
        sa.UniqueConstraint("segreto_id", name=op.f("uq_flusso_pagamento_segreto_id")),
        info={"immutable": True},
    )
    op.create_table(
        "operatore_linea",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("misura_id", sa.Uuid(), nullable=False),
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("tetto_cent", sa.BigInteger(), nullable=True),
        sa.Column("chiesto_cent", sa.BigInteger(), nullable=False),
        sa.Column("ammesso_cent", sa.BigInteger(), nullable=False),
        sa.Column("domande", sa.Integer(), nullable=False),
        sa.CheckConstraint("chiesto_cent <= tetto_cent", name=op.f("ck_operatore_linea_mai_oltre_il_massimale")),
        sa.CheckConstraint("domande >= 0", name=op.f("ck_operatore_linea_domande_non_negative")),
        sa.ForeignKeyConstraint(["misura_id"], ["misura.misura_id"], name=op.f("fk_operatore_linea_misura_id")),
        sa.ForeignKeyConstraint(["progetto_id"], ["linea.progetto_id"], name=op.f("fk_operatore_linea_progetto_id")),
        sa.PrimaryKeyConstraint("progetto_id", "misura_id", "ente", name=op.f("pk_operatore_linea")),
    )
    op.create_table(
        "contributo",
        sa.Column("contributo_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("iscrizione_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("misura_id", sa.Uuid(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("importo_cent", sa.BigInteger(), nullable=False),
        sa.Column("giorno", sa.Date(), nullable=False),
        sa.Column("atto", sa.String(), nullable=False),
        sa.Column("stato", sa.Text(), nullable=False),
        sa.Column("concesso_da", sa.String(), nullable=False),
        sa.Column("concesso_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revocato_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("motivo", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(stato = 'revocato') = (revocato_il IS NOT NULL)", name=op.f("ck_contributo_revocato_datato")
        ),
        sa.CheckConstraint("stato IN ('concesso', 'liquidato', 'revocato')", name=op.f("ck_contributo_stato_ammesso")),
        sa.CheckConstraint("importo_cent > 0", name=op.f("ck_contributo_importo_positivo")),
        sa.ForeignKeyConstraint(
            ["iscrizione_id"], ["iscrizione.iscrizione_id"], name=op.f("fk_contributo_iscrizione_id")
        ),
        sa.ForeignKeyConstraint(["misura_id"], ["misura.misura_id"], name=op.f("fk_contributo_misura_id")),
        sa.ForeignKeyConstraint(["progetto_id"], ["linea.progetto_id"], name=op.f("fk_contributo_progetto_id")),
        sa.PrimaryKeyConstraint("contributo_id", name=op.f("pk_contributo")),
    )
    op.create_index("ix_contributo_persona_id", "contributo", ["persona_id", "misura_id"], unique=False)
    op.create_index("ix_contributo_progetto_id", "contributo", ["progetto_id", "contributo_id"], unique=False)
    op.create_table(
        "attestato",
        sa.Column("attestato_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("codice", sa.String(), nullable=False),
        sa.Column("pip_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("servizio_codice", sa.String(), nullable=False),
        sa.Column("corso", sa.String(), nullable=False),
        sa.Column("minuti", sa.Integer(), nullable=False),
        sa.Column("rilasciato_da", sa.String(), nullable=False),
        sa.Column("rilasciato_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revocato_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("motivo", sa.String(), nullable=True),
        sa.CheckConstraint("tipo IN ('frequenza', 'competenze', 'impresa')", name=op.f("ck_attestato_tipo_ammesso")),
        sa.CheckConstraint("(revocato_il IS NULL) = (motivo IS NULL)", name=op.f("ck_attestato_revocato_con_motivo")),
        sa.CheckConstraint("minuti >= 15", name=op.f("ck_attestato_minuti_positivi")),
        sa.ForeignKeyConstraint(["pip_id"], ["pip.pip_id"], name=op.f("fk_attestato_pip_id")),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name=op.f("fk_attestato_progetto_id")),
        sa.PrimaryKeyConstraint("attestato_id", name=op.f("pk_attestato")),
        sa.UniqueConstraint("codice", name=op.f("uq_attestato_codice")),
    )
    op.create_index("ix_attestato_progetto_id", "attestato", ["progetto_id"], unique=False)
    op.create_index(
        "uq_attestato_in_vigore",
        "attestato",
        ["pip_id", "servizio_codice", "tipo"],
        unique=True,
        postgresql_where=sa.text("revocato_il IS NULL"),
    )
    op.create_table(
        "contratto",
        sa.Column("contratto_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("pip_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("posizione_id", sa.Uuid(), nullable=True),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("dal", sa.Date(), nullable=False),
        sa.Column("mesi", sa.Integer(), nullable=True),
        sa.Column("registrato_da", sa.String(), nullable=False),
        sa.Column("registrato_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("annullato_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("motivo", sa.String(), nullable=True),
        sa.CheckConstraint(
            "tipo IN ('indeterminato', 'determinato', 'apprendistato', 'somministrazione', 'autonomo')",
            name=op.f("ck_contratto_tipo_ammesso"),
        ),
        sa.CheckConstraint("(annullato_il IS NULL) = (motivo IS NULL)", name=op.f("ck_contratto_annullato_con_motivo")),
        sa.CheckConstraint("mesi >= 1", name=op.f("ck_contratto_mesi_positivi")),
        sa.ForeignKeyConstraint(["pip_id"], ["pip.pip_id"], name=op.f("fk_contratto_pip_id")),
        sa.ForeignKeyConstraint(["posizione_id"], ["posizione.posizione_id"], name=op.f("fk_contratto_posizione_id")),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name=op.f("fk_contratto_progetto_id")),
        sa.PrimaryKeyConstraint("contratto_id", name=op.f("pk_contratto")),
    )
    op.create_index("ix_contratto_pip_id", "contratto", ["pip_id"], unique=False)
    op.create_index("ix_contratto_progetto_id", "contratto", ["progetto_id"], unique=False)
    op.create_table(
        "impresa",
        sa.Column("impresa_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("pip_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("dal", sa.Date(), nullable=False),
        sa.Column("mesi", sa.Integer(), nullable=False),
        sa.Column("stato", sa.Text(), nullable=False),
        sa.Column("motivo", sa.String(), nullable=True),
        sa.Column("avviata_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finita_il", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(stato = 'attivo') = (finita_il IS NULL)", name=op.f("ck_impresa_finita_datata")),
        sa.CheckConstraint("stato IN ('attivo', 'concluso', 'interrotto')", name=op.f("ck_impresa_stato_ammesso")),
        sa.CheckConstraint("mesi BETWEEN 1 AND 60", name=op.f("ck_impresa_mesi_plausibili")),
        sa.ForeignKeyConstraint(["pip_id"], ["pip.pip_id"], name=op.f("fk_impresa_pip_id")),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name=op.f("fk_impresa_progetto_id")),
        sa.PrimaryKeyConstraint("impresa_id", name=op.f("pk_impresa")),
    )
    op.create_index("ix_impresa_progetto_id", "impresa", ["progetto_id"], unique=False)
    op.create_index(
        "uq_impresa_attiva", "impresa", ["pip_id"], unique=True, postgresql_where=sa.text("stato = 'attivo'")
    )
    op.create_table(
        "tirocinio",
        sa.Column("tirocinio_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("pip_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("posizione_id", sa.Uuid(), nullable=False),
        sa.Column("tutor", sa.String(), nullable=False),
        sa.Column("dal", sa.Date(), nullable=False),
        sa.Column("al", sa.Date(), nullable=False),
        sa.Column("stato", sa.Text(), nullable=False),
        sa.Column("motivo", sa.String(), nullable=True),
        sa.Column("avviato_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finito_il", sa.DateTime(timezone=True), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("persona_id"), "="),
            (sa.literal_column("daterange(dal, al, '[]')"), "&&"),
            where=sa.text("stato <> 'interrotto'"),
            using="gist",
            name="tirocinio_senza_sovrapposizioni",
        ),
        sa.CheckConstraint("(stato = 'attivo') = (finito_il IS NULL)", name=op.f("ck_tirocinio_finito_datato")),
        sa.CheckConstraint(
            "al >= dal AND al < dal + interval '6 months'", name=op.f("ck_tirocinio_al_massimo_sei_mesi")
        ),
        sa.CheckConstraint("stato IN ('attivo', 'concluso', 'interrotto')", name=op.f("ck_tirocinio_stato_ammesso")),
        sa.ForeignKeyConstraint(["pip_id"], ["pip.pip_id"], name=op.f("fk_tirocinio_pip_id")),
        sa.ForeignKeyConstraint(["posizione_id"], ["posizione.posizione_id"], name=op.f("fk_tirocinio_posizione_id")),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name=op.f("fk_tirocinio_progetto_id")),
        sa.PrimaryKeyConstraint("tirocinio_id", name=op.f("pk_tirocinio")),
    )
    op.create_index("ix_tirocinio_pip_id", "tirocinio", ["pip_id"], unique=False)
    op.create_table(
        "flusso_pagamento_riga",
        sa.Column("flusso_id", sa.Uuid(), nullable=False),
        sa.Column("liquidazione_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("iban_persona_id", sa.Uuid(), nullable=False),
        sa.Column("iban_versione", sa.Integer(), nullable=False),
        sa.Column("importo_cent", sa.BigInteger(), nullable=False),
        sa.Column("esito", sa.Text(), nullable=False),
        sa.Column("motivo", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(esito = 'respinto') = (motivo IS NOT NULL)", name=op.f("ck_flusso_pagamento_riga_respinto_con_motivo")
        ),
        sa.CheckConstraint("esito IN ('inviato', 'respinto')", name=op.f("ck_flusso_pagamento_riga_esito_ammesso")),
        sa.CheckConstraint("importo_cent > 0", name=op.f("ck_flusso_pagamento_riga_importo_positivo")),
        sa.ForeignKeyConstraint(
            ["flusso_id"], ["flusso_pagamento.flusso_id"], name=op.f("fk_flusso_pagamento_riga_flusso_id")
        ),
        sa.ForeignKeyConstraint(
            ["liquidazione_id"], ["liquidazione.liquidazione_id"], name=op.f("fk_flusso_pagamento_riga_liquidazione_id")
        ),
        sa.PrimaryKeyConstraint("flusso_id", "liquidazione_id", name=op.f("pk_flusso_pagamento_riga")),
    )
    op.create_index(
        "uq_flusso_pagamento_riga_viva",
        "flusso_pagamento_riga",
        ["liquidazione_id"],
        unique=True,
        postgresql_where=sa.text("esito <> 'respinto'"),
    )
    op.create_table(
        "impresa_traguardo",
        sa.Column("impresa_id", sa.Uuid(), nullable=False),
        sa.Column("traguardo", sa.Text(), nullable=False),
        sa.Column("raggiunto_il", sa.Date(), nullable=False),
        sa.Column("registrato_da", sa.String(), nullable=False),
        sa.Column("registrato_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "traguardo IN ('idea_validata', 'piano_di_impresa', 'finanziamento', 'costituzione', 'avvio_attivita')",
            name=op.f("ck_impresa_traguardo_traguardo_ammesso"),
        ),
        sa.ForeignKeyConstraint(["impresa_id"], ["impresa.impresa_id"], name=op.f("fk_impresa_traguardo_impresa_id")),
        sa.PrimaryKeyConstraint("impresa_id", "traguardo", name=op.f("pk_impresa_traguardo")),
        info={"immutable": True},
    )
    op.create_table(
        "rimborso_riga",
        sa.Column("domanda_id", sa.Uuid(), nullable=False),
        sa.Column("ore_id", sa.Uuid(), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("pip_id", sa.Uuid(), nullable=False),
        sa.Column("viva", sa.Boolean(), nullable=False),
        sa.Column("chiesto_cent", sa.BigInteger(), nullable=False),
        sa.Column("ammesso_cent", sa.BigInteger(), nullable=True),
        sa.Column("motivo", sa.String(), nullable=True),
        sa.CheckConstraint(
            "CASE tipo WHEN 'ora' THEN chiesto_cent >= 0 AND ammesso_cent BETWEEN 0 AND chiesto_cent ELSE "
            "chiesto_cent < 0 AND ammesso_cent = chiesto_cent END",
            name=op.f("ck_rimborso_riga_importi"),
        ),
        sa.CheckConstraint("tipo IN ('ora', 'recupero')", name=op.f("ck_rimborso_riga_tipo_ammesso")),
        sa.CheckConstraint(
            "ammesso_cent = chiesto_cent OR motivo IS NOT NULL", name=op.f("ck_rimborso_riga_tagliata_con_motivo")
        ),
        sa.ForeignKeyConstraint(
            ["domanda_id"], ["domanda_rimborso.domanda_id"], name=op.f("fk_rimborso_riga_domanda_id")
        ),
        sa.ForeignKeyConstraint(["ore_id"], ["ora.ore_id"], name=op.f("fk_rimborso_riga_ore_id")),
        sa.ForeignKeyConstraint(["pip_id"], ["pip.pip_id"], name=op.f("fk_rimborso_riga_pip_id")),
        sa.PrimaryKeyConstraint("domanda_id", "ore_id", "tipo", name=op.f("pk_rimborso_riga")),
    )
    op.create_index("ix_rimborso_riga_pip_id", "rimborso_riga", ["pip_id"], unique=False)
    op.create_index(
        "uq_rimborso_riga_viva", "rimborso_riga", ["ore_id", "tipo"], unique=True, postgresql_where=sa.text("viva")
    )
    op.add_column("linea", sa.Column("rimborsato_cent", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("liquidazione", sa.Column("contributo_id", sa.Uuid(), nullable=True))
    op.alter_column("liquidazione", "pip_id", existing_type=sa.UUID(), nullable=True)
    op.create_unique_constraint(op.f("uq_liquidazione_contributo_id"), "liquidazione", ["contributo_id"])
    op.create_foreign_key(
        op.f("fk_liquidazione_contributo_id"), "liquidazione", "contributo", ["contributo_id"], ["contributo_id"]
    )
    op.add_column("patto", sa.Column("gruppo_id", sa.Uuid(), nullable=True))
    op.add_column("patto", sa.Column("impegni", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.create_index("ix_patto_gruppo_id", "patto", ["gruppo_id"], unique=False)
    op.create_foreign_key(op.f("fk_patto_gruppo_id"), "patto", "patto_gruppo", ["gruppo_id"], ["gruppo_id"])
    op.add_column("pip", sa.Column("rimborsato_cent", sa.BigInteger(), server_default="0", nullable=False))
    op.create_check_constraint(
        op.f("ck_linea_rimborsato_nel_riservato"), "linea", "rimborsato_cent BETWEEN 0 AND riservato_servizi_cent"
    )
    op.create_check_constraint(
        op.f("ck_pip_rimborsato_nella_dote"), "pip", "rimborsato_cent BETWEEN 0 AND riservato_servizi_cent"
    )
    op.create_check_constraint(
        op.f("ck_liquidazione_di_un_piano_o_di_un_contributo"),
        "liquidazione",
        "(pip_id IS NULL) = (contributo_id IS NOT NULL)",
    )
    op.create_check_constraint(
        op.f("ck_patto_impegni_ammessi"),
        "patto",
        "impegni <@ ARRAY['rientro_morosita', 'formazione', 'ricerca_lavoro', 'cura_spazi', 'volontariato', "
        "'servizi_ai_vicini']",
    )


def downgrade() -> None:
    """Drops them; payments of contributions have no place in the earlier tables and stop it."""
    op.drop_constraint(op.f("ck_patto_impegni_ammessi"), "patto", type_="check")
    op.drop_constraint(op.f("ck_liquidazione_di_un_piano_o_di_un_contributo"), "liquidazione", type_="check")
    op.drop_constraint(op.f("ck_pip_rimborsato_nella_dote"), "pip", type_="check")
    op.drop_constraint(op.f("ck_linea_rimborsato_nel_riservato"), "linea", type_="check")

    op.drop_column("pip", "rimborsato_cent")
    op.drop_constraint(op.f("fk_patto_gruppo_id"), "patto", type_="foreignkey")
    op.drop_index("ix_patto_gruppo_id", table_name="patto")
    op.drop_column("patto", "impegni")
    op.drop_column("patto", "gruppo_id")
    op.drop_constraint(op.f("fk_liquidazione_contributo_id"), "liquidazione", type_="foreignkey")
    op.drop_constraint(op.f("uq_liquidazione_contributo_id"), "liquidazione", type_="unique")
    op.alter_column("liquidazione", "pip_id", existing_type=sa.UUID(), nullable=False)
    op.drop_column("liquidazione", "contributo_id")
    op.drop_column("linea", "rimborsato_cent")
    op.drop_index("uq_rimborso_riga_viva", table_name="rimborso_riga", postgresql_where=sa.text("viva"))
    op.drop_index("ix_rimborso_riga_pip_id", table_name="rimborso_riga")
    op.drop_table("rimborso_riga")
    op.drop_table("impresa_traguardo")
    op.drop_index(
        "uq_flusso_pagamento_riga_viva",
        table_name="flusso_pagamento_riga",
        postgresql_where=sa.text("esito <> 'respinto'"),
    )
    op.drop_table("flusso_pagamento_riga")
    op.drop_index("ix_tirocinio_pip_id", table_name="tirocinio")
    op.drop_table("tirocinio")
    op.drop_index("uq_impresa_attiva", table_name="impresa", postgresql_where=sa.text("stato = 'attivo'"))
    op.drop_index("ix_impresa_progetto_id", table_name="impresa")
    op.drop_table("impresa")
    op.drop_index("ix_contratto_progetto_id", table_name="contratto")
    op.drop_index("ix_contratto_pip_id", table_name="contratto")
    op.drop_table("contratto")
    op.drop_index("uq_attestato_in_vigore", table_name="attestato", postgresql_where=sa.text("revocato_il IS NULL"))
    op.drop_index("ix_attestato_progetto_id", table_name="attestato")
    op.drop_table("attestato")
    op.drop_index("ix_contributo_progetto_id", table_name="contributo")
    op.drop_index("ix_contributo_persona_id", table_name="contributo")
    op.drop_table("contributo")
    op.drop_table("operatore_linea")
    op.drop_table("flusso_pagamento")
    op.drop_table("domanda_rimborso")
    op.drop_index("ix_posizione_azienda_id", table_name="posizione")
    op.drop_table("posizione")
    op.drop_index("ix_patto_gruppo_progetto_id", table_name="patto_gruppo")
    op.drop_table("patto_gruppo")
    op.drop_table("obiettivo")
    op.drop_table("iban_persona")
    op.drop_index("ix_segreto_chiave_id", table_name="segreto")
    op.drop_table("segreto")
    op.drop_index("ix_disponibilita_ente", table_name="disponibilita")
    op.drop_table("disponibilita")
    op.drop_index("ix_azienda_ente", table_name="azienda")
    op.drop_table("azienda")
