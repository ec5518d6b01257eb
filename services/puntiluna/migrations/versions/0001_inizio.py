"""The whole of puntiluna: ledger, credits, mirrors, debts, reductions, settlements, and the general tariff.

Revision ID: 0001
Revises:
"""

from datetime import UTC, date, datetime
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.revisions import create_chassis_tables, drop_chassis_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# PRESS2019: one hour is 5 points; silver doubles, gold quadruples. In force from the first programme on.
TARIFFE_GENERALI = (
    ("01900000-0000-7000-8000-000000000001", "base", 500),
    ("01900000-0000-7000-8000-000000000002", "silver", 1000),
    ("01900000-0000-7000-8000-000000000003", "gold", 2000),
)


def upgrade() -> None:
    """Create the tables and enter the general tariff."""

    op.create_table(
        "accredito",
        sa.Column("accredito_id", sa.Uuid(), nullable=False),
        sa.Column("presenza_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("versione_presenza", sa.Integer(), nullable=False),
        sa.Column("annullata", sa.Boolean(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=True),
        sa.Column("attivita_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("nucleo_id", sa.Uuid(), nullable=True),
        sa.Column("inizio", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fine", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minuti", sa.Integer(), nullable=False),
        sa.Column("fascia", sa.String(), nullable=False),
        sa.Column("diretta", sa.Boolean(), nullable=False),
        sa.Column("categoria_indiretta", sa.String(), nullable=True),
        sa.Column("confermata_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("giorno", sa.Date(), nullable=False),
        sa.Column("mese", sa.String(), nullable=False),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("motivo", sa.String(), nullable=True),
        sa.Column("dovuto_cent", sa.BigInteger(), nullable=False),
        sa.Column("concesso_cent", sa.BigInteger(), nullable=False),
        sa.Column("conto_id", sa.Uuid(), nullable=True),
        sa.Column("fondo_id", sa.Uuid(), nullable=True),
        sa.Column("movimento_id", sa.Uuid(), nullable=True),
        sa.Column("aggiornato_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(stato IN ('accreditato', 'in_attesa_fondo')) = (dovuto_cent > 0)",
            name=op.f("ck_accredito_stato_secondo_dovuto"),
        ),
        sa.CheckConstraint("fascia IN ('nessuna', 'base', 'silver', 'gold')", name=op.f("ck_accredito_fascia_ammesso")),
        sa.CheckConstraint(
            "stato <> 'accreditato' OR concesso_cent = dovuto_cent", name=op.f("ck_accredito_accreditato_per_intero")
        ),
        sa.CheckConstraint(
            (
                "stato IN ('accreditato', 'in_attesa_fondo', 'senza_tariffa', 'non_dovuto', "
                "'oltre_limite', 'ora_gia_pagata', 'annullato')"
            ),
            name=op.f("ck_accredito_stato_ammesso"),
        ),
        sa.CheckConstraint(
            "concesso_cent >= 0 AND concesso_cent <= dovuto_cent", name=op.f("ck_accredito_concesso_entro_dovuto")
        ),
        sa.PrimaryKeyConstraint("accredito_id", name=op.f("pk_accredito")),
        sa.UniqueConstraint("presenza_id", name=op.f("uq_accredito_presenza_id")),
    )
    op.create_index(
        "ix_accredito_attesa",
        "accredito",
        ["progetto_id", "confermata_il", "presenza_id"],
        unique=False,
        postgresql_where=sa.text("stato = 'in_attesa_fondo'"),
    )
    op.create_index("ix_accredito_attivita", "accredito", ["attivita_id"], unique=False)
    op.create_index("ix_accredito_nucleo_mese", "accredito", ["nucleo_id", "mese"], unique=False)
    op.create_index("ix_accredito_persona_giorno", "accredito", ["persona_id", "giorno"], unique=False)
    op.create_index("ix_accredito_progetto", "accredito", ["progetto_id"], unique=False)
    op.create_index(
        "ix_accredito_tariffa",
        "accredito",
        ["presenza_id"],
        unique=False,
        postgresql_where=sa.text("stato = 'senza_tariffa'"),
    )
    op.create_table(
        "conto",
        sa.Column("conto_id", sa.Uuid(), nullable=False),
        sa.Column("libro", sa.String(), nullable=False),
        sa.Column("tipo", sa.String(), nullable=False),
        sa.Column("titolare", sa.String(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=True),
        sa.Column("saldo_cent", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("aperto_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "calore",
            sa.SmallInteger(),
            sa.Computed(
                (
                    "CASE tipo WHEN 'nucleo' THEN 0 WHEN 'donatore' THEN 0 WHEN 'solidale' THEN 1 WHEN "
                    "'prenotato' THEN 2 WHEN 'confermato' THEN 3 WHEN 'liquidato' THEN 4 WHEN 'apporto' THEN "
                    "5 ELSE 6 END"
                ),
                persisted=True,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("libro IN ('punti', 'quote')", name=op.f("ck_conto_libro_ammesso")),
        sa.CheckConstraint("tipo = 'apporto' OR saldo_cent >= 0", name=op.f("ck_conto_saldo_non_negativo")),
        sa.CheckConstraint(
            ("tipo IN ('apporto', 'fondo', 'nucleo', 'donatore', 'solidale', 'prenotato', 'confermato', 'liquidato')"),
            name=op.f("ck_conto_tipo_ammesso"),
        ),
        sa.PrimaryKeyConstraint("conto_id", name=op.f("pk_conto")),
        sa.UniqueConstraint("libro", "tipo", "titolare", name=op.f("uq_conto_libro_tipo_titolare")),
        info={"immutable": True},
    )
    op.create_index("ix_conto_progetto_id", "conto", ["progetto_id", "tipo"], unique=False)
    op.create_table(
        "limite",
        sa.Column("limite_id", sa.Uuid(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=True),
        sa.Column("ambito", sa.String(), nullable=False),
        sa.Column("attivita_id", sa.Uuid(), nullable=True),
        sa.Column("massimo_cent", sa.BigInteger(), nullable=False),
        sa.Column("rigido", sa.Boolean(), nullable=False),
        sa.Column("dal", sa.Date(), nullable=False),
        sa.Column("al", sa.Date(), nullable=True),
        sa.Column("autore", sa.String(), nullable=False),
        sa.Column("creato_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ambito IN ('attivita', 'nucleo_mese', 'programma', 'persona_giorno')",
            name=op.f("ck_limite_ambito_ammesso"),
        ),
        sa.CheckConstraint("attivita_id IS NULL OR ambito = 'attivita'", name=op.f("ck_limite_attivita")),
        sa.CheckConstraint("al IS NULL OR al >= dal", name=op.f("ck_limite_periodo")),
        sa.CheckConstraint("massimo_cent >= 0", name=op.f("ck_limite_massimo_non_negativo")),
        sa.PrimaryKeyConstraint("limite_id", name=op.f("pk_limite")),
        info={"immutable": True},
    )
    op.create_table(
        "movimento",
        sa.Column("movimento_id", sa.Uuid(), nullable=False),
        sa.Column("ordine", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("libro", sa.String(), nullable=False),
        sa.Column("causa", sa.String(), nullable=False),
        sa.Column("chiave", sa.String(), nullable=False),
        sa.Column("evento_origine", sa.Uuid(), nullable=True),
        sa.Column("storna", sa.Uuid(), nullable=True),
        sa.Column("accaduto_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrato_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dettaglio", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(
            (
                "causa IN ('alimentazione', 'accredito', 'storno', 'recupero', 'donazione', "
                "'ripartizione', 'quota_morosita', 'prenotazione', 'conferma', 'restituzione', "
                "'liquidazione', 'unione')"
            ),
            name=op.f("ck_movimento_causa_ammesso"),
        ),
        sa.CheckConstraint("libro IN ('punti', 'quote')", name=op.f("ck_movimento_libro_ammesso")),
        sa.ForeignKeyConstraint(["storna"], ["movimento.movimento_id"], name=op.f("fk_movimento_storna")),
        sa.PrimaryKeyConstraint("movimento_id", name=op.f("pk_movimento")),
        sa.UniqueConstraint("chiave", name=op.f("uq_movimento_chiave")),
        sa.UniqueConstraint("ordine", name=op.f("uq_movimento_ordine")),
        info={"immutable": True},
    )
    op.create_index(op.f("ix_movimento_storna"), "movimento", ["storna"], unique=False)
    op.create_table(
        "nucleo",
        sa.Column("nucleo_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=True),
        sa.Column("aggiornato_il", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("nucleo_id", name=op.f("pk_nucleo")),
    )
    op.create_table(
        "ora_pagata",
        sa.Column("ora_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("fonte", sa.String(), nullable=False),
        sa.Column("fonte_id", sa.Uuid(), nullable=False),
        sa.Column("versione_fonte", sa.Integer(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("inizio", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fine", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decisa_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("pagata_da", sa.Uuid(), nullable=True),
        sa.Column("aggiornata_il", sa.DateTime(timezone=True), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("persona_id"), "="),
            (sa.text("tstzrange(inizio, fine)"), "&&"),
            where=sa.text("stato = 'pagata'"),
            using="gist",
            name="ex_ora_pagata_una_volta",
        ),
        sa.CheckConstraint("fonte IN ('presenza', 'ore')", name=op.f("ck_ora_pagata_fonte_ammesso")),
        sa.CheckConstraint(
            "stato IN ('pagata', 'ceduta', 'annullata', 'rinunciata')", name=op.f("ck_ora_pagata_stato_ammesso")
        ),
        sa.CheckConstraint("inizio < fine", name=op.f("ck_ora_pagata_intervallo")),
        sa.PrimaryKeyConstraint("ora_id", name=op.f("pk_ora_pagata")),
        sa.UniqueConstraint("fonte", "fonte_id", name=op.f("uq_ora_pagata_fonte_fonte_id")),
    )
    op.create_index("ix_ora_pagata_persona", "ora_pagata", ["persona_id", "inizio"], unique=False)
    op.create_table(
        "persona_unita",
        sa.Column("assorbita_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("unita_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("assorbita_id <> persona_id", name=op.f("ck_persona_unita_due_schede")),
        sa.PrimaryKeyConstraint("assorbita_id", name=op.f("pk_persona_unita")),
    )
    op.create_index("ix_persona_unita_persona_id", "persona_unita", ["persona_id"], unique=False)
    op.create_table(
        "progetto",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("versione_progetto", sa.Integer(), nullable=False),
        sa.Column("codice", sa.String(), nullable=False),
        sa.Column("titolo", sa.String(), nullable=False),
        sa.Column("capofila", sa.String(), nullable=False),
        sa.Column("comune", sa.String(), nullable=True),
        sa.Column("enti", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("impegnato_cent", sa.BigInteger(), nullable=False),
        sa.Column("tetto_cent", sa.BigInteger(), nullable=False),
        sa.Column("da_progetto_cent", sa.BigInteger(), nullable=False),
        sa.Column("fondo_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("aperto_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("aggiornato_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "da_progetto_cent >= 0 AND da_progetto_cent <= tetto_cent", name=op.f("ck_progetto_entro_impegnato")
        ),
        sa.CheckConstraint("impegnato_cent >= 0", name=op.f("ck_progetto_impegnato_non_negativo")),
        sa.PrimaryKeyConstraint("progetto_id", name=op.f("pk_progetto")),
    )
    op.create_table(
        "proprietario",
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("termine_giorni", sa.Integer(), nullable=False),
        sa.Column("ultimo_protocollo", sa.BigInteger(), nullable=False),
        sa.Column("ultimo_lotto", sa.Integer(), nullable=False),
        sa.Column("ultima_rilevazione", sa.Date(), nullable=True),
        sa.CheckConstraint("termine_giorni BETWEEN 1 AND 365", name=op.f("ck_proprietario_termine")),
        sa.PrimaryKeyConstraint("ente", name=op.f("pk_proprietario")),
    )
    op.create_table(
        "tariffa",
        sa.Column("tariffa_id", sa.Uuid(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=True),
        sa.Column("tipo", sa.String(), nullable=False),
        sa.Column("voce", sa.String(), nullable=False),
        sa.Column("punti_ora_cent", sa.BigInteger(), nullable=False),
        sa.Column("dal", sa.Date(), nullable=False),
        sa.Column("autore", sa.String(), nullable=False),
        sa.Column("creata_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("tipo IN ('fascia', 'indiretta')", name=op.f("ck_tariffa_tipo_ammesso")),
        sa.CheckConstraint("punti_ora_cent >= 0", name=op.f("ck_tariffa_punti_non_negativi")),
        sa.PrimaryKeyConstraint("tariffa_id", name=op.f("pk_tariffa")),
        info={"immutable": True},
    )
    op.create_index(
        "uq_tariffa_voce_dal",
        "tariffa",
        [
            sa.literal_column("coalesce(progetto_id, '00000000-0000-0000-0000-000000000000'::uuid)"),
            "tipo",
            "voce",
            "dal",
        ],
        unique=True,
    )
    op.create_table(
        "alimentazione",
        sa.Column("alimentazione_id", sa.Uuid(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("importo_cent", sa.BigInteger(), nullable=False),
        sa.Column("origine", sa.String(), nullable=False),
        sa.Column("atto", sa.String(), nullable=False),
        sa.Column("autore", sa.String(), nullable=False),
        sa.Column("movimento_id", sa.Uuid(), nullable=False),
        sa.Column("alimentato_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("origine IN ('progetto', 'comune', 'altro')", name=op.f("ck_alimentazione_origine_ammesso")),
        sa.CheckConstraint("importo_cent > 0", name=op.f("ck_alimentazione_importo_positivo")),
        sa.ForeignKeyConstraint(
            ["movimento_id"], ["movimento.movimento_id"], name=op.f("fk_alimentazione_movimento_id")
        ),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name=op.f("fk_alimentazione_progetto_id")),
        sa.PrimaryKeyConstraint("alimentazione_id", name=op.f("pk_alimentazione")),
        sa.UniqueConstraint("progetto_id", "atto", name=op.f("uq_alimentazione_progetto_id_atto")),
        info={"immutable": True},
    )
    op.create_table(
        "avviso_limite",
        sa.Column("avviso_id", sa.Uuid(), nullable=False),
        sa.Column("limite_id", sa.Uuid(), nullable=False),
        sa.Column("presenza_id", sa.Uuid(), nullable=False),
        sa.Column("versione_presenza", sa.Integer(), nullable=False),
        sa.Column("rigido", sa.Boolean(), nullable=False),
        sa.Column("punti_cent", sa.BigInteger(), nullable=False),
        sa.Column("avvisato_il", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["limite_id"], ["limite.limite_id"], name=op.f("fk_avviso_limite_limite_id")),
        sa.PrimaryKeyConstraint("avviso_id", name=op.f("pk_avviso_limite")),
        sa.UniqueConstraint(
            "limite_id",
            "presenza_id",
            "versione_presenza",
            name=op.f("uq_avviso_limite_limite_id_presenza_id_versione_presenza"),
        ),
        info={"immutable": True},
    )
    op.create_index(op.f("ix_avviso_limite_presenza_id"), "avviso_limite", ["presenza_id"], unique=False)
    op.create_table(
        "contratto",
        sa.Column("ente_proprietario", sa.String(), nullable=False),
        sa.Column("contratto_codice", sa.String(), nullable=False),
        sa.Column("nucleo_id", sa.Uuid(), nullable=False),
        sa.Column("dal", sa.Date(), nullable=False),
        sa.Column("al", sa.Date(), nullable=True),
        sa.CheckConstraint("al IS NULL OR al >= dal", name=op.f("ck_contratto_periodo")),
        sa.ForeignKeyConstraint(["nucleo_id"], ["nucleo.nucleo_id"], name=op.f("fk_contratto_nucleo_id")),
        sa.PrimaryKeyConstraint("ente_proprietario", "contratto_codice", "nucleo_id", "dal", name=op.f("pk_contratto")),
    )
    op.create_index("ix_contratto_nucleo", "contratto", ["nucleo_id"], unique=False)
    op.create_table(
        "da_sigillare",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("movimento_id", sa.Uuid(), nullable=False),
        sa.Column("libro", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["movimento_id"], ["movimento.movimento_id"], name=op.f("fk_da_sigillare_movimento_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_da_sigillare")),
        sa.UniqueConstraint("movimento_id", name=op.f("uq_da_sigillare_movimento_id")),
    )
    op.create_index("ix_da_sigillare_libro", "da_sigillare", ["libro", "id"], unique=False)
    op.create_table(
        "distinta",
        sa.Column("distinta_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("ente_proprietario", sa.String(), nullable=False),
        sa.Column("periodo", sa.String(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=True),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("modo", sa.String(), nullable=False),
        sa.Column("righe", sa.Integer(), nullable=False),
        sa.Column("totale_cent", sa.BigInteger(), nullable=False),
        sa.Column("punti_cent", sa.BigInteger(), nullable=False),
        sa.Column("quote_cent", sa.BigInteger(), nullable=False),
        sa.Column("composta_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("composta_da", sa.String(), nullable=False),
        sa.Column("approvata_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approvata_da", sa.String(), nullable=True),
        sa.Column("liquidata_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("liquidata_da", sa.String(), nullable=True),
        sa.Column("atto", sa.String(), nullable=True),
        sa.CheckConstraint("modo IN ('pagamento', 'giroconto')", name=op.f("ck_distinta_modo_ammesso")),
        sa.CheckConstraint("stato IN ('composta', 'approvata', 'liquidata')", name=op.f("ck_distinta_stato_ammesso")),
        sa.CheckConstraint(
            "totale_cent = punti_cent + quote_cent AND totale_cent > 0", name=op.f("ck_distinta_totale")
        ),
        sa.ForeignKeyConstraint(
            ["ente_proprietario"], ["proprietario.ente"], name=op.f("fk_distinta_ente_proprietario")
        ),
        sa.PrimaryKeyConstraint("distinta_id", name=op.f("pk_distinta")),
    )
    op.create_index("ix_distinta_ente", "distinta", ["ente_proprietario", "periodo"], unique=False)
    op.create_table(
        "donazione",
        sa.Column("donazione_id", sa.Uuid(), nullable=False),
        sa.Column("da_nucleo_id", sa.Uuid(), nullable=True),
        sa.Column("da_persona_id", sa.Uuid(), nullable=True),
        sa.Column("a_progetto_id", sa.Uuid(), nullable=True),
        sa.Column("a_nucleo_id", sa.Uuid(), nullable=True),
        sa.Column("importo_cent", sa.BigInteger(), nullable=False),
        sa.Column("movimento_id", sa.Uuid(), nullable=False),
        sa.Column("registrata_da", sa.String(), nullable=False),
        sa.Column("donata_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(a_nucleo_id IS NULL) <> (a_progetto_id IS NULL)", name=op.f("ck_donazione_un_destinatario")
        ),
        sa.CheckConstraint(
            "da_nucleo_id IS NOT NULL OR da_persona_id IS NOT NULL", name=op.f("ck_donazione_un_donatore")
        ),
        sa.CheckConstraint("importo_cent > 0", name=op.f("ck_donazione_importo_positivo")),
        sa.ForeignKeyConstraint(["movimento_id"], ["movimento.movimento_id"], name=op.f("fk_donazione_movimento_id")),
        sa.PrimaryKeyConstraint("donazione_id", name=op.f("pk_donazione")),
        info={"immutable": True},
    )
    op.create_index("ix_donazione_da_nucleo", "donazione", ["da_nucleo_id"], unique=False)
    op.create_table(
        "lotto",
        sa.Column("lotto_id", sa.Uuid(), nullable=False),
        sa.Column("ente_proprietario", sa.String(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("righe", sa.Integer(), nullable=False),
        sa.Column("totale_cent", sa.BigInteger(), nullable=False),
        sa.Column("impronta", sa.String(), nullable=False),
        sa.Column("creato_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chiuso_il", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("stato IN ('aperto', 'chiuso')", name=op.f("ck_lotto_stato_ammesso")),
        sa.CheckConstraint("righe BETWEEN 1 AND 1000", name=op.f("ck_lotto_righe")),
        sa.ForeignKeyConstraint(["ente_proprietario"], ["proprietario.ente"], name=op.f("fk_lotto_ente_proprietario")),
        sa.PrimaryKeyConstraint("lotto_id", name=op.f("pk_lotto")),
        sa.UniqueConstraint("ente_proprietario", "numero", name=op.f("uq_lotto_ente_proprietario_numero")),
    )
    op.create_index(
        "uq_lotto_uno_aperto", "lotto", ["ente_proprietario"], unique=True, postgresql_where=sa.text("stato = 'aperto'")
    )
    op.create_table(
        "quota",
        sa.Column("quota_id", sa.Uuid(), nullable=False),
        sa.Column("versione_origine", sa.Integer(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("nucleo_id", sa.Uuid(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("patto_id", sa.Uuid(), nullable=False),
        sa.Column("importo_cent", sa.BigInteger(), nullable=False),
        sa.Column("prenotato_cent", sa.BigInteger(), nullable=False),
        sa.Column("movimento_id", sa.Uuid(), nullable=False),
        sa.Column("liquidata_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ricevuta_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("importo_cent > 0", name=op.f("ck_quota_importo_positivo")),
        sa.CheckConstraint(
            "prenotato_cent >= 0 AND prenotato_cent <= importo_cent", name=op.f("ck_quota_prenotato_entro_importo")
        ),
        sa.ForeignKeyConstraint(["movimento_id"], ["movimento.movimento_id"], name=op.f("fk_quota_movimento_id")),
        sa.PrimaryKeyConstraint("quota_id", name=op.f("pk_quota")),
    )
    op.create_index(
        "ix_quota_da_prenotare",
        "quota",
        ["nucleo_id"],
        unique=False,
        postgresql_where=sa.text("prenotato_cent < importo_cent"),
    )
    op.create_table(
        "recupero",
        sa.Column("recupero_id", sa.Uuid(), nullable=False),
        sa.Column("presenza_id", sa.Uuid(), nullable=False),
        sa.Column("conto_id", sa.Uuid(), nullable=False),
        sa.Column("fondo_id", sa.Uuid(), nullable=False),
        sa.Column("residuo_cent", sa.BigInteger(), nullable=False),
        sa.Column("movimenti", sa.Integer(), nullable=False),
        sa.Column("aperto_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("residuo_cent >= 0", name=op.f("ck_recupero_residuo_non_negativo")),
        sa.ForeignKeyConstraint(["conto_id"], ["conto.conto_id"], name=op.f("fk_recupero_conto_id")),
        sa.ForeignKeyConstraint(["fondo_id"], ["conto.conto_id"], name=op.f("fk_recupero_fondo_id")),
        sa.PrimaryKeyConstraint("recupero_id", name=op.f("pk_recupero")),
        sa.UniqueConstraint(
            "presenza_id", "conto_id", "fondo_id", name=op.f("uq_recupero_presenza_id_conto_id_fondo_id")
        ),
    )
    op.create_index(
        "ix_recupero_aperto", "recupero", ["conto_id"], unique=False, postgresql_where=sa.text("residuo_cent > 0")
    )
    op.create_table(
        "riga",
        sa.Column("movimento_id", sa.Uuid(), nullable=False),
        sa.Column("conto_id", sa.Uuid(), nullable=False),
        sa.Column("importo_cent", sa.BigInteger(), nullable=False),
        sa.Column("registrato_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("importo_cent <> 0", name=op.f("ck_riga_importo_non_zero")),
        sa.ForeignKeyConstraint(["conto_id"], ["conto.conto_id"], name=op.f("fk_riga_conto_id")),
        sa.ForeignKeyConstraint(["movimento_id"], ["movimento.movimento_id"], name=op.f("fk_riga_movimento_id")),
        sa.PrimaryKeyConstraint("movimento_id", "conto_id", name=op.f("pk_riga")),
        info={"immutable": True},
    )
    op.create_index(
        "ix_riga_saldo", "riga", ["conto_id", "registrato_il"], unique=False, postgresql_include=["importo_cent"]
    )
    op.create_table(
        "rilevazione",
        sa.Column("rilevazione_id", sa.Uuid(), nullable=False),
        sa.Column("ente_proprietario", sa.String(), nullable=False),
        sa.Column("tipo", sa.String(), nullable=False),
        sa.Column("al_giorno", sa.Date(), nullable=False),
        sa.Column("righe", sa.Integer(), nullable=False),
        sa.Column("totale_cent", sa.BigInteger(), nullable=False),
        sa.Column("non_abbinate", sa.Integer(), nullable=False),
        sa.Column("non_comunicate", sa.Integer(), nullable=False),
        sa.Column("ricevuta_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("tipo IN ('completa', 'parziale')", name=op.f("ck_rilevazione_tipo_ammesso")),
        sa.ForeignKeyConstraint(
            ["ente_proprietario"], ["proprietario.ente"], name=op.f("fk_rilevazione_ente_proprietario")
        ),
        sa.PrimaryKeyConstraint("rilevazione_id", name=op.f("pk_rilevazione")),
        info={"immutable": True},
    )
    op.create_index("ix_rilevazione_ente", "rilevazione", ["ente_proprietario", "ricevuta_il"], unique=False)
    op.create_table(
        "ripartizione",
        sa.Column("ripartizione_id", sa.Uuid(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("atto", sa.String(), nullable=False),
        sa.Column("nuclei", sa.Integer(), nullable=False),
        sa.Column("totale_cent", sa.BigInteger(), nullable=False),
        sa.Column("autore", sa.String(), nullable=False),
        sa.Column("ripartita_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("totale_cent > 0", name=op.f("ck_ripartizione_totale_positivo")),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name=op.f("fk_ripartizione_progetto_id")),
        sa.PrimaryKeyConstraint("ripartizione_id", name=op.f("pk_ripartizione")),
        sa.UniqueConstraint("progetto_id", "atto", name=op.f("uq_ripartizione_progetto_id_atto")),
        info={"immutable": True},
    )
    op.create_table(
        "sigillo",
        sa.Column("libro", sa.String(), nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("movimento_id", sa.Uuid(), nullable=False),
        sa.Column("prev", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("sigillato_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("libro IN ('punti', 'quote')", name=op.f("ck_sigillo_libro_ammesso")),
        sa.CheckConstraint("length(prev) = 64 AND length(hash) = 64", name=op.f("ck_sigillo_lunghezza")),
        sa.CheckConstraint("n >= 1", name=op.f("ck_sigillo_n_positivo")),
        sa.ForeignKeyConstraint(["movimento_id"], ["movimento.movimento_id"], name=op.f("fk_sigillo_movimento_id")),
        sa.PrimaryKeyConstraint("libro", "n", name=op.f("pk_sigillo")),
        sa.UniqueConstraint("movimento_id", name=op.f("uq_sigillo_movimento_id")),
        info={"immutable": True},
    )
    op.create_table(
        "debito",
        sa.Column("ente_proprietario", sa.String(), nullable=False),
        sa.Column("contratto_codice", sa.String(), nullable=False),
        sa.Column("importo_cent", sa.BigInteger(), nullable=False),
        sa.Column("al_giorno", sa.Date(), nullable=False),
        sa.Column("ricevuta_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rilevazione_id", sa.Uuid(), nullable=False),
        sa.Column("stato", sa.String(), nullable=False),
        sa.CheckConstraint("stato IN ('comunicata', 'non_comunicata')", name=op.f("ck_debito_stato_ammesso")),
        sa.CheckConstraint("importo_cent >= 0", name=op.f("ck_debito_importo_non_negativo")),
        sa.ForeignKeyConstraint(["ente_proprietario"], ["proprietario.ente"], name=op.f("fk_debito_ente_proprietario")),
        sa.ForeignKeyConstraint(
            ["rilevazione_id"], ["rilevazione.rilevazione_id"], name=op.f("fk_debito_rilevazione_id")
        ),
        sa.PrimaryKeyConstraint("ente_proprietario", "contratto_codice", name=op.f("pk_debito")),
    )
    op.create_table(
        "posizione_debitoria",
        sa.Column("rilevazione_id", sa.Uuid(), nullable=False),
        sa.Column("contratto_codice", sa.String(), nullable=False),
        sa.Column("ente_proprietario", sa.String(), nullable=False),
        sa.Column("importo_cent", sa.BigInteger(), nullable=False),
        sa.Column("al_giorno", sa.Date(), nullable=False),
        sa.Column("ricevuta_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("importo_cent >= 0", name=op.f("ck_posizione_debitoria_importo_non_negativo")),
        sa.ForeignKeyConstraint(
            ["rilevazione_id"], ["rilevazione.rilevazione_id"], name=op.f("fk_posizione_debitoria_rilevazione_id")
        ),
        sa.PrimaryKeyConstraint("rilevazione_id", "contratto_codice", name=op.f("pk_posizione_debitoria")),
        info={"immutable": True},
    )
    op.create_index(
        "ix_posizione_contratto",
        "posizione_debitoria",
        ["ente_proprietario", "contratto_codice", "ricevuta_il"],
        unique=False,
    )
    op.create_table(
        "riduzione",
        sa.Column("riduzione_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("nucleo_id", sa.Uuid(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=True),
        sa.Column("ente_proprietario", sa.String(), nullable=False),
        sa.Column("contratto_codice", sa.String(), nullable=False),
        sa.Column("origine", sa.String(), nullable=False),
        sa.Column("quota_id", sa.Uuid(), nullable=True),
        sa.Column("protocollo", sa.BigInteger(), nullable=False),
        sa.Column("importo_cent", sa.BigInteger(), nullable=False),
        sa.Column("confermato_cent", sa.BigInteger(), nullable=False),
        sa.Column("debito_prima_cent", sa.BigInteger(), nullable=False),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("motivo", sa.String(), nullable=True),
        sa.Column("riferimento", sa.String(), nullable=True),
        sa.Column("prenotata_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prenotata_da", sa.String(), nullable=False),
        sa.Column("scade_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("risposta_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lotto_id", sa.Uuid(), nullable=True),
        sa.Column("distinta_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(origine = 'indennita') = (quota_id IS NOT NULL)", name=op.f("ck_riduzione_quota_secondo_origine")
        ),
        sa.CheckConstraint(
            "(stato IN ('confermata', 'liquidata')) = (confermato_cent > 0)",
            name=op.f("ck_riduzione_confermato_secondo_stato"),
        ),
        sa.CheckConstraint("origine IN ('punti', 'indennita')", name=op.f("ck_riduzione_origine_ammesso")),
        sa.CheckConstraint(
            "stato <> 'liquidata' OR distinta_id IS NOT NULL", name=op.f("ck_riduzione_liquidata_in_distinta")
        ),
        sa.CheckConstraint(
            "stato IN ('prenotata', 'confermata', 'respinta', 'scaduta', 'liquidata')",
            name=op.f("ck_riduzione_stato_ammesso"),
        ),
        sa.CheckConstraint(
            "confermato_cent >= 0 AND confermato_cent <= importo_cent",
            name=op.f("ck_riduzione_confermato_entro_importo"),
        ),
        sa.CheckConstraint("importo_cent > 0", name=op.f("ck_riduzione_importo_positivo")),
        sa.ForeignKeyConstraint(["distinta_id"], ["distinta.distinta_id"], name=op.f("fk_riduzione_distinta_id")),
        sa.ForeignKeyConstraint(
            ["ente_proprietario"], ["proprietario.ente"], name=op.f("fk_riduzione_ente_proprietario")
        ),
        sa.ForeignKeyConstraint(["lotto_id"], ["lotto.lotto_id"], name=op.f("fk_riduzione_lotto_id")),
        sa.ForeignKeyConstraint(["quota_id"], ["quota.quota_id"], name=op.f("fk_riduzione_quota_id")),
        sa.PrimaryKeyConstraint("riduzione_id", name=op.f("pk_riduzione")),
        sa.UniqueConstraint("ente_proprietario", "protocollo", name=op.f("uq_riduzione_ente_proprietario_protocollo")),
    )
    op.create_index("ix_riduzione_contratto", "riduzione", ["ente_proprietario", "contratto_codice"], unique=False)
    op.create_index(
        "ix_riduzione_da_inviare",
        "riduzione",
        ["ente_proprietario", "protocollo"],
        unique=False,
        postgresql_where=sa.text("stato = 'prenotata' AND lotto_id IS NULL"),
    )
    op.create_index(
        "ix_riduzione_da_liquidare",
        "riduzione",
        ["ente_proprietario", "risposta_il"],
        unique=False,
        postgresql_where=sa.text("stato = 'confermata' AND distinta_id IS NULL"),
    )
    op.create_index("ix_riduzione_distinta", "riduzione", ["distinta_id"], unique=False)
    op.create_index("ix_riduzione_lotto", "riduzione", ["lotto_id"], unique=False)
    op.create_index("ix_riduzione_nucleo", "riduzione", ["nucleo_id", "prenotata_il"], unique=False)
    op.create_index(
        "ix_riduzione_scadenza",
        "riduzione",
        ["scade_il"],
        unique=False,
        postgresql_where=sa.text("stato = 'prenotata'"),
    )
    op.create_table(
        "risposta",
        sa.Column("risposta_id", sa.Uuid(), nullable=False),
        sa.Column("lotto_id", sa.Uuid(), nullable=False),
        sa.Column("protocollo", sa.BigInteger(), nullable=False),
        sa.Column("esito_dichiarato", sa.String(), nullable=False),
        sa.Column("importo_cent", sa.BigInteger(), nullable=True),
        sa.Column("motivo", sa.String(), nullable=True),
        sa.Column("nota", sa.String(), nullable=True),
        sa.Column("riferimento", sa.String(), nullable=True),
        sa.Column("esito", sa.String(), nullable=False),
        sa.Column("autore", sa.String(), nullable=False),
        sa.Column("ricevuta_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            (
                "esito IN ('registrata', 'gia_registrata', 'contraddittoria', 'fuori_termine', "
                "'non_nel_lotto', 'importo_non_valido', 'motivo_mancante')"
            ),
            name=op.f("ck_risposta_esito_ammesso"),
        ),
        sa.CheckConstraint(
            "esito_dichiarato IN ('confermata', 'parziale', 'respinta')",
            name=op.f("ck_risposta_esito_dichiarato_ammesso"),
        ),
        sa.ForeignKeyConstraint(["lotto_id"], ["lotto.lotto_id"], name=op.f("fk_risposta_lotto_id")),
        sa.PrimaryKeyConstraint("risposta_id", name=op.f("pk_risposta")),
        info={"immutable": True},
    )
    op.create_index("ix_risposta_lotto", "risposta", ["lotto_id", "protocollo"], unique=False)
    create_chassis_tables()

    tariffa = sa.table(
        "tariffa",
        sa.column("tariffa_id", sa.Uuid),
        sa.column("tipo", sa.Text),
        sa.column("voce", sa.Text),
        sa.column("punti_ora_cent", sa.BigInteger),
        sa.column("dal", sa.Date),
        sa.column("autore", sa.Text),
        sa.column("creata_il", sa.DateTime(timezone=True)),
    )
    op.bulk_insert(
        tariffa,
        [
            {
                "tariffa_id": UUID(tariffa_id),
                "tipo": "fascia",
                "voce": voce,
                "punti_ora_cent": punti_ora_cent,
                "dal": date(2007, 1, 1),
                "autore": "quartieri",
                "creata_il": datetime(2007, 1, 1, tzinfo=UTC),
            }
            for tariffa_id, voce, punti_ora_cent in TARIFFE_GENERALI
        ],
    )


def downgrade() -> None:
    """Remove everything."""
    functions = (
        "controlla_righe_nuove",
        "rifiuta_modifica",
        "rifiuta_scrittura_diretta",
        "registra_movimenti",
        "apri_conti",
        "blocca_conti",
    )
    for function in functions:
        op.execute(f"DROP FUNCTION IF EXISTS {function} CASCADE")

    drop_chassis_tables()
    op.drop_index("ix_risposta_lotto", table_name="risposta")
    op.drop_table("risposta")
    op.drop_index("ix_riduzione_scadenza", table_name="riduzione", postgresql_where=sa.text("stato = 'prenotata'"))
    op.drop_index("ix_riduzione_nucleo", table_name="riduzione")
    op.drop_index("ix_riduzione_lotto", table_name="riduzione")
    op.drop_index("ix_riduzione_distinta", table_name="riduzione")
    op.drop_index(
        "ix_riduzione_da_liquidare",
        table_name="riduzione",
        postgresql_where=sa.text("stato = 'confermata' AND distinta_id IS NULL"),
    )
    op.drop_index(
        "ix_riduzione_da_inviare",
        table_name="riduzione",
        postgresql_where=sa.text("stato = 'prenotata' AND lotto_id IS NULL"),
    )
    op.drop_index("ix_riduzione_contratto", table_name="riduzione")
    op.drop_table("riduzione")
    op.drop_index("ix_posizione_contratto", table_name="posizione_debitoria")
    op.drop_table("posizione_debitoria")
    op.drop_table("debito")
    op.drop_table("sigillo")
    op.drop_table("ripartizione")
    op.drop_index("ix_rilevazione_ente", table_name="rilevazione")
    op.drop_table("rilevazione")
    op.drop_index("ix_riga_saldo", table_name="riga", postgresql_include=["importo_cent"])
    op.drop_table("riga")
    op.drop_index("ix_recupero_aperto", table_name="recupero", postgresql_where=sa.text("residuo_cent > 0"))
    op.drop_table("recupero")
    op.drop_index(
        "ix_quota_da_prenotare", table_name="quota", postgresql_where=sa.text("prenotato_cent < importo_cent")
    )
    op.drop_table("quota")
    op.drop_index("uq_lotto_uno_aperto", table_name="lotto", postgresql_where=sa.text("stato = 'aperto'"))
    op.drop_table("lotto")
    op.drop_index("ix_donazione_da_nucleo", table_name="donazione")
    op.drop_table("donazione")
    op.drop_index("ix_distinta_ente", table_name="distinta")
    op.drop_table("distinta")
    op.drop_index("ix_da_sigillare_libro", table_name="da_sigillare")
    op.drop_table("da_sigillare")
    op.drop_index("ix_contratto_nucleo", table_name="contratto")
    op.drop_table("contratto")
    op.drop_index(op.f("ix_avviso_limite_presenza_id"), table_name="avviso_limite")
    op.drop_table("avviso_limite")
    op.drop_table("alimentazione")
    op.drop_index("uq_tariffa_voce_dal", table_name="tariffa")
    op.drop_table("tariffa")
    op.drop_table("proprietario")
    op.drop_table("progetto")
    op.drop_index("ix_persona_unita_persona_id", table_name="persona_unita")
    op.drop_table("persona_unita")
    op.drop_index("ix_ora_pagata_persona", table_name="ora_pagata")
    op.drop_table("ora_pagata")
    op.drop_table("nucleo")
    op.drop_index(op.f("ix_movimento_storna"), table_name="movimento")
    op.drop_table("movimento")
    op.drop_table("limite")
    op.drop_index("ix_conto_progetto_id", table_name="conto")
    op.drop_table("conto")
    op.drop_index("ix_accredito_tariffa", table_name="accredito", postgresql_where=sa.text("stato = 'senza_tariffa'"))
    op.drop_index("ix_accredito_progetto", table_name="accredito")
    op.drop_index("ix_accredito_persona_giorno", table_name="accredito")
    op.drop_index("ix_accredito_nucleo_mese", table_name="accredito")
    op.drop_index("ix_accredito_attivita", table_name="accredito")
    op.drop_index("ix_accredito_attesa", table_name="accredito", postgresql_where=sa.text("stato = 'in_attesa_fondo'"))
    op.drop_table("accredito")
