"""The whole of laboratori: labs, people, households, accesses, activities, attendances, mirrors.

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
        "iscrizione_inclusione",
        sa.Column("iscrizione_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("misura_codice", sa.String(), nullable=False),
        sa.Column("esito", sa.String(), nullable=False),
        sa.Column("valutata_il", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("iscrizione_id", name=op.f("pk_iscrizione_inclusione")),
    )
    op.create_index(op.f("ix_iscrizione_inclusione_persona_id"), "iscrizione_inclusione", ["persona_id"], unique=False)
    op.create_index(
        op.f("ix_iscrizione_inclusione_progetto_id"), "iscrizione_inclusione", ["progetto_id"], unique=False
    )
    op.create_table(
        "percorso_pip",
        sa.Column("pip_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("iscrizione_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("misura_codice", sa.String(), nullable=False),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("attivato_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("concluso_il", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("pip_id", name=op.f("pk_percorso_pip")),
    )
    op.create_index(op.f("ix_percorso_pip_persona_id"), "percorso_pip", ["persona_id"], unique=False)
    op.create_index(op.f("ix_percorso_pip_progetto_id"), "percorso_pip", ["progetto_id"], unique=False)
    op.create_table(
        "persona",
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("unita_in", sa.Uuid(), nullable=True),
        sa.Column("nome", sa.String(), nullable=True),
        sa.Column("cognome", sa.String(), nullable=True),
        sa.Column("data_nascita", sa.Date(), nullable=True),
        sa.Column("codice_fiscale", sa.String(), nullable=True),
        sa.Column("genere", sa.String(), nullable=True),
        sa.Column("cittadinanza", sa.String(), nullable=True),
        sa.Column("area_origine", sa.String(), nullable=True),
        sa.Column("titolo_studio", sa.String(), nullable=True),
        sa.Column("occupazione", sa.String(), nullable=True),
        sa.Column("provincia", sa.String(), nullable=True),
        sa.Column("telefono", sa.String(), nullable=True),
        sa.Column("creata_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creata_da", sa.String(), nullable=False),
        sa.Column("aggiornata_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(stato = 'unita') = (unita_in IS NOT NULL)", name=op.f("ck_persona_unita_in_altra")),
        sa.CheckConstraint(
            "area_origine IN ('italia', 'altra_europa', 'europa_orientale', 'magreb_vicino_oriente', "
            "'africa_subsahariana', 'asia', 'america_latina', 'altro')",
            name=op.f("ck_persona_area_origine_ammesso"),
        ),
        sa.CheckConstraint("genere IN ('donna', 'uomo', 'altro')", name=op.f("ck_persona_genere_ammesso")),
        sa.CheckConstraint(
            "occupazione IN ('disoccupato', 'in_cerca_prima_occupazione', 'inattivo', 'studente', "
            "'occupato', 'pensionato')",
            name=op.f("ck_persona_occupazione_ammesso"),
        ),
        sa.CheckConstraint(
            "stato <> 'attiva' OR (nome IS NOT NULL AND cognome IS NOT NULL AND data_nascita IS NOT NULL)",
            name=op.f("ck_persona_attiva_con_nome"),
        ),
        sa.CheckConstraint(
            "stato = 'attiva' OR num_nonnulls(nome, cognome, data_nascita, codice_fiscale, telefono) = 0",
            name=op.f("ck_persona_non_attiva_senza_nome"),
        ),
        sa.CheckConstraint("stato IN ('attiva', 'unita', 'cancellata')", name=op.f("ck_persona_stato_ammesso")),
        sa.CheckConstraint(
            "titolo_studio IN ('nessuno', 'licenza_elementare', 'licenza_media', 'diploma', 'post_diploma_o_laurea')",
            name=op.f("ck_persona_titolo_studio_ammesso"),
        ),
        sa.CheckConstraint("unita_in <> persona_id", name=op.f("ck_persona_non_unita_a_se")),
        sa.CheckConstraint("versione >= 1", name=op.f("ck_persona_versione_positiva")),
        sa.ForeignKeyConstraint(["unita_in"], ["persona.persona_id"], name=op.f("fk_persona_unita_in")),
        sa.PrimaryKeyConstraint("persona_id", name=op.f("pk_persona")),
    )
    op.create_index("ix_persona_data_nascita", "persona", ["data_nascita"], unique=False)
    op.create_index("uq_persona_codice_fiscale", "persona", ["codice_fiscale"], unique=True)
    op.create_table(
        "progetto",
        sa.Column("progetto_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("codice", sa.String(), nullable=False),
        sa.Column("titolo", sa.String(), nullable=False),
        sa.Column("capofila", sa.String(), nullable=False),
        sa.Column("comune", sa.String(), nullable=True),
        sa.Column("quartiere", sa.String(), nullable=True),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("aggiornato_il", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("progetto_id", name=op.f("pk_progetto")),
    )
    op.create_table(
        "consenso",
        sa.Column("consenso_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("tipo", sa.String(), nullable=False),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("testo_versione", sa.String(), nullable=False),
        sa.Column("espresso_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raccolto_da", sa.String(), nullable=False),
        sa.CheckConstraint("stato IN ('dato', 'ritirato')", name=op.f("ck_consenso_stato_ammesso")),
        sa.CheckConstraint(
            "tipo IN ('trattamento_dati', 'categorie_particolari', 'immagini', 'mappa_campanelli', 'comunicazioni')",
            name=op.f("ck_consenso_tipo_ammesso"),
        ),
        sa.ForeignKeyConstraint(["persona_id"], ["persona.persona_id"], name=op.f("fk_consenso_persona_id")),
        sa.PrimaryKeyConstraint("consenso_id", name=op.f("pk_consenso")),
        info={"immutable": True},
    )
    op.create_index("ix_consenso_ultimo", "consenso", ["persona_id", "tipo", "consenso_id"], unique=False)
    op.create_table(
        "identita",
        sa.Column("sub", sa.String(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("associata_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("associata_da", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["persona_id"], ["persona.persona_id"], name=op.f("fk_identita_persona_id")),
        sa.PrimaryKeyConstraint("sub", name=op.f("pk_identita")),
    )
    op.create_index(op.f("ix_identita_persona_id"), "identita", ["persona_id"], unique=False)
    op.create_table(
        "laboratorio",
        sa.Column("laboratorio_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("nome", sa.String(), nullable=False),
        sa.Column("progetto_id", sa.Uuid(), nullable=True),
        sa.Column("ente_gestore", sa.String(), nullable=False),
        sa.Column("comune", sa.String(), nullable=True),
        sa.Column("quartiere", sa.String(), nullable=True),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("origine", sa.String(), nullable=False),
        sa.Column("creato_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attivato_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chiuso_il", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(stato = 'chiuso') = (chiuso_il IS NOT NULL)", name=op.f("ck_laboratorio_chiusura_datata")),
        sa.CheckConstraint(
            "origine <> 'progetto' OR progetto_id IS NOT NULL", name=op.f("ck_laboratorio_progetto_noto")
        ),
        sa.CheckConstraint("origine IN ('progetto', 'manuale')", name=op.f("ck_laboratorio_origine_ammesso")),
        sa.CheckConstraint("stato IN ('da_allestire', 'attivo', 'chiuso')", name=op.f("ck_laboratorio_stato_ammesso")),
        sa.CheckConstraint("versione >= 1", name=op.f("ck_laboratorio_versione_positiva")),
        sa.ForeignKeyConstraint(["progetto_id"], ["progetto.progetto_id"], name=op.f("fk_laboratorio_progetto_id")),
        sa.PrimaryKeyConstraint("laboratorio_id", name=op.f("pk_laboratorio")),
    )
    op.create_index(op.f("ix_laboratorio_ente_gestore"), "laboratorio", ["ente_gestore"], unique=False)
    op.create_index(op.f("ix_laboratorio_progetto_id"), "laboratorio", ["progetto_id"], unique=False)
    op.create_index(
        "uq_laboratorio_del_progetto",
        "laboratorio",
        ["progetto_id"],
        unique=True,
        postgresql_where="origine = 'progetto'",
    )
    op.create_table(
        "persona_ente",
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("ente", sa.String(), nullable=False),
        sa.Column("conosciuta_il", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["persona_id"], ["persona.persona_id"], name=op.f("fk_persona_ente_persona_id")),
        sa.PrimaryKeyConstraint("persona_id", "ente", name=op.f("pk_persona_ente")),
    )
    op.create_table(
        "rilevazione_condizioni",
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("esito", sa.String(), nullable=False),
        sa.Column("rilevata_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rilevata_da", sa.String(), nullable=False),
        sa.CheckConstraint(
            "esito IN ('nessuna_individuata', 'presenti')", name=op.f("ck_rilevazione_condizioni_esito_ammesso")
        ),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.persona_id"], name=op.f("fk_rilevazione_condizioni_persona_id")
        ),
        sa.PrimaryKeyConstraint("persona_id", name=op.f("pk_rilevazione_condizioni")),
        info={"role": "laboratori_condizioni"},
    )
    op.create_table(
        "accesso",
        sa.Column("accesso_id", sa.Uuid(), nullable=False),
        sa.Column("laboratorio_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=True),
        sa.Column("canale", sa.String(), nullable=False),
        sa.Column("argomento", sa.String(), nullable=False),
        sa.Column("minuti", sa.Integer(), nullable=False),
        sa.Column("avvenuto_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operatore", sa.String(), nullable=False),
        sa.Column("registrato_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "canale IN ('in_presenza', 'telefono', 'whatsapp', 'cortile', 'online', 'facebook', 'radio', 'balcone')",
            name=op.f("ck_accesso_canale_ammesso"),
        ),
        sa.CheckConstraint("minuti BETWEEN 0 AND 1440", name=op.f("ck_accesso_minuti_di_un_giorno")),
        sa.ForeignKeyConstraint(
            ["laboratorio_id"], ["laboratorio.laboratorio_id"], name=op.f("fk_accesso_laboratorio_id")
        ),
        sa.ForeignKeyConstraint(["persona_id"], ["persona.persona_id"], name=op.f("fk_accesso_persona_id")),
        sa.PrimaryKeyConstraint("accesso_id", name=op.f("pk_accesso")),
    )
    op.create_index("ix_accesso_laboratorio", "accesso", ["laboratorio_id", "avvenuto_il"], unique=False)
    op.create_index("ix_accesso_persona", "accesso", ["persona_id"], unique=False)
    op.create_table(
        "adesione",
        sa.Column("adesione_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("laboratorio_id", sa.Uuid(), nullable=False),
        sa.Column("modulo", sa.String(), nullable=False),
        sa.Column("modulo_versione", sa.String(), nullable=False),
        sa.Column("firmata_il", sa.Date(), nullable=False),
        sa.Column("documento_sha256", sa.String(), nullable=True),
        sa.Column("registrata_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrata_da", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["laboratorio_id"], ["laboratorio.laboratorio_id"], name=op.f("fk_adesione_laboratorio_id")
        ),
        sa.ForeignKeyConstraint(["persona_id"], ["persona.persona_id"], name=op.f("fk_adesione_persona_id")),
        sa.PrimaryKeyConstraint("adesione_id", name=op.f("pk_adesione")),
        sa.UniqueConstraint("persona_id", "laboratorio_id", name=op.f("uq_adesione_persona_id_laboratorio_id")),
    )
    op.create_index(op.f("ix_adesione_laboratorio_id"), "adesione", ["laboratorio_id"], unique=False)
    op.create_table(
        "attivita",
        sa.Column("attivita_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("laboratorio_id", sa.Uuid(), nullable=False),
        sa.Column("tipo", sa.String(), nullable=False),
        sa.Column("titolo", sa.String(), nullable=False),
        sa.Column("descrizione", sa.String(), nullable=True),
        sa.Column("luogo", sa.String(), nullable=False),
        sa.Column("inizio", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fine", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capienza", sa.Integer(), nullable=True),
        sa.Column("fascia", sa.String(), nullable=False),
        sa.Column("diretta", sa.Boolean(), nullable=False),
        sa.Column("categoria_indiretta", sa.String(), nullable=True),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("iscritti", sa.Integer(), nullable=False),
        sa.Column("in_attesa", sa.Integer(), nullable=False),
        sa.Column("ultimo_numero", sa.Integer(), nullable=False),
        sa.Column("creata_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creata_da", sa.String(), nullable=False),
        sa.CheckConstraint("diretta OR fascia = 'nessuna'", name=op.f("ck_attivita_fascia_se_diretta")),
        sa.CheckConstraint("fascia IN ('nessuna', 'base', 'silver', 'gold')", name=op.f("ck_attivita_fascia_ammesso")),
        sa.CheckConstraint("stato IN ('programmata', 'annullata')", name=op.f("ck_attivita_stato_ammesso")),
        sa.CheckConstraint(
            "tipo IN ('evento', 'laboratorio', 'corso', 'assemblea', 'volontariato', 'cura_spazi', "
            "'centro_aggregazione_giovanile', 'sportello', 'altro')",
            name=op.f("ck_attivita_tipo_ammesso"),
        ),
        sa.CheckConstraint("capienza IS NULL OR iscritti <= capienza", name=op.f("ck_attivita_mai_oltre_la_capienza")),
        sa.CheckConstraint("diretta = (categoria_indiretta IS NULL)", name=op.f("ck_attivita_categoria_se_indiretta")),
        sa.CheckConstraint("fine > inizio", name=op.f("ck_attivita_finisce_dopo")),
        sa.CheckConstraint("in_attesa = 0 OR iscritti = capienza", name=op.f("ck_attivita_si_attende_solo_se_pieno")),
        sa.CheckConstraint(
            "iscritti >= 0 AND in_attesa >= 0 AND ultimo_numero >= 0", name=op.f("ck_attivita_conteggi_non_negativi")
        ),
        sa.CheckConstraint("versione >= 1", name=op.f("ck_attivita_versione_positiva")),
        sa.ForeignKeyConstraint(
            ["laboratorio_id"], ["laboratorio.laboratorio_id"], name=op.f("fk_attivita_laboratorio_id")
        ),
        sa.PrimaryKeyConstraint("attivita_id", name=op.f("pk_attivita")),
    )
    op.create_index("ix_attivita_inizio", "attivita", ["inizio"], unique=False)
    op.create_index("ix_attivita_laboratorio", "attivita", ["laboratorio_id", "inizio"], unique=False)
    op.create_table(
        "condizione_persona",
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("condizione", sa.String(), nullable=False),
        sa.Column("principale", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "condizione IN ('migrante_o_straniero', 'disabilita', 'detenzione', 'dipendenza', "
            "'senza_dimora', 'vittima_di_violenza', 'minoranza', 'altro')",
            name=op.f("ck_condizione_persona_condizione_ammesso"),
        ),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["rilevazione_condizioni.persona_id"], name=op.f("fk_condizione_persona_persona_id")
        ),
        sa.PrimaryKeyConstraint("persona_id", "condizione", name=op.f("pk_condizione_persona")),
        info={"role": "laboratori_condizioni"},
    )
    op.create_index(
        "uq_condizione_persona_principale",
        "condizione_persona",
        ["persona_id"],
        unique=True,
        postgresql_where="principale",
    )
    op.create_table(
        "membro_equipe",
        sa.Column("membro_equipe_id", sa.Uuid(), nullable=False),
        sa.Column("laboratorio_id", sa.Uuid(), nullable=False),
        sa.Column("sub", sa.String(), nullable=False),
        sa.Column("ruolo", sa.String(), nullable=False),
        sa.Column("dal", sa.Date(), nullable=False),
        sa.Column("al", sa.Date(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("laboratorio_id"), "="),
            (sa.column("sub"), "="),
            (sa.column("ruolo"), "="),
            (sa.text("daterange(dal, al, '[]')"), "&&"),
            using="gist",
            name="ex_membro_equipe_un_periodo",
        ),
        sa.CheckConstraint(
            "ruolo IN ('supervisore', 'coordinatore', 'esperto_tecnico', 'esperto_sociale', "
            "'operatore_comunita', 'operatore_sportello', 'volontario')",
            name=op.f("ck_membro_equipe_ruolo_ammesso"),
        ),
        sa.CheckConstraint("al IS NULL OR al >= dal", name=op.f("ck_membro_equipe_periodo_valido")),
        sa.ForeignKeyConstraint(
            ["laboratorio_id"], ["laboratorio.laboratorio_id"], name=op.f("fk_membro_equipe_laboratorio_id")
        ),
        sa.PrimaryKeyConstraint("membro_equipe_id", name=op.f("pk_membro_equipe")),
    )
    op.create_index("ix_membro_equipe_accesso", "membro_equipe", ["sub", "laboratorio_id"], unique=False)
    op.create_table(
        "nucleo",
        sa.Column("nucleo_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("laboratorio_id", sa.Uuid(), nullable=False),
        sa.Column("creato_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creato_da", sa.String(), nullable=False),
        sa.CheckConstraint("versione >= 1", name=op.f("ck_nucleo_versione_positiva")),
        sa.ForeignKeyConstraint(
            ["laboratorio_id"], ["laboratorio.laboratorio_id"], name=op.f("fk_nucleo_laboratorio_id")
        ),
        sa.PrimaryKeyConstraint("nucleo_id", name=op.f("pk_nucleo")),
    )
    op.create_index(op.f("ix_nucleo_laboratorio_id"), "nucleo", ["laboratorio_id"], unique=False)
    op.create_table(
        "orario",
        sa.Column("laboratorio_id", sa.Uuid(), nullable=False),
        sa.Column("giorno", sa.SmallInteger(), nullable=False),
        sa.Column("apre", sa.Time(), nullable=False),
        sa.Column("chiude", sa.Time(), nullable=False),
        sa.CheckConstraint("chiude > apre", name=op.f("ck_orario_chiude_dopo_apertura")),
        sa.CheckConstraint("giorno BETWEEN 1 AND 7", name=op.f("ck_orario_giorno_della_settimana")),
        sa.ForeignKeyConstraint(
            ["laboratorio_id"], ["laboratorio.laboratorio_id"], name=op.f("fk_orario_laboratorio_id")
        ),
        sa.PrimaryKeyConstraint("laboratorio_id", "giorno", "apre", name=op.f("pk_orario")),
    )
    op.create_table(
        "persona_laboratorio",
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("laboratorio_id", sa.Uuid(), nullable=False),
        sa.Column("conosciuta_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("presa_in_carico_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("presa_in_carico_da", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(presa_in_carico_il IS NULL) = (presa_in_carico_da IS NULL)",
            name=op.f("ck_persona_laboratorio_presa_in_carico_da_chi"),
        ),
        sa.ForeignKeyConstraint(
            ["laboratorio_id"], ["laboratorio.laboratorio_id"], name=op.f("fk_persona_laboratorio_laboratorio_id")
        ),
        sa.ForeignKeyConstraint(["persona_id"], ["persona.persona_id"], name=op.f("fk_persona_laboratorio_persona_id")),
        sa.PrimaryKeyConstraint("persona_id", "laboratorio_id", name=op.f("pk_persona_laboratorio")),
    )
    op.create_index(
        "ix_persona_laboratorio_laboratorio", "persona_laboratorio", ["laboratorio_id", "persona_id"], unique=False
    )
    op.create_table(
        "sede",
        sa.Column("sede_id", sa.Uuid(), nullable=False),
        sa.Column("laboratorio_id", sa.Uuid(), nullable=False),
        sa.Column("indirizzo", sa.String(), nullable=False),
        sa.Column("comune", sa.String(), nullable=False),
        sa.Column("proprietario", sa.String(), nullable=False),
        sa.Column("dal", sa.Date(), nullable=False),
        sa.Column("al", sa.Date(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("laboratorio_id"), "="),
            (sa.text("daterange(dal, al, '[]')"), "&&"),
            using="gist",
            name="ex_sede_una_alla_volta",
        ),
        sa.CheckConstraint("al IS NULL OR al >= dal", name=op.f("ck_sede_periodo_valido")),
        sa.ForeignKeyConstraint(
            ["laboratorio_id"], ["laboratorio.laboratorio_id"], name=op.f("fk_sede_laboratorio_id")
        ),
        sa.PrimaryKeyConstraint("sede_id", name=op.f("pk_sede")),
    )
    op.create_table(
        "contratto",
        sa.Column("contratto_id", sa.Uuid(), nullable=False),
        sa.Column("nucleo_id", sa.Uuid(), nullable=False),
        sa.Column("contratto_codice", sa.String(), nullable=False),
        sa.Column("ente_proprietario", sa.String(), nullable=False),
        sa.Column("dal", sa.Date(), nullable=False),
        sa.Column("al", sa.Date(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("ente_proprietario"), "="),
            (sa.column("contratto_codice"), "="),
            (sa.text("daterange(dal, al, '[]')"), "&&"),
            using="gist",
            name="ex_contratto_un_nucleo_alla_volta",
        ),
        sa.CheckConstraint("al IS NULL OR al >= dal", name=op.f("ck_contratto_periodo_valido")),
        sa.ForeignKeyConstraint(["nucleo_id"], ["nucleo.nucleo_id"], name=op.f("fk_contratto_nucleo_id")),
        sa.PrimaryKeyConstraint("contratto_id", name=op.f("pk_contratto")),
    )
    op.create_index("ix_contratto_nucleo", "contratto", ["nucleo_id"], unique=False)
    op.create_table(
        "iscrizione",
        sa.Column("iscrizione_id", sa.Uuid(), nullable=False),
        sa.Column("attivita_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("iscritta_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promossa_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ritirata_il", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(stato = 'ritirata') = (ritirata_il IS NOT NULL)", name=op.f("ck_iscrizione_ritiro_datato")
        ),
        sa.CheckConstraint("stato IN ('iscritta', 'in_attesa', 'ritirata')", name=op.f("ck_iscrizione_stato_ammesso")),
        sa.ForeignKeyConstraint(["attivita_id"], ["attivita.attivita_id"], name=op.f("fk_iscrizione_attivita_id")),
        sa.ForeignKeyConstraint(["persona_id"], ["persona.persona_id"], name=op.f("fk_iscrizione_persona_id")),
        sa.PrimaryKeyConstraint("iscrizione_id", name=op.f("pk_iscrizione")),
        sa.UniqueConstraint("attivita_id", "numero", name=op.f("uq_iscrizione_attivita_id_numero")),
    )
    op.create_index(
        "ix_iscrizione_in_attesa",
        "iscrizione",
        ["attivita_id", "numero"],
        unique=False,
        postgresql_where="stato = 'in_attesa'",
    )
    op.create_index("ix_iscrizione_persona", "iscrizione", ["persona_id"], unique=False)
    op.create_index(
        "uq_iscrizione_una_per_persona",
        "iscrizione",
        ["attivita_id", "persona_id"],
        unique=True,
        postgresql_where="stato <> 'ritirata'",
    )
    op.create_table(
        "membro",
        sa.Column("membro_id", sa.Uuid(), nullable=False),
        sa.Column("nucleo_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("ruolo", sa.String(), nullable=False),
        sa.Column("dal", sa.Date(), nullable=False),
        sa.Column("al", sa.Date(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("persona_id"), "="),
            (sa.text("daterange(dal, al, '[]')"), "&&"),
            using="gist",
            name="ex_membro_un_nucleo_alla_volta",
        ),
        sa.CheckConstraint("ruolo IN ('intestatario', 'componente')", name=op.f("ck_membro_ruolo_ammesso")),
        sa.CheckConstraint("al IS NULL OR al >= dal", name=op.f("ck_membro_periodo_valido")),
        sa.ForeignKeyConstraint(["nucleo_id"], ["nucleo.nucleo_id"], name=op.f("fk_membro_nucleo_id")),
        sa.ForeignKeyConstraint(["persona_id"], ["persona.persona_id"], name=op.f("fk_membro_persona_id")),
        sa.PrimaryKeyConstraint("membro_id", name=op.f("pk_membro")),
    )
    op.create_index("ix_membro_nucleo", "membro", ["nucleo_id"], unique=False)
    op.create_index("ix_membro_persona", "membro", ["persona_id", "dal"], unique=False)
    op.create_table(
        "presenza",
        sa.Column("presenza_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("stato", sa.String(), nullable=False),
        sa.Column("laboratorio_id", sa.Uuid(), nullable=False),
        sa.Column("attivita_id", sa.Uuid(), nullable=False),
        sa.Column("persona_id", sa.Uuid(), nullable=False),
        sa.Column("iscrizione_id", sa.Uuid(), nullable=True),
        sa.Column("nucleo_id", sa.Uuid(), nullable=True),
        sa.Column("inizio", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fine", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minuti", sa.Integer(), nullable=False),
        sa.Column("fascia", sa.String(), nullable=True),
        sa.Column("diretta", sa.Boolean(), nullable=True),
        sa.Column("categoria_indiretta", sa.String(), nullable=True),
        sa.Column("registrata_il", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrata_da", sa.String(), nullable=False),
        sa.Column("confermata_il", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confermata_da", sa.String(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("persona_id"), "="),
            (sa.text("tstzrange(inizio, fine)"), "&&"),
            where=sa.text("stato = 'confermata'"),
            using="gist",
            name="ex_presenza_persona_in_un_luogo",
        ),
        sa.CheckConstraint("fascia IN ('nessuna', 'base', 'silver', 'gold')", name=op.f("ck_presenza_fascia_ammesso")),
        sa.CheckConstraint(
            "stato <> 'confermata' OR confermata_il IS NOT NULL", name=op.f("ck_presenza_conferma_datata")
        ),
        sa.CheckConstraint(
            "stato IN ('registrata', 'confermata', 'annullata')", name=op.f("ck_presenza_stato_ammesso")
        ),
        sa.CheckConstraint(
            "confermata_il IS NULL OR (fascia IS NOT NULL AND diretta IS NOT NULL AND confermata_da IS NOT NULL)",
            name=op.f("ck_presenza_conferma_con_tariffa"),
        ),
        sa.CheckConstraint(
            "fine - inizio = make_interval(mins => minuti)", name=op.f("ck_presenza_minuti_della_durata")
        ),
        sa.CheckConstraint("minuti BETWEEN 15 AND 1440 AND minuti % 15 = 0", name=op.f("ck_presenza_minuti_in_quarti")),
        sa.CheckConstraint("versione >= 1", name=op.f("ck_presenza_versione_positiva")),
        sa.ForeignKeyConstraint(["attivita_id"], ["attivita.attivita_id"], name=op.f("fk_presenza_attivita_id")),
        sa.ForeignKeyConstraint(
            ["iscrizione_id"], ["iscrizione.iscrizione_id"], name=op.f("fk_presenza_iscrizione_id")
        ),
        sa.ForeignKeyConstraint(
            ["laboratorio_id"], ["laboratorio.laboratorio_id"], name=op.f("fk_presenza_laboratorio_id")
        ),
        sa.ForeignKeyConstraint(["nucleo_id"], ["nucleo.nucleo_id"], name=op.f("fk_presenza_nucleo_id")),
        sa.ForeignKeyConstraint(["persona_id"], ["persona.persona_id"], name=op.f("fk_presenza_persona_id")),
        sa.PrimaryKeyConstraint("presenza_id", name=op.f("pk_presenza")),
    )
    op.create_index("ix_presenza_laboratorio", "presenza", ["laboratorio_id", "inizio"], unique=False)
    op.create_index("ix_presenza_persona", "presenza", ["persona_id", "inizio"], unique=False)
    op.create_index(
        "uq_presenza_una_per_inizio",
        "presenza",
        ["attivita_id", "persona_id", "inizio"],
        unique=True,
        postgresql_where="stato <> 'annullata'",
    )
    op.create_table(
        "fatto_presenza",
        sa.Column("presenza_id", sa.Uuid(), nullable=False),
        sa.Column("versione", sa.Integer(), nullable=False),
        sa.Column("tipo", sa.String(), nullable=False),
        sa.Column("inizio", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fine", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nucleo_id", sa.Uuid(), nullable=True),
        sa.Column("motivo", sa.String(), nullable=True),
        sa.Column("autore", sa.String(), nullable=False),
        sa.Column("accaduto_il", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(versione = 1) = (tipo = 'registrata')", name=op.f("ck_fatto_presenza_comincia_registrata")
        ),
        sa.CheckConstraint(
            "tipo IN ('registrata', 'confermata', 'rettificata', 'annullata')",
            name=op.f("ck_fatto_presenza_tipo_ammesso"),
        ),
        sa.CheckConstraint(
            "tipo NOT IN ('rettificata', 'annullata') OR motivo IS NOT NULL",
            name=op.f("ck_fatto_presenza_motivo_scritto"),
        ),
        sa.CheckConstraint("versione >= 1", name=op.f("ck_fatto_presenza_versione_positiva")),
        sa.ForeignKeyConstraint(["presenza_id"], ["presenza.presenza_id"], name=op.f("fk_fatto_presenza_presenza_id")),
        sa.PrimaryKeyConstraint("presenza_id", "versione", name=op.f("pk_fatto_presenza")),
        info={"immutable": True},
    )
    create_chassis_tables()


def downgrade() -> None:
    """Drop the tables."""
    drop_chassis_tables()
    op.drop_table("fatto_presenza")
    op.drop_index("uq_presenza_una_per_inizio", table_name="presenza", postgresql_where="stato <> 'annullata'")
    op.drop_index("ix_presenza_persona", table_name="presenza")
    op.drop_index("ix_presenza_laboratorio", table_name="presenza")
    op.drop_table("presenza")
    op.drop_index("ix_membro_persona", table_name="membro")
    op.drop_index("ix_membro_nucleo", table_name="membro")
    op.drop_table("membro")
    op.drop_index("uq_iscrizione_una_per_persona", table_name="iscrizione", postgresql_where="stato <> 'ritirata'")
    op.drop_index("ix_iscrizione_persona", table_name="iscrizione")
    op.drop_index("ix_iscrizione_in_attesa", table_name="iscrizione", postgresql_where="stato = 'in_attesa'")
    op.drop_table("iscrizione")
    op.drop_index("ix_contratto_nucleo", table_name="contratto")
    op.drop_table("contratto")
    op.drop_table("sede")
    op.drop_index("ix_persona_laboratorio_laboratorio", table_name="persona_laboratorio")
    op.drop_table("persona_laboratorio")
    op.drop_table("orario")
    op.drop_index(op.f("ix_nucleo_laboratorio_id"), table_name="nucleo")
    op.drop_table("nucleo")
    op.drop_index("ix_membro_equipe_accesso", table_name="membro_equipe")
    op.drop_table("membro_equipe")
    op.drop_index("uq_condizione_persona_principale", table_name="condizione_persona", postgresql_where="principale")
    op.drop_table("condizione_persona")
    op.drop_index("ix_attivita_laboratorio", table_name="attivita")
    op.drop_index("ix_attivita_inizio", table_name="attivita")
    op.drop_table("attivita")
    op.drop_index(op.f("ix_adesione_laboratorio_id"), table_name="adesione")
    op.drop_table("adesione")
    op.drop_index("ix_accesso_persona", table_name="accesso")
    op.drop_index("ix_accesso_laboratorio", table_name="accesso")
    op.drop_table("accesso")
    op.drop_table("rilevazione_condizioni")
    op.drop_table("persona_ente")
    op.drop_index("uq_laboratorio_del_progetto", table_name="laboratorio", postgresql_where="origine = 'progetto'")
    op.drop_index(op.f("ix_laboratorio_progetto_id"), table_name="laboratorio")
    op.drop_index(op.f("ix_laboratorio_ente_gestore"), table_name="laboratorio")
    op.drop_table("laboratorio")
    op.drop_index(op.f("ix_identita_persona_id"), table_name="identita")
    op.drop_table("identita")
    op.drop_index("ix_consenso_ultimo", table_name="consenso")
    op.drop_table("consenso")
    op.drop_table("progetto")
    op.drop_index("uq_persona_codice_fiscale", table_name="persona")
    op.drop_index("ix_persona_data_nascita", table_name="persona")
    op.drop_table("persona")
    op.drop_index(op.f("ix_percorso_pip_progetto_id"), table_name="percorso_pip")
    op.drop_index(op.f("ix_percorso_pip_persona_id"), table_name="percorso_pip")
    op.drop_table("percorso_pip")
    op.drop_index(op.f("ix_iscrizione_inclusione_progetto_id"), table_name="iscrizione_inclusione")
    op.drop_index(op.f("ix_iscrizione_inclusione_persona_id"), table_name="iscrizione_inclusione")
    op.drop_table("iscrizione_inclusione")
