"""The whole of bandi: calls, applications, rankings, rolling reservations, projects and their money.

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
    """Create the tables."""
    op.create_table(
        "bando",
        sa.Column("bando_id", sa.Uuid(), nullable=False),
        sa.Column("codice", sa.String(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("titolo", sa.String(), nullable=False),
        sa.Column("descrizione", sa.String(), nullable=True),
        sa.Column("ente_promotore", sa.String(), nullable=False),
        sa.Column("territorio", sa.String(), nullable=False),
        sa.Column("modalita", sa.String(), nullable=False),
        sa.Column("apre_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chiude_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bozza", postgresql.JSONB(), nullable=False),
        sa.Column("regole_versione", sa.Integer(), nullable=False),
        sa.Column("ultimo_protocollo", sa.Integer(), nullable=False),
        sa.Column("ultimo_protocollo_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ultima_graduatoria", sa.Integer(), nullable=False),
        sa.Column("creato_da", sa.String(), nullable=False),
        sa.Column("creato_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("aggiornato_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pubblicato_il", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(stato = 'bozza') = (pubblicato_il IS NULL)", name="ck_bando_pubblicazione_datata"),
        sa.CheckConstraint("(stato = 'bozza') = (regole_versione = 0)", name="ck_bando_bozza_senza_versioni"),
        sa.CheckConstraint(
            "modalita IN ('graduatoria', 'sportello', 'finestre', 'manifestazione_di_interesse', "
            "'coprogettazione', 'affidamento')",
            name="ck_bando_modalita_ammesso",
        ),
        sa.CheckConstraint("stato IN ('bozza', 'pubblicato')", name="ck_bando_stato_ammesso"),
        sa.CheckConstraint("apre_il < chiude_il", name="ck_bando_apre_prima_di_chiudere"),
        sa.CheckConstraint("ultimo_protocollo >= 0 AND ultima_graduatoria >= 0", name="ck_bando_numeri_non_negativi"),
        sa.CheckConstraint("versione >= 1", name="ck_bando_versione_positiva"),
        sa.PrimaryKeyConstraint("bando_id", name="pk_bando"),
        sa.UniqueConstraint("codice", name="uq_bando_codice"),
    )
    op.create_index("ix_bando_elenco", "bando", ["stato", "pubblicato_il", "bando_id"], unique=False)
    op.create_table(
        "bando_versione",
        sa.Column("bando_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("motivo", sa.String(), nullable=False),
        sa.Column("atto", sa.String(), nullable=False),
        sa.Column("regole", postgresql.JSONB(), nullable=False),
        sa.Column("creata_da", sa.String(), nullable=False),
        sa.Column("creata_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "motivo IN ('pubblicazione', 'integrazione', 'proroga')", name="ck_bando_versione_motivo_ammesso"
        ),
        sa.CheckConstraint("numero >= 1", name="ck_bando_versione_numero_positivo"),
        sa.ForeignKeyConstraint(["bando_id"], ["bando.bando_id"], name="fk_bando_versione_bando_id"),
        sa.PrimaryKeyConstraint("bando_id", "numero", name="pk_bando_versione"),
        info={"immutable": True},
    )
    op.create_table(
        "commissario",
        sa.Column("bando_id", sa.Uuid(), nullable=False),
        sa.Column("soggetto", sa.String(), nullable=False),
        sa.Column("atto", sa.String(), nullable=False),
        sa.Column("nominato_il", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bando_id"], ["bando.bando_id"], name="fk_commissario_bando_id"),
        sa.PrimaryKeyConstraint("bando_id", "soggetto", name="pk_commissario"),
        info={"immutable": True},
    )
    op.create_table(
        "domanda",
        sa.Column("domanda_id", sa.Uuid(), nullable=False),
        sa.Column("bando_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("capofila", sa.String(), nullable=False),
        sa.Column("bozza", postgresql.JSONB(), nullable=False),
        sa.Column("autore", sa.String(), nullable=False),
        sa.Column("creata_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("aggiornata_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("protocollo", sa.Integer(), nullable=True),
        sa.Column("presentata_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("protocollata_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sostituisce", sa.Uuid(), nullable=True),
        sa.Column("motivo_uscita", sa.String(), nullable=True),
        sa.CheckConstraint("(stato = 'bozza') = (protocollo IS NULL)", name="ck_domanda_protocollo_se_presentata"),
        sa.CheckConstraint(
            "stato IN ('bozza', 'presentata', 'in_integrazione', 'ammissibile', 'non_ammissibile', 'valutata', "
            "'finanziata', 'idonea_non_finanziata', 'non_idonea', 'ritirata', 'sostituita', 'rinunciata', "
            "'revocata')",
            name="ck_domanda_stato_ammesso",
        ),
        sa.CheckConstraint("(protocollo IS NULL) = (presentata_il IS NULL)", name="ck_domanda_arrivo_se_presentata"),
        sa.CheckConstraint("(protocollo IS NULL) = (protocollata_il IS NULL)", name="ck_domanda_istante_se_presentata"),
        sa.CheckConstraint("presentata_il <= protocollata_il", name="ck_domanda_arriva_prima_del_protocollo"),
        sa.CheckConstraint("protocollo >= 1", name="ck_domanda_protocollo_positivo"),
        sa.CheckConstraint("versione >= 1", name="ck_domanda_versione_positiva"),
        sa.ForeignKeyConstraint(["bando_id"], ["bando.bando_id"], name="fk_domanda_bando_id"),
        sa.ForeignKeyConstraint(["sostituisce"], ["domanda.domanda_id"], name="fk_domanda_sostituisce"),
        sa.PrimaryKeyConstraint("domanda_id", name="pk_domanda"),
        sa.UniqueConstraint("bando_id", "protocollo", name="uq_domanda_bando_id_protocollo"),
    )
    op.create_index("ix_domanda_capofila", "domanda", ["capofila", "domanda_id"], unique=False)
    op.create_index(
        "uq_domanda_sostituisce", "domanda", ["sostituisce"], unique=True, postgresql_where=sa.text("stato <> 'bozza'")
    )
    op.create_table(
        "graduatoria",
        sa.Column("graduatoria_id", sa.Uuid(), nullable=False),
        sa.Column("bando_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("finestra", sa.String(), nullable=True),
        sa.Column("regole_versione", sa.Integer(), nullable=False),
        sa.Column("atto", sa.String(), nullable=False),
        sa.Column("approvata_da", sa.String(), nullable=False),
        sa.Column("approvata_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("righe", sa.Integer(), nullable=False),
        sa.Column("finanziate", sa.Integer(), nullable=False),
        sa.Column("finanziato_cent", sa.BigInteger(), nullable=False),
        sa.Column("ingresso", postgresql.JSONB(), nullable=False),
        sa.Column("impronta", sa.String(), nullable=False),
        sa.CheckConstraint("finanziate >= 0 AND finanziate <= righe", name="ck_graduatoria_finanziate_fra_le_righe"),
        sa.CheckConstraint("finanziato_cent >= 0", name="ck_graduatoria_finanziato_non_negativo"),
        sa.CheckConstraint("numero >= 1", name="ck_graduatoria_numero_positivo"),
        sa.ForeignKeyConstraint(["bando_id"], ["bando.bando_id"], name="fk_graduatoria_bando_id"),
        sa.PrimaryKeyConstraint("graduatoria_id", name="pk_graduatoria"),
        sa.UniqueConstraint("bando_id", "numero", name="uq_graduatoria_bando_id_numero"),
        info={"immutable": True},
    )
    op.create_table(
        "linea",
        sa.Column("bando_id", sa.Uuid(), nullable=False),
        sa.Column("codice", sa.String(), nullable=False),
        sa.Column("ordine", sa.Integer(), nullable=False),
        sa.Column("azione", sa.String(), nullable=False),
        sa.Column("fondo", sa.String(), nullable=False),
        sa.Column("dotazione_cent", sa.BigInteger(), nullable=True),
        sa.Column("assegnato_cent", sa.BigInteger(), nullable=False),
        sa.Column("prenotato_cent", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "assegnato_cent + prenotato_cent <= dotazione_cent", name="ck_linea_impieghi_entro_la_dotazione"
        ),
        sa.CheckConstraint("assegnato_cent >= 0 AND prenotato_cent >= 0", name="ck_linea_impieghi_non_negativi"),
        sa.CheckConstraint("dotazione_cent >= 0", name="ck_linea_dotazione_non_negativa"),
        sa.ForeignKeyConstraint(["bando_id"], ["bando.bando_id"], name="fk_linea_bando_id"),
        sa.PrimaryKeyConstraint("bando_id", "codice", name="pk_linea"),
    )
    op.create_table(
        "domanda_presentata",
        sa.Column("domanda_id", sa.Uuid(), nullable=False),
        sa.Column("regole_versione", sa.Integer(), nullable=False),
        sa.Column("titolo", sa.String(), nullable=False),
        sa.Column("comune", sa.String(), nullable=True),
        sa.Column("quartiere", sa.String(), nullable=True),
        sa.Column("durata_mesi", sa.Integer(), nullable=False),
        sa.Column("membri", sa.Integer(), nullable=False),
        sa.Column("costo_cent", sa.BigInteger(), nullable=False),
        sa.Column("contributo_cent", sa.BigInteger(), nullable=False),
        sa.Column("contenuto", postgresql.JSONB(), nullable=False),
        sa.Column("impronta", sa.String(), nullable=False),
        sa.CheckConstraint(
            "contributo_cent >= 0 AND contributo_cent <= costo_cent",
            name="ck_domanda_presentata_contributo_entro_il_costo",
        ),
        sa.CheckConstraint("durata_mesi >= 1", name="ck_domanda_presentata_durata_positiva"),
        sa.ForeignKeyConstraint(["domanda_id"], ["domanda.domanda_id"], name="fk_domanda_presentata_domanda_id"),
        sa.PrimaryKeyConstraint("domanda_id", name="pk_domanda_presentata"),
        info={"immutable": True},
    )
    op.create_table(
        "riga_graduatoria",
        sa.Column("graduatoria_id", sa.Uuid(), nullable=False),
        sa.Column("ordine", sa.Integer(), nullable=False),
        sa.Column("protocollo", sa.Integer(), nullable=False),
        sa.Column("domanda_id", sa.Uuid(), nullable=False),
        sa.Column("posizione", sa.Integer(), nullable=True),
        sa.Column("totale_cent", sa.Integer(), nullable=True),
        sa.Column("esito", sa.String(), nullable=False),
        sa.Column("motivo", sa.String(), nullable=False),
        sa.Column("cambiamento", sa.String(), nullable=False),
        sa.Column("ammesso_cent", sa.BigInteger(), nullable=False),
        sa.Column("contenuto", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(
            "cambiamento IN ('prima_versione', 'invariata', 'finanziata_per_scorrimento', 'importo_aumentato', "
            "'importo_ridotto', 'uscita', 'posizione')",
            name="ck_riga_graduatoria_cambiamento_ammesso",
        ),
        sa.CheckConstraint(
            "esito IN ('finanziata', 'idonea_non_finanziata', 'non_idonea', 'non_ammissibile', 'ritirata', "
            "'rinunciata', 'revocata')",
            name="ck_riga_graduatoria_esito_ammesso",
        ),
        sa.CheckConstraint(
            "motivo IN ('entro_la_dotazione', 'gia_finanziata', 'finanziata_in_parte', 'fondi_insufficienti', "
            "'dopo_il_taglio', 'sotto_soglia', 'sotto_soglia_del_criterio', 'non_ammessa', 'uscita')",
            name="ck_riga_graduatoria_motivo_ammesso",
        ),
        sa.CheckConstraint("ammesso_cent >= 0", name="ck_riga_graduatoria_ammesso_non_negativo"),
        sa.ForeignKeyConstraint(["domanda_id"], ["domanda.domanda_id"], name="fk_riga_graduatoria_domanda_id"),
        sa.ForeignKeyConstraint(
            ["graduatoria_id"], ["graduatoria.graduatoria_id"], name="fk_riga_graduatoria_graduatoria_id"
        ),
        sa.PrimaryKeyConstraint("graduatoria_id", "ordine", name="pk_riga_graduatoria"),
        sa.UniqueConstraint("graduatoria_id", "protocollo", name="uq_riga_graduatoria_graduatoria_id_protocollo"),
        info={"immutable": True},
    )
    op.create_index("ix_riga_graduatoria_domanda", "riga_graduatoria", ["domanda_id"], unique=False)
    op.create_index("ix_riga_graduatoria_totale", "riga_graduatoria", ["graduatoria_id", "totale_cent"], unique=False)
    op.create_table(
        "istruttoria",
        sa.Column("domanda_id", sa.Uuid(), nullable=False),
        sa.Column("esito", sa.String(), nullable=False),
        sa.Column("motivi", postgresql.JSONB(), nullable=False),
        sa.Column("premialita", postgresql.JSONB(), nullable=False),
        sa.Column("decisa_da", sa.String(), nullable=False),
        sa.Column("decisa_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(esito = 'ammissibile') = (jsonb_array_length(motivi) = 0)", name="ck_istruttoria_motivi_se_non_ammessa"
        ),
        sa.CheckConstraint("esito IN ('ammissibile', 'non_ammissibile')", name="ck_istruttoria_esito_ammesso"),
        sa.ForeignKeyConstraint(["domanda_id"], ["domanda_presentata.domanda_id"], name="fk_istruttoria_domanda_id"),
        sa.PrimaryKeyConstraint("domanda_id", name="pk_istruttoria"),
        info={"immutable": True},
    )
    op.create_table(
        "membro",
        sa.Column("domanda_id", sa.Uuid(), nullable=False),
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("ordine", sa.Integer(), nullable=False),
        sa.Column("denominazione", sa.String(), nullable=False),
        sa.Column("categoria", sa.String(), nullable=False),
        sa.Column("ruolo", sa.String(), nullable=False),
        sa.CheckConstraint(
            "categoria IN ('COMUNE', 'ALER', 'OPERATORE_ACCREDITATO', 'TERZO_SETTORE', 'IMPRESA_SOCIALE', "
            "'ENTE_RELIGIOSO', 'PROPRIETARIO_ERP', 'NON_PROFIT', 'MICRO_IMPRESA', 'PICCOLA_IMPRESA', "
            "'MEDIA_IMPRESA', 'PERSONA_FISICA')",
            name="ck_membro_categoria_ammesso",
        ),
        sa.CheckConstraint("ruolo IN ('capofila', 'partner', 'sostenitore')", name="ck_membro_ruolo_ammesso"),
        sa.ForeignKeyConstraint(["domanda_id"], ["domanda_presentata.domanda_id"], name="fk_membro_domanda_id"),
        sa.PrimaryKeyConstraint("domanda_id", "ente", name="pk_membro"),
        info={"immutable": True},
    )
    op.create_index("ix_membro_ente", "membro", ["ente"], unique=False)
    op.create_table(
        "prenotazione",
        sa.Column("domanda_id", sa.Uuid(), nullable=False),
        sa.Column("bando_id", sa.Uuid(), nullable=False),
        sa.Column("protocollo", sa.Integer(), nullable=False),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("attesa", sa.Integer(), nullable=True),
        sa.Column("aggiornata_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stato <> 'in_attesa' OR attesa IS NOT NULL", name="ck_prenotazione_numero_se_in_attesa"),
        sa.CheckConstraint(
            "stato IN ('riservata', 'in_attesa', 'confermata', 'rilasciata')", name="ck_prenotazione_stato_ammesso"
        ),
        sa.CheckConstraint("attesa >= 1", name="ck_prenotazione_attesa_positiva"),
        sa.ForeignKeyConstraint(["bando_id"], ["bando.bando_id"], name="fk_prenotazione_bando_id"),
        sa.ForeignKeyConstraint(["domanda_id"], ["domanda_presentata.domanda_id"], name="fk_prenotazione_domanda_id"),
        sa.PrimaryKeyConstraint("domanda_id", name="pk_prenotazione"),
        sa.UniqueConstraint("bando_id", "attesa", name="uq_prenotazione_bando_id_attesa"),
        sa.UniqueConstraint("bando_id", "protocollo", name="uq_prenotazione_bando_id_protocollo"),
    )
    op.create_table(
        "progetto",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("bando_id", sa.Uuid(), nullable=False),
        sa.Column("domanda_id", sa.Uuid(), nullable=False),
        sa.Column("codice", sa.String(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("titolo", sa.String(), nullable=False),
        sa.Column("capofila", sa.String(), nullable=False),
        sa.Column("membri", postgresql.JSONB(), nullable=False),
        sa.Column("comune", sa.String(), nullable=True),
        sa.Column("quartiere", sa.String(), nullable=True),
        sa.Column("durata_mesi", sa.Integer(), nullable=False),
        sa.Column("inizio", sa.Date(), nullable=True),
        sa.Column("fine", sa.Date(), nullable=True),
        sa.Column("creato_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("aggiornato_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "stato IN ('finanziato', 'impegnato', 'concluso', 'rinunciato', 'revocato')",
            name="ck_progetto_stato_ammesso",
        ),
        sa.CheckConstraint("(inizio IS NULL) = (fine IS NULL)", name="ck_progetto_fine_se_avviato"),
        sa.CheckConstraint("inizio <= fine", name="ck_progetto_inizia_prima_di_finire"),
        sa.CheckConstraint("versione >= 1", name="ck_progetto_versione_positiva"),
        sa.ForeignKeyConstraint(["bando_id"], ["bando.bando_id"], name="fk_progetto_bando_id"),
        sa.ForeignKeyConstraint(["domanda_id"], ["domanda_presentata.domanda_id"], name="fk_progetto_domanda_id"),
        sa.PrimaryKeyConstraint("progetto_id", name="pk_progetto"),
        sa.UniqueConstraint("codice", name="uq_progetto_codice"),
        sa.UniqueConstraint("domanda_id", name="uq_progetto_domanda_id"),
    )
    op.create_index("ix_progetto_bando", "progetto", ["bando_id", "codice"], unique=False)
    op.create_index("ix_progetto_capofila", "progetto", ["capofila"], unique=False)
    op.create_table(
        "scheda",
        sa.Column("scheda_id", sa.Uuid(), nullable=False),
        sa.Column("domanda_id", sa.Uuid(), nullable=False),
        sa.Column("commissario", sa.String(), nullable=False),
        sa.Column("firmata_il", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["domanda_id"], ["domanda_presentata.domanda_id"], name="fk_scheda_domanda_id"),
        sa.PrimaryKeyConstraint("scheda_id", name="pk_scheda"),
        sa.UniqueConstraint("domanda_id", "commissario", name="uq_scheda_domanda_id_commissario"),
        info={"immutable": True},
    )
    op.create_table(
        "sotto_progetto",
        sa.Column("domanda_id", sa.Uuid(), nullable=False),
        sa.Column("linea", sa.String(), nullable=False),
        sa.Column("titolo", sa.String(), nullable=False),
        sa.Column("costo_cent", sa.BigInteger(), nullable=False),
        sa.Column("contributo_cent", sa.BigInteger(), nullable=False),
        sa.Column("cofinanziamento_denaro_cent", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "cofinanziamento_denaro_cent >= 0 AND cofinanziamento_denaro_cent <= costo_cent - contributo_cent",
            name="ck_sotto_progetto_denaro_entro_il_cofinanziamento",
        ),
        sa.CheckConstraint(
            "contributo_cent >= 0 AND contributo_cent <= costo_cent", name="ck_sotto_progetto_contributo_entro_il_costo"
        ),
        sa.ForeignKeyConstraint(["domanda_id"], ["domanda_presentata.domanda_id"], name="fk_sotto_progetto_domanda_id"),
        sa.PrimaryKeyConstraint("domanda_id", "linea", name="pk_sotto_progetto"),
        info={"immutable": True},
    )
    op.create_table(
        "movimento_progetto",
        sa.Column("movimento_id", sa.Uuid(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("tipo", sa.String(), nullable=False),
        sa.Column("atto", sa.String(), nullable=False),
        sa.Column("importi", postgresql.JSONB(), nullable=False),
        sa.Column("inizio", sa.Date(), nullable=True),
        sa.Column("fine", sa.Date(), nullable=True),
        sa.Column("registrato_da", sa.String(), nullable=False),
        sa.Column("registrato_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "tipo IN ('finanziamento', 'impegno', 'avvio', 'pagamento', 'proroga', 'rinuncia', 'conclusione', "
            "'revoca', 'recupero')",
            name="ck_movimento_progetto_tipo_ammesso",
        ),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name="fk_movimento_progetto_progetto_id"),
        sa.PrimaryKeyConstraint("movimento_id", name="pk_movimento_progetto"),
        sa.UniqueConstraint("progetto_id", "numero", name="uq_movimento_progetto_progetto_id_numero"),
        info={"immutable": True},
    )
    op.create_table(
        "prenotazione_linea",
        sa.Column("domanda_id", sa.Uuid(), nullable=False),
        sa.Column("linea", sa.String(), nullable=False),
        sa.Column("bando_id", sa.Uuid(), nullable=False),
        sa.Column("chiesto_cent", sa.BigInteger(), nullable=False),
        sa.Column("riservato_cent", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("chiesto_cent >= 0", name="ck_prenotazione_linea_chiesto_non_negativo"),
        sa.CheckConstraint(
            "riservato_cent = 0 OR riservato_cent = chiesto_cent", name="ck_prenotazione_linea_tutto_o_nulla"
        ),
        sa.ForeignKeyConstraint(
            ["bando_id", "linea"], ["linea.bando_id", "linea.codice"], name="fk_prenotazione_linea_linea"
        ),
        sa.ForeignKeyConstraint(["domanda_id"], ["prenotazione.domanda_id"], name="fk_prenotazione_linea_domanda_id"),
        sa.PrimaryKeyConstraint("domanda_id", "linea", name="pk_prenotazione_linea"),
    )
    op.create_table(
        "progetto_linea",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("linea", sa.String(), nullable=False),
        sa.Column("bando_id", sa.Uuid(), nullable=False),
        sa.Column("azione", sa.String(), nullable=False),
        sa.Column("fondo", sa.String(), nullable=False),
        sa.Column("programmato_cent", sa.BigInteger(), nullable=False),
        sa.Column("ammesso_cent", sa.BigInteger(), nullable=False),
        sa.Column("impegnato_cent", sa.BigInteger(), nullable=False),
        sa.Column("erogato_cent", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("ammesso_cent >= impegnato_cent", name="ck_progetto_linea_impegnato_entro_l_ammesso"),
        sa.CheckConstraint("erogato_cent >= 0", name="ck_progetto_linea_erogato_non_negativo"),
        sa.CheckConstraint("impegnato_cent >= erogato_cent", name="ck_progetto_linea_erogato_entro_l_impegnato"),
        sa.CheckConstraint("programmato_cent >= ammesso_cent", name="ck_progetto_linea_ammesso_entro_il_programmato"),
        sa.ForeignKeyConstraint(
            ["bando_id", "linea"], ["linea.bando_id", "linea.codice"], name="fk_progetto_linea_linea"
        ),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name="fk_progetto_linea_progetto_id"),
        sa.PrimaryKeyConstraint("progetto_id", "linea", name="pk_progetto_linea"),
    )
    op.create_index("ix_progetto_linea_bando", "progetto_linea", ["bando_id", "linea"], unique=False)
    op.create_table(
        "punteggio",
        sa.Column("scheda_id", sa.Uuid(), nullable=False),
        sa.Column("criterio", sa.String(), nullable=False),
        sa.Column("punti_cent", sa.Integer(), nullable=False),
        sa.Column("motivazione", sa.String(), nullable=True),
        sa.CheckConstraint("punti_cent >= 0", name="ck_punteggio_punti_non_negativi"),
        sa.ForeignKeyConstraint(["scheda_id"], ["scheda.scheda_id"], name="fk_punteggio_scheda_id"),
        sa.PrimaryKeyConstraint("scheda_id", "criterio", name="pk_punteggio"),
        info={"immutable": True},
    )
    create_chassis_tables()


def downgrade() -> None:
    """Remove everything."""
    op.execute("DROP FUNCTION IF EXISTS progetto_linea_assegna CASCADE")
    op.execute("DROP FUNCTION IF EXISTS prenotazione_linea_riserva CASCADE")
    drop_chassis_tables()
    op.drop_table("punteggio")
    op.drop_index("ix_progetto_linea_bando", table_name="progetto_linea")
    op.drop_table("progetto_linea")
    op.drop_table("prenotazione_linea")
    op.drop_table("movimento_progetto")
    op.drop_table("sotto_progetto")
    op.drop_table("scheda")
    op.drop_index("ix_progetto_capofila", table_name="progetto")
    op.drop_index("ix_progetto_bando", table_name="progetto")
    op.drop_table("progetto")
    op.drop_table("prenotazione")
    op.drop_index("ix_membro_ente", table_name="membro")
    op.drop_table("membro")
    op.drop_table("istruttoria")
    op.drop_index("ix_riga_graduatoria_totale", table_name="riga_graduatoria")
    op.drop_index("ix_riga_graduatoria_domanda", table_name="riga_graduatoria")
    op.drop_table("riga_graduatoria")
    op.drop_table("domanda_presentata")
    op.drop_table("linea")
    op.drop_table("graduatoria")
    op.drop_index("uq_domanda_sostituisce", table_name="domanda", postgresql_where=sa.text("stato <> 'bozza'"))
    op.drop_index("ix_domanda_capofila", table_name="domanda")
    op.drop_table("domanda")
    op.drop_table("commissario")
    op.drop_table("bando_versione")
    op.drop_index("ix_bando_elenco", table_name="bando")
    op.drop_table("bando")
