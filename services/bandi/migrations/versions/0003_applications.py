"""Applications: the consent of the partners, what each of them does, documents, the text that was presented.

Revision ID: 0003
Revises: 0002
"""

import hashlib
import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

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
    _keep_canonical_text()
    _create_documents()
    _create_examination()
    _create_completion()


def _keep_canonical_text() -> None:
    """Beside its hash keep the text that was hashed; of what was presented before, it is made again and compared."""
    op.add_column("domanda_presentata", sa.Column("canonico", sa.String(), nullable=True))
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT p.domanda_id, b.codice, d.capofila, p.contenuto, p.impronta FROM domanda_presentata p "
            "JOIN domanda d USING (domanda_id) JOIN bando b USING (bando_id)"
        )
    ).all()
    for row in rows:
        text = json.dumps(
            {"bando": row.codice, "capofila": row.capofila, "contenuto": row.contenuto},
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )
        if hashlib.sha256(text.encode()).hexdigest() != row.impronta:
            raise RuntimeError(f"application {row.domanda_id}: what is stored is not what was hashed")
        connection.execute(
            sa.text("UPDATE domanda_presentata SET canonico = :text WHERE domanda_id = :id"),
            {"text": text, "id": row.domanda_id},
        )
    op.alter_column("domanda_presentata", "canonico", nullable=False)
    op.create_check_constraint(
        "ck_domanda_presentata_impronta_del_canonico",
        "domanda_presentata",
        "impronta = encode(sha256(convert_to(canonico, 'UTF8')), 'hex')",
    )


