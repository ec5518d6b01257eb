CREATE FUNCTION public.prenotazione_linea_riserva() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE linea l SET prenotato_cent = l.prenotato_cent + d.cent
          FROM (SELECT bando_id, linea, sum(riservato_cent) AS cent FROM nuove GROUP BY bando_id, linea) d
         WHERE l.bando_id = d.bando_id AND l.codice = d.linea AND d.cent <> 0;
    ELSIF TG_OP = 'UPDATE' THEN
        UPDATE linea l SET prenotato_cent = l.prenotato_cent + d.cent
          FROM (SELECT bando_id, linea, sum(cent) AS cent
                  FROM (SELECT bando_id, linea, riservato_cent AS cent FROM nuove
                        UNION ALL SELECT bando_id, linea, -riservato_cent FROM vecchie) mosse
                 GROUP BY bando_id, linea) d
         WHERE l.bando_id = d.bando_id AND l.codice = d.linea AND d.cent <> 0;
    ELSE
        UPDATE linea l SET prenotato_cent = l.prenotato_cent - d.cent
          FROM (SELECT bando_id, linea, sum(riservato_cent) AS cent FROM vecchie GROUP BY bando_id, linea) d
         WHERE l.bando_id = d.bando_id AND l.codice = d.linea AND d.cent <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.progetto_linea_assegna() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE linea l SET assegnato_cent = l.assegnato_cent + d.cent
          FROM (SELECT bando_id, linea, sum(ammesso_cent) AS cent FROM nuove GROUP BY bando_id, linea) d
         WHERE l.bando_id = d.bando_id AND l.codice = d.linea AND d.cent <> 0;
    ELSIF TG_OP = 'UPDATE' THEN
        UPDATE linea l SET assegnato_cent = l.assegnato_cent + d.cent
          FROM (SELECT bando_id, linea, sum(cent) AS cent
                  FROM (SELECT bando_id, linea, ammesso_cent AS cent FROM nuove
                        UNION ALL SELECT bando_id, linea, -ammesso_cent FROM vecchie) mosse
                 GROUP BY bando_id, linea) d
         WHERE l.bando_id = d.bando_id AND l.codice = d.linea AND d.cent <> 0;
    ELSE
        UPDATE linea l SET assegnato_cent = l.assegnato_cent - d.cent
          FROM (SELECT bando_id, linea, sum(ammesso_cent) AS cent FROM vecchie GROUP BY bando_id, linea) d
         WHERE l.bando_id = d.bando_id AND l.codice = d.linea AND d.cent <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.quota_partner_quadra() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    riga record;
    storta boolean;
BEGIN
    IF TG_OP = 'DELETE' THEN riga := OLD; ELSE riga := NEW; END IF;
    SELECT (l.programmato_cent, l.ammesso_cent, l.impegnato_cent, l.erogato_cent)
        IS DISTINCT FROM (q.programmato_cent, q.ammesso_cent, q.impegnato_cent, q.erogato_cent)
      INTO storta
      FROM progetto_linea l
      JOIN (SELECT progetto_id, linea, sum(programmato_cent) AS programmato_cent, sum(ammesso_cent) AS ammesso_cent,
                   sum(impegnato_cent) AS impegnato_cent, sum(erogato_cent) AS erogato_cent
              FROM quota_partner
             WHERE progetto_id = riga.progetto_id AND linea = riga.linea
             GROUP BY progetto_id, linea) q USING (progetto_id, linea);
    IF storta THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', TABLE = 'quota_partner',
            CONSTRAINT = 'ck_quota_partner_somma_della_linea', MESSAGE = 'le quote non fanno il totale della linea';
    END IF;
    RETURN NULL;
