CREATE TABLE public.accesso (
    accesso_id uuid NOT NULL,
    laboratorio_id uuid NOT NULL,
    persona_id uuid,
    canale character varying NOT NULL,
    argomento character varying NOT NULL,
    minuti integer NOT NULL,
    avvenuto_il timestamp with time zone NOT NULL,
    operatore character varying NOT NULL,
    registrato_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_accesso_canale_ammesso CHECK (((canale)::text = ANY ((ARRAY['in_presenza'::character varying, 'telefono'::character varying, 'whatsapp'::character varying, 'cortile'::character varying, 'online'::character varying, 'facebook'::character varying, 'radio'::character varying, 'balcone'::character varying])::text[]))),
    CONSTRAINT ck_accesso_minuti_di_un_giorno CHECK (((minuti >= 0) AND (minuti <= 1440)))
);
CREATE TABLE public.adesione (
    adesione_id uuid NOT NULL,
    persona_id uuid NOT NULL,
    laboratorio_id uuid NOT NULL,
    modulo character varying NOT NULL,
    modulo_versione character varying NOT NULL,
    firmata_il date NOT NULL,
    documento_sha256 character varying,
    registrata_il timestamp with time zone NOT NULL,
    registrata_da character varying NOT NULL
);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.attivita (
    attivita_id uuid NOT NULL,
    versione integer NOT NULL,
    laboratorio_id uuid NOT NULL,
    tipo character varying NOT NULL,
    titolo character varying NOT NULL,
    descrizione character varying,
    luogo character varying NOT NULL,
    inizio timestamp with time zone NOT NULL,
    fine timestamp with time zone NOT NULL,
    capienza integer,
    fascia character varying NOT NULL,
    diretta boolean NOT NULL,
    categoria_indiretta character varying,
    stato character varying NOT NULL,
    iscritti integer NOT NULL,
    in_attesa integer NOT NULL,
    ultimo_numero integer NOT NULL,
    creata_il timestamp with time zone NOT NULL,
    creata_da character varying NOT NULL,
    CONSTRAINT ck_attivita_categoria_se_indiretta CHECK ((diretta = (categoria_indiretta IS NULL))),
    CONSTRAINT ck_attivita_conteggi_non_negativi CHECK (((iscritti >= 0) AND (in_attesa >= 0) AND (ultimo_numero >= 0))),
    CONSTRAINT ck_attivita_fascia_ammesso CHECK (((fascia)::text = ANY ((ARRAY['nessuna'::character varying, 'base'::character varying, 'silver'::character varying, 'gold'::character varying])::text[]))),
    CONSTRAINT ck_attivita_fascia_se_diretta CHECK ((diretta OR ((fascia)::text = 'nessuna'::text))),
    CONSTRAINT ck_attivita_finisce_dopo CHECK ((fine > inizio)),
    CONSTRAINT ck_attivita_mai_oltre_la_capienza CHECK (((capienza IS NULL) OR (iscritti <= capienza))),
    CONSTRAINT ck_attivita_si_attende_solo_se_pieno CHECK (((in_attesa = 0) OR (iscritti = capienza))),
    CONSTRAINT ck_attivita_stato_ammesso CHECK (((stato)::text = ANY ((ARRAY['programmata'::character varying, 'annullata'::character varying])::text[]))),
    CONSTRAINT ck_attivita_tipo_ammesso CHECK (((tipo)::text = ANY ((ARRAY['evento'::character varying, 'laboratorio'::character varying, 'corso'::character varying, 'assemblea'::character varying, 'volontariato'::character varying, 'cura_spazi'::character varying, 'centro_aggregazione_giovanile'::character varying, 'sportello'::character varying, 'altro'::character varying])::text[]))),
    CONSTRAINT ck_attivita_versione_positiva CHECK ((versione >= 1))
);
CREATE TABLE public.condizione_persona (
    persona_id uuid NOT NULL,
    condizione character varying NOT NULL,
    principale boolean NOT NULL,
    CONSTRAINT ck_condizione_persona_condizione_ammesso CHECK (((condizione)::text = ANY ((ARRAY['migrante_o_straniero'::character varying, 'disabilita'::character varying, 'detenzione'::character varying, 'dipendenza'::character varying, 'senza_dimora'::character varying, 'vittima_di_violenza'::character varying, 'minoranza'::character varying, 'altro'::character varying])::text[])))
);
CREATE TABLE public.consenso (
    consenso_id uuid NOT NULL,
    persona_id uuid NOT NULL,
    tipo character varying NOT NULL,
    stato character varying NOT NULL,
    testo_versione character varying NOT NULL,
    espresso_il timestamp with time zone NOT NULL,
    raccolto_da character varying NOT NULL,
    CONSTRAINT ck_consenso_stato_ammesso CHECK (((stato)::text = ANY ((ARRAY['dato'::character varying, 'ritirato'::character varying])::text[]))),
    CONSTRAINT ck_consenso_tipo_ammesso CHECK (((tipo)::text = ANY ((ARRAY['trattamento_dati'::character varying, 'categorie_particolari'::character varying, 'immagini'::character varying, 'mappa_campanelli'::character varying, 'comunicazioni'::character varying])::text[])))
);
CREATE TABLE public.contratto (
    contratto_id uuid NOT NULL,
    nucleo_id uuid NOT NULL,
    contratto_codice character varying NOT NULL,
    ente_proprietario character varying NOT NULL,
    dal date NOT NULL,
    al date,
    CONSTRAINT ck_contratto_periodo_valido CHECK (((al IS NULL) OR (al >= dal)))
);
CREATE TABLE public.evento_parcheggiato (
    event_id uuid NOT NULL,
    subject text NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    motivo text NOT NULL,
    tentativi integer NOT NULL,
    next_at timestamp with time zone NOT NULL,
    stato text NOT NULL,
    creato_il timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT ck_evento_parcheggiato_stato_ammesso CHECK ((stato = ANY (ARRAY['parcheggiato'::text, 'morto'::text])))
);
CREATE TABLE public.fatto_presenza (
    presenza_id uuid NOT NULL,
    versione integer NOT NULL,
    tipo character varying NOT NULL,
    inizio timestamp with time zone NOT NULL,
    fine timestamp with time zone NOT NULL,
    nucleo_id uuid,
    motivo character varying,
    autore character varying NOT NULL,
    accaduto_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_fatto_presenza_comincia_registrata CHECK (((versione = 1) = ((tipo)::text = 'registrata'::text))),
    CONSTRAINT ck_fatto_presenza_motivo_scritto CHECK ((((tipo)::text <> ALL ((ARRAY['rettificata'::character varying, 'annullata'::character varying])::text[])) OR (motivo IS NOT NULL))),
    CONSTRAINT ck_fatto_presenza_tipo_ammesso CHECK (((tipo)::text = ANY ((ARRAY['registrata'::character varying, 'confermata'::character varying, 'rettificata'::character varying, 'annullata'::character varying])::text[]))),
    CONSTRAINT ck_fatto_presenza_versione_positiva CHECK ((versione >= 1))
);
CREATE TABLE public.flusso (
    stream text NOT NULL,
    nato_il timestamp with time zone NOT NULL
);
COMMENT ON COLUMN public.flusso.nato_il IS 'when the broker says the stream was made';
CREATE TABLE public.identita (
    sub character varying NOT NULL,
    persona_id uuid NOT NULL,
    associata_il timestamp with time zone NOT NULL,
    associata_da character varying NOT NULL
);
CREATE TABLE public.inbox (
    event_id uuid NOT NULL,
    subject text NOT NULL,
    creato_il timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE public.iscrizione (
    iscrizione_id uuid NOT NULL,
    attivita_id uuid NOT NULL,
    persona_id uuid NOT NULL,
    numero integer NOT NULL,
    stato character varying NOT NULL,
    iscritta_il timestamp with time zone NOT NULL,
    promossa_il timestamp with time zone,
    ritirata_il timestamp with time zone,
    CONSTRAINT ck_iscrizione_ritiro_datato CHECK ((((stato)::text = 'ritirata'::text) = (ritirata_il IS NOT NULL))),
    CONSTRAINT ck_iscrizione_stato_ammesso CHECK (((stato)::text = ANY ((ARRAY['iscritta'::character varying, 'in_attesa'::character varying, 'ritirata'::character varying])::text[])))
);
CREATE TABLE public.iscrizione_inclusione (
    iscrizione_id uuid NOT NULL,
    versione integer NOT NULL,
    persona_id uuid NOT NULL,
    progetto_id uuid NOT NULL,
    misura_codice character varying NOT NULL,
    esito character varying NOT NULL,
    valutata_il timestamp with time zone NOT NULL
);
CREATE TABLE public.laboratorio (
    laboratorio_id uuid NOT NULL,
    versione integer NOT NULL,
    nome character varying NOT NULL,
    progetto_id uuid,
    ente_gestore character varying NOT NULL,
    comune character varying,
    quartiere character varying,
    stato character varying NOT NULL,
    origine character varying NOT NULL,
    creato_il timestamp with time zone NOT NULL,
    attivato_il timestamp with time zone,
    chiuso_il timestamp with time zone,
    CONSTRAINT ck_laboratorio_chiusura_datata CHECK ((((stato)::text = 'chiuso'::text) = (chiuso_il IS NOT NULL))),
    CONSTRAINT ck_laboratorio_origine_ammesso CHECK (((origine)::text = ANY ((ARRAY['progetto'::character varying, 'manuale'::character varying])::text[]))),
    CONSTRAINT ck_laboratorio_progetto_noto CHECK ((((origine)::text <> 'progetto'::text) OR (progetto_id IS NOT NULL))),
    CONSTRAINT ck_laboratorio_stato_ammesso CHECK (((stato)::text = ANY ((ARRAY['da_allestire'::character varying, 'attivo'::character varying, 'chiuso'::character varying])::text[]))),
    CONSTRAINT ck_laboratorio_versione_positiva CHECK ((versione >= 1))
);
CREATE TABLE public.membro (
    membro_id uuid NOT NULL,
    nucleo_id uuid NOT NULL,
    persona_id uuid NOT NULL,
    ruolo character varying NOT NULL,
    dal date NOT NULL,
    al date,
    CONSTRAINT ck_membro_periodo_valido CHECK (((al IS NULL) OR (al >= dal))),
    CONSTRAINT ck_membro_ruolo_ammesso CHECK (((ruolo)::text = ANY ((ARRAY['intestatario'::character varying, 'componente'::character varying])::text[])))
);
CREATE TABLE public.membro_equipe (
    membro_equipe_id uuid NOT NULL,
    laboratorio_id uuid NOT NULL,
    sub character varying NOT NULL,
    ruolo character varying NOT NULL,
    dal date NOT NULL,
    al date,
    CONSTRAINT ck_membro_equipe_periodo_valido CHECK (((al IS NULL) OR (al >= dal))),
    CONSTRAINT ck_membro_equipe_ruolo_ammesso CHECK (((ruolo)::text = ANY ((ARRAY['supervisore'::character varying, 'coordinatore'::character varying, 'esperto_tecnico'::character varying, 'esperto_sociale'::character varying, 'operatore_comunita'::character varying, 'operatore_sportello'::character varying, 'volontario'::character varying])::text[])))
);
CREATE TABLE public.nucleo (
    nucleo_id uuid NOT NULL,
    versione integer NOT NULL,
    laboratorio_id uuid NOT NULL,
    creato_il timestamp with time zone NOT NULL,
    creato_da character varying NOT NULL,
    CONSTRAINT ck_nucleo_versione_positiva CHECK ((versione >= 1))
);
CREATE TABLE public.orario (
    laboratorio_id uuid NOT NULL,
    giorno smallint NOT NULL,
    apre time without time zone NOT NULL,
    chiude time without time zone NOT NULL,
    CONSTRAINT ck_orario_chiude_dopo_apertura CHECK ((chiude > apre)),
    CONSTRAINT ck_orario_giorno_della_settimana CHECK (((giorno >= 1) AND (giorno <= 7)))
);
CREATE TABLE public.orologio (
    riga integer NOT NULL,
    scarto_us bigint NOT NULL,
    CONSTRAINT ck_orologio_una_riga CHECK ((riga = 1))
);
COMMENT ON COLUMN public.orologio.scarto_us IS 'microseconds between platform and real time';
CREATE SEQUENCE public.orologio_riga_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.orologio_riga_seq OWNED BY public.orologio.riga;
CREATE TABLE public.outbox (
    n bigint NOT NULL,
    event_id uuid NOT NULL,
    subject text NOT NULL,
    aggregate_id uuid NOT NULL,
    versione integer NOT NULL,
    body jsonb NOT NULL,
    accaduto_il timestamp with time zone NOT NULL,
    traceparent text,
    creato_il timestamp with time zone DEFAULT now() NOT NULL,
    inviato_il timestamp with time zone,
    CONSTRAINT ck_outbox_versione_positiva CHECK ((versione >= 1))
);
COMMENT ON COLUMN public.outbox.accaduto_il IS 'platform clock';
ALTER TABLE public.outbox ALTER COLUMN n ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.outbox_n_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.percorso_pip (
    pip_id uuid NOT NULL,
    versione integer NOT NULL,
    iscrizione_id uuid NOT NULL,
    persona_id uuid NOT NULL,
    progetto_id uuid NOT NULL,
    misura_codice character varying NOT NULL,
    stato character varying NOT NULL,
    attivato_il timestamp with time zone,
    concluso_il timestamp with time zone
);
CREATE TABLE public.persona (
    persona_id uuid NOT NULL,
    versione integer NOT NULL,
    stato character varying NOT NULL,
    unita_in uuid,
    nome character varying,
    cognome character varying,
    data_nascita date,
    codice_fiscale character varying,
    genere character varying,
    cittadinanza character varying,
    area_origine character varying,
    titolo_studio character varying,
    occupazione character varying,
    provincia character varying,
    telefono character varying,
    creata_il timestamp with time zone NOT NULL,
    creata_da character varying NOT NULL,
    aggiornata_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_persona_area_origine_ammesso CHECK (((area_origine)::text = ANY ((ARRAY['italia'::character varying, 'altra_europa'::character varying, 'europa_orientale'::character varying, 'magreb_vicino_oriente'::character varying, 'africa_subsahariana'::character varying, 'asia'::character varying, 'america_latina'::character varying, 'altro'::character varying])::text[]))),
    CONSTRAINT ck_persona_attiva_con_nome CHECK ((((stato)::text <> 'attiva'::text) OR ((nome IS NOT NULL) AND (cognome IS NOT NULL) AND (data_nascita IS NOT NULL)))),
    CONSTRAINT ck_persona_genere_ammesso CHECK (((genere)::text = ANY ((ARRAY['donna'::character varying, 'uomo'::character varying, 'altro'::character varying])::text[]))),
    CONSTRAINT ck_persona_non_attiva_senza_nome CHECK ((((stato)::text = 'attiva'::text) OR (num_nonnulls(nome, cognome, data_nascita, codice_fiscale, telefono) = 0))),
    CONSTRAINT ck_persona_non_unita_a_se CHECK ((unita_in <> persona_id)),
    CONSTRAINT ck_persona_occupazione_ammesso CHECK (((occupazione)::text = ANY ((ARRAY['disoccupato'::character varying, 'in_cerca_prima_occupazione'::character varying, 'inattivo'::character varying, 'studente'::character varying, 'occupato'::character varying, 'pensionato'::character varying])::text[]))),
    CONSTRAINT ck_persona_stato_ammesso CHECK (((stato)::text = ANY ((ARRAY['attiva'::character varying, 'unita'::character varying, 'cancellata'::character varying])::text[]))),
    CONSTRAINT ck_persona_titolo_studio_ammesso CHECK (((titolo_studio)::text = ANY ((ARRAY['nessuno'::character varying, 'licenza_elementare'::character varying, 'licenza_media'::character varying, 'diploma'::character varying, 'post_diploma_o_laurea'::character varying])::text[]))),
    CONSTRAINT ck_persona_unita_in_altra CHECK ((((stato)::text = 'unita'::text) = (unita_in IS NOT NULL))),
    CONSTRAINT ck_persona_versione_positiva CHECK ((versione >= 1))
);
CREATE TABLE public.persona_ente (
    persona_id uuid NOT NULL,
    ente character varying NOT NULL,
    conosciuta_il timestamp with time zone NOT NULL
);
CREATE TABLE public.persona_laboratorio (
    persona_id uuid NOT NULL,
    laboratorio_id uuid NOT NULL,
    conosciuta_il timestamp with time zone NOT NULL,
    presa_in_carico_il timestamp with time zone,
    presa_in_carico_da character varying,
    CONSTRAINT ck_persona_laboratorio_presa_in_carico_da_chi CHECK (((presa_in_carico_il IS NULL) = (presa_in_carico_da IS NULL)))
);
CREATE TABLE public.presenza (
    presenza_id uuid NOT NULL,
    versione integer NOT NULL,
    stato character varying NOT NULL,
    laboratorio_id uuid NOT NULL,
    attivita_id uuid NOT NULL,
    persona_id uuid NOT NULL,
    iscrizione_id uuid,
    nucleo_id uuid,
    inizio timestamp with time zone NOT NULL,
    fine timestamp with time zone NOT NULL,
    minuti integer NOT NULL,
    fascia character varying,
    diretta boolean,
    categoria_indiretta character varying,
    registrata_il timestamp with time zone NOT NULL,
    registrata_da character varying NOT NULL,
    confermata_il timestamp with time zone,
    confermata_da character varying,
    CONSTRAINT ck_presenza_conferma_con_tariffa CHECK (((confermata_il IS NULL) OR ((fascia IS NOT NULL) AND (diretta IS NOT NULL) AND (confermata_da IS NOT NULL)))),
    CONSTRAINT ck_presenza_conferma_datata CHECK ((((stato)::text <> 'confermata'::text) OR (confermata_il IS NOT NULL))),
    CONSTRAINT ck_presenza_fascia_ammesso CHECK (((fascia)::text = ANY ((ARRAY['nessuna'::character varying, 'base'::character varying, 'silver'::character varying, 'gold'::character varying])::text[]))),
    CONSTRAINT ck_presenza_minuti_della_durata CHECK (((fine - inizio) = make_interval(mins => minuti))),
    CONSTRAINT ck_presenza_minuti_in_quarti CHECK ((((minuti >= 15) AND (minuti <= 1440)) AND ((minuti % 15) = 0))),
    CONSTRAINT ck_presenza_stato_ammesso CHECK (((stato)::text = ANY ((ARRAY['registrata'::character varying, 'confermata'::character varying, 'annullata'::character varying])::text[]))),
    CONSTRAINT ck_presenza_versione_positiva CHECK ((versione >= 1))
);
CREATE TABLE public.progetto (
    progetto_id uuid NOT NULL,
    versione integer NOT NULL,
    codice character varying NOT NULL,
    titolo character varying NOT NULL,
    capofila character varying NOT NULL,
    comune character varying,
    quartiere character varying,
    stato character varying NOT NULL,
    aggiornato_il timestamp with time zone NOT NULL
);
CREATE TABLE public.registro_accessi (
    registrazione_id uuid NOT NULL,
    soggetto text NOT NULL,
    ruoli text NOT NULL,
    oggetto text NOT NULL,
    oggetto_id text NOT NULL,
    scopo text NOT NULL,
    esito text NOT NULL,
    request_id text NOT NULL,
    avvenuto_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_registro_accessi_esito_ammesso CHECK ((esito = ANY (ARRAY['consentito'::text, 'negato'::text])))
);
COMMENT ON COLUMN public.registro_accessi.avvenuto_il IS 'platform clock';
CREATE TABLE public.rilevazione_condizioni (
    persona_id uuid NOT NULL,
    esito character varying NOT NULL,
    rilevata_il timestamp with time zone NOT NULL,
    rilevata_da character varying NOT NULL,
    CONSTRAINT ck_rilevazione_condizioni_esito_ammesso CHECK (((esito)::text = ANY ((ARRAY['nessuna_individuata'::character varying, 'presenti'::character varying])::text[])))
);
CREATE TABLE public.risposta_idempotente (
    soggetto text NOT NULL,
    rotta text NOT NULL,
    chiave text NOT NULL,
    impronta bytea NOT NULL,
    status integer,
    headers jsonb,
    body bytea,
    creato_il timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON COLUMN public.risposta_idempotente.impronta IS 'SHA-256 of path and body';
CREATE TABLE public.sede (
    sede_id uuid NOT NULL,
    laboratorio_id uuid NOT NULL,
    indirizzo character varying NOT NULL,
    comune character varying NOT NULL,
    proprietario character varying NOT NULL,
    dal date NOT NULL,
    al date,
    CONSTRAINT ck_sede_periodo_valido CHECK (((al IS NULL) OR (al >= dal)))
);
CREATE TABLE public.sql_installato (
    nome text NOT NULL,
    impronta text NOT NULL
);
ALTER TABLE ONLY public.orologio ALTER COLUMN riga SET DEFAULT nextval('public.orologio_riga_seq'::regclass);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.contratto
    ADD CONSTRAINT ex_contratto_un_nucleo_alla_volta EXCLUDE USING gist (ente_proprietario WITH =, contratto_codice WITH =, daterange(dal, al, '[]'::text) WITH &&);
ALTER TABLE ONLY public.membro_equipe
    ADD CONSTRAINT ex_membro_equipe_un_periodo EXCLUDE USING gist (laboratorio_id WITH =, sub WITH =, ruolo WITH =, daterange(dal, al, '[]'::text) WITH &&);
ALTER TABLE ONLY public.membro
    ADD CONSTRAINT ex_membro_un_nucleo_alla_volta EXCLUDE USING gist (persona_id WITH =, daterange(dal, al, '[]'::text) WITH &&);
ALTER TABLE ONLY public.presenza
    ADD CONSTRAINT ex_presenza_persona_in_un_luogo EXCLUDE USING gist (persona_id WITH =, tstzrange(inizio, fine) WITH &&) WHERE (((stato)::text = 'confermata'::text));
ALTER TABLE ONLY public.sede
    ADD CONSTRAINT ex_sede_una_alla_volta EXCLUDE USING gist (laboratorio_id WITH =, daterange(dal, al, '[]'::text) WITH &&);
ALTER TABLE ONLY public.accesso
    ADD CONSTRAINT pk_accesso PRIMARY KEY (accesso_id);
ALTER TABLE ONLY public.adesione
    ADD CONSTRAINT pk_adesione PRIMARY KEY (adesione_id);
ALTER TABLE ONLY public.attivita
    ADD CONSTRAINT pk_attivita PRIMARY KEY (attivita_id);
ALTER TABLE ONLY public.condizione_persona
    ADD CONSTRAINT pk_condizione_persona PRIMARY KEY (persona_id, condizione);
ALTER TABLE ONLY public.consenso
    ADD CONSTRAINT pk_consenso PRIMARY KEY (consenso_id);
ALTER TABLE ONLY public.contratto
    ADD CONSTRAINT pk_contratto PRIMARY KEY (contratto_id);
ALTER TABLE ONLY public.evento_parcheggiato
    ADD CONSTRAINT pk_evento_parcheggiato PRIMARY KEY (event_id);
ALTER TABLE ONLY public.fatto_presenza
    ADD CONSTRAINT pk_fatto_presenza PRIMARY KEY (presenza_id, versione);
ALTER TABLE ONLY public.flusso
    ADD CONSTRAINT pk_flusso PRIMARY KEY (stream);
ALTER TABLE ONLY public.identita
    ADD CONSTRAINT pk_identita PRIMARY KEY (sub);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT pk_inbox PRIMARY KEY (event_id);
ALTER TABLE ONLY public.iscrizione
    ADD CONSTRAINT pk_iscrizione PRIMARY KEY (iscrizione_id);
ALTER TABLE ONLY public.iscrizione_inclusione
    ADD CONSTRAINT pk_iscrizione_inclusione PRIMARY KEY (iscrizione_id);
ALTER TABLE ONLY public.laboratorio
    ADD CONSTRAINT pk_laboratorio PRIMARY KEY (laboratorio_id);
ALTER TABLE ONLY public.membro
    ADD CONSTRAINT pk_membro PRIMARY KEY (membro_id);
ALTER TABLE ONLY public.membro_equipe
    ADD CONSTRAINT pk_membro_equipe PRIMARY KEY (membro_equipe_id);
ALTER TABLE ONLY public.nucleo
    ADD CONSTRAINT pk_nucleo PRIMARY KEY (nucleo_id);
ALTER TABLE ONLY public.orario
    ADD CONSTRAINT pk_orario PRIMARY KEY (laboratorio_id, giorno, apre);
ALTER TABLE ONLY public.orologio
    ADD CONSTRAINT pk_orologio PRIMARY KEY (riga);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT pk_outbox PRIMARY KEY (n);
ALTER TABLE ONLY public.percorso_pip
    ADD CONSTRAINT pk_percorso_pip PRIMARY KEY (pip_id);
ALTER TABLE ONLY public.persona
    ADD CONSTRAINT pk_persona PRIMARY KEY (persona_id);
ALTER TABLE ONLY public.persona_ente
    ADD CONSTRAINT pk_persona_ente PRIMARY KEY (persona_id, ente);
ALTER TABLE ONLY public.persona_laboratorio
    ADD CONSTRAINT pk_persona_laboratorio PRIMARY KEY (persona_id, laboratorio_id);
ALTER TABLE ONLY public.presenza
    ADD CONSTRAINT pk_presenza PRIMARY KEY (presenza_id);
ALTER TABLE ONLY public.progetto
    ADD CONSTRAINT pk_progetto PRIMARY KEY (progetto_id);
ALTER TABLE ONLY public.registro_accessi
    ADD CONSTRAINT pk_registro_accessi PRIMARY KEY (registrazione_id);
ALTER TABLE ONLY public.rilevazione_condizioni
    ADD CONSTRAINT pk_rilevazione_condizioni PRIMARY KEY (persona_id);
ALTER TABLE ONLY public.risposta_idempotente
    ADD CONSTRAINT pk_risposta_idempotente PRIMARY KEY (soggetto, rotta, chiave);
ALTER TABLE ONLY public.sede
    ADD CONSTRAINT pk_sede PRIMARY KEY (sede_id);
ALTER TABLE ONLY public.sql_installato
    ADD CONSTRAINT pk_sql_installato PRIMARY KEY (nome);
ALTER TABLE ONLY public.adesione
    ADD CONSTRAINT uq_adesione_persona_id_laboratorio_id UNIQUE (persona_id, laboratorio_id);
ALTER TABLE ONLY public.iscrizione
    ADD CONSTRAINT uq_iscrizione_attivita_id_numero UNIQUE (attivita_id, numero);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT uq_outbox_event_id UNIQUE (event_id);
CREATE INDEX ix_accesso_laboratorio ON public.accesso USING btree (laboratorio_id, avvenuto_il);
CREATE INDEX ix_accesso_persona ON public.accesso USING btree (persona_id);
CREATE INDEX ix_adesione_laboratorio_id ON public.adesione USING btree (laboratorio_id);
CREATE INDEX ix_attivita_inizio ON public.attivita USING btree (inizio);
CREATE INDEX ix_attivita_laboratorio ON public.attivita USING btree (laboratorio_id, inizio);
CREATE INDEX ix_consenso_ultimo ON public.consenso USING btree (persona_id, tipo, consenso_id);
CREATE INDEX ix_contratto_nucleo ON public.contratto USING btree (nucleo_id);
CREATE INDEX ix_evento_parcheggiato_next_at ON public.evento_parcheggiato USING btree (next_at) WHERE (stato = 'parcheggiato'::text);
CREATE INDEX ix_identita_persona_id ON public.identita USING btree (persona_id);
CREATE INDEX ix_iscrizione_in_attesa ON public.iscrizione USING btree (attivita_id, numero) WHERE ((stato)::text = 'in_attesa'::text);
CREATE INDEX ix_iscrizione_inclusione_persona_id ON public.iscrizione_inclusione USING btree (persona_id);
CREATE INDEX ix_iscrizione_inclusione_progetto_id ON public.iscrizione_inclusione USING btree (progetto_id);
CREATE INDEX ix_iscrizione_persona ON public.iscrizione USING btree (persona_id);
CREATE INDEX ix_laboratorio_ente_gestore ON public.laboratorio USING btree (ente_gestore);
CREATE INDEX ix_laboratorio_progetto_id ON public.laboratorio USING btree (progetto_id);
CREATE INDEX ix_membro_equipe_accesso ON public.membro_equipe USING btree (sub, laboratorio_id);
CREATE INDEX ix_membro_nucleo ON public.membro USING btree (nucleo_id);
CREATE INDEX ix_membro_persona ON public.membro USING btree (persona_id, dal);
CREATE INDEX ix_nucleo_laboratorio_id ON public.nucleo USING btree (laboratorio_id);
CREATE INDEX ix_outbox_da_inviare ON public.outbox USING btree (n) WHERE (inviato_il IS NULL);
CREATE INDEX ix_percorso_pip_persona_id ON public.percorso_pip USING btree (persona_id);
CREATE INDEX ix_percorso_pip_progetto_id ON public.percorso_pip USING btree (progetto_id);
CREATE INDEX ix_persona_data_nascita ON public.persona USING btree (data_nascita);
CREATE INDEX ix_persona_laboratorio_laboratorio ON public.persona_laboratorio USING btree (laboratorio_id, persona_id);
CREATE INDEX ix_presenza_laboratorio ON public.presenza USING btree (laboratorio_id, inizio);
CREATE INDEX ix_presenza_persona ON public.presenza USING btree (persona_id, inizio);
CREATE INDEX ix_registro_accessi_oggetto ON public.registro_accessi USING btree (oggetto, oggetto_id);
CREATE INDEX ix_risposta_idempotente_creato_il ON public.risposta_idempotente USING btree (creato_il);
CREATE UNIQUE INDEX uq_condizione_persona_principale ON public.condizione_persona USING btree (persona_id) WHERE principale;
CREATE UNIQUE INDEX uq_iscrizione_una_per_persona ON public.iscrizione USING btree (attivita_id, persona_id) WHERE ((stato)::text <> 'ritirata'::text);
CREATE UNIQUE INDEX uq_laboratorio_del_progetto ON public.laboratorio USING btree (progetto_id) WHERE ((origine)::text = 'progetto'::text);
CREATE UNIQUE INDEX uq_persona_codice_fiscale ON public.persona USING btree (codice_fiscale);
CREATE UNIQUE INDEX uq_presenza_una_per_inizio ON public.presenza USING btree (attivita_id, persona_id, inizio) WHERE ((stato)::text <> 'annullata'::text);
ALTER TABLE ONLY public.accesso
    ADD CONSTRAINT fk_accesso_laboratorio_id FOREIGN KEY (laboratorio_id) REFERENCES public.laboratorio(laboratorio_id);
ALTER TABLE ONLY public.accesso
    ADD CONSTRAINT fk_accesso_persona_id FOREIGN KEY (persona_id) REFERENCES public.persona(persona_id);
ALTER TABLE ONLY public.adesione
    ADD CONSTRAINT fk_adesione_laboratorio_id FOREIGN KEY (laboratorio_id) REFERENCES public.laboratorio(laboratorio_id);
ALTER TABLE ONLY public.adesione
    ADD CONSTRAINT fk_adesione_persona_id FOREIGN KEY (persona_id) REFERENCES public.persona(persona_id);
ALTER TABLE ONLY public.attivita
    ADD CONSTRAINT fk_attivita_laboratorio_id FOREIGN KEY (laboratorio_id) REFERENCES public.laboratorio(laboratorio_id);
ALTER TABLE ONLY public.condizione_persona
    ADD CONSTRAINT fk_condizione_persona_persona_id FOREIGN KEY (persona_id) REFERENCES public.rilevazione_condizioni(persona_id);
ALTER TABLE ONLY public.consenso
    ADD CONSTRAINT fk_consenso_persona_id FOREIGN KEY (persona_id) REFERENCES public.persona(persona_id);
ALTER TABLE ONLY public.contratto
    ADD CONSTRAINT fk_contratto_nucleo_id FOREIGN KEY (nucleo_id) REFERENCES public.nucleo(nucleo_id);
ALTER TABLE ONLY public.fatto_presenza
    ADD CONSTRAINT fk_fatto_presenza_presenza_id FOREIGN KEY (presenza_id) REFERENCES public.presenza(presenza_id);
ALTER TABLE ONLY public.identita
    ADD CONSTRAINT fk_identita_persona_id FOREIGN KEY (persona_id) REFERENCES public.persona(persona_id);
ALTER TABLE ONLY public.iscrizione
    ADD CONSTRAINT fk_iscrizione_attivita_id FOREIGN KEY (attivita_id) REFERENCES public.attivita(attivita_id);
ALTER TABLE ONLY public.iscrizione
    ADD CONSTRAINT fk_iscrizione_persona_id FOREIGN KEY (persona_id) REFERENCES public.persona(persona_id);
ALTER TABLE ONLY public.laboratorio
    ADD CONSTRAINT fk_laboratorio_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.membro_equipe
    ADD CONSTRAINT fk_membro_equipe_laboratorio_id FOREIGN KEY (laboratorio_id) REFERENCES public.laboratorio(laboratorio_id);
ALTER TABLE ONLY public.membro
    ADD CONSTRAINT fk_membro_nucleo_id FOREIGN KEY (nucleo_id) REFERENCES public.nucleo(nucleo_id);
ALTER TABLE ONLY public.membro
    ADD CONSTRAINT fk_membro_persona_id FOREIGN KEY (persona_id) REFERENCES public.persona(persona_id);
ALTER TABLE ONLY public.nucleo
    ADD CONSTRAINT fk_nucleo_laboratorio_id FOREIGN KEY (laboratorio_id) REFERENCES public.laboratorio(laboratorio_id);
ALTER TABLE ONLY public.orario
    ADD CONSTRAINT fk_orario_laboratorio_id FOREIGN KEY (laboratorio_id) REFERENCES public.laboratorio(laboratorio_id);
ALTER TABLE ONLY public.persona_ente
    ADD CONSTRAINT fk_persona_ente_persona_id FOREIGN KEY (persona_id) REFERENCES public.persona(persona_id);
ALTER TABLE ONLY public.persona_laboratorio
    ADD CONSTRAINT fk_persona_laboratorio_laboratorio_id FOREIGN KEY (laboratorio_id) REFERENCES public.laboratorio(laboratorio_id);
ALTER TABLE ONLY public.persona_laboratorio
    ADD CONSTRAINT fk_persona_laboratorio_persona_id FOREIGN KEY (persona_id) REFERENCES public.persona(persona_id);
ALTER TABLE ONLY public.persona
    ADD CONSTRAINT fk_persona_unita_in FOREIGN KEY (unita_in) REFERENCES public.persona(persona_id);
ALTER TABLE ONLY public.presenza
    ADD CONSTRAINT fk_presenza_attivita_id FOREIGN KEY (attivita_id) REFERENCES public.attivita(attivita_id);
ALTER TABLE ONLY public.presenza
    ADD CONSTRAINT fk_presenza_iscrizione_id FOREIGN KEY (iscrizione_id) REFERENCES public.iscrizione(iscrizione_id);
ALTER TABLE ONLY public.presenza
    ADD CONSTRAINT fk_presenza_laboratorio_id FOREIGN KEY (laboratorio_id) REFERENCES public.laboratorio(laboratorio_id);
ALTER TABLE ONLY public.presenza
    ADD CONSTRAINT fk_presenza_nucleo_id FOREIGN KEY (nucleo_id) REFERENCES public.nucleo(nucleo_id);
ALTER TABLE ONLY public.presenza
    ADD CONSTRAINT fk_presenza_persona_id FOREIGN KEY (persona_id) REFERENCES public.persona(persona_id);
ALTER TABLE ONLY public.rilevazione_condizioni
    ADD CONSTRAINT fk_rilevazione_condizioni_persona_id FOREIGN KEY (persona_id) REFERENCES public.persona(persona_id);
ALTER TABLE ONLY public.sede
    ADD CONSTRAINT fk_sede_laboratorio_id FOREIGN KEY (laboratorio_id) REFERENCES public.laboratorio(laboratorio_id);
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO laboratori_app;
GRANT USAGE ON SCHEMA public TO laboratori_condizioni;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.accesso TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.adesione TO laboratori_app;
GRANT SELECT ON TABLE public.alembic_version TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.attivita TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.condizione_persona TO laboratori_condizioni;
GRANT SELECT,INSERT ON TABLE public.consenso TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.contratto TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.evento_parcheggiato TO laboratori_app;
GRANT SELECT,INSERT ON TABLE public.fatto_presenza TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.flusso TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.identita TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.inbox TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.iscrizione TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.iscrizione_inclusione TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.laboratorio TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.membro TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.membro_equipe TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.nucleo TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.orario TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.orologio TO laboratori_app;
GRANT USAGE ON SEQUENCE public.orologio_riga_seq TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.outbox TO laboratori_app;
GRANT USAGE ON SEQUENCE public.outbox_n_seq TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.percorso_pip TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.persona TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.persona_ente TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.persona_laboratorio TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.presenza TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.progetto TO laboratori_app;
GRANT SELECT,INSERT ON TABLE public.registro_accessi TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rilevazione_condizioni TO laboratori_condizioni;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.risposta_idempotente TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sede TO laboratori_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sql_installato TO laboratori_app;