def _create_documents() -> None:
    op.create_table(
        "deposito",
        sa.Column("deposito_id", sa.Uuid(), nullable=False),
        sa.Column("chiave", sa.String(), nullable=False),
        sa.Column("creato_il", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("deposito_id", name="pk_deposito"),
        sa.UniqueConstraint("chiave", name="uq_deposito_chiave"),
    )
    op.create_index("ix_deposito_creato_il", "deposito", ["creato_il"])
    op.create_table(
        "documento",
        sa.Column("documento_id", sa.Uuid(), nullable=False),
        sa.Column("domanda_id", sa.Uuid(), nullable=False),
        sa.Column("richiesto", sa.String(), nullable=True),
        sa.Column("nome", sa.String(), nullable=False),
        sa.Column("creato_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deposito_id", sa.Uuid(), nullable=True),
        sa.Column("formato", sa.String(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=True),
        sa.Column("dimensione", sa.Integer(), nullable=True),
        sa.Column("impronta", sa.String(), nullable=True),
        sa.Column("caricato_da", sa.String(), nullable=True),
        sa.Column("caricato_il", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("dimensione > 0", name="ck_documento_dimensione_positiva"),
        sa.CheckConstraint("formato IN ('pdf_a', 'pdf', 'odf')", name="ck_documento_formato_ammesso"),
        sa.CheckConstraint(
            "num_nulls(deposito_id, formato, media_type, dimensione, impronta, caricato_da, caricato_il) IN (0, 7)",
            name="ck_documento_file_intero",
        ),
        sa.ForeignKeyConstraint(["deposito_id"], ["deposito.deposito_id"], name="fk_documento_deposito_id"),
        sa.ForeignKeyConstraint(["domanda_id"], ["domanda.domanda_id"], name="fk_documento_domanda_id"),
        sa.PrimaryKeyConstraint("documento_id", name="pk_documento"),
    )
    op.create_index("ix_documento_domanda", "documento", ["domanda_id"])
    op.create_index("ix_documento_deposito", "documento", ["deposito_id"])
    op.create_table(
        "documento_presentato",
        sa.Column("documento_id", sa.Uuid(), nullable=False),
        sa.Column("domanda_id", sa.Uuid(), nullable=False),
        sa.Column("soccorso", sa.Integer(), nullable=True),
        sa.Column("richiesto", sa.String(), nullable=True),
        sa.Column("nome", sa.String(), nullable=False),
        sa.Column("deposito_id", sa.Uuid(), nullable=False),
        sa.Column("formato", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("dimensione", sa.Integer(), nullable=False),
        sa.Column("impronta", sa.String(), nullable=False),
        sa.Column("caricato_da", sa.String(), nullable=False),
        sa.Column("caricato_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("dimensione > 0", name="ck_documento_presentato_dimensione_positiva"),
        sa.CheckConstraint("formato IN ('pdf_a', 'pdf', 'odf')", name="ck_documento_presentato_formato_ammesso"),
        sa.ForeignKeyConstraint(["deposito_id"], ["deposito.deposito_id"], name="fk_documento_presentato_deposito_id"),
        sa.ForeignKeyConstraint(
            ["domanda_id"], ["domanda_presentata.domanda_id"], name="fk_documento_presentato_domanda_id"
        ),
        sa.PrimaryKeyConstraint("documento_id", name="pk_documento_presentato"),
    )
    op.create_index("ix_documento_presentato_domanda", "documento_presentato", ["domanda_id"])
    op.create_index("ix_documento_presentato_deposito", "documento_presentato", ["deposito_id"])


def _create_examination() -> None:
    """Earlier decisions agreed with the machine; earlier sheets stand without a declaration, later ones do not."""
    op.add_column("istruttoria", sa.Column("rilievi", postgresql.JSONB(), nullable=False, server_default="[]"))
    op.alter_column("istruttoria", "rilievi", server_default=None)
    op.add_column("istruttoria", sa.Column("scostamento", sa.String(), nullable=True))
    op.create_check_constraint(
        "ck_istruttoria_scostamento_motivato",
        "istruttoria",
        "esito <> 'ammissibile' OR jsonb_array_length(rilievi) = 0 OR scostamento IS NOT NULL",
    )
    op.add_column("scheda", sa.Column("collegiale", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("scheda", "collegiale", server_default=None)
    op.create_index(
        "uq_scheda_collegiale", "scheda", ["domanda_id"], unique=True, postgresql_where=sa.text("collegiale")
    )
    op.create_table(
        "dichiarazione_interesse",
        sa.Column("domanda_id", sa.Uuid(), nullable=False),
        sa.Column("commissario", sa.String(), nullable=False),
        sa.Column("esito", sa.String(), nullable=False),
        sa.Column("motivo", sa.String(), nullable=True),
        sa.Column("dichiarata_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(esito = 'conflitto') = (motivo IS NOT NULL)", name="ck_dichiarazione_interesse_motivo_del_conflitto"
        ),
        sa.CheckConstraint(
            "esito IN ('nessun_conflitto', 'conflitto')", name="ck_dichiarazione_interesse_esito_ammesso"
        ),
        sa.ForeignKeyConstraint(
            ["domanda_id"], ["domanda_presentata.domanda_id"], name="fk_dichiarazione_interesse_domanda_id"
        ),
        sa.PrimaryKeyConstraint("domanda_id", "commissario", "esito", name="pk_dichiarazione_interesse"),
    )


def _create_completion() -> None:
    op.create_table(
        "soccorso",
        sa.Column("domanda_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("richieste", postgresql.JSONB(), nullable=False),
        sa.Column("giorni", sa.Integer(), nullable=False),
        sa.Column("scade_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chiesto_da", sa.String(), nullable=False),
        sa.Column("chiesto_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("risposto_da", sa.String(), nullable=True),
        sa.Column("risposto_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("campi", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("chiarimenti", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("canonico", sa.String(), nullable=True),
        sa.Column("impronta", sa.String(), nullable=True),
        sa.CheckConstraint("numero >= 1 AND giorni >= 1", name="ck_soccorso_numeri_positivi"),
        sa.CheckConstraint("jsonb_array_length(richieste) >= 1", name="ck_soccorso_chiede_qualcosa"),
        sa.CheckConstraint("scade_il > chiesto_il", name="ck_soccorso_scade_dopo"),
        sa.CheckConstraint("stato IN ('aperto', 'risposto', 'scaduto', 'superato')", name="ck_soccorso_stato_ammesso"),
        sa.CheckConstraint(
            "num_nulls(risposto_da, risposto_il, campi, chiarimenti, canonico, impronta) "
            "= CASE stato WHEN 'risposto' THEN 0 ELSE 6 END",
            name="ck_soccorso_risposta_intera",
        ),
        sa.CheckConstraint("risposto_il < scade_il + interval '1 second'", name="ck_soccorso_risposta_nel_termine"),
        sa.CheckConstraint(
            "impronta = encode(sha256(convert_to(canonico, 'UTF8')), 'hex')", name="ck_soccorso_impronta_del_canonico"
        ),
        sa.ForeignKeyConstraint(["domanda_id"], ["domanda_presentata.domanda_id"], name="fk_soccorso_domanda_id"),
        sa.PrimaryKeyConstraint("domanda_id", "numero", name="pk_soccorso"),
    )
    op.create_index(
        "uq_soccorso_aperto", "soccorso", ["domanda_id"], unique=True, postgresql_where=sa.text("stato = 'aperto'")
    )
    op.create_index("ix_soccorso_scadenza", "soccorso", ["scade_il"], postgresql_where=sa.text("stato = 'aperto'"))


def downgrade() -> None:
    """Drop them; drafts keep their members, whose answers are asked again, and lose what was not presented."""
    kept = (
        "SELECT EXISTS (SELECT FROM documento_presentato) OR EXISTS (SELECT FROM dichiarazione_interesse) "
        "OR EXISTS (SELECT FROM soccorso)"
    )
    if op.get_bind().scalar(sa.text(kept)):
        raise RuntimeError("documents, declarations and requests would be lost: restore a backup instead")
    op.drop_table("soccorso")
    op.drop_table("dichiarazione_interesse")
    op.drop_index("uq_scheda_collegiale", table_name="scheda", postgresql_where=sa.text("collegiale"))
    op.drop_column("scheda", "collegiale")
    op.drop_constraint("ck_istruttoria_scostamento_motivato", "istruttoria")
    op.drop_column("istruttoria", "scostamento")
    op.drop_column("istruttoria", "rilievi")
    op.drop_table("documento_presentato")
    op.drop_table("documento")
    op.drop_table("deposito")
    op.drop_constraint("ck_domanda_presentata_impronta_del_canonico", "domanda_presentata")
    op.drop_column("domanda_presentata", "canonico")
    op.drop_table("quota_membro")
    op.drop_index("ix_domanda_membri", table_name="domanda", postgresql_using="gin")
    op.drop_table("adesione")