END $$;
CREATE TABLE public.adesione (
    domanda_id uuid NOT NULL,
    ente character varying NOT NULL,
    esito character varying NOT NULL,
    motivo character varying,
    condizioni character varying NOT NULL,
    decisa_da character varying NOT NULL,
    decisa_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_adesione_esito_ammesso CHECK (((esito)::text = ANY ((ARRAY['accettata'::character varying, 'rifiutata'::character varying])::text[]))),
    CONSTRAINT ck_adesione_motivo_se_rifiutata CHECK ((((esito)::text = 'rifiutata'::text) = (motivo IS NOT NULL)))
);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.bando (
    bando_id uuid NOT NULL,
    codice character varying NOT NULL,
    versione integer NOT NULL,
    stato character varying NOT NULL,
    titolo character varying NOT NULL,
    descrizione character varying,
    ente_promotore character varying NOT NULL,
    territorio character varying NOT NULL,
    modalita character varying NOT NULL,
    apre_il timestamp with time zone,
    chiude_il timestamp with time zone,
    bozza jsonb NOT NULL,
    regole_versione integer NOT NULL,
    ultimo_protocollo integer NOT NULL,
    ultimo_protocollo_il timestamp with time zone,
    ultima_graduatoria integer NOT NULL,
    creato_da character varying NOT NULL,
    creato_il timestamp with time zone NOT NULL,
    aggiornato_il timestamp with time zone NOT NULL,
    pubblicato_il timestamp with time zone,
    promotore character varying,
    organismo_intermedio character varying,
    CONSTRAINT ck_bando_apre_prima_di_chiudere CHECK ((apre_il < chiude_il)),
    CONSTRAINT ck_bando_bozza_senza_versioni CHECK ((((stato)::text = 'bozza'::text) = (regole_versione = 0))),
    CONSTRAINT ck_bando_modalita_ammesso CHECK (((modalita)::text = ANY ((ARRAY['graduatoria'::character varying, 'sportello'::character varying, 'finestre'::character varying, 'manifestazione_di_interesse'::character varying, 'coprogettazione'::character varying, 'affidamento'::character varying])::text[]))),
    CONSTRAINT ck_bando_numeri_non_negativi CHECK (((ultimo_protocollo >= 0) AND (ultima_graduatoria >= 0))),
    CONSTRAINT ck_bando_pubblicazione_datata CHECK ((((stato)::text = 'bozza'::text) = (pubblicato_il IS NULL))),
    CONSTRAINT ck_bando_stato_ammesso CHECK (((stato)::text = ANY ((ARRAY['bozza'::character varying, 'pubblicato'::character varying])::text[]))),
    CONSTRAINT ck_bando_versione_positiva CHECK ((versione >= 1))
);
CREATE TABLE public.bando_versione (
    bando_id uuid NOT NULL,
    numero integer NOT NULL,
    motivo character varying NOT NULL,
    atto character varying NOT NULL,
    regole jsonb NOT NULL,
    creata_da character varying NOT NULL,
    creata_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_bando_versione_motivo_ammesso CHECK (((motivo)::text = ANY ((ARRAY['pubblicazione'::character varying, 'integrazione'::character varying, 'proroga'::character varying, 'fase'::character varying])::text[]))),
    CONSTRAINT ck_bando_versione_numero_positivo CHECK ((numero >= 1))
);
CREATE TABLE public.commissario (
    bando_id uuid NOT NULL,
    soggetto character varying NOT NULL,
    atto character varying NOT NULL,
    nominato_il timestamp with time zone NOT NULL
);
CREATE TABLE public.deposito (
    deposito_id uuid NOT NULL,
    chiave character varying NOT NULL,
    creato_il timestamp with time zone NOT NULL
);
CREATE TABLE public.dichiarazione_interesse (
    domanda_id uuid NOT NULL,
    commissario character varying NOT NULL,
    esito character varying NOT NULL,
    motivo character varying,
    dichiarata_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_dichiarazione_interesse_esito_ammesso CHECK (((esito)::text = ANY ((ARRAY['nessun_conflitto'::character varying, 'conflitto'::character varying])::text[]))),
    CONSTRAINT ck_dichiarazione_interesse_motivo_del_conflitto CHECK ((((esito)::text = 'conflitto'::text) = (motivo IS NOT NULL)))
);
CREATE TABLE public.dichiarazione_spesa (
    progetto_id uuid NOT NULL,
    numero integer NOT NULL,
    nota character varying,
    dichiarato_cent bigint NOT NULL,
    dichiarata_da character varying NOT NULL,
    dichiarata_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_dichiarazione_spesa_numero_positivo CHECK ((numero >= 1))
);
CREATE TABLE public.documento (
    documento_id uuid NOT NULL,
    domanda_id uuid NOT NULL,
    richiesto character varying,
    nome character varying NOT NULL,
    creato_il timestamp with time zone NOT NULL,
    deposito_id uuid,
    formato character varying,
    media_type character varying,
    dimensione integer,
    impronta character varying,
    caricato_da character varying,
    caricato_il timestamp with time zone,
    CONSTRAINT ck_documento_dimensione_positiva CHECK ((dimensione > 0)),
    CONSTRAINT ck_documento_file_intero CHECK ((num_nulls(deposito_id, formato, media_type, dimensione, impronta, caricato_da, caricato_il) = ANY (ARRAY[0, 7]))),
    CONSTRAINT ck_documento_formato_ammesso CHECK (((formato)::text = ANY ((ARRAY['pdf_a'::character varying, 'pdf'::character varying, 'odf'::character varying])::text[])))
);
CREATE TABLE public.documento_presentato (
    documento_id uuid NOT NULL,
    domanda_id uuid NOT NULL,
    soccorso integer,
    richiesto character varying,
    nome character varying NOT NULL,
    deposito_id uuid NOT NULL,
    formato character varying NOT NULL,
    media_type character varying NOT NULL,
    dimensione integer NOT NULL,
    impronta character varying NOT NULL,
    caricato_da character varying NOT NULL,
    caricato_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_documento_presentato_dimensione_positiva CHECK ((dimensione > 0)),
    CONSTRAINT ck_documento_presentato_formato_ammesso CHECK (((formato)::text = ANY ((ARRAY['pdf_a'::character varying, 'pdf'::character varying, 'odf'::character varying])::text[])))
);
CREATE TABLE public.domanda (
    domanda_id uuid NOT NULL,
    bando_id uuid NOT NULL,
    versione integer NOT NULL,
    stato character varying NOT NULL,
    capofila character varying NOT NULL,
    bozza jsonb NOT NULL,
    autore character varying NOT NULL,
    creata_il timestamp with time zone NOT NULL,
    aggiornata_il timestamp with time zone NOT NULL,
    protocollo integer,
    presentata_il timestamp with time zone,
    protocollata_il timestamp with time zone,
    sostituisce uuid,
    motivo_uscita character varying,
    CONSTRAINT ck_domanda_arriva_prima_del_protocollo CHECK ((presentata_il <= protocollata_il)),
    CONSTRAINT ck_domanda_arrivo_se_presentata CHECK (((protocollo IS NULL) = (presentata_il IS NULL))),
    CONSTRAINT ck_domanda_istante_se_presentata CHECK (((protocollo IS NULL) = (protocollata_il IS NULL))),
    CONSTRAINT ck_domanda_protocollo_positivo CHECK ((protocollo >= 1)),
    CONSTRAINT ck_domanda_protocollo_se_presentata CHECK ((((stato)::text = 'bozza'::text) = (protocollo IS NULL))),
    CONSTRAINT ck_domanda_stato_ammesso CHECK (((stato)::text = ANY ((ARRAY['bozza'::character varying, 'presentata'::character varying, 'in_integrazione'::character varying, 'ammissibile'::character varying, 'non_ammissibile'::character varying, 'valutata'::character varying, 'finanziata'::character varying, 'idonea_non_finanziata'::character varying, 'non_idonea'::character varying, 'ritirata'::character varying, 'sostituita'::character varying, 'rinunciata'::character varying, 'revocata'::character varying])::text[]))),
    CONSTRAINT ck_domanda_versione_positiva CHECK ((versione >= 1))
);
CREATE TABLE public.domanda_presentata (
    domanda_id uuid NOT NULL,
    regole_versione integer NOT NULL,
    titolo character varying NOT NULL,
    comune character varying,
    quartiere character varying,
    durata_mesi integer NOT NULL,
    membri integer NOT NULL,
    costo_cent bigint NOT NULL,
    contributo_cent bigint NOT NULL,
    contenuto jsonb NOT NULL,
    impronta character varying NOT NULL,
    canonico character varying NOT NULL,
    CONSTRAINT ck_domanda_presentata_contributo_entro_il_costo CHECK (((contributo_cent >= 0) AND (contributo_cent <= costo_cent))),
    CONSTRAINT ck_domanda_presentata_durata_positiva CHECK ((durata_mesi >= 1)),
    CONSTRAINT ck_domanda_presentata_impronta_del_canonico CHECK (((impronta)::text = encode(sha256(convert_to((canonico)::text, 'UTF8'::name)), 'hex'::text)))
);
CREATE TABLE public.esame_spesa (
    progetto_id uuid NOT NULL,
    numero integer NOT NULL,
    atto character varying NOT NULL,
    ammesso_cent bigint NOT NULL,
    esaminata_da character varying NOT NULL,
    esaminata_il timestamp with time zone NOT NULL
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
CREATE TABLE public.graduatoria (
    graduatoria_id uuid NOT NULL,
    bando_id uuid NOT NULL,
    numero integer NOT NULL,
    finestra character varying,
    regole_versione integer NOT NULL,
    atto character varying NOT NULL,
    approvata_da character varying NOT NULL,
    approvata_il timestamp with time zone NOT NULL,
    righe integer NOT NULL,
    finanziate integer NOT NULL,
    finanziato_cent bigint NOT NULL,
    ingresso jsonb NOT NULL,
    impronta character varying NOT NULL,
    cause jsonb,
    CONSTRAINT ck_graduatoria_finanziate_fra_le_righe CHECK (((finanziate >= 0) AND (finanziate <= righe))),
    CONSTRAINT ck_graduatoria_finanziato_non_negativo CHECK ((finanziato_cent >= 0)),
    CONSTRAINT ck_graduatoria_numero_positivo CHECK ((numero >= 1))
);
ALTER TABLE ONLY public.graduatoria ALTER COLUMN ingresso SET STORAGE EXTERNAL;
CREATE TABLE public.inbox (
    event_id uuid NOT NULL,
    subject text NOT NULL,
    creato_il timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE public.istruttoria (
    domanda_id uuid NOT NULL,
    esito character varying NOT NULL,
    motivi jsonb NOT NULL,
    premialita jsonb NOT NULL,
    decisa_da character varying NOT NULL,
    decisa_il timestamp with time zone NOT NULL,
    rilievi jsonb NOT NULL,
    scostamento character varying,
    CONSTRAINT ck_istruttoria_esito_ammesso CHECK (((esito)::text = ANY ((ARRAY['ammissibile'::character varying, 'non_ammissibile'::character varying])::text[]))),
    CONSTRAINT ck_istruttoria_motivi_se_non_ammessa CHECK ((((esito)::text = 'ammissibile'::text) = (jsonb_array_length(motivi) = 0))),
    CONSTRAINT ck_istruttoria_scostamento_motivato CHECK ((((esito)::text <> 'ammissibile'::text) OR (jsonb_array_length(rilievi) = 0) OR (scostamento IS NOT NULL)))
);
CREATE TABLE public.linea (
    bando_id uuid NOT NULL,
    codice character varying NOT NULL,
    ordine integer NOT NULL,
    azione character varying NOT NULL,
    fondo character varying NOT NULL,
    dotazione_cent bigint,
    assegnato_cent bigint NOT NULL,
    prenotato_cent bigint NOT NULL,
    CONSTRAINT ck_linea_dotazione_non_negativa CHECK ((dotazione_cent >= 0)),
    CONSTRAINT ck_linea_impieghi_entro_la_dotazione CHECK (((assegnato_cent + prenotato_cent) <= dotazione_cent)),
    CONSTRAINT ck_linea_impieghi_non_negativi CHECK (((assegnato_cent >= 0) AND (prenotato_cent >= 0)))
);
CREATE TABLE public.membro (
    domanda_id uuid NOT NULL,
    ente character varying NOT NULL,
    ordine integer NOT NULL,
    denominazione character varying NOT NULL,
    categoria character varying NOT NULL,
    ruolo character varying NOT NULL,
    CONSTRAINT ck_membro_categoria_ammesso CHECK (((categoria)::text = ANY ((ARRAY['COMUNE'::character varying, 'ALER'::character varying, 'OPERATORE_ACCREDITATO'::character varying, 'TERZO_SETTORE'::character varying, 'IMPRESA_SOCIALE'::character varying, 'ENTE_RELIGIOSO'::character varying, 'PROPRIETARIO_ERP'::character varying, 'NON_PROFIT'::character varying, 'MICRO_IMPRESA'::character varying, 'PICCOLA_IMPRESA'::character varying, 'MEDIA_IMPRESA'::character varying, 'PERSONA_FISICA'::character varying])::text[]))),
    CONSTRAINT ck_membro_ruolo_ammesso CHECK (((ruolo)::text = ANY ((ARRAY['capofila'::character varying, 'partner'::character varying, 'sostenitore'::character varying])::text[])))
);
CREATE TABLE public.movimento_progetto (
    movimento_id uuid NOT NULL,
    progetto_id uuid NOT NULL,
    numero integer NOT NULL,
    tipo character varying NOT NULL,
    atto character varying NOT NULL,
    importi jsonb NOT NULL,
    inizio date,
    fine date,
    registrato_da character varying NOT NULL,
    registrato_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_movimento_progetto_tipo_ammesso CHECK (((tipo)::text = ANY ((ARRAY['finanziamento'::character varying, 'impegno'::character varying, 'avvio'::character varying, 'pagamento'::character varying, 'proroga'::character varying, 'rinuncia'::character varying, 'conclusione'::character varying, 'revoca'::character varying, 'recupero'::character varying, 'cup'::character varying, 'piano'::character varying, 'rendiconto'::character varying])::text[])))
);
CREATE TABLE public.obbligo (
    obbligo_id uuid NOT NULL,
    progetto_id uuid NOT NULL,
    tipo character varying NOT NULL,
    descrizione character varying NOT NULL,
    entro date NOT NULL,
    adempiuto_il date,
    prova character varying,
    registrato_da character varying NOT NULL,
    registrato_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_obbligo_adempiuto_con_prova CHECK (((adempiuto_il IS NULL) = (prova IS NULL))),
    CONSTRAINT ck_obbligo_tipo_ammesso CHECK (((tipo)::text = ANY ((ARRAY['disseminazione'::character varying, 'continuita'::character varying])::text[])))
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
CREATE TABLE public.piano (
    progetto_id uuid NOT NULL,
    numero integer NOT NULL,
    richiesta integer NOT NULL,
    atto character varying NOT NULL,
    contenuto jsonb NOT NULL,
    costo_cent bigint NOT NULL,
    contributo_cent bigint NOT NULL,
    approvato_da character varying NOT NULL,
    approvato_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_piano_contributo_entro_il_costo CHECK (((contributo_cent >= 0) AND (contributo_cent <= costo_cent))),
    CONSTRAINT ck_piano_numero_positivo CHECK ((numero >= 1))
);
CREATE TABLE public.piano_quota (
    progetto_id uuid NOT NULL,
    numero integer NOT NULL,
    linea character varying NOT NULL,
    ente character varying NOT NULL,
    ordine integer NOT NULL,
    costo_cent bigint NOT NULL,
    contributo_cent bigint NOT NULL,
    CONSTRAINT ck_piano_quota_contributo_entro_il_costo CHECK (((contributo_cent >= 0) AND (contributo_cent <= costo_cent)))
);
CREATE TABLE public.prenotazione (
    domanda_id uuid NOT NULL,
    bando_id uuid NOT NULL,
    protocollo integer NOT NULL,
    stato character varying NOT NULL,
    attesa integer,
    aggiornata_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_prenotazione_attesa_positiva CHECK ((attesa >= 1)),
    CONSTRAINT ck_prenotazione_numero_se_in_attesa CHECK ((((stato)::text <> 'in_attesa'::text) OR (attesa IS NOT NULL))),
    CONSTRAINT ck_prenotazione_stato_ammesso CHECK (((stato)::text = ANY ((ARRAY['riservata'::character varying, 'in_attesa'::character varying, 'confermata'::character varying, 'rilasciata'::character varying])::text[])))
);
CREATE TABLE public.prenotazione_linea (
    domanda_id uuid NOT NULL,
    linea character varying NOT NULL,
    bando_id uuid NOT NULL,
    chiesto_cent bigint NOT NULL,
    riservato_cent bigint NOT NULL,
    CONSTRAINT ck_prenotazione_linea_chiesto_non_negativo CHECK ((chiesto_cent >= 0)),
    CONSTRAINT ck_prenotazione_linea_tutto_o_nulla CHECK (((riservato_cent = 0) OR (riservato_cent = chiesto_cent)))
);
CREATE TABLE public.progetto (
    progetto_id uuid NOT NULL,
    bando_id uuid NOT NULL,
    domanda_id uuid NOT NULL,
    codice character varying NOT NULL,
    versione integer NOT NULL,
    stato character varying NOT NULL,
    titolo character varying NOT NULL,
    capofila character varying NOT NULL,
    membri jsonb NOT NULL,
    comune character varying,
    quartiere character varying,
    durata_mesi integer NOT NULL,
    inizio date,
    fine date,
    creato_il timestamp with time zone NOT NULL,
    aggiornato_il timestamp with time zone NOT NULL,
    cup character varying,
    piano integer DEFAULT 0 NOT NULL,
    CONSTRAINT ck_progetto_cup_ben_formato CHECK (((cup)::text ~ '^[A-Z][0-9]{2}[A-Z][0-9]{11}$'::text)),
    CONSTRAINT ck_progetto_fine_se_avviato CHECK (((inizio IS NULL) = (fine IS NULL))),
    CONSTRAINT ck_progetto_inizia_prima_di_finire CHECK ((inizio <= fine)),
    CONSTRAINT ck_progetto_piano_non_negativo CHECK ((piano >= 0)),
    CONSTRAINT ck_progetto_stato_ammesso CHECK (((stato)::text = ANY ((ARRAY['finanziato'::character varying, 'impegnato'::character varying, 'rendicontato'::character varying, 'concluso'::character varying, 'rinunciato'::character varying, 'revocato'::character varying])::text[]))),
    CONSTRAINT ck_progetto_versione_positiva CHECK ((versione >= 1))
);
CREATE TABLE public.progetto_linea (
    progetto_id uuid NOT NULL,
    linea character varying NOT NULL,
    bando_id uuid NOT NULL,
    azione character varying NOT NULL,
    fondo character varying NOT NULL,
    programmato_cent bigint NOT NULL,
    ammesso_cent bigint NOT NULL,
    impegnato_cent bigint NOT NULL,
    erogato_cent bigint NOT NULL,
    da_recuperare_cent bigint DEFAULT '0'::bigint NOT NULL,
    CONSTRAINT ck_progetto_linea_ammesso_entro_il_programmato CHECK ((programmato_cent >= ammesso_cent)),
    CONSTRAINT ck_progetto_linea_erogato_entro_l_impegnato CHECK ((impegnato_cent >= erogato_cent)),
    CONSTRAINT ck_progetto_linea_erogato_non_negativo CHECK ((erogato_cent >= 0)),
    CONSTRAINT ck_progetto_linea_impegnato_entro_l_ammesso CHECK ((ammesso_cent >= impegnato_cent)),
    CONSTRAINT ck_progetto_linea_recupero_entro_l_erogato CHECK (((da_recuperare_cent >= 0) AND (da_recuperare_cent <= erogato_cent)))
);
CREATE TABLE public.prospetto_alloggi (
    progetto_id uuid NOT NULL,
    numero integer NOT NULL,
    canone character varying NOT NULL,
    prima integer NOT NULL,
    dopo integer NOT NULL,
    registrato_da character varying NOT NULL,
    registrato_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_prospetto_alloggi_alloggi_non_negativi CHECK (((prima >= 0) AND (dopo >= 0))),
    CONSTRAINT ck_prospetto_alloggi_canone_ammesso CHECK (((canone)::text = ANY ((ARRAY['sociale'::character varying, 'moderato'::character varying, 'concordato'::character varying, 'libero'::character varying])::text[]))),
    CONSTRAINT ck_prospetto_alloggi_canone_sociale_non_ridotto CHECK ((((canone)::text <> 'sociale'::text) OR (dopo >= prima)))
);
CREATE TABLE public.punteggio (
    scheda_id uuid NOT NULL,
    criterio character varying NOT NULL,
    punti_cent integer NOT NULL,
    motivazione character varying,
    CONSTRAINT ck_punteggio_punti_non_negativi CHECK ((punti_cent >= 0))
);
CREATE TABLE public.quota_membro (
    domanda_id uuid NOT NULL,
    linea character varying NOT NULL,
    ente character varying NOT NULL,
    costo_cent bigint NOT NULL,
    contributo_cent bigint NOT NULL,
    CONSTRAINT ck_quota_membro_contributo_entro_il_costo CHECK (((contributo_cent >= 0) AND (contributo_cent <= costo_cent)))
);
CREATE TABLE public.quota_partner (
    progetto_id uuid NOT NULL,
    linea character varying NOT NULL,
    ente character varying NOT NULL,
    ordine integer NOT NULL,
    programmato_cent bigint NOT NULL,
    ammesso_cent bigint NOT NULL,
    impegnato_cent bigint NOT NULL,
    erogato_cent bigint NOT NULL,
    CONSTRAINT ck_quota_partner_ammesso_entro_il_programmato CHECK ((programmato_cent >= ammesso_cent)),
    CONSTRAINT ck_quota_partner_erogato_entro_l_impegnato CHECK ((impegnato_cent >= erogato_cent)),
    CONSTRAINT ck_quota_partner_erogato_non_negativo CHECK ((erogato_cent >= 0)),
    CONSTRAINT ck_quota_partner_impegnato_entro_l_ammesso CHECK ((ammesso_cent >= impegnato_cent))
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
CREATE TABLE public.rendiconto (
    progetto_id uuid NOT NULL,
    numero integer NOT NULL,
    stato character varying NOT NULL,
    relazione character varying NOT NULL,
    presentato_da character varying NOT NULL,
    presentato_il timestamp with time zone NOT NULL,
    atto character varying,
    motivo character varying,
    deciso_da character varying,
    deciso_il timestamp with time zone,
    CONSTRAINT ck_rendiconto_deciso_con_atto CHECK ((((stato)::text = 'presentato'::text) OR (atto IS NOT NULL))),
    CONSTRAINT ck_rendiconto_deciso_se_chiuso CHECK ((((stato)::text = 'presentato'::text) = (deciso_il IS NULL))),
    CONSTRAINT ck_rendiconto_stato_ammesso CHECK (((stato)::text = ANY ((ARRAY['presentato'::character varying, 'rinviato'::character varying, 'approvato'::character varying])::text[])))
);
CREATE TABLE public.rendiconto_linea (
    progetto_id uuid NOT NULL,
    numero integer NOT NULL,
    linea character varying NOT NULL,
    costo_cent bigint NOT NULL,
    in_natura_cent bigint NOT NULL,
    spettante_cent bigint NOT NULL,
    limite character varying NOT NULL,
    economia_cent bigint NOT NULL,
    da_recuperare_cent bigint NOT NULL,
    CONSTRAINT ck_rendiconto_linea_esiti_non_negativi CHECK (((economia_cent >= 0) AND (da_recuperare_cent >= 0))),
    CONSTRAINT ck_rendiconto_linea_limite_ammesso CHECK (((limite)::text = ANY ((ARRAY['spesa'::character varying, 'quota_del_bando'::character varying, 'cofinanziamento'::character varying, 'denaro'::character varying, 'impegnato'::character varying])::text[]))),
    CONSTRAINT ck_rendiconto_linea_natura_entro_il_costo CHECK (((in_natura_cent >= 0) AND (in_natura_cent <= costo_cent))),
    CONSTRAINT ck_rendiconto_linea_spettante_entro_il_costo CHECK (((spettante_cent >= 0) AND (spettante_cent <= costo_cent)))
);
CREATE TABLE public.riga_graduatoria (
    graduatoria_id uuid NOT NULL,
    ordine integer NOT NULL,
    protocollo integer NOT NULL,
    domanda_id uuid NOT NULL,
    posizione integer,
    totale_cent integer,
    esito character varying NOT NULL,
    motivo character varying NOT NULL,
    cambiamento character varying NOT NULL,
    ammesso_cent bigint NOT NULL,
    contenuto jsonb NOT NULL,
    CONSTRAINT ck_riga_graduatoria_ammesso_non_negativo CHECK ((ammesso_cent >= 0)),
    CONSTRAINT ck_riga_graduatoria_cambiamento_ammesso CHECK (((cambiamento)::text = ANY ((ARRAY['prima_versione'::character varying, 'invariata'::character varying, 'finanziata_per_scorrimento'::character varying, 'importo_aumentato'::character varying, 'importo_ridotto'::character varying, 'uscita'::character varying, 'posizione'::character varying])::text[]))),
    CONSTRAINT ck_riga_graduatoria_esito_ammesso CHECK (((esito)::text = ANY ((ARRAY['finanziata'::character varying, 'idonea_non_finanziata'::character varying, 'non_idonea'::character varying, 'non_ammissibile'::character varying, 'ritirata'::character varying, 'rinunciata'::character varying, 'revocata'::character varying])::text[]))),
    CONSTRAINT ck_riga_graduatoria_motivo_ammesso CHECK (((motivo)::text = ANY ((ARRAY['entro_la_dotazione'::character varying, 'gia_finanziata'::character varying, 'finanziata_in_parte'::character varying, 'fondi_insufficienti'::character varying, 'dopo_il_taglio'::character varying, 'sotto_soglia'::character varying, 'sotto_soglia_del_criterio'::character varying, 'non_ammessa'::character varying, 'uscita'::character varying])::text[])))
);
CREATE TABLE public.rimodulazione (
    progetto_id uuid NOT NULL,
    numero integer NOT NULL,
    stato character varying NOT NULL,
    base integer NOT NULL,
    motivo character varying NOT NULL,
    contenuto jsonb NOT NULL,
    chiesta_da character varying NOT NULL,
    chiesta_il timestamp with time zone NOT NULL,
    atto character varying,
    motivo_decisione character varying,
    decisa_da character varying,
    decisa_il timestamp with time zone,
    CONSTRAINT ck_rimodulazione_decisa_con_atto CHECK ((((stato)::text <> ALL ((ARRAY['approvata'::character varying, 'respinta'::character varying])::text[])) OR (atto IS NOT NULL))),
    CONSTRAINT ck_rimodulazione_decisa_se_chiusa CHECK ((((stato)::text = 'chiesta'::text) = (decisa_il IS NULL))),
    CONSTRAINT ck_rimodulazione_numeri_non_negativi CHECK (((numero >= 1) AND (base >= 0))),
    CONSTRAINT ck_rimodulazione_stato_ammesso CHECK (((stato)::text = ANY ((ARRAY['chiesta'::character varying, 'approvata'::character varying, 'respinta'::character varying, 'ritirata'::character varying])::text[])))
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
CREATE TABLE public.risultato_indicatore (
    progetto_id uuid NOT NULL,
    indicatore character varying NOT NULL,
    numero integer NOT NULL,
    raggiunto integer NOT NULL,
    rilevato_il date NOT NULL,
    nota character varying,
    registrato_da character varying NOT NULL,
    registrato_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_risultato_indicatore_raggiunto_non_negativo CHECK ((raggiunto >= 0))
);
CREATE TABLE public.scheda (
    scheda_id uuid NOT NULL,
    domanda_id uuid NOT NULL,
    commissario character varying NOT NULL,
    firmata_il timestamp with time zone NOT NULL,
    collegiale boolean NOT NULL
);
CREATE TABLE public.soccorso (
    domanda_id uuid NOT NULL,
    numero integer NOT NULL,
    stato character varying NOT NULL,
    richieste jsonb NOT NULL,
    giorni integer NOT NULL,
    scade_il timestamp with time zone NOT NULL,
    chiesto_da character varying NOT NULL,
    chiesto_il timestamp with time zone NOT NULL,
    risposto_da character varying,
    risposto_il timestamp with time zone,
    campi jsonb,
    chiarimenti jsonb,
    canonico character varying,
    impronta character varying,
    CONSTRAINT ck_soccorso_chiede_qualcosa CHECK ((jsonb_array_length(richieste) >= 1)),
    CONSTRAINT ck_soccorso_impronta_del_canonico CHECK (((impronta)::text = encode(sha256(convert_to((canonico)::text, 'UTF8'::name)), 'hex'::text))),
    CONSTRAINT ck_soccorso_numeri_positivi CHECK (((numero >= 1) AND (giorni >= 1))),
    CONSTRAINT ck_soccorso_risposta_intera CHECK ((num_nulls(risposto_da, risposto_il, campi, chiarimenti, canonico, impronta) =
CASE stato
    WHEN 'risposto'::text THEN 0
    ELSE 6
END)),
    CONSTRAINT ck_soccorso_risposta_nel_termine CHECK ((risposto_il < (scade_il + '00:00:01'::interval))),
    CONSTRAINT ck_soccorso_scade_dopo CHECK ((scade_il > chiesto_il)),
    CONSTRAINT ck_soccorso_stato_ammesso CHECK (((stato)::text = ANY ((ARRAY['aperto'::character varying, 'risposto'::character varying, 'scaduto'::character varying, 'superato'::character varying])::text[])))
);
CREATE TABLE public.sotto_progetto (
    domanda_id uuid NOT NULL,
    linea character varying NOT NULL,
    titolo character varying NOT NULL,
    costo_cent bigint NOT NULL,
    contributo_cent bigint NOT NULL,
    cofinanziamento_denaro_cent bigint NOT NULL,
    CONSTRAINT ck_sotto_progetto_contributo_entro_il_costo CHECK (((contributo_cent >= 0) AND (contributo_cent <= costo_cent))),
    CONSTRAINT ck_sotto_progetto_denaro_entro_il_cofinanziamento CHECK (((cofinanziamento_denaro_cent >= 0) AND (cofinanziamento_denaro_cent <= (costo_cent - contributo_cent))))
);
CREATE TABLE public.spazio (
    progetto_id uuid NOT NULL,
    codice character varying NOT NULL,
    denominazione character varying NOT NULL,
    indirizzo character varying,
    titolo character varying NOT NULL,
    concedente character varying,
    superficie_mq integer,
    dal date NOT NULL,
    al date,
    registrato_da character varying NOT NULL,
    registrato_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_spazio_concesso_da_qualcuno CHECK ((((titolo)::text = 'proprieta'::text) OR (concedente IS NOT NULL))),
    CONSTRAINT ck_spazio_dal_prima_dell_al CHECK ((dal <= al)),
    CONSTRAINT ck_spazio_superficie_non_negativa CHECK ((superficie_mq >= 0)),
    CONSTRAINT ck_spazio_titolo_ammesso CHECK (((titolo)::text = ANY ((ARRAY['proprieta'::character varying, 'comodato'::character varying, 'concessione'::character varying, 'locazione'::character varying])::text[])))
);
CREATE TABLE public.sql_installato (
    nome text NOT NULL,
    impronta text NOT NULL
);
CREATE TABLE public.stato_lavori (
    progetto_id uuid NOT NULL,
    numero integer NOT NULL,
    ambito character varying NOT NULL,
    blocco character varying NOT NULL,
    percento integer NOT NULL,
    alloggi integer,
    rilevato_il date NOT NULL,
    motivo character varying,
    registrato_da character varying NOT NULL,
    registrato_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_stato_lavori_alloggi_non_negativi CHECK ((alloggi >= 0)),
    CONSTRAINT ck_stato_lavori_ambito_ammesso CHECK (((ambito)::text = ANY ((ARRAY['erp'::character varying, 'infrastrutture'::character varying])::text[]))),
    CONSTRAINT ck_stato_lavori_percento_fra_0_e_100 CHECK (((percento >= 0) AND (percento <= 100)))
);
CREATE TABLE public.voce_esaminata (
    progetto_id uuid NOT NULL,
    dichiarazione integer NOT NULL,
    n integer NOT NULL,
    dichiarato_cent bigint NOT NULL,
    ammesso_cent bigint NOT NULL,
    motivo character varying,
    CONSTRAINT ck_voce_esaminata_ammesso_entro_il_dichiarato CHECK (((ammesso_cent >= 0) AND (ammesso_cent <= dichiarato_cent))),
    CONSTRAINT ck_voce_esaminata_motivo_del_taglio CHECK (((ammesso_cent = dichiarato_cent) = (motivo IS NULL)))
);
CREATE TABLE public.voce_spesa (
    progetto_id uuid NOT NULL,
    dichiarazione integer NOT NULL,
    n integer NOT NULL,
    linea character varying NOT NULL,
    ente character varying NOT NULL,
    documento character varying NOT NULL,
    descrizione character varying NOT NULL,
    pagata_il date NOT NULL,
    in_natura boolean NOT NULL,
    importo_cent bigint NOT NULL,
    CONSTRAINT ck_voce_spesa_importo_positivo CHECK ((importo_cent > 0))
);
ALTER TABLE ONLY public.orologio ALTER COLUMN riga SET DEFAULT nextval('public.orologio_riga_seq'::regclass);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.adesione
    ADD CONSTRAINT pk_adesione PRIMARY KEY (domanda_id, ente);
ALTER TABLE ONLY public.bando
    ADD CONSTRAINT pk_bando PRIMARY KEY (bando_id);
ALTER TABLE ONLY public.bando_versione
    ADD CONSTRAINT pk_bando_versione PRIMARY KEY (bando_id, numero);
ALTER TABLE ONLY public.commissario
    ADD CONSTRAINT pk_commissario PRIMARY KEY (bando_id, soggetto);
ALTER TABLE ONLY public.deposito
    ADD CONSTRAINT pk_deposito PRIMARY KEY (deposito_id);
ALTER TABLE ONLY public.dichiarazione_interesse
    ADD CONSTRAINT pk_dichiarazione_interesse PRIMARY KEY (domanda_id, commissario, esito);
ALTER TABLE ONLY public.dichiarazione_spesa
    ADD CONSTRAINT pk_dichiarazione_spesa PRIMARY KEY (progetto_id, numero);
ALTER TABLE ONLY public.documento
    ADD CONSTRAINT pk_documento PRIMARY KEY (documento_id);
ALTER TABLE ONLY public.documento_presentato
    ADD CONSTRAINT pk_documento_presentato PRIMARY KEY (documento_id);
ALTER TABLE ONLY public.domanda
    ADD CONSTRAINT pk_domanda PRIMARY KEY (domanda_id);
ALTER TABLE ONLY public.domanda_presentata
    ADD CONSTRAINT pk_domanda_presentata PRIMARY KEY (domanda_id);
ALTER TABLE ONLY public.esame_spesa
    ADD CONSTRAINT pk_esame_spesa PRIMARY KEY (progetto_id, numero);
ALTER TABLE ONLY public.evento_parcheggiato
    ADD CONSTRAINT pk_evento_parcheggiato PRIMARY KEY (event_id);
ALTER TABLE ONLY public.flusso
    ADD CONSTRAINT pk_flusso PRIMARY KEY (stream);
ALTER TABLE ONLY public.graduatoria
    ADD CONSTRAINT pk_graduatoria PRIMARY KEY (graduatoria_id);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT pk_inbox PRIMARY KEY (event_id);
ALTER TABLE ONLY public.istruttoria
    ADD CONSTRAINT pk_istruttoria PRIMARY KEY (domanda_id);
ALTER TABLE ONLY public.linea
    ADD CONSTRAINT pk_linea PRIMARY KEY (bando_id, codice);
ALTER TABLE ONLY public.membro
    ADD CONSTRAINT pk_membro PRIMARY KEY (domanda_id, ente);
ALTER TABLE ONLY public.movimento_progetto
    ADD CONSTRAINT pk_movimento_progetto PRIMARY KEY (movimento_id);
ALTER TABLE ONLY public.obbligo
    ADD CONSTRAINT pk_obbligo PRIMARY KEY (obbligo_id);
ALTER TABLE ONLY public.orologio
    ADD CONSTRAINT pk_orologio PRIMARY KEY (riga);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT pk_outbox PRIMARY KEY (n);
ALTER TABLE ONLY public.piano
    ADD CONSTRAINT pk_piano PRIMARY KEY (progetto_id, numero);
ALTER TABLE ONLY public.piano_quota
    ADD CONSTRAINT pk_piano_quota PRIMARY KEY (progetto_id, numero, linea, ente);
ALTER TABLE ONLY public.prenotazione
    ADD CONSTRAINT pk_prenotazione PRIMARY KEY (domanda_id);
ALTER TABLE ONLY public.prenotazione_linea
    ADD CONSTRAINT pk_prenotazione_linea PRIMARY KEY (domanda_id, linea);
ALTER TABLE ONLY public.progetto
    ADD CONSTRAINT pk_progetto PRIMARY KEY (progetto_id);
ALTER TABLE ONLY public.progetto_linea
    ADD CONSTRAINT pk_progetto_linea PRIMARY KEY (progetto_id, linea);
ALTER TABLE ONLY public.prospetto_alloggi
    ADD CONSTRAINT pk_prospetto_alloggi PRIMARY KEY (progetto_id, numero, canone);
ALTER TABLE ONLY public.punteggio
    ADD CONSTRAINT pk_punteggio PRIMARY KEY (scheda_id, criterio);
ALTER TABLE ONLY public.quota_membro
    ADD CONSTRAINT pk_quota_membro PRIMARY KEY (domanda_id, linea, ente);
ALTER TABLE ONLY public.quota_partner
    ADD CONSTRAINT pk_quota_partner PRIMARY KEY (progetto_id, linea, ente);
ALTER TABLE ONLY public.registro_accessi
    ADD CONSTRAINT pk_registro_accessi PRIMARY KEY (registrazione_id);
ALTER TABLE ONLY public.rendiconto
    ADD CONSTRAINT pk_rendiconto PRIMARY KEY (progetto_id, numero);
ALTER TABLE ONLY public.rendiconto_linea
    ADD CONSTRAINT pk_rendiconto_linea PRIMARY KEY (progetto_id, numero, linea);
ALTER TABLE ONLY public.riga_graduatoria
    ADD CONSTRAINT pk_riga_graduatoria PRIMARY KEY (graduatoria_id, ordine);
ALTER TABLE ONLY public.rimodulazione
    ADD CONSTRAINT pk_rimodulazione PRIMARY KEY (progetto_id, numero);
ALTER TABLE ONLY public.risposta_idempotente
    ADD CONSTRAINT pk_risposta_idempotente PRIMARY KEY (soggetto, rotta, chiave);
ALTER TABLE ONLY public.risultato_indicatore
    ADD CONSTRAINT pk_risultato_indicatore PRIMARY KEY (progetto_id, indicatore, numero);
ALTER TABLE ONLY public.scheda
    ADD CONSTRAINT pk_scheda PRIMARY KEY (scheda_id);
ALTER TABLE ONLY public.soccorso
    ADD CONSTRAINT pk_soccorso PRIMARY KEY (domanda_id, numero);
ALTER TABLE ONLY public.sotto_progetto
    ADD CONSTRAINT pk_sotto_progetto PRIMARY KEY (domanda_id, linea);
ALTER TABLE ONLY public.spazio
    ADD CONSTRAINT pk_spazio PRIMARY KEY (progetto_id, codice);
ALTER TABLE ONLY public.sql_installato
    ADD CONSTRAINT pk_sql_installato PRIMARY KEY (nome);
ALTER TABLE ONLY public.stato_lavori
    ADD CONSTRAINT pk_stato_lavori PRIMARY KEY (progetto_id, numero);
ALTER TABLE ONLY public.voce_esaminata
    ADD CONSTRAINT pk_voce_esaminata PRIMARY KEY (progetto_id, dichiarazione, n);
ALTER TABLE ONLY public.voce_spesa
    ADD CONSTRAINT pk_voce_spesa PRIMARY KEY (progetto_id, dichiarazione, n);
ALTER TABLE ONLY public.bando
    ADD CONSTRAINT uq_bando_codice UNIQUE (codice);
ALTER TABLE ONLY public.deposito
    ADD CONSTRAINT uq_deposito_chiave UNIQUE (chiave);
ALTER TABLE ONLY public.domanda
    ADD CONSTRAINT uq_domanda_bando_id_protocollo UNIQUE (bando_id, protocollo);
ALTER TABLE ONLY public.graduatoria
    ADD CONSTRAINT uq_graduatoria_bando_id_numero UNIQUE (bando_id, numero);
ALTER TABLE ONLY public.movimento_progetto
    ADD CONSTRAINT uq_movimento_progetto_progetto_id_numero UNIQUE (progetto_id, numero);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT uq_outbox_event_id UNIQUE (event_id);
ALTER TABLE ONLY public.piano
    ADD CONSTRAINT uq_piano_progetto_id_richiesta UNIQUE (progetto_id, richiesta);
ALTER TABLE ONLY public.prenotazione
    ADD CONSTRAINT uq_prenotazione_bando_id_attesa UNIQUE (bando_id, attesa);
ALTER TABLE ONLY public.prenotazione
    ADD CONSTRAINT uq_prenotazione_bando_id_protocollo UNIQUE (bando_id, protocollo);
ALTER TABLE ONLY public.progetto
    ADD CONSTRAINT uq_progetto_codice UNIQUE (codice);
ALTER TABLE ONLY public.progetto
    ADD CONSTRAINT uq_progetto_domanda_id UNIQUE (domanda_id);
ALTER TABLE ONLY public.riga_graduatoria
    ADD CONSTRAINT uq_riga_graduatoria_graduatoria_id_protocollo UNIQUE (graduatoria_id, protocollo);
ALTER TABLE ONLY public.scheda
    ADD CONSTRAINT uq_scheda_domanda_id_commissario UNIQUE (domanda_id, commissario);
ALTER TABLE ONLY public.voce_spesa
    ADD CONSTRAINT uq_voce_spesa_progetto_id_dichiarazione_n_importo_cent UNIQUE (progetto_id, dichiarazione, n, importo_cent);
CREATE INDEX ix_bando_elenco ON public.bando USING btree (stato, pubblicato_il, bando_id);
CREATE INDEX ix_deposito_creato_il ON public.deposito USING btree (creato_il);
CREATE INDEX ix_documento_deposito ON public.documento USING btree (deposito_id);
CREATE INDEX ix_documento_domanda ON public.documento USING btree (domanda_id);
CREATE INDEX ix_documento_presentato_deposito ON public.documento_presentato USING btree (deposito_id);
CREATE INDEX ix_documento_presentato_domanda ON public.documento_presentato USING btree (domanda_id);
CREATE INDEX ix_domanda_capofila ON public.domanda USING btree (capofila, domanda_id);
CREATE INDEX ix_domanda_membri ON public.domanda USING gin (((bozza -> 'membri'::text)) jsonb_path_ops);
CREATE INDEX ix_evento_parcheggiato_next_at ON public.evento_parcheggiato USING btree (next_at) WHERE (stato = 'parcheggiato'::text);
CREATE INDEX ix_membro_ente ON public.membro USING btree (ente);
CREATE INDEX ix_obbligo_progetto ON public.obbligo USING btree (progetto_id, entro);
CREATE INDEX ix_outbox_da_inviare ON public.outbox USING btree (n) WHERE (inviato_il IS NULL);
CREATE INDEX ix_progetto_bando ON public.progetto USING btree (bando_id, codice);
CREATE INDEX ix_progetto_capofila ON public.progetto USING btree (capofila);
CREATE INDEX ix_progetto_linea_bando ON public.progetto_linea USING btree (bando_id, linea);
CREATE INDEX ix_registro_accessi_oggetto ON public.registro_accessi USING btree (oggetto, oggetto_id);
CREATE INDEX ix_riga_graduatoria_domanda ON public.riga_graduatoria USING btree (domanda_id);
CREATE INDEX ix_riga_graduatoria_totale ON public.riga_graduatoria USING btree (graduatoria_id, totale_cent);
CREATE INDEX ix_risposta_idempotente_creato_il ON public.risposta_idempotente USING btree (creato_il);
CREATE INDEX ix_soccorso_scadenza ON public.soccorso USING btree (scade_il) WHERE ((stato)::text = 'aperto'::text);
CREATE INDEX ix_stato_lavori_blocco ON public.stato_lavori USING btree (progetto_id, ambito, blocco, numero);
CREATE UNIQUE INDEX uq_domanda_sostituisce ON public.domanda USING btree (sostituisce) WHERE ((stato)::text <> 'bozza'::text);
CREATE UNIQUE INDEX uq_progetto_cup ON public.progetto USING btree (cup) WHERE ((stato)::text <> ALL ((ARRAY['rinunciato'::character varying, 'revocato'::character varying])::text[]));
CREATE UNIQUE INDEX uq_rendiconto_aperto_o_approvato ON public.rendiconto USING btree (progetto_id) WHERE ((stato)::text <> 'rinviato'::text);
CREATE UNIQUE INDEX uq_rimodulazione_aperta ON public.rimodulazione USING btree (progetto_id) WHERE ((stato)::text = 'chiesta'::text);
CREATE UNIQUE INDEX uq_scheda_collegiale ON public.scheda USING btree (domanda_id) WHERE collegiale;
CREATE UNIQUE INDEX uq_soccorso_aperto ON public.soccorso USING btree (domanda_id) WHERE ((stato)::text = 'aperto'::text);
CREATE TRIGGER prenotazione_linea_cambia AFTER UPDATE ON public.prenotazione_linea REFERENCING OLD TABLE AS vecchie NEW TABLE AS nuove FOR EACH STATEMENT EXECUTE FUNCTION public.prenotazione_linea_riserva();
CREATE TRIGGER prenotazione_linea_entra AFTER INSERT ON public.prenotazione_linea REFERENCING NEW TABLE AS nuove FOR EACH STATEMENT EXECUTE FUNCTION public.prenotazione_linea_riserva();
CREATE TRIGGER prenotazione_linea_esce AFTER DELETE ON public.prenotazione_linea REFERENCING OLD TABLE AS vecchie FOR EACH STATEMENT EXECUTE FUNCTION public.prenotazione_linea_riserva();
CREATE TRIGGER progetto_linea_cambia AFTER UPDATE ON public.progetto_linea REFERENCING OLD TABLE AS vecchie NEW TABLE AS nuove FOR EACH STATEMENT EXECUTE FUNCTION public.progetto_linea_assegna();
CREATE TRIGGER progetto_linea_entra AFTER INSERT ON public.progetto_linea REFERENCING NEW TABLE AS nuove FOR EACH STATEMENT EXECUTE FUNCTION public.progetto_linea_assegna();
CREATE TRIGGER progetto_linea_esce AFTER DELETE ON public.progetto_linea REFERENCING OLD TABLE AS vecchie FOR EACH STATEMENT EXECUTE FUNCTION public.progetto_linea_assegna();
CREATE CONSTRAINT TRIGGER progetto_linea_quote AFTER UPDATE ON public.progetto_linea DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.quota_partner_quadra();
CREATE CONSTRAINT TRIGGER quota_partner_somma AFTER INSERT OR DELETE OR UPDATE ON public.quota_partner DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.quota_partner_quadra();
ALTER TABLE ONLY public.adesione
    ADD CONSTRAINT fk_adesione_domanda_id FOREIGN KEY (domanda_id) REFERENCES public.domanda(domanda_id);
ALTER TABLE ONLY public.bando_versione
    ADD CONSTRAINT fk_bando_versione_bando_id FOREIGN KEY (bando_id) REFERENCES public.bando(bando_id);
ALTER TABLE ONLY public.commissario
    ADD CONSTRAINT fk_commissario_bando_id FOREIGN KEY (bando_id) REFERENCES public.bando(bando_id);
ALTER TABLE ONLY public.dichiarazione_interesse
    ADD CONSTRAINT fk_dichiarazione_interesse_domanda_id FOREIGN KEY (domanda_id) REFERENCES public.domanda_presentata(domanda_id);
ALTER TABLE ONLY public.dichiarazione_spesa
    ADD CONSTRAINT fk_dichiarazione_spesa_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.documento
    ADD CONSTRAINT fk_documento_deposito_id FOREIGN KEY (deposito_id) REFERENCES public.deposito(deposito_id);
ALTER TABLE ONLY public.documento
    ADD CONSTRAINT fk_documento_domanda_id FOREIGN KEY (domanda_id) REFERENCES public.domanda(domanda_id);
ALTER TABLE ONLY public.documento_presentato
    ADD CONSTRAINT fk_documento_presentato_deposito_id FOREIGN KEY (deposito_id) REFERENCES public.deposito(deposito_id);
ALTER TABLE ONLY public.documento_presentato
    ADD CONSTRAINT fk_documento_presentato_domanda_id FOREIGN KEY (domanda_id) REFERENCES public.domanda_presentata(domanda_id);
ALTER TABLE ONLY public.domanda
    ADD CONSTRAINT fk_domanda_bando_id FOREIGN KEY (bando_id) REFERENCES public.bando(bando_id);
ALTER TABLE ONLY public.domanda_presentata
    ADD CONSTRAINT fk_domanda_presentata_domanda_id FOREIGN KEY (domanda_id) REFERENCES public.domanda(domanda_id);
ALTER TABLE ONLY public.domanda
    ADD CONSTRAINT fk_domanda_sostituisce FOREIGN KEY (sostituisce) REFERENCES public.domanda(domanda_id);
ALTER TABLE ONLY public.esame_spesa
    ADD CONSTRAINT fk_esame_spesa_dichiarazione FOREIGN KEY (progetto_id, numero) REFERENCES public.dichiarazione_spesa(progetto_id, numero);
ALTER TABLE ONLY public.graduatoria
    ADD CONSTRAINT fk_graduatoria_bando_id FOREIGN KEY (bando_id) REFERENCES public.bando(bando_id);
ALTER TABLE ONLY public.istruttoria
    ADD CONSTRAINT fk_istruttoria_domanda_id FOREIGN KEY (domanda_id) REFERENCES public.domanda_presentata(domanda_id);
ALTER TABLE ONLY public.linea
    ADD CONSTRAINT fk_linea_bando_id FOREIGN KEY (bando_id) REFERENCES public.bando(bando_id);
ALTER TABLE ONLY public.membro
    ADD CONSTRAINT fk_membro_domanda_id FOREIGN KEY (domanda_id) REFERENCES public.domanda_presentata(domanda_id);
ALTER TABLE ONLY public.movimento_progetto
    ADD CONSTRAINT fk_movimento_progetto_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.obbligo
    ADD CONSTRAINT fk_obbligo_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.piano
    ADD CONSTRAINT fk_piano_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.piano
    ADD CONSTRAINT fk_piano_rimodulazione FOREIGN KEY (progetto_id, richiesta) REFERENCES public.rimodulazione(progetto_id, numero);
ALTER TABLE ONLY public.prenotazione
    ADD CONSTRAINT fk_prenotazione_bando_id FOREIGN KEY (bando_id) REFERENCES public.bando(bando_id);
ALTER TABLE ONLY public.prenotazione
    ADD CONSTRAINT fk_prenotazione_domanda_id FOREIGN KEY (domanda_id) REFERENCES public.domanda_presentata(domanda_id);
ALTER TABLE ONLY public.prenotazione_linea
    ADD CONSTRAINT fk_prenotazione_linea_domanda_id FOREIGN KEY (domanda_id) REFERENCES public.prenotazione(domanda_id);
ALTER TABLE ONLY public.prenotazione_linea
    ADD CONSTRAINT fk_prenotazione_linea_linea FOREIGN KEY (bando_id, linea) REFERENCES public.linea(bando_id, codice);
ALTER TABLE ONLY public.progetto
    ADD CONSTRAINT fk_progetto_bando_id FOREIGN KEY (bando_id) REFERENCES public.bando(bando_id);
ALTER TABLE ONLY public.progetto
    ADD CONSTRAINT fk_progetto_domanda_id FOREIGN KEY (domanda_id) REFERENCES public.domanda_presentata(domanda_id);
ALTER TABLE ONLY public.progetto_linea
    ADD CONSTRAINT fk_progetto_linea_linea FOREIGN KEY (bando_id, linea) REFERENCES public.linea(bando_id, codice);
ALTER TABLE ONLY public.progetto_linea
    ADD CONSTRAINT fk_progetto_linea_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.prospetto_alloggi
    ADD CONSTRAINT fk_prospetto_alloggi_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.punteggio
    ADD CONSTRAINT fk_punteggio_scheda_id FOREIGN KEY (scheda_id) REFERENCES public.scheda(scheda_id);
ALTER TABLE ONLY public.piano_quota
    ADD CONSTRAINT fk_quota_linea FOREIGN KEY (progetto_id, linea) REFERENCES public.progetto_linea(progetto_id, linea);
ALTER TABLE ONLY public.quota_partner
    ADD CONSTRAINT fk_quota_partner_linea FOREIGN KEY (progetto_id, linea) REFERENCES public.progetto_linea(progetto_id, linea);
ALTER TABLE ONLY public.piano_quota
    ADD CONSTRAINT fk_quota_piano FOREIGN KEY (progetto_id, numero) REFERENCES public.piano(progetto_id, numero);
ALTER TABLE ONLY public.rendiconto_linea
    ADD CONSTRAINT fk_rendiconto_linea FOREIGN KEY (progetto_id, numero) REFERENCES public.rendiconto(progetto_id, numero);
ALTER TABLE ONLY public.rendiconto
    ADD CONSTRAINT fk_rendiconto_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.riga_graduatoria
    ADD CONSTRAINT fk_riga_graduatoria_domanda_id FOREIGN KEY (domanda_id) REFERENCES public.domanda(domanda_id);
ALTER TABLE ONLY public.riga_graduatoria
    ADD CONSTRAINT fk_riga_graduatoria_graduatoria_id FOREIGN KEY (graduatoria_id) REFERENCES public.graduatoria(graduatoria_id);
ALTER TABLE ONLY public.rimodulazione
    ADD CONSTRAINT fk_rimodulazione_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.risultato_indicatore
    ADD CONSTRAINT fk_risultato_indicatore_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.scheda
    ADD CONSTRAINT fk_scheda_domanda_id FOREIGN KEY (domanda_id) REFERENCES public.domanda_presentata(domanda_id);
ALTER TABLE ONLY public.soccorso
    ADD CONSTRAINT fk_soccorso_domanda_id FOREIGN KEY (domanda_id) REFERENCES public.domanda_presentata(domanda_id);
ALTER TABLE ONLY public.sotto_progetto
    ADD CONSTRAINT fk_sotto_progetto_domanda_id FOREIGN KEY (domanda_id) REFERENCES public.domanda_presentata(domanda_id);
ALTER TABLE ONLY public.spazio
    ADD CONSTRAINT fk_spazio_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.stato_lavori
    ADD CONSTRAINT fk_stato_lavori_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.voce_esaminata
    ADD CONSTRAINT fk_voce_esaminata_esame FOREIGN KEY (progetto_id, dichiarazione) REFERENCES public.esame_spesa(progetto_id, numero);
ALTER TABLE ONLY public.voce_esaminata
    ADD CONSTRAINT fk_voce_esaminata_voce FOREIGN KEY (progetto_id, dichiarazione, n, dichiarato_cent) REFERENCES public.voce_spesa(progetto_id, dichiarazione, n, importo_cent);
ALTER TABLE ONLY public.voce_spesa
    ADD CONSTRAINT fk_voce_spesa_dichiarazione FOREIGN KEY (progetto_id, dichiarazione) REFERENCES public.dichiarazione_spesa(progetto_id, numero);
ALTER TABLE ONLY public.voce_spesa
    ADD CONSTRAINT fk_voce_spesa_linea FOREIGN KEY (progetto_id, linea) REFERENCES public.progetto_linea(progetto_id, linea);
ALTER TABLE ONLY public.quota_membro
    ADD CONSTRAINT quota_membro_domanda_id_ente_fkey FOREIGN KEY (domanda_id, ente) REFERENCES public.membro(domanda_id, ente);
ALTER TABLE ONLY public.quota_membro
    ADD CONSTRAINT quota_membro_domanda_id_linea_fkey FOREIGN KEY (domanda_id, linea) REFERENCES public.sotto_progetto(domanda_id, linea);
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.adesione TO bandi_app;
GRANT SELECT ON TABLE public.alembic_version TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.bando TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.bando_versione TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.commissario TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.deposito TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.dichiarazione_interesse TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.dichiarazione_spesa TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.documento TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.documento_presentato TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.domanda TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.domanda_presentata TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.esame_spesa TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.evento_parcheggiato TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.flusso TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.graduatoria TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.inbox TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.istruttoria TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.linea TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.membro TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.movimento_progetto TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.obbligo TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.orologio TO bandi_app;
GRANT USAGE ON SEQUENCE public.orologio_riga_seq TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.outbox TO bandi_app;
GRANT USAGE ON SEQUENCE public.outbox_n_seq TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.piano TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.piano_quota TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.prenotazione TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.prenotazione_linea TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.progetto TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.progetto_linea TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.prospetto_alloggi TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.punteggio TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.quota_membro TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.quota_partner TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.registro_accessi TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rendiconto TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.rendiconto_linea TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.riga_graduatoria TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rimodulazione TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.risposta_idempotente TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.risultato_indicatore TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.scheda TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.soccorso TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.sotto_progetto TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.spazio TO bandi_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sql_installato TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.stato_lavori TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.voce_esaminata TO bandi_app;
GRANT SELECT,INSERT ON TABLE public.voce_spesa TO bandi_app;
