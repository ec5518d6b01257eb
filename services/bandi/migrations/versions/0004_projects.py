"""Projects whole: CUP, plans and partners' shares, expenses and final account, works, spaces, dwellings, duties.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATES_BEFORE = "'finanziato', 'impegnato', 'concluso', 'rinunciato', 'revocato'"
STATES = "'finanziato', 'impegnato', 'rendicontato', 'concluso', 'rinunciato', 'revocato'"
ACTS_BEFORE = (
    "'finanziamento', 'impegno', 'avvio', 'pagamento', 'proroga', 'rinuncia', 'conclusione', 'revoca', 'recupero'"
)
ACTS = ACTS_BEFORE + ", 'cup', 'piano', 'rendiconto'"


def upgrade() -> None:
    """Add the columns and the tables."""
    op.add_column("progetto", sa.Column("cup", sa.String(), nullable=True))
    op.add_column("progetto", sa.Column("piano", sa.Integer(), server_default="0", nullable=False))
    op.create_check_constraint("ck_progetto_cup_ben_formato", "progetto", "cup ~ '^[A-Z][0-9]{2}[A-Z][0-9]{11}$'")
    op.create_check_constraint("ck_progetto_piano_non_negativo", "progetto", "piano >= 0")
    op.create_index(
        "uq_progetto_cup",
        "progetto",
        ["cup"],
        unique=True,
        postgresql_where=sa.text("stato NOT IN ('rinunciato', 'revocato')"),
    )
    _values("progetto", "ck_progetto_stato_ammesso", "stato", STATES)
    _values("movimento_progetto", "ck_movimento_progetto_tipo_ammesso", "tipo", ACTS)
    op.add_column(
        "progetto_linea", sa.Column("da_recuperare_cent", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.create_check_constraint(
        "ck_progetto_linea_recupero_entro_l_erogato",
        "progetto_linea",
        "da_recuperare_cent >= 0 AND da_recuperare_cent <= erogato_cent",
    )
    op.create_table(
        "rimodulazione",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("motivo", sa.String(), nullable=False),
        sa.Column("contenuto", postgresql.JSONB(), nullable=False),
        sa.Column("chiesta_da", sa.String(), nullable=False),
        sa.Column("chiesta_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("atto", sa.String(), nullable=True),
        sa.Column("motivo_decisione", sa.String(), nullable=True),
        sa.Column("decisa_da", sa.String(), nullable=True),
        sa.Column("decisa_il", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(stato = 'chiesta') = (decisa_il IS NULL)", name="ck_rimodulazione_decisa_se_chiusa"),
        sa.CheckConstraint(
            "stato IN ('chiesta', 'approvata', 'respinta', 'ritirata')", name="ck_rimodulazione_stato_ammesso"
        ),
        sa.CheckConstraint(
            "stato NOT IN ('approvata', 'respinta') OR atto IS NOT NULL", name="ck_rimodulazione_decisa_con_atto"
        ),
        sa.CheckConstraint("numero >= 1 AND base >= 0", name="ck_rimodulazione_numeri_non_negativi"),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name="fk_rimodulazione_progetto_id"),
        sa.PrimaryKeyConstraint("progetto_id", "numero", name="pk_rimodulazione"),
    )
    op.create_index(
        "uq_rimodulazione_aperta",
        "rimodulazione",
        ["progetto_id"],
        unique=True,
        postgresql_where=sa.text("stato = 'chiesta'"),
    )
    op.create_table(
        "piano",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("richiesta", sa.Integer(), nullable=False),
        sa.Column("atto", sa.String(), nullable=False),
        sa.Column("contenuto", postgresql.JSONB(), nullable=False),
        sa.Column("costo_cent", sa.BigInteger(), nullable=False),
        sa.Column("contributo_cent", sa.BigInteger(), nullable=False),
        sa.Column("approvato_da", sa.String(), nullable=False),
        sa.Column("approvato_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "contributo_cent >= 0 AND contributo_cent <= costo_cent", name="ck_piano_contributo_entro_il_costo"
        ),
        sa.CheckConstraint("numero >= 1", name="ck_piano_numero_positivo"),
        sa.ForeignKeyConstraint(
            ["progetto_id", "richiesta"],
            ["rimodulazione.progetto_id", "rimodulazione.numero"],
            name="fk_piano_rimodulazione",
        ),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name="fk_piano_progetto_id"),
        sa.PrimaryKeyConstraint("progetto_id", "numero", name="pk_piano"),
        sa.UniqueConstraint("progetto_id", "richiesta", name="uq_piano_progetto_id_richiesta"),
        info={"immutable": True},
    )
    op.create_table(
        "piano_quota",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("linea", sa.String(), nullable=False),
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("ordine", sa.Integer(), nullable=False),
        sa.Column("costo_cent", sa.BigInteger(), nullable=False),
        sa.Column("contributo_cent", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "contributo_cent >= 0 AND contributo_cent <= costo_cent", name="ck_piano_quota_contributo_entro_il_costo"
        ),
        sa.ForeignKeyConstraint(
            ["progetto_id", "linea"], ["progetto_linea.progetto_id", "progetto_linea.linea"], name="fk_quota_linea"
        ),
        sa.ForeignKeyConstraint(
            ["progetto_id", "numero"], ["piano.progetto_id", "piano.numero"], name="fk_quota_piano"
        ),
        sa.PrimaryKeyConstraint("progetto_id", "numero", "linea", "ente", name="pk_piano_quota"),
        info={"immutable": True},
    )
    op.create_table(
        "quota_partner",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("linea", sa.String(), nullable=False),
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("ordine", sa.Integer(), nullable=False),
        sa.Column("programmato_cent", sa.BigInteger(), nullable=False),
        sa.Column("ammesso_cent", sa.BigInteger(), nullable=False),
        sa.Column("impegnato_cent", sa.BigInteger(), nullable=False),
        sa.Column("erogato_cent", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("ammesso_cent >= impegnato_cent", name="ck_quota_partner_impegnato_entro_l_ammesso"),
        sa.CheckConstraint("erogato_cent >= 0", name="ck_quota_partner_erogato_non_negativo"),
        sa.CheckConstraint("impegnato_cent >= erogato_cent", name="ck_quota_partner_erogato_entro_l_impegnato"),
        sa.CheckConstraint("programmato_cent >= ammesso_cent", name="ck_quota_partner_ammesso_entro_il_programmato"),
        sa.ForeignKeyConstraint(
            ["progetto_id", "linea"],
            ["progetto_linea.progetto_id", "progetto_linea.linea"],
            name="fk_quota_partner_linea",
        ),
        sa.PrimaryKeyConstraint("progetto_id", "linea", "ente", name="pk_quota_partner"),
    )
    op.create_table(
        "dichiarazione_spesa",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("nota", sa.String(), nullable=True),
        sa.Column("dichiarato_cent", sa.BigInteger(), nullable=False),
        sa.Column("dichiarata_da", sa.String(), nullable=False),
        sa.Column("dichiarata_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("numero >= 1", name="ck_dichiarazione_spesa_numero_positivo"),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name="fk_dichiarazione_spesa_progetto_id"),
        sa.PrimaryKeyConstraint("progetto_id", "numero", name="pk_dichiarazione_spesa"),
        info={"immutable": True},
    )
    op.create_table(
        "voce_spesa",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("dichiarazione", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("linea", sa.String(), nullable=False),
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("documento", sa.String(), nullable=False),
        sa.Column("descrizione", sa.String(), nullable=False),
        sa.Column("pagata_il", sa.Date(), nullable=False),
        sa.Column("in_natura", sa.Boolean(), nullable=False),
        sa.Column("importo_cent", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("importo_cent > 0", name="ck_voce_spesa_importo_positivo"),
        sa.ForeignKeyConstraint(
            ["progetto_id", "dichiarazione"],
            ["dichiarazione_spesa.progetto_id", "dichiarazione_spesa.numero"],
            name="fk_voce_spesa_dichiarazione",
        ),
        sa.ForeignKeyConstraint(
            ["progetto_id", "linea"], ["progetto_linea.progetto_id", "progetto_linea.linea"], name="fk_voce_spesa_linea"
        ),
        sa.PrimaryKeyConstraint("progetto_id", "dichiarazione", "n", name="pk_voce_spesa"),
        sa.UniqueConstraint(
            "progetto_id",
            "dichiarazione",
            "n",
            "importo_cent",
            name="uq_voce_spesa_progetto_id_dichiarazione_n_importo_cent",
        ),
        info={"immutable": True},
    )
    op.create_table(
        "esame_spesa",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("atto", sa.String(), nullable=False),
        sa.Column("ammesso_cent", sa.BigInteger(), nullable=False),
        sa.Column("esaminata_da", sa.String(), nullable=False),
        sa.Column("esaminata_il", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["progetto_id", "numero"],
            ["dichiarazione_spesa.progetto_id", "dichiarazione_spesa.numero"],
            name="fk_esame_spesa_dichiarazione",
        ),
        sa.PrimaryKeyConstraint("progetto_id", "numero", name="pk_esame_spesa"),
        info={"immutable": True},
    )
    op.create_table(
        "voce_esaminata",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("dichiarazione", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("dichiarato_cent", sa.BigInteger(), nullable=False),
        sa.Column("ammesso_cent", sa.BigInteger(), nullable=False),
        sa.Column("motivo", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(ammesso_cent = dichiarato_cent) = (motivo IS NULL)", name="ck_voce_esaminata_motivo_del_taglio"
        ),
        sa.CheckConstraint(
            "ammesso_cent >= 0 AND ammesso_cent <= dichiarato_cent",
            name="ck_voce_esaminata_ammesso_entro_il_dichiarato",
        ),
        sa.ForeignKeyConstraint(
            ["progetto_id", "dichiarazione", "n", "dichiarato_cent"],
            ["voce_spesa.progetto_id", "voce_spesa.dichiarazione", "voce_spesa.n", "voce_spesa.importo_cent"],
            name="fk_voce_esaminata_voce",
        ),
        sa.ForeignKeyConstraint(
            ["progetto_id", "dichiarazione"],
            ["esame_spesa.progetto_id", "esame_spesa.numero"],
            name="fk_voce_esaminata_esame",
        ),
        sa.PrimaryKeyConstraint("progetto_id", "dichiarazione", "n", name="pk_voce_esaminata"),
        info={"immutable": True},
    )
    op.create_table(
        "rendiconto",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("relazione", sa.String(), nullable=False),
        sa.Column("presentato_da", sa.String(), nullable=False),
        sa.Column("presentato_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("atto", sa.String(), nullable=True),
        sa.Column("motivo", sa.String(), nullable=True),
        sa.Column("deciso_da", sa.String(), nullable=True),
        sa.Column("deciso_il", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(stato = 'presentato') = (deciso_il IS NULL)", name="ck_rendiconto_deciso_se_chiuso"),
        sa.CheckConstraint("stato = 'presentato' OR atto IS NOT NULL", name="ck_rendiconto_deciso_con_atto"),
        sa.CheckConstraint("stato IN ('presentato', 'rinviato', 'approvato')", name="ck_rendiconto_stato_ammesso"),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name="fk_rendiconto_progetto_id"),
        sa.PrimaryKeyConstraint("progetto_id", "numero", name="pk_rendiconto"),
    )
    op.create_index(
        "uq_rendiconto_aperto_o_approvato",
        "rendiconto",
        ["progetto_id"],
        unique=True,
        postgresql_where=sa.text("stato <> 'rinviato'"),
    )
    op.create_table(
        "rendiconto_linea",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("linea", sa.String(), nullable=False),
        sa.Column("costo_cent", sa.BigInteger(), nullable=False),
        sa.Column("in_natura_cent", sa.BigInteger(), nullable=False),
        sa.Column("spettante_cent", sa.BigInteger(), nullable=False),
        sa.Column("limite", sa.String(), nullable=False),
        sa.Column("economia_cent", sa.BigInteger(), nullable=False),
        sa.Column("da_recuperare_cent", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "limite IN ('spesa', 'quota_del_bando', 'cofinanziamento', 'denaro', 'impegnato')",
            name="ck_rendiconto_linea_limite_ammesso",
        ),
        sa.CheckConstraint(
            "economia_cent >= 0 AND da_recuperare_cent >= 0", name="ck_rendiconto_linea_esiti_non_negativi"
        ),
        sa.CheckConstraint(
            "in_natura_cent >= 0 AND in_natura_cent <= costo_cent", name="ck_rendiconto_linea_natura_entro_il_costo"
        ),
        sa.CheckConstraint(
            "spettante_cent >= 0 AND spettante_cent <= costo_cent", name="ck_rendiconto_linea_spettante_entro_il_costo"
        ),
        sa.ForeignKeyConstraint(
            ["progetto_id", "numero"], ["rendiconto.progetto_id", "rendiconto.numero"], name="fk_rendiconto_linea"
        ),
        sa.PrimaryKeyConstraint("progetto_id", "numero", "linea", name="pk_rendiconto_linea"),
        info={"immutable": True},
    )
    op.create_table(
        "stato_lavori",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("ambito", sa.String(), nullable=False),
        sa.Column("blocco", sa.String(), nullable=False),
        sa.Column("percento", sa.Integer(), nullable=False),
        sa.Column("alloggi", sa.Integer(), nullable=True),
        sa.Column("rilevato_il", sa.Date(), nullable=False),
        sa.Column("motivo", sa.String(), nullable=True),
        sa.Column("registrato_da", sa.String(), nullable=False),
        sa.Column("registrato_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ambito IN ('erp', 'infrastrutture')", name="ck_stato_lavori_ambito_ammesso"),
        sa.CheckConstraint("alloggi >= 0", name="ck_stato_lavori_alloggi_non_negativi"),
        sa.CheckConstraint("percento >= 0 AND percento <= 100", name="ck_stato_lavori_percento_fra_0_e_100"),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name="fk_stato_lavori_progetto_id"),
        sa.PrimaryKeyConstraint("progetto_id", "numero", name="pk_stato_lavori"),
        info={"immutable": True},
    )
    op.create_index(
        "ix_stato_lavori_blocco", "stato_lavori", ["progetto_id", "ambito", "blocco", "numero"], unique=False
    )
    op.create_table(
        "spazio",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("codice", sa.String(), nullable=False),
        sa.Column("denominazione", sa.String(), nullable=False),
        sa.Column("indirizzo", sa.String(), nullable=True),
        sa.Column("titolo", sa.String(), nullable=False),
        sa.Column("concedente", sa.String(), nullable=True),
        sa.Column("superficie_mq", sa.Integer(), nullable=True),
        sa.Column("dal", sa.Date(), nullable=False),
        sa.Column("al", sa.Date(), nullable=True),
        sa.Column("registrato_da", sa.String(), nullable=False),
        sa.Column("registrato_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("titolo = 'proprieta' OR concedente IS NOT NULL", name="ck_spazio_concesso_da_qualcuno"),
        sa.CheckConstraint(
            "titolo IN ('proprieta', 'comodato', 'concessione', 'locazione')", name="ck_spazio_titolo_ammesso"
        ),
        sa.CheckConstraint("dal <= al", name="ck_spazio_dal_prima_dell_al"),
        sa.CheckConstraint("superficie_mq >= 0", name="ck_spazio_superficie_non_negativa"),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name="fk_spazio_progetto_id"),
        sa.PrimaryKeyConstraint("progetto_id", "codice", name="pk_spazio"),
    )
    op.create_table(
        "prospetto_alloggi",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("canone", sa.String(), nullable=False),
        sa.Column("prima", sa.Integer(), nullable=False),
        sa.Column("dopo", sa.Integer(), nullable=False),
        sa.Column("registrato_da", sa.String(), nullable=False),
        sa.Column("registrato_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "canone <> 'sociale' OR dopo >= prima", name="ck_prospetto_alloggi_canone_sociale_non_ridotto"
        ),
        sa.CheckConstraint(
            "canone IN ('sociale', 'moderato', 'concordato', 'libero')", name="ck_prospetto_alloggi_canone_ammesso"
        ),
        sa.CheckConstraint("prima >= 0 AND dopo >= 0", name="ck_prospetto_alloggi_alloggi_non_negativi"),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name="fk_prospetto_alloggi_progetto_id"),
        sa.PrimaryKeyConstraint("progetto_id", "numero", "canone", name="pk_prospetto_alloggi"),
        info={"immutable": True},
    )
    op.create_table(
        "risultato_indicatore",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("indicatore", sa.String(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("raggiunto", sa.Integer(), nullable=False),
        sa.Column("rilevato_il", sa.Date(), nullable=False),
        sa.Column("nota", sa.String(), nullable=True),
        sa.Column("registrato_da", sa.String(), nullable=False),
        sa.Column("registrato_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("raggiunto >= 0", name="ck_risultato_indicatore_raggiunto_non_negativo"),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name="fk_risultato_indicatore_progetto_id"),
        sa.PrimaryKeyConstraint("progetto_id", "indicatore", "numero", name="pk_risultato_indicatore"),
        info={"immutable": True},
    )
    op.create_table(
        "obbligo",
        sa.Column("obbligo_id", sa.Uuid(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("tipo", sa.String(), nullable=False),
        sa.Column("descrizione", sa.String(), nullable=False),
        sa.Column("entro", sa.Date(), nullable=False),
        sa.Column("adempiuto_il", sa.Date(), nullable=True),
        sa.Column("prova", sa.String(), nullable=True),
        sa.Column("registrato_da", sa.String(), nullable=False),
        sa.Column("registrato_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("tipo IN ('disseminazione', 'continuita')", name="ck_obbligo_tipo_ammesso"),
        sa.CheckConstraint("(adempiuto_il IS NULL) = (prova IS NULL)", name="ck_obbligo_adempiuto_con_prova"),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name="fk_obbligo_progetto_id"),
        sa.PrimaryKeyConstraint("obbligo_id", name="pk_obbligo"),
    )
    op.create_index("ix_obbligo_progetto", "obbligo", ["progetto_id", "entro"], unique=False)


def downgrade() -> None:
    """Remove them, while no project has used them."""
    op.execute("DROP FUNCTION IF EXISTS quota_partner_quadra CASCADE")
    op.execute("DELETE FROM sql_installato WHERE nome = '030_quote.sql'")
    op.drop_index("ix_obbligo_progetto", table_name="obbligo")
    op.drop_table("obbligo")
    op.drop_table("risultato_indicatore")
    op.drop_table("prospetto_alloggi")
    op.drop_table("spazio")
    op.drop_index("ix_stato_lavori_blocco", table_name="stato_lavori")
    op.drop_table("stato_lavori")
    op.drop_table("rendiconto_linea")
    op.drop_index("uq_rendiconto_aperto_o_approvato", table_name="rendiconto")
    op.drop_table("rendiconto")
    op.drop_table("voce_esaminata")
    op.drop_table("esame_spesa")
    op.drop_table("voce_spesa")
    op.drop_table("dichiarazione_spesa")
    op.drop_table("quota_partner")
    op.drop_table("piano_quota")
    op.drop_table("piano")
    op.drop_index("uq_rimodulazione_aperta", table_name="rimodulazione")
    op.drop_table("rimodulazione")
    op.drop_constraint("ck_progetto_linea_recupero_entro_l_erogato", "progetto_linea")
    op.drop_column("progetto_linea", "da_recuperare_cent")
    _values("movimento_progetto", "ck_movimento_progetto_tipo_ammesso", "tipo", ACTS_BEFORE)
    _values("progetto", "ck_progetto_stato_ammesso", "stato", STATES_BEFORE)
    op.drop_index("uq_progetto_cup", table_name="progetto")
    op.drop_column("progetto", "piano")
    op.drop_column("progetto", "cup")


def _values(table: str, constraint: str, column: str, values: str) -> None:
    op.drop_constraint(constraint, table)
    op.create_check_constraint(constraint, table, f"{column} IN ({values})")
