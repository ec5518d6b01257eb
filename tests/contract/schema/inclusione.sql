CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.ammissione (
    iscrizione_id uuid NOT NULL,
    livello text NOT NULL,
    ammessa_da character varying NOT NULL,
    ammessa_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_ammissione_livello_ammesso CHECK ((livello = ANY (ARRAY['base'::text, 'accoglienza_orientamento'::text, 'consolidamento'::text])))
);
CREATE TABLE public.attestato (
    attestato_id uuid NOT NULL,
    versione integer NOT NULL,
    codice character varying NOT NULL,
    pip_id uuid NOT NULL,
    persona_id uuid NOT NULL,
    progetto_id uuid NOT NULL,
    ente character varying NOT NULL,
    tipo text NOT NULL,
    servizio_codice character varying NOT NULL,
    corso character varying NOT NULL,
    minuti integer NOT NULL,
    rilasciato_da character varying NOT NULL,
    rilasciato_il timestamp with time zone NOT NULL,
    revocato_il timestamp with time zone,
    motivo character varying,
    CONSTRAINT ck_attestato_minuti_positivi CHECK ((minuti >= 15)),
    CONSTRAINT ck_attestato_revocato_con_motivo CHECK (((revocato_il IS NULL) = (motivo IS NULL))),
    CONSTRAINT ck_attestato_tipo_ammesso CHECK ((tipo = ANY (ARRAY['frequenza'::text, 'competenze'::text, 'impresa'::text])))
);
CREATE TABLE public.azienda (
    azienda_id uuid NOT NULL,
    versione integer NOT NULL,
    ente character varying NOT NULL,
    denominazione character varying NOT NULL,
    comune character varying NOT NULL,
    settore character varying NOT NULL,
    registrata_da character varying NOT NULL,
    registrata_il timestamp with time zone NOT NULL
);
CREATE TABLE public.contratto (
    contratto_id uuid NOT NULL,
    versione integer NOT NULL,
    pip_id uuid NOT NULL,
    persona_id uuid NOT NULL,
    progetto_id uuid NOT NULL,
    posizione_id uuid,
    tipo text NOT NULL,
    dal date NOT NULL,
    mesi integer,
    registrato_da character varying NOT NULL,
    registrato_il timestamp with time zone NOT NULL,
    annullato_il timestamp with time zone,
    motivo character varying,
    CONSTRAINT ck_contratto_annullato_con_motivo CHECK (((annullato_il IS NULL) = (motivo IS NULL))),
    CONSTRAINT ck_contratto_mesi_positivi CHECK ((mesi >= 1)),
    CONSTRAINT ck_contratto_tipo_ammesso CHECK ((tipo = ANY (ARRAY['indeterminato'::text, 'determinato'::text, 'apprendistato'::text, 'somministrazione'::text, 'autonomo'::text])))
);
CREATE TABLE public.contributo (
    contributo_id uuid NOT NULL,
    versione integer NOT NULL,
    iscrizione_id uuid NOT NULL,
    persona_id uuid NOT NULL,
    misura_id uuid NOT NULL,
    progetto_id uuid NOT NULL,
    ente character varying NOT NULL,
    importo_cent bigint NOT NULL,
    giorno date NOT NULL,
    atto character varying NOT NULL,
    stato text NOT NULL,
    concesso_da character varying NOT NULL,
    concesso_il timestamp with time zone NOT NULL,
    revocato_il timestamp with time zone,
    motivo character varying,
    CONSTRAINT ck_contributo_importo_positivo CHECK ((importo_cent > 0)),
    CONSTRAINT ck_contributo_revocato_datato CHECK (((stato = 'revocato'::text) = (revocato_il IS NOT NULL))),
    CONSTRAINT ck_contributo_stato_ammesso CHECK ((stato = ANY (ARRAY['concesso'::text, 'liquidato'::text, 'revocato'::text])))
);
CREATE TABLE public.disponibilita (
    persona_id uuid NOT NULL,
    ente character varying NOT NULL,
    versione integer NOT NULL,
    competenze text[] NOT NULL,
    fasce text[] NOT NULL,
    dichiarata_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_disponibilita_fasce_ammesse CHECK ((fasce <@ ARRAY['mattina'::text, 'pomeriggio'::text, 'sera'::text, 'notte'::text, 'fine_settimana'::text]))
);
CREATE TABLE public.domanda_rimborso (
    domanda_id uuid NOT NULL,
    versione integer NOT NULL,
    progetto_id uuid NOT NULL,
    misura_id uuid NOT NULL,
    misura_codice character varying NOT NULL,
    ente character varying NOT NULL,
    numero integer NOT NULL,
    dal date NOT NULL,
    al date NOT NULL,
    stato text NOT NULL,
    righe integer NOT NULL,
    chiesto_cent bigint NOT NULL,
    ammesso_cent bigint,
    presentata_da character varying NOT NULL,
    presentata_il timestamp with time zone NOT NULL,
    atto character varying,
    istruita_da character varying,
    istruita_il timestamp with time zone,
    ritirata_il timestamp with time zone,
    CONSTRAINT ck_domanda_rimborso_ammesso_nel_chiesto CHECK ((ammesso_cent <= chiesto_cent)),
    CONSTRAINT ck_domanda_rimborso_date_in_ordine CHECK ((al >= dal)),
    CONSTRAINT ck_domanda_rimborso_istruita_con_esito CHECK ((((stato = 'istruita'::text) = (ammesso_cent IS NOT NULL)) AND ((stato = 'istruita'::text) = (istruita_il IS NOT NULL)))),
    CONSTRAINT ck_domanda_rimborso_numeri_positivi CHECK (((versione >= 1) AND (numero >= 1) AND (righe >= 1))),
    CONSTRAINT ck_domanda_rimborso_ritirata_datata CHECK (((stato = 'ritirata'::text) = (ritirata_il IS NOT NULL))),
    CONSTRAINT ck_domanda_rimborso_stato_ammesso CHECK ((stato = ANY (ARRAY['presentata'::text, 'istruita'::text, 'ritirata'::text])))
);
CREATE TABLE public.dote_movimento (
    movimento_id uuid NOT NULL,
    pip_id uuid NOT NULL,
    progetto_id uuid NOT NULL,
    causale text NOT NULL,
    servizi_cent bigint NOT NULL,
    indennita_cent bigint NOT NULL,
    avvenuto_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_dote_movimento_causale_ammesso CHECK ((causale = ANY (ARRAY['firma'::text, 'revisione'::text, 'ripresa'::text, 'conclusione'::text, 'rinuncia'::text, 'decadenza'::text, 'rettifica'::text])))
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
CREATE TABLE public.flusso (
    stream text NOT NULL,
    nato_il timestamp with time zone NOT NULL
);
COMMENT ON COLUMN public.flusso.nato_il IS 'when the broker says the stream was made';
CREATE TABLE public.flusso_pagamento (
    flusso_id uuid NOT NULL,
    lotto_id uuid NOT NULL,
    numero integer NOT NULL,
    debitore character varying NOT NULL,
    segreto_id uuid NOT NULL,
    esecuzione date NOT NULL,
    righe integer NOT NULL,
    totale_cent bigint NOT NULL,
    creato_da character varying NOT NULL,
    creato_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_flusso_pagamento_numeri_positivi CHECK (((numero >= 1) AND (righe >= 1) AND (totale_cent > 0)))
);
CREATE TABLE public.flusso_pagamento_riga (
    flusso_id uuid NOT NULL,
    liquidazione_id uuid NOT NULL,
    persona_id uuid NOT NULL,
    iban_persona_id uuid NOT NULL,
    iban_versione integer NOT NULL,
    importo_cent bigint NOT NULL,
    esito text NOT NULL,
    motivo character varying,
    CONSTRAINT ck_flusso_pagamento_riga_esito_ammesso CHECK ((esito = ANY (ARRAY['inviato'::text, 'respinto'::text]))),
    CONSTRAINT ck_flusso_pagamento_riga_importo_positivo CHECK ((importo_cent > 0)),
    CONSTRAINT ck_flusso_pagamento_riga_respinto_con_motivo CHECK (((esito = 'respinto'::text) = (motivo IS NOT NULL)))
);
CREATE TABLE public.iban_persona (
    persona_id uuid NOT NULL,
    versione integer NOT NULL,
    segreto_id uuid NOT NULL,
    ente character varying NOT NULL,
    registrato_da character varying NOT NULL,
    registrato_il timestamp with time zone NOT NULL
);
CREATE TABLE public.impresa (
    impresa_id uuid NOT NULL,
    versione integer NOT NULL,
    pip_id uuid NOT NULL,
    persona_id uuid NOT NULL,
    progetto_id uuid NOT NULL,
    dal date NOT NULL,
    mesi integer NOT NULL,
    stato text NOT NULL,
    motivo character varying,
    avviata_il timestamp with time zone NOT NULL,
    finita_il timestamp with time zone,
    CONSTRAINT ck_impresa_finita_datata CHECK (((stato = 'attivo'::text) = (finita_il IS NULL))),
    CONSTRAINT ck_impresa_mesi_plausibili CHECK (((mesi >= 1) AND (mesi <= 60))),
    CONSTRAINT ck_impresa_stato_ammesso CHECK ((stato = ANY (ARRAY['attivo'::text, 'concluso'::text, 'interrotto'::text])))
);
CREATE TABLE public.impresa_traguardo (
    impresa_id uuid NOT NULL,
    traguardo text NOT NULL,
    raggiunto_il date NOT NULL,
    registrato_da character varying NOT NULL,
    registrato_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_impresa_traguardo_traguardo_ammesso CHECK ((traguardo = ANY (ARRAY['idea_validata'::text, 'piano_di_impresa'::text, 'finanziamento'::text, 'costituzione'::text, 'avvio_attivita'::text])))
);
CREATE TABLE public.inbox (
    event_id uuid NOT NULL,
    subject text NOT NULL,
    creato_il timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE public.iscrizione (
    iscrizione_id uuid NOT NULL,
    versione integer NOT NULL,
    misura_id uuid NOT NULL,
    misura_numero integer NOT NULL,
    misura_codice character varying NOT NULL,
    progetto_id uuid NOT NULL,
    persona_id uuid NOT NULL,
    ente character varying NOT NULL,
    operatore character varying NOT NULL,
    canale text NOT NULL,
    esito text NOT NULL,
    spiegazione jsonb NOT NULL,
    iscritta_il timestamp with time zone NOT NULL,
    valutata_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_iscrizione_canale_ammesso CHECK ((canale = ANY (ARRAY['sportello'::text, 'telefono'::text, 'web'::text]))),
    CONSTRAINT ck_iscrizione_esito_ammesso CHECK ((esito = ANY (ARRAY['idoneo'::text, 'in_accertamento'::text, 'non_idoneo'::text]))),
    CONSTRAINT ck_iscrizione_versione_positiva CHECK ((versione >= 1))
);
CREATE TABLE public.linea (
    progetto_id uuid NOT NULL,
    versione integer NOT NULL,
    stato text NOT NULL,
    fondo character varying NOT NULL,
    ammesso_cent bigint NOT NULL,
    impegnato_cent bigint NOT NULL,
    capienza_cent bigint NOT NULL,
    riservato_servizi_cent bigint NOT NULL,
    riservato_indennita_cent bigint NOT NULL,
    tetto_servizi_cent bigint,
    tetto_indennita_cent bigint,
    liquidato_cent bigint NOT NULL,
    rimborsato_cent bigint DEFAULT '0'::bigint NOT NULL,
    CONSTRAINT ck_linea_importi CHECK (((ammesso_cent >= 0) AND (impegnato_cent >= 0) AND (capienza_cent >= 0))),
    CONSTRAINT ck_linea_liquidato_non_negativo CHECK ((liquidato_cent >= 0)),
    CONSTRAINT ck_linea_mai_oltre_capienza CHECK (((riservato_servizi_cent + riservato_indennita_cent) <= capienza_cent)),
    CONSTRAINT ck_linea_mai_oltre_indennita CHECK ((riservato_indennita_cent <= tetto_indennita_cent)),
    CONSTRAINT ck_linea_mai_oltre_servizi CHECK ((riservato_servizi_cent <= tetto_servizi_cent)),
    CONSTRAINT ck_linea_rimborsato_nel_riservato CHECK (((rimborsato_cent >= 0) AND (rimborsato_cent <= riservato_servizi_cent))),
    CONSTRAINT ck_linea_riservato_non_negativo CHECK (((riservato_servizi_cent >= 0) AND (riservato_indennita_cent >= 0))),
    CONSTRAINT ck_linea_stato_ammesso CHECK ((stato = ANY (ARRAY['aperta'::text, 'chiusa'::text])))
);
CREATE TABLE public.liquidazione (
    liquidazione_id uuid NOT NULL,
    lotto_id uuid NOT NULL,
    pip_id uuid,
    persona_id uuid NOT NULL,
    patto_id uuid,
    quota_id uuid,
    importo_cent bigint NOT NULL,
    quota_morosita_cent bigint NOT NULL,
    contributo_id uuid,
    CONSTRAINT ck_liquidazione_di_un_piano_o_di_un_contributo CHECK (((pip_id IS NULL) = (contributo_id IS NOT NULL))),
    CONSTRAINT ck_liquidazione_importo_positivo CHECK ((importo_cent > 0)),
    CONSTRAINT ck_liquidazione_quota_con_patto CHECK (((patto_id IS NOT NULL) OR (quota_morosita_cent = 0))),
    CONSTRAINT ck_liquidazione_quota_nell_importo CHECK (((quota_morosita_cent >= 0) AND (quota_morosita_cent <= importo_cent)))
);
CREATE TABLE public.liquidazione_voce (
    voce_id uuid NOT NULL,
    liquidazione_id uuid NOT NULL
);
CREATE TABLE public.lotto_liquidazione (
    lotto_id uuid NOT NULL,
    progetto_id uuid NOT NULL,
    numero integer NOT NULL,
    fino_al date NOT NULL,
    atto character varying NOT NULL,
    autore character varying NOT NULL,
    totale_cent bigint NOT NULL,
    quota_morosita_cent bigint NOT NULL,
    righe integer NOT NULL,
    liquidato_il timestamp with time zone NOT NULL
);
CREATE TABLE public.misura (
    misura_id uuid NOT NULL,
    codice character varying NOT NULL,
    titolo character varying NOT NULL,
    bando_codice character varying,
    ente_titolare character varying,
    numero integer NOT NULL,
    CONSTRAINT ck_misura_numero_positivo CHECK ((numero >= 1))
);
CREATE TABLE public.misura_versione (
    misura_id uuid NOT NULL,
    numero integer NOT NULL,
    vale_dal date NOT NULL,
    atto character varying NOT NULL,
    regole jsonb NOT NULL,
    autore character varying NOT NULL,
    approvata_il timestamp with time zone NOT NULL
);
CREATE TABLE public.nucleo (
    nucleo_id uuid NOT NULL,
    versione integer NOT NULL
);
CREATE TABLE public.nucleo_membro (
    nucleo_id uuid NOT NULL,
    persona_id uuid NOT NULL,
    dal date NOT NULL,
    al date,
    CONSTRAINT ck_nucleo_membro_date_in_ordine CHECK (((al IS NULL) OR (al >= dal)))
);
CREATE TABLE public.obiettivo (
    progetto_id uuid NOT NULL,
    indicatore text NOT NULL,
    versione integer NOT NULL,
    atteso integer NOT NULL,
    fonte character varying NOT NULL,
    scritto_da character varying NOT NULL,
    scritto_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_obiettivo_atteso_non_negativo CHECK ((atteso >= 0)),
    CONSTRAINT ck_obiettivo_indicatore_ammesso CHECK ((indicatore = ANY (ARRAY['iscrizioni'::text, 'idonei'::text, 'piani_avviati'::text, 'persone_orientate'::text, 'persone_formate'::text, 'persone_servizi_lavoro'::text, 'patti_individuali'::text, 'patti_di_gruppo'::text, 'tirocini'::text, 'attestati'::text, 'attestati_impresa'::text, 'percorsi_impresa'::text, 'contratti'::text, 'contratti_trimestrali'::text])))
);
CREATE TABLE public.operatore_linea (
    progetto_id uuid NOT NULL,
    misura_id uuid NOT NULL,
    ente character varying NOT NULL,
    tetto_cent bigint,
    chiesto_cent bigint NOT NULL,
    ammesso_cent bigint NOT NULL,
    domande integer NOT NULL,
    CONSTRAINT ck_operatore_linea_domande_non_negative CHECK ((domande >= 0)),
    CONSTRAINT ck_operatore_linea_mai_oltre_il_massimale CHECK ((chiesto_cent <= tetto_cent))
);
CREATE TABLE public.ora (
    ore_id uuid NOT NULL,
    versione integer NOT NULL,
    pip_id uuid NOT NULL,
    persona_id uuid NOT NULL,
    ente character varying NOT NULL,
    diretta boolean NOT NULL,
    servizio_codice character varying,
    categoria_indiretta text,
    sessione character varying,
    inizio timestamp with time zone NOT NULL,
    fine timestamp with time zone NOT NULL,
    minuti integer NOT NULL,
    giorno date NOT NULL,
    piano_dal date NOT NULL,
    piano_al date NOT NULL,
    stato text NOT NULL,
    registrata_da character varying NOT NULL,
    registrata_il timestamp with time zone NOT NULL,
    firma_metodo text,
    firmata_il timestamp with time zone,
    validata_da character varying,
    validata_il timestamp with time zone,
    annullata_da character varying,
    annullata_il timestamp with time zone,
    annullata_motivo character varying,
    costo_cent bigint NOT NULL,
    indennita_cent bigint NOT NULL,
    gia_pagata_da character varying,
    gia_pagata_il timestamp with time zone,
    arbitrato_versione integer DEFAULT 0 NOT NULL,
    CONSTRAINT ck_ora_annullata_datata CHECK (((stato = 'annullata'::text) = (annullata_il IS NOT NULL))),
    CONSTRAINT ck_ora_categoria_indiretta_ammesso CHECK ((categoria_indiretta = ANY (ARRAY['progettazione'::text, 'rete_territoriale'::text, 'ricerca_aziende'::text, 'monitoraggio'::text, 'amministrazione'::text]))),
    CONSTRAINT ck_ora_dentro_il_piano CHECK (((giorno >= piano_dal) AND (giorno <= piano_al))),
    CONSTRAINT ck_ora_diretta_con_servizio CHECK ((diretta = (servizio_codice IS NOT NULL))),
    CONSTRAINT ck_ora_firma_intera CHECK (((firmata_il IS NULL) = (firma_metodo IS NULL))),
    CONSTRAINT ck_ora_firma_metodo_ammesso CHECK ((firma_metodo = ANY (ARRAY['autografa'::text, 'grafometrica'::text, 'digitale'::text, 'spid'::text]))),
    CONSTRAINT ck_ora_importi_non_negativi CHECK (((costo_cent >= 0) AND (indennita_cent >= 0))),
    CONSTRAINT ck_ora_importi_se_validata CHECK (((stato = 'validata'::text) OR (stato = 'annullata'::text) OR ((costo_cent = 0) AND (indennita_cent = 0)))),
    CONSTRAINT ck_ora_indiretta_con_categoria CHECK ((diretta = (categoria_indiretta IS NULL))),
    CONSTRAINT ck_ora_indiretta_non_pagata CHECK ((diretta OR ((costo_cent = 0) AND (indennita_cent = 0)))),
    CONSTRAINT ck_ora_minuti_dell_intervallo CHECK (((fine = (inizio + ((minuti)::double precision * '00:01:00'::interval))) AND (minuti >= 15))),
    CONSTRAINT ck_ora_seconda_persona CHECK (((validata_da)::text <> (registrata_da)::text)),
    CONSTRAINT ck_ora_stato_ammesso CHECK ((stato = ANY (ARRAY['registrata'::text, 'firmata'::text, 'validata'::text, 'annullata'::text]))),
    CONSTRAINT ck_ora_validata_datata CHECK (((stato <> 'validata'::text) OR (validata_il IS NOT NULL))),
    CONSTRAINT ck_ora_versione_positiva CHECK ((versione >= 1))
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
CREATE TABLE public.patto (
    patto_id uuid NOT NULL,
    versione integer NOT NULL,
    persona_id uuid NOT NULL,
    nucleo_id uuid NOT NULL,
    progetto_id uuid NOT NULL,
    ente character varying NOT NULL,
    quota_numeratore integer NOT NULL,
    quota_denominatore integer NOT NULL,
    metodo text NOT NULL,
    stato text NOT NULL,
    incolpevole_certificata_da character varying,
    incolpevole_certificata_il date,
    lordo_cent bigint NOT NULL,
    versato_cent bigint NOT NULL,
    firmato_da character varying NOT NULL,
    firmato_il timestamp with time zone NOT NULL,
    cessato_il timestamp with time zone,
    gruppo_id uuid,
    impegni text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT ck_patto_certificazione_intera CHECK (((incolpevole_certificata_da IS NULL) = (incolpevole_certificata_il IS NULL))),
    CONSTRAINT ck_patto_cessato_datato CHECK (((stato = 'cessato'::text) = (cessato_il IS NOT NULL))),
    CONSTRAINT ck_patto_impegni_ammessi CHECK ((impegni <@ ARRAY['rientro_morosita'::text, 'formazione'::text, 'ricerca_lavoro'::text, 'cura_spazi'::text, 'volontariato'::text, 'servizi_ai_vicini'::text])),
    CONSTRAINT ck_patto_mai_oltre_la_quota CHECK (((lordo_cent >= 0) AND (versato_cent >= 0) AND ((versato_cent * quota_denominatore) <= (lordo_cent * quota_numeratore)))),
    CONSTRAINT ck_patto_metodo_ammesso CHECK ((metodo = ANY (ARRAY['autografa'::text, 'grafometrica'::text, 'digitale'::text, 'spid'::text]))),
    CONSTRAINT ck_patto_quota_fra_zero_e_uno CHECK (((quota_numeratore >= 1) AND (quota_numeratore <= quota_denominatore))),
    CONSTRAINT ck_patto_stato_ammesso CHECK ((stato = ANY (ARRAY['attivo'::text, 'cessato'::text])))
);
CREATE TABLE public.patto_gruppo (
    gruppo_id uuid NOT NULL,
    versione integer NOT NULL,
    progetto_id uuid NOT NULL,
    ente character varying NOT NULL,
    titolo character varying NOT NULL,
    impegni text[] NOT NULL,
    quota_numeratore integer NOT NULL,
    quota_denominatore integer NOT NULL,
    stato text NOT NULL,
    aperto_da character varying NOT NULL,
    aperto_il timestamp with time zone NOT NULL,
    cessato_il timestamp with time zone,
    CONSTRAINT ck_patto_gruppo_cessato_datato CHECK (((stato = 'cessato'::text) = (cessato_il IS NOT NULL))),
    CONSTRAINT ck_patto_gruppo_impegni_ammessi CHECK ((impegni <@ ARRAY['rientro_morosita'::text, 'formazione'::text, 'ricerca_lavoro'::text, 'cura_spazi'::text, 'volontariato'::text, 'servizi_ai_vicini'::text])),
    CONSTRAINT ck_patto_gruppo_quota_fra_zero_e_uno CHECK (((quota_numeratore >= 1) AND (quota_numeratore <= quota_denominatore))),
    CONSTRAINT ck_patto_gruppo_stato_ammesso CHECK ((stato = ANY (ARRAY['attivo'::text, 'cessato'::text])))
);
CREATE TABLE public.persona_cancellata (
    persona_id uuid NOT NULL,
    cancellata_il timestamp with time zone NOT NULL
);
CREATE TABLE public.persona_unita (
    assorbita_id uuid NOT NULL,
    persona_id uuid NOT NULL,
    unita_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_persona_unita_due_persone CHECK ((assorbita_id <> persona_id))
);
CREATE TABLE public.pip (
    pip_id uuid NOT NULL,
    versione integer NOT NULL,
    iscrizione_id uuid NOT NULL,
    persona_id uuid NOT NULL,
    progetto_id uuid NOT NULL,
    misura_id uuid NOT NULL,
    misura_numero integer NOT NULL,
    misura_codice character varying NOT NULL,
    ente character varying NOT NULL,
    stato text NOT NULL,
    numero integer NOT NULL,
    inizio date,
    fine date,
    massimale_percorso_cent bigint NOT NULL,
    percorso_con_indennita boolean NOT NULL,
    riservato_servizi_cent bigint NOT NULL,
    riservato_indennita_cent bigint NOT NULL,
    costo_servizi_cent bigint NOT NULL,
    maturato_cent bigint NOT NULL,
    liquidato_cent bigint NOT NULL,
    creato_da character varying NOT NULL,
    creato_il timestamp with time zone NOT NULL,
    attivato_il timestamp with time zone,
    chiuso_il timestamp with time zone,
    motivo_chiusura character varying,
    fascia character varying,
    rimborsato_cent bigint DEFAULT '0'::bigint NOT NULL,
    CONSTRAINT ck_pip_bozza_senza_dote CHECK (((stato <> 'bozza'::text) OR ((riservato_servizi_cent = 0) AND (riservato_indennita_cent = 0)))),
    CONSTRAINT ck_pip_costo_nella_dote CHECK (((costo_servizi_cent >= 0) AND (costo_servizi_cent <= riservato_servizi_cent))),
    CONSTRAINT ck_pip_date_in_ordine CHECK ((fine >= inizio)),
    CONSTRAINT ck_pip_date_se_firmato CHECK ((((numero = 0) = (inizio IS NULL)) AND ((numero = 0) = (fine IS NULL)))),
    CONSTRAINT ck_pip_liquidato_nella_dote CHECK (((liquidato_cent >= 0) AND (liquidato_cent <= riservato_indennita_cent))),
    CONSTRAINT ck_pip_mai_oltre_percorso CHECK (((riservato_servizi_cent +
CASE
    WHEN percorso_con_indennita THEN riservato_indennita_cent
    ELSE (0)::bigint
END) <= massimale_percorso_cent)),
    CONSTRAINT ck_pip_maturato_nella_dote CHECK (((maturato_cent >= 0) AND (maturato_cent <= riservato_indennita_cent))),
    CONSTRAINT ck_pip_rimborsato_nella_dote CHECK (((rimborsato_cent >= 0) AND (rimborsato_cent <= riservato_servizi_cent))),
    CONSTRAINT ck_pip_riservato_non_negativo CHECK (((riservato_servizi_cent >= 0) AND (riservato_indennita_cent >= 0))),
    CONSTRAINT ck_pip_stato_ammesso CHECK ((stato = ANY (ARRAY['bozza'::text, 'firmato'::text, 'attivo'::text, 'sospeso'::text, 'concluso'::text, 'rinunciato'::text, 'decaduto'::text]))),
    CONSTRAINT ck_pip_versione_positiva CHECK (((versione >= 1) AND (numero >= 0)))
);
CREATE TABLE public.pip_bozza (
    pip_id uuid NOT NULL,
    piano jsonb NOT NULL,
    modificata_da character varying NOT NULL,
    modificata_il timestamp with time zone NOT NULL
);
CREATE TABLE public.pip_firma (
    pip_id uuid NOT NULL,
    numero integer NOT NULL,
    chi character varying NOT NULL,
    metodo text NOT NULL,
    testo_sha256 character varying NOT NULL,
    raccolta_da character varying NOT NULL,
    firmata_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_pip_firma_chi_ammesso CHECK (((chi)::text = ANY ((ARRAY['persona'::character varying, 'operatore'::character varying])::text[]))),
    CONSTRAINT ck_pip_firma_metodo_ammesso CHECK ((metodo = ANY (ARRAY['autografa'::text, 'grafometrica'::text, 'digitale'::text, 'spid'::text])))
);
CREATE TABLE public.pip_passaggio (
    pip_id uuid NOT NULL,
    versione integer NOT NULL,
    stato text NOT NULL,
    autore character varying NOT NULL,
    motivo character varying,
    avvenuto_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_pip_passaggio_stato_ammesso CHECK ((stato = ANY (ARRAY['bozza'::text, 'firmato'::text, 'attivo'::text, 'sospeso'::text, 'concluso'::text, 'rinunciato'::text, 'decaduto'::text])))
);
CREATE TABLE public.pip_servizio (
    pip_id uuid NOT NULL,
    servizio_codice character varying NOT NULL,
    previsti_minuti integer NOT NULL,
    registrati_minuti integer NOT NULL,
    validati_minuti integer NOT NULL,
    CONSTRAINT ck_pip_servizio_mai_oltre_il_piano CHECK ((registrati_minuti <= previsti_minuti)),
    CONSTRAINT ck_pip_servizio_validati_fra_registrati CHECK (((validati_minuti >= 0) AND (validati_minuti <= registrati_minuti)))
);
CREATE TABLE public.pip_sospensione (
    sospensione_id uuid NOT NULL,
    pip_id uuid NOT NULL,
    dal date NOT NULL,
    al date,
    motivo text NOT NULL,
    atto character varying,
    sospesa_da character varying NOT NULL,
    sospesa_il timestamp with time zone NOT NULL,
    ripresa_da character varying,
    ripresa_il timestamp with time zone,
    CONSTRAINT ck_pip_sospensione_date_in_ordine CHECK ((al >= dal)),
    CONSTRAINT ck_pip_sospensione_motivo_ammesso CHECK ((motivo = ANY (ARRAY['emergenza_pubblica'::text, 'impedimento_personale'::text, 'lavoro_temporaneo'::text, 'causa_organizzativa'::text]))),
    CONSTRAINT ck_pip_sospensione_ripresa_intera CHECK (((al IS NULL) = (ripresa_il IS NULL)))
);
CREATE TABLE public.pip_versione (
    pip_id uuid NOT NULL,
    numero integer NOT NULL,
    misura_numero integer NOT NULL,
    piano jsonb NOT NULL,
    servizi_cent bigint NOT NULL,
    indennita_cent bigint NOT NULL,
    testo character varying NOT NULL,
    testo_sha256 character varying NOT NULL,
    firmata_il timestamp with time zone NOT NULL
);
CREATE TABLE public.posizione (
    posizione_id uuid NOT NULL,
    versione integer NOT NULL,
    azienda_id uuid NOT NULL,
    tipo text NOT NULL,
    mansione character varying NOT NULL,
    competenze text[] NOT NULL,
    fasce text[] NOT NULL,
    posti integer NOT NULL,
    occupati integer NOT NULL,
    aperta_il timestamp with time zone NOT NULL,
    chiusa_il timestamp with time zone,
    CONSTRAINT ck_posizione_fasce_ammesse CHECK ((fasce <@ ARRAY['mattina'::text, 'pomeriggio'::text, 'sera'::text, 'notte'::text, 'fine_settimana'::text])),
    CONSTRAINT ck_posizione_mai_oltre_i_posti CHECK (((posti >= 1) AND ((occupati >= 0) AND (occupati <= posti)))),
    CONSTRAINT ck_posizione_tipo_ammesso CHECK ((tipo = ANY (ARRAY['tirocinio'::text, 'lavoro'::text])))
);
CREATE TABLE public.presa_in_carico (
    persona_id uuid NOT NULL,
    laboratorio_id uuid NOT NULL,
    versione integer NOT NULL,
    progetto_id uuid,
    nucleo_id uuid,
    presa_in_carico_il timestamp with time zone NOT NULL
);
CREATE TABLE public.profilo (
    iscrizione_id uuid NOT NULL,
    numero integer NOT NULL,
    misura_numero integer NOT NULL,
    punti integer NOT NULL,
    fascia character varying NOT NULL,
    voci jsonb NOT NULL,
    profilata_da character varying NOT NULL,
    profilata_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_profilo_punti_non_negativi CHECK ((punti >= 0))
);
CREATE TABLE public.progetto (
    progetto_id uuid NOT NULL,
    versione integer NOT NULL,
    bando_codice character varying NOT NULL,
    codice character varying NOT NULL,
    titolo character varying NOT NULL,
    capofila character varying NOT NULL,
    comune character varying,
    quartiere character varying,
    stato character varying NOT NULL,
    inizio date,
    fine date,
    partner jsonb NOT NULL
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
CREATE TABLE public.rimborso_riga (
    domanda_id uuid NOT NULL,
    ore_id uuid NOT NULL,
    tipo text NOT NULL,
    pip_id uuid NOT NULL,
    viva boolean NOT NULL,
    chiesto_cent bigint NOT NULL,
    ammesso_cent bigint,
    motivo character varying,
    CONSTRAINT ck_rimborso_riga_importi CHECK (
CASE tipo
    WHEN 'ora'::text THEN ((chiesto_cent >= 0) AND ((ammesso_cent >= 0) AND (ammesso_cent <= chiesto_cent)))
    ELSE ((chiesto_cent < 0) AND (ammesso_cent = chiesto_cent))
END),
    CONSTRAINT ck_rimborso_riga_tagliata_con_motivo CHECK (((ammesso_cent = chiesto_cent) OR (motivo IS NOT NULL))),
    CONSTRAINT ck_rimborso_riga_tipo_ammesso CHECK ((tipo = ANY (ARRAY['ora'::text, 'recupero'::text])))
);
CREATE TABLE public.risposta (
    iscrizione_id uuid NOT NULL,
    requisito character varying NOT NULL,
    numero integer NOT NULL,
    risposta text NOT NULL,
    prova text,
    riferimento character varying,
    data_da character varying NOT NULL,
    data_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_risposta_con_prova CHECK (((risposta = 'da_verificare'::text) OR (prova IS NOT NULL))),
    CONSTRAINT ck_risposta_prova_ammesso CHECK ((prova = ANY (ARRAY['autocertificazione'::text, 'documento_esibito'::text, 'banca_dati'::text, 'dichiarazione_operatore'::text]))),
    CONSTRAINT ck_risposta_risposta_ammesso CHECK ((risposta = ANY (ARRAY['si'::text, 'no'::text, 'da_verificare'::text])))
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
CREATE TABLE public.segreto (
    segreto_id uuid NOT NULL,
    chiave_id character varying NOT NULL,
    cifrato bytea NOT NULL
);
CREATE TABLE public.sessione (
    ente character varying NOT NULL,
    codice character varying NOT NULL,
    progetto_id uuid NOT NULL,
    servizio_codice character varying NOT NULL,
    tipo text NOT NULL,
    inizio timestamp with time zone NOT NULL,
    fine timestamp with time zone NOT NULL,
    aperta_da character varying NOT NULL,
    aperta_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_sessione_istanti_in_ordine CHECK ((fine > inizio)),
    CONSTRAINT ck_sessione_tipo_ammesso CHECK ((tipo = ANY (ARRAY['individuale'::text, 'gruppo'::text])))
);
CREATE TABLE public.sql_installato (
    nome text NOT NULL,
    impronta text NOT NULL
);
CREATE TABLE public.tetto_persona (
    persona_id uuid NOT NULL,
    misura_id uuid NOT NULL,
    tetto_cent bigint NOT NULL,
    riservato_cent bigint NOT NULL,
    maturato_cent bigint NOT NULL,
    CONSTRAINT ck_tetto_persona_mai_oltre_il_tetto CHECK (((riservato_cent >= 0) AND (riservato_cent <= tetto_cent))),
    CONSTRAINT ck_tetto_persona_maturato_nel_riservato CHECK (((maturato_cent >= 0) AND (maturato_cent <= riservato_cent)))
);
CREATE TABLE public.tirocinio (
    tirocinio_id uuid NOT NULL,
    versione integer NOT NULL,
    pip_id uuid NOT NULL,
    persona_id uuid NOT NULL,
    progetto_id uuid NOT NULL,
    posizione_id uuid NOT NULL,
    tutor character varying NOT NULL,
    dal date NOT NULL,
    al date NOT NULL,
    stato text NOT NULL,
    motivo character varying,
    avviato_il timestamp with time zone NOT NULL,
    finito_il timestamp with time zone,
    CONSTRAINT ck_tirocinio_al_massimo_sei_mesi CHECK (((al >= dal) AND (al < (dal + '6 mons'::interval)))),
    CONSTRAINT ck_tirocinio_finito_datato CHECK (((stato = 'attivo'::text) = (finito_il IS NULL))),
    CONSTRAINT ck_tirocinio_stato_ammesso CHECK ((stato = ANY (ARRAY['attivo'::text, 'concluso'::text, 'interrotto'::text])))
);
CREATE TABLE public.valutazione (
    iscrizione_id uuid NOT NULL,
    numero integer NOT NULL,
    esito text NOT NULL,
    causa character varying NOT NULL,
    spiegazione jsonb NOT NULL,
    valutata_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_valutazione_esito_ammesso CHECK ((esito = ANY (ARRAY['idoneo'::text, 'in_accertamento'::text, 'non_idoneo'::text])))
);
CREATE TABLE public.verifica_in_itinere (
    iscrizione_id uuid NOT NULL,
    requisito character varying NOT NULL,
    numero integer NOT NULL,
    risposta text NOT NULL,
    prova text,
    riferimento character varying,
    giorno date NOT NULL,
    data_da character varying NOT NULL,
    data_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_verifica_in_itinere_con_prova CHECK (((risposta = 'da_verificare'::text) OR (prova IS NOT NULL))),
    CONSTRAINT ck_verifica_in_itinere_prova_ammesso CHECK ((prova = ANY (ARRAY['autocertificazione'::text, 'documento_esibito'::text, 'banca_dati'::text, 'dichiarazione_operatore'::text]))),
    CONSTRAINT ck_verifica_in_itinere_risposta_ammesso CHECK ((risposta = ANY (ARRAY['si'::text, 'no'::text, 'da_verificare'::text])))
);
CREATE TABLE public.voce_indennita (
    voce_id uuid NOT NULL,
    pip_id uuid NOT NULL,
    ore_id uuid NOT NULL,
    tipo text NOT NULL,
    importo_cent bigint NOT NULL,
    giorno date NOT NULL,
    motivo character varying,
    creata_il timestamp with time zone NOT NULL,
    giro integer DEFAULT 1 NOT NULL,
    CONSTRAINT ck_voce_indennita_giro_positivo CHECK ((giro >= 1)),
    CONSTRAINT ck_voce_indennita_segno CHECK ((((tipo = ANY (ARRAY['maturazione'::text, 'ripristino'::text])) = (importo_cent > 0)) AND (importo_cent <> 0))),
    CONSTRAINT ck_voce_indennita_tipo_ammesso CHECK ((tipo = ANY (ARRAY['maturazione'::text, 'ripristino'::text, 'storno'::text, 'compensazione'::text])))
);
ALTER TABLE ONLY public.orologio ALTER COLUMN riga SET DEFAULT nextval('public.orologio_riga_seq'::regclass);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.ora
    ADD CONSTRAINT ora_senza_sovrapposizioni EXCLUDE USING gist (persona_id WITH =, tstzrange(inizio, fine) WITH &&) WHERE ((diretta AND (stato <> 'annullata'::text)));
ALTER TABLE ONLY public.ammissione
    ADD CONSTRAINT pk_ammissione PRIMARY KEY (iscrizione_id, livello);
ALTER TABLE ONLY public.attestato
    ADD CONSTRAINT pk_attestato PRIMARY KEY (attestato_id);
ALTER TABLE ONLY public.azienda
    ADD CONSTRAINT pk_azienda PRIMARY KEY (azienda_id);
ALTER TABLE ONLY public.contratto
    ADD CONSTRAINT pk_contratto PRIMARY KEY (contratto_id);
ALTER TABLE ONLY public.contributo
    ADD CONSTRAINT pk_contributo PRIMARY KEY (contributo_id);
ALTER TABLE ONLY public.disponibilita
    ADD CONSTRAINT pk_disponibilita PRIMARY KEY (persona_id, ente);
ALTER TABLE ONLY public.domanda_rimborso
    ADD CONSTRAINT pk_domanda_rimborso PRIMARY KEY (domanda_id);
ALTER TABLE ONLY public.dote_movimento
    ADD CONSTRAINT pk_dote_movimento PRIMARY KEY (movimento_id);
ALTER TABLE ONLY public.evento_parcheggiato
    ADD CONSTRAINT pk_evento_parcheggiato PRIMARY KEY (event_id);
ALTER TABLE ONLY public.flusso
    ADD CONSTRAINT pk_flusso PRIMARY KEY (stream);
ALTER TABLE ONLY public.flusso_pagamento
    ADD CONSTRAINT pk_flusso_pagamento PRIMARY KEY (flusso_id);
ALTER TABLE ONLY public.flusso_pagamento_riga
    ADD CONSTRAINT pk_flusso_pagamento_riga PRIMARY KEY (flusso_id, liquidazione_id);
ALTER TABLE ONLY public.iban_persona
    ADD CONSTRAINT pk_iban_persona PRIMARY KEY (persona_id, versione);
ALTER TABLE ONLY public.impresa
    ADD CONSTRAINT pk_impresa PRIMARY KEY (impresa_id);
ALTER TABLE ONLY public.impresa_traguardo
    ADD CONSTRAINT pk_impresa_traguardo PRIMARY KEY (impresa_id, traguardo);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT pk_inbox PRIMARY KEY (event_id);
ALTER TABLE ONLY public.iscrizione
    ADD CONSTRAINT pk_iscrizione PRIMARY KEY (iscrizione_id);
ALTER TABLE ONLY public.linea
    ADD CONSTRAINT pk_linea PRIMARY KEY (progetto_id);
ALTER TABLE ONLY public.liquidazione
    ADD CONSTRAINT pk_liquidazione PRIMARY KEY (liquidazione_id);
ALTER TABLE ONLY public.liquidazione_voce
    ADD CONSTRAINT pk_liquidazione_voce PRIMARY KEY (voce_id);
ALTER TABLE ONLY public.lotto_liquidazione
    ADD CONSTRAINT pk_lotto_liquidazione PRIMARY KEY (lotto_id);
ALTER TABLE ONLY public.misura
    ADD CONSTRAINT pk_misura PRIMARY KEY (misura_id);
ALTER TABLE ONLY public.misura_versione
    ADD CONSTRAINT pk_misura_versione PRIMARY KEY (misura_id, numero);
ALTER TABLE ONLY public.nucleo
    ADD CONSTRAINT pk_nucleo PRIMARY KEY (nucleo_id);
ALTER TABLE ONLY public.nucleo_membro
    ADD CONSTRAINT pk_nucleo_membro PRIMARY KEY (nucleo_id, persona_id, dal);
ALTER TABLE ONLY public.obiettivo
    ADD CONSTRAINT pk_obiettivo PRIMARY KEY (progetto_id, indicatore);
ALTER TABLE ONLY public.operatore_linea
    ADD CONSTRAINT pk_operatore_linea PRIMARY KEY (progetto_id, misura_id, ente);
ALTER TABLE ONLY public.ora
    ADD CONSTRAINT pk_ora PRIMARY KEY (ore_id);
ALTER TABLE ONLY public.orologio
    ADD CONSTRAINT pk_orologio PRIMARY KEY (riga);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT pk_outbox PRIMARY KEY (n);
ALTER TABLE ONLY public.patto
    ADD CONSTRAINT pk_patto PRIMARY KEY (patto_id);
ALTER TABLE ONLY public.patto_gruppo
    ADD CONSTRAINT pk_patto_gruppo PRIMARY KEY (gruppo_id);
ALTER TABLE ONLY public.persona_cancellata
    ADD CONSTRAINT pk_persona_cancellata PRIMARY KEY (persona_id);
ALTER TABLE ONLY public.persona_unita
    ADD CONSTRAINT pk_persona_unita PRIMARY KEY (assorbita_id);
ALTER TABLE ONLY public.pip
    ADD CONSTRAINT pk_pip PRIMARY KEY (pip_id);
ALTER TABLE ONLY public.pip_bozza
    ADD CONSTRAINT pk_pip_bozza PRIMARY KEY (pip_id);
ALTER TABLE ONLY public.pip_firma
    ADD CONSTRAINT pk_pip_firma PRIMARY KEY (pip_id, numero, chi);
ALTER TABLE ONLY public.pip_passaggio
    ADD CONSTRAINT pk_pip_passaggio PRIMARY KEY (pip_id, versione);
ALTER TABLE ONLY public.pip_servizio
    ADD CONSTRAINT pk_pip_servizio PRIMARY KEY (pip_id, servizio_codice);
ALTER TABLE ONLY public.pip_sospensione
    ADD CONSTRAINT pk_pip_sospensione PRIMARY KEY (sospensione_id);
ALTER TABLE ONLY public.pip_versione
    ADD CONSTRAINT pk_pip_versione PRIMARY KEY (pip_id, numero);
ALTER TABLE ONLY public.posizione
    ADD CONSTRAINT pk_posizione PRIMARY KEY (posizione_id);
ALTER TABLE ONLY public.presa_in_carico
    ADD CONSTRAINT pk_presa_in_carico PRIMARY KEY (persona_id, laboratorio_id);
ALTER TABLE ONLY public.profilo
    ADD CONSTRAINT pk_profilo PRIMARY KEY (iscrizione_id, numero);
ALTER TABLE ONLY public.progetto
    ADD CONSTRAINT pk_progetto PRIMARY KEY (progetto_id);
ALTER TABLE ONLY public.registro_accessi
    ADD CONSTRAINT pk_registro_accessi PRIMARY KEY (registrazione_id);
ALTER TABLE ONLY public.rimborso_riga
    ADD CONSTRAINT pk_rimborso_riga PRIMARY KEY (domanda_id, ore_id, tipo);
ALTER TABLE ONLY public.risposta
    ADD CONSTRAINT pk_risposta PRIMARY KEY (iscrizione_id, requisito, numero);
ALTER TABLE ONLY public.risposta_idempotente
    ADD CONSTRAINT pk_risposta_idempotente PRIMARY KEY (soggetto, rotta, chiave);
ALTER TABLE ONLY public.segreto
    ADD CONSTRAINT pk_segreto PRIMARY KEY (segreto_id);
ALTER TABLE ONLY public.sessione
    ADD CONSTRAINT pk_sessione PRIMARY KEY (ente, codice);
ALTER TABLE ONLY public.sql_installato
    ADD CONSTRAINT pk_sql_installato PRIMARY KEY (nome);
ALTER TABLE ONLY public.tetto_persona
    ADD CONSTRAINT pk_tetto_persona PRIMARY KEY (persona_id, misura_id);
ALTER TABLE ONLY public.tirocinio
    ADD CONSTRAINT pk_tirocinio PRIMARY KEY (tirocinio_id);
ALTER TABLE ONLY public.valutazione
    ADD CONSTRAINT pk_valutazione PRIMARY KEY (iscrizione_id, numero);
ALTER TABLE ONLY public.verifica_in_itinere
    ADD CONSTRAINT pk_verifica_in_itinere PRIMARY KEY (iscrizione_id, requisito, numero);
ALTER TABLE ONLY public.voce_indennita
    ADD CONSTRAINT pk_voce_indennita PRIMARY KEY (voce_id);
ALTER TABLE ONLY public.pip_sospensione
    ADD CONSTRAINT sospensioni_senza_sovrapposizioni EXCLUDE USING gist (pip_id WITH =, daterange(dal, al, '[]'::text) WITH &&);
ALTER TABLE ONLY public.tirocinio
    ADD CONSTRAINT tirocinio_senza_sovrapposizioni EXCLUDE USING gist (persona_id WITH =, daterange(dal, al, '[]'::text) WITH &&) WHERE ((stato <> 'interrotto'::text));
ALTER TABLE ONLY public.attestato
    ADD CONSTRAINT uq_attestato_codice UNIQUE (codice);
ALTER TABLE ONLY public.domanda_rimborso
    ADD CONSTRAINT uq_domanda_rimborso_progetto_id_misura_id_ente_numero UNIQUE (progetto_id, misura_id, ente, numero);
ALTER TABLE ONLY public.flusso_pagamento
    ADD CONSTRAINT uq_flusso_pagamento_lotto_id_numero UNIQUE (lotto_id, numero);
ALTER TABLE ONLY public.flusso_pagamento
    ADD CONSTRAINT uq_flusso_pagamento_segreto_id UNIQUE (segreto_id);
ALTER TABLE ONLY public.iban_persona
    ADD CONSTRAINT uq_iban_persona_segreto_id UNIQUE (segreto_id);
ALTER TABLE ONLY public.iscrizione
    ADD CONSTRAINT uq_iscrizione_persona_id_misura_id_progetto_id UNIQUE (persona_id, misura_id, progetto_id);
ALTER TABLE ONLY public.liquidazione
    ADD CONSTRAINT uq_liquidazione_contributo_id UNIQUE (contributo_id);
ALTER TABLE ONLY public.liquidazione
    ADD CONSTRAINT uq_liquidazione_lotto_id_pip_id UNIQUE (lotto_id, pip_id);
ALTER TABLE ONLY public.lotto_liquidazione
    ADD CONSTRAINT uq_lotto_liquidazione_progetto_id_numero UNIQUE (progetto_id, numero);
ALTER TABLE ONLY public.misura
    ADD CONSTRAINT uq_misura_codice UNIQUE (codice);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT uq_outbox_event_id UNIQUE (event_id);
CREATE INDEX ix_attestato_progetto_id ON public.attestato USING btree (progetto_id);
CREATE INDEX ix_azienda_ente ON public.azienda USING btree (ente, azienda_id);
CREATE INDEX ix_contratto_pip_id ON public.contratto USING btree (pip_id);
CREATE INDEX ix_contratto_progetto_id ON public.contratto USING btree (progetto_id);
CREATE INDEX ix_contributo_persona_id ON public.contributo USING btree (persona_id, misura_id);
CREATE INDEX ix_contributo_progetto_id ON public.contributo USING btree (progetto_id, contributo_id);
CREATE INDEX ix_disponibilita_ente ON public.disponibilita USING btree (ente);
CREATE INDEX ix_dote_movimento_pip_id ON public.dote_movimento USING btree (pip_id);
CREATE INDEX ix_dote_movimento_progetto_id ON public.dote_movimento USING btree (progetto_id);
CREATE INDEX ix_evento_parcheggiato_next_at ON public.evento_parcheggiato USING btree (next_at) WHERE (stato = 'parcheggiato'::text);
CREATE INDEX ix_impresa_progetto_id ON public.impresa USING btree (progetto_id);
CREATE INDEX ix_iscrizione_ente ON public.iscrizione USING btree (ente, iscrizione_id);
CREATE INDEX ix_iscrizione_progetto_id ON public.iscrizione USING btree (progetto_id, iscrizione_id);
CREATE INDEX ix_liquidazione_pip_id ON public.liquidazione USING btree (pip_id);
CREATE INDEX ix_liquidazione_voce_liquidazione_id ON public.liquidazione_voce USING btree (liquidazione_id);
CREATE INDEX ix_nucleo_membro_persona_id ON public.nucleo_membro USING btree (persona_id, dal);
CREATE INDEX ix_ora_pip_id ON public.ora USING btree (pip_id, inizio);
CREATE INDEX ix_ora_sessione ON public.ora USING btree (ente, sessione) WHERE (sessione IS NOT NULL);
CREATE INDEX ix_outbox_da_inviare ON public.outbox USING btree (n) WHERE (inviato_il IS NULL);
CREATE INDEX ix_patto_gruppo_id ON public.patto USING btree (gruppo_id);
CREATE INDEX ix_patto_gruppo_progetto_id ON public.patto_gruppo USING btree (progetto_id, gruppo_id);
CREATE INDEX ix_patto_progetto_id ON public.patto USING btree (progetto_id, patto_id);
CREATE INDEX ix_persona_unita_persona_id ON public.persona_unita USING btree (persona_id);
CREATE INDEX ix_pip_da_attivare ON public.pip USING btree (inizio) WHERE (stato = 'firmato'::text);
CREATE INDEX ix_pip_ente ON public.pip USING btree (ente, pip_id);
CREATE INDEX ix_pip_persona_id ON public.pip USING btree (persona_id);
CREATE INDEX ix_pip_progetto_id ON public.pip USING btree (progetto_id, pip_id);
CREATE INDEX ix_pip_sospensione_pip_id ON public.pip_sospensione USING btree (pip_id);
CREATE INDEX ix_posizione_azienda_id ON public.posizione USING btree (azienda_id, posizione_id);
CREATE INDEX ix_progetto_capofila ON public.progetto USING btree (capofila);
CREATE INDEX ix_registro_accessi_oggetto ON public.registro_accessi USING btree (oggetto, oggetto_id);
CREATE INDEX ix_rimborso_riga_pip_id ON public.rimborso_riga USING btree (pip_id);
CREATE INDEX ix_risposta_idempotente_creato_il ON public.risposta_idempotente USING btree (creato_il);
CREATE INDEX ix_segreto_chiave_id ON public.segreto USING btree (chiave_id);
CREATE INDEX ix_sessione_progetto_id ON public.sessione USING btree (progetto_id, inizio, codice);
CREATE INDEX ix_tirocinio_pip_id ON public.tirocinio USING btree (pip_id);
CREATE INDEX ix_voce_indennita_pip_id ON public.voce_indennita USING btree (pip_id);
CREATE UNIQUE INDEX uq_attestato_in_vigore ON public.attestato USING btree (pip_id, servizio_codice, tipo) WHERE (revocato_il IS NULL);
CREATE UNIQUE INDEX uq_flusso_pagamento_riga_viva ON public.flusso_pagamento_riga USING btree (liquidazione_id) WHERE (esito <> 'respinto'::text);
CREATE UNIQUE INDEX uq_impresa_attiva ON public.impresa USING btree (pip_id) WHERE (stato = 'attivo'::text);
CREATE UNIQUE INDEX uq_patto_attivo ON public.patto USING btree (persona_id, progetto_id) WHERE (stato = 'attivo'::text);
CREATE UNIQUE INDEX uq_pip_aperto ON public.pip USING btree (iscrizione_id) WHERE (stato = ANY (ARRAY['bozza'::text, 'firmato'::text, 'attivo'::text, 'sospeso'::text]));
CREATE UNIQUE INDEX uq_rimborso_riga_viva ON public.rimborso_riga USING btree (ore_id, tipo) WHERE viva;
CREATE UNIQUE INDEX uq_voce_maturata ON public.voce_indennita USING btree (ore_id, giro) WHERE (importo_cent > 0);
CREATE UNIQUE INDEX uq_voce_tolta ON public.voce_indennita USING btree (ore_id, giro) WHERE (importo_cent < 0);
ALTER TABLE ONLY public.ammissione
    ADD CONSTRAINT fk_ammissione_iscrizione_id FOREIGN KEY (iscrizione_id) REFERENCES public.iscrizione(iscrizione_id);
ALTER TABLE ONLY public.attestato
    ADD CONSTRAINT fk_attestato_pip_id FOREIGN KEY (pip_id) REFERENCES public.pip(pip_id);
ALTER TABLE ONLY public.attestato
    ADD CONSTRAINT fk_attestato_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.contratto
    ADD CONSTRAINT fk_contratto_pip_id FOREIGN KEY (pip_id) REFERENCES public.pip(pip_id);
ALTER TABLE ONLY public.contratto
    ADD CONSTRAINT fk_contratto_posizione_id FOREIGN KEY (posizione_id) REFERENCES public.posizione(posizione_id);
ALTER TABLE ONLY public.contratto
    ADD CONSTRAINT fk_contratto_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.contributo
    ADD CONSTRAINT fk_contributo_iscrizione_id FOREIGN KEY (iscrizione_id) REFERENCES public.iscrizione(iscrizione_id);
ALTER TABLE ONLY public.contributo
    ADD CONSTRAINT fk_contributo_misura_id FOREIGN KEY (misura_id) REFERENCES public.misura(misura_id);
ALTER TABLE ONLY public.contributo
    ADD CONSTRAINT fk_contributo_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.linea(progetto_id);
ALTER TABLE ONLY public.domanda_rimborso
    ADD CONSTRAINT fk_domanda_rimborso_misura_id FOREIGN KEY (misura_id) REFERENCES public.misura(misura_id);
ALTER TABLE ONLY public.domanda_rimborso
    ADD CONSTRAINT fk_domanda_rimborso_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.linea(progetto_id);
ALTER TABLE ONLY public.dote_movimento
    ADD CONSTRAINT fk_dote_movimento_pip_id FOREIGN KEY (pip_id) REFERENCES public.pip(pip_id);
ALTER TABLE ONLY public.dote_movimento
    ADD CONSTRAINT fk_dote_movimento_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.linea(progetto_id);
ALTER TABLE ONLY public.flusso_pagamento
    ADD CONSTRAINT fk_flusso_pagamento_lotto_id FOREIGN KEY (lotto_id) REFERENCES public.lotto_liquidazione(lotto_id);
ALTER TABLE ONLY public.flusso_pagamento_riga
    ADD CONSTRAINT fk_flusso_pagamento_riga_flusso_id FOREIGN KEY (flusso_id) REFERENCES public.flusso_pagamento(flusso_id);
ALTER TABLE ONLY public.flusso_pagamento_riga
    ADD CONSTRAINT fk_flusso_pagamento_riga_liquidazione_id FOREIGN KEY (liquidazione_id) REFERENCES public.liquidazione(liquidazione_id);
ALTER TABLE ONLY public.flusso_pagamento
    ADD CONSTRAINT fk_flusso_pagamento_segreto_id FOREIGN KEY (segreto_id) REFERENCES public.segreto(segreto_id);
ALTER TABLE ONLY public.iban_persona
    ADD CONSTRAINT fk_iban_persona_segreto_id FOREIGN KEY (segreto_id) REFERENCES public.segreto(segreto_id);
ALTER TABLE ONLY public.impresa
    ADD CONSTRAINT fk_impresa_pip_id FOREIGN KEY (pip_id) REFERENCES public.pip(pip_id);
ALTER TABLE ONLY public.impresa
    ADD CONSTRAINT fk_impresa_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.impresa_traguardo
    ADD CONSTRAINT fk_impresa_traguardo_impresa_id FOREIGN KEY (impresa_id) REFERENCES public.impresa(impresa_id);
ALTER TABLE ONLY public.iscrizione
    ADD CONSTRAINT fk_iscrizione_misura_id FOREIGN KEY (misura_id) REFERENCES public.misura(misura_id);
ALTER TABLE ONLY public.iscrizione
    ADD CONSTRAINT fk_iscrizione_misura_id_misura_numero FOREIGN KEY (misura_id, misura_numero) REFERENCES public.misura_versione(misura_id, numero);
ALTER TABLE ONLY public.iscrizione
    ADD CONSTRAINT fk_iscrizione_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.linea
    ADD CONSTRAINT fk_linea_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.liquidazione
    ADD CONSTRAINT fk_liquidazione_contributo_id FOREIGN KEY (contributo_id) REFERENCES public.contributo(contributo_id);
ALTER TABLE ONLY public.liquidazione
    ADD CONSTRAINT fk_liquidazione_lotto_id FOREIGN KEY (lotto_id) REFERENCES public.lotto_liquidazione(lotto_id);
ALTER TABLE ONLY public.liquidazione
    ADD CONSTRAINT fk_liquidazione_patto_id FOREIGN KEY (patto_id) REFERENCES public.patto(patto_id);
ALTER TABLE ONLY public.liquidazione
    ADD CONSTRAINT fk_liquidazione_pip_id FOREIGN KEY (pip_id) REFERENCES public.pip(pip_id);
ALTER TABLE ONLY public.liquidazione_voce
    ADD CONSTRAINT fk_liquidazione_voce_liquidazione_id FOREIGN KEY (liquidazione_id) REFERENCES public.liquidazione(liquidazione_id);
ALTER TABLE ONLY public.liquidazione_voce
    ADD CONSTRAINT fk_liquidazione_voce_voce_id FOREIGN KEY (voce_id) REFERENCES public.voce_indennita(voce_id);
ALTER TABLE ONLY public.lotto_liquidazione
    ADD CONSTRAINT fk_lotto_liquidazione_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.misura_versione
    ADD CONSTRAINT fk_misura_versione_misura_id FOREIGN KEY (misura_id) REFERENCES public.misura(misura_id);
ALTER TABLE ONLY public.nucleo_membro
    ADD CONSTRAINT fk_nucleo_membro_nucleo_id FOREIGN KEY (nucleo_id) REFERENCES public.nucleo(nucleo_id);
ALTER TABLE ONLY public.obiettivo
    ADD CONSTRAINT fk_obiettivo_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.operatore_linea
    ADD CONSTRAINT fk_operatore_linea_misura_id FOREIGN KEY (misura_id) REFERENCES public.misura(misura_id);
ALTER TABLE ONLY public.operatore_linea
    ADD CONSTRAINT fk_operatore_linea_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.linea(progetto_id);
ALTER TABLE ONLY public.ora
    ADD CONSTRAINT fk_ora_pip_id FOREIGN KEY (pip_id) REFERENCES public.pip(pip_id);
ALTER TABLE ONLY public.ora
    ADD CONSTRAINT fk_ora_servizio FOREIGN KEY (pip_id, servizio_codice) REFERENCES public.pip_servizio(pip_id, servizio_codice);
ALTER TABLE ONLY public.ora
    ADD CONSTRAINT fk_ora_sessione FOREIGN KEY (ente, sessione) REFERENCES public.sessione(ente, codice);
ALTER TABLE ONLY public.patto
    ADD CONSTRAINT fk_patto_gruppo_id FOREIGN KEY (gruppo_id) REFERENCES public.patto_gruppo(gruppo_id);
ALTER TABLE ONLY public.patto_gruppo
    ADD CONSTRAINT fk_patto_gruppo_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.patto
    ADD CONSTRAINT fk_patto_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.pip_bozza
    ADD CONSTRAINT fk_pip_bozza_pip_id FOREIGN KEY (pip_id) REFERENCES public.pip(pip_id);
ALTER TABLE ONLY public.pip_firma
    ADD CONSTRAINT fk_pip_firma_pip_id FOREIGN KEY (pip_id) REFERENCES public.pip(pip_id);
ALTER TABLE ONLY public.pip
    ADD CONSTRAINT fk_pip_iscrizione_id FOREIGN KEY (iscrizione_id) REFERENCES public.iscrizione(iscrizione_id);
ALTER TABLE ONLY public.pip
    ADD CONSTRAINT fk_pip_misura_id FOREIGN KEY (misura_id) REFERENCES public.misura(misura_id);
ALTER TABLE ONLY public.pip_passaggio
    ADD CONSTRAINT fk_pip_passaggio_pip_id FOREIGN KEY (pip_id) REFERENCES public.pip(pip_id);
ALTER TABLE ONLY public.pip
    ADD CONSTRAINT fk_pip_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.pip_servizio
    ADD CONSTRAINT fk_pip_servizio_pip_id FOREIGN KEY (pip_id) REFERENCES public.pip(pip_id);
ALTER TABLE ONLY public.pip_sospensione
    ADD CONSTRAINT fk_pip_sospensione_pip_id FOREIGN KEY (pip_id) REFERENCES public.pip(pip_id);
ALTER TABLE ONLY public.pip_versione
    ADD CONSTRAINT fk_pip_versione_pip_id FOREIGN KEY (pip_id) REFERENCES public.pip(pip_id);
ALTER TABLE ONLY public.posizione
    ADD CONSTRAINT fk_posizione_azienda_id FOREIGN KEY (azienda_id) REFERENCES public.azienda(azienda_id);
ALTER TABLE ONLY public.profilo
    ADD CONSTRAINT fk_profilo_iscrizione_id FOREIGN KEY (iscrizione_id) REFERENCES public.iscrizione(iscrizione_id);
ALTER TABLE ONLY public.rimborso_riga
    ADD CONSTRAINT fk_rimborso_riga_domanda_id FOREIGN KEY (domanda_id) REFERENCES public.domanda_rimborso(domanda_id);
ALTER TABLE ONLY public.rimborso_riga
    ADD CONSTRAINT fk_rimborso_riga_ore_id FOREIGN KEY (ore_id) REFERENCES public.ora(ore_id);
ALTER TABLE ONLY public.rimborso_riga
    ADD CONSTRAINT fk_rimborso_riga_pip_id FOREIGN KEY (pip_id) REFERENCES public.pip(pip_id);
ALTER TABLE ONLY public.risposta
    ADD CONSTRAINT fk_risposta_iscrizione_id FOREIGN KEY (iscrizione_id) REFERENCES public.iscrizione(iscrizione_id);
ALTER TABLE ONLY public.sessione
    ADD CONSTRAINT fk_sessione_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.tetto_persona
    ADD CONSTRAINT fk_tetto_persona_misura_id FOREIGN KEY (misura_id) REFERENCES public.misura(misura_id);
ALTER TABLE ONLY public.tirocinio
    ADD CONSTRAINT fk_tirocinio_pip_id FOREIGN KEY (pip_id) REFERENCES public.pip(pip_id);
ALTER TABLE ONLY public.tirocinio
    ADD CONSTRAINT fk_tirocinio_posizione_id FOREIGN KEY (posizione_id) REFERENCES public.posizione(posizione_id);
ALTER TABLE ONLY public.tirocinio
    ADD CONSTRAINT fk_tirocinio_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.valutazione
    ADD CONSTRAINT fk_valutazione_iscrizione_id FOREIGN KEY (iscrizione_id) REFERENCES public.iscrizione(iscrizione_id);
ALTER TABLE ONLY public.verifica_in_itinere
    ADD CONSTRAINT fk_verifica_in_itinere_iscrizione_id FOREIGN KEY (iscrizione_id) REFERENCES public.iscrizione(iscrizione_id);
ALTER TABLE ONLY public.voce_indennita
    ADD CONSTRAINT fk_voce_indennita_ore_id FOREIGN KEY (ore_id) REFERENCES public.ora(ore_id);
ALTER TABLE ONLY public.voce_indennita
    ADD CONSTRAINT fk_voce_indennita_pip_id FOREIGN KEY (pip_id) REFERENCES public.pip(pip_id);
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO inclusione_app;
GRANT SELECT ON TABLE public.alembic_version TO inclusione_app;
GRANT SELECT,INSERT ON TABLE public.ammissione TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.attestato TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.azienda TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.contratto TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.contributo TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.disponibilita TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.domanda_rimborso TO inclusione_app;
GRANT SELECT,INSERT ON TABLE public.dote_movimento TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.evento_parcheggiato TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.flusso TO inclusione_app;
GRANT SELECT,INSERT ON TABLE public.flusso_pagamento TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.flusso_pagamento_riga TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.iban_persona TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.impresa TO inclusione_app;
GRANT SELECT,INSERT ON TABLE public.impresa_traguardo TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.inbox TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.iscrizione TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.linea TO inclusione_app;
GRANT SELECT,INSERT ON TABLE public.liquidazione TO inclusione_app;
GRANT SELECT,INSERT ON TABLE public.liquidazione_voce TO inclusione_app;
GRANT SELECT,INSERT ON TABLE public.lotto_liquidazione TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.misura TO inclusione_app;
GRANT SELECT,INSERT ON TABLE public.misura_versione TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.nucleo TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.nucleo_membro TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.obiettivo TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.operatore_linea TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ora TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.orologio TO inclusione_app;
GRANT USAGE ON SEQUENCE public.orologio_riga_seq TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.outbox TO inclusione_app;
GRANT USAGE ON SEQUENCE public.outbox_n_seq TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.patto TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.patto_gruppo TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.persona_cancellata TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.persona_unita TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.pip TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.pip_bozza TO inclusione_app;
GRANT SELECT,INSERT ON TABLE public.pip_firma TO inclusione_app;
GRANT SELECT,INSERT ON TABLE public.pip_passaggio TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.pip_servizio TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.pip_sospensione TO inclusione_app;
GRANT SELECT,INSERT ON TABLE public.pip_versione TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.posizione TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.presa_in_carico TO inclusione_app;
GRANT SELECT,INSERT ON TABLE public.profilo TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.progetto TO inclusione_app;
GRANT SELECT,INSERT ON TABLE public.registro_accessi TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rimborso_riga TO inclusione_app;
GRANT SELECT,INSERT ON TABLE public.risposta TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.risposta_idempotente TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.segreto TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sessione TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sql_installato TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tetto_persona TO inclusione_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tirocinio TO inclusione_app;
GRANT SELECT,INSERT ON TABLE public.valutazione TO inclusione_app;
GRANT SELECT,INSERT ON TABLE public.verifica_in_itinere TO inclusione_app;
GRANT SELECT,INSERT ON TABLE public.voce_indennita TO inclusione_app;
