CREATE FUNCTION public.apri_conti(p_ora timestamp with time zone, p_conto uuid[], p_libro text[], p_tipo text[], p_titolare text[], p_progetto uuid[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    INSERT INTO conto (conto_id, libro, tipo, titolare, progetto_id, aperto_il)
    SELECT n.conto_id, n.libro, n.tipo, n.titolare, n.progetto_id, p_ora
      FROM unnest(p_conto, p_libro, p_tipo, p_titolare, p_progetto)
           AS n (conto_id, libro, tipo, titolare, progetto_id)
     WHERE NOT EXISTS (SELECT FROM conto c WHERE c.conto_id = n.conto_id)
     ORDER BY n.conto_id
    ON CONFLICT DO NOTHING;
$$;
CREATE FUNCTION public.blocca_conti(p_conto uuid[]) RETURNS TABLE(conto uuid, saldo bigint)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT c.conto_id, c.saldo_cent FROM conto c WHERE c.conto_id = ANY (p_conto)
     ORDER BY c.calore, c.conto_id FOR NO KEY UPDATE;
$$;
CREATE FUNCTION public.controlla_righe_nuove() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF EXISTS (
        SELECT FROM nuove GROUP BY movimento_id HAVING sum(importo_cent) <> 0 OR count(*) < 2
    ) THEN
        RAISE EXCEPTION 'the lines of a movement do not sum to zero'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'riga_somma_zero';
    END IF;
    IF EXISTS (
        SELECT FROM nuove n JOIN movimento m USING (movimento_id) JOIN conto c USING (conto_id) WHERE m.libro <> c.libro
    ) THEN
        RAISE EXCEPTION 'a line belongs to another book'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'riga_stesso_libro';
    END IF;
    RETURN NULL;
END;
$$;
CREATE FUNCTION public.registra_movimenti(p_ora timestamp with time zone, p_conto uuid[], p_conto_libro text[], p_conto_tipo text[], p_conto_titolare text[], p_conto_progetto uuid[], p_movimento uuid[], p_movimento_libro text[], p_movimento_causa text[], p_movimento_chiave text[], p_movimento_evento uuid[], p_movimento_storna uuid[], p_movimento_accaduto timestamp with time zone[], p_movimento_dettaglio text[], p_riga_movimento integer[], p_riga_conto uuid[], p_riga_importo bigint[]) RETURNS TABLE(posto integer, esito text, registrato uuid, conto uuid)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    -- 0 posted, 1 already posted, 2 not enough, 3 key of another movement: of fixed length, so that a place is found at once.
    v_esito smallint[] := array_fill(0::smallint, ARRAY[cardinality(p_movimento)]);
    v_scritto uuid[] := p_movimento;
    v_conto_scoperto uuid[] := array_fill(NULL::uuid, ARRAY[cardinality(p_movimento)]);
    v_gia_noti boolean := false;
    v_tutti_coperti boolean;
    v_conti uuid[];
    v_saldi bigint[];
    v_liberi boolean[];
    v_prova bigint[];
    v_indice integer;
    v_inseriti uuid[];
    v_da_notare uuid[];
    r record;
    s record;
BEGIN
    IF cardinality(p_movimento) = 0 THEN
        RETURN;
    END IF;
    INSERT INTO conto (conto_id, libro, tipo, titolare, progetto_id, aperto_il)
    SELECT n.conto_id, n.libro, n.tipo, n.titolare, n.progetto_id, p_ora
      FROM unnest(p_conto, p_conto_libro, p_conto_tipo, p_conto_titolare, p_conto_progetto)
           AS n (conto_id, libro, tipo, titolare, progetto_id)
     WHERE NOT EXISTS (SELECT FROM conto c WHERE c.conto_id = n.conto_id)
     ORDER BY n.conto_id
    ON CONFLICT DO NOTHING;
    PERFORM FROM conto c WHERE c.conto_id = ANY (p_conto) ORDER BY c.calore, c.conto_id FOR NO KEY UPDATE;
    FOR r IN
        SELECT n.i, m.movimento_id
          FROM unnest(p_movimento_chiave) WITH ORDINALITY AS n (chiave, i)
          JOIN movimento m ON m.chiave = n.chiave
    LOOP
        v_gia_noti := true;
        v_scritto[r.i] := r.movimento_id;
        v_esito[r.i] := CASE WHEN EXISTS (
            (SELECT n.conto_id, n.importo FROM unnest(p_riga_movimento, p_riga_conto, p_riga_importo)
                    AS n (i, conto_id, importo) WHERE n.i = r.i
             EXCEPT SELECT l.conto_id, l.importo_cent FROM riga l WHERE l.movimento_id = r.movimento_id)
            UNION ALL
            (SELECT l.conto_id, l.importo_cent FROM riga l WHERE l.movimento_id = r.movimento_id
             EXCEPT SELECT n.conto_id, n.importo FROM unnest(p_riga_movimento, p_riga_conto, p_riga_importo)
                    AS n (i, conto_id, importo) WHERE n.i = r.i)
        ) THEN 3 ELSE 1 END;
    END LOOP;
    -- The usual case in one statement: no prefix of the batch takes any account under its floor.
    SELECT coalesce(bool_and(p.coperto), true) INTO v_tutti_coperti
      FROM (SELECT c.tipo = 'apporto' OR c.saldo_cent + sum(n.importo) OVER (
                       PARTITION BY n.conto_id ORDER BY n.i ROWS UNBOUNDED PRECEDING) >= 0 AS coperto
              FROM unnest(p_riga_movimento, p_riga_conto, p_riga_importo) AS n (i, conto_id, importo)
              JOIN conto c ON c.conto_id = n.conto_id
             WHERE v_esito[n.i] = 0) AS p;
    IF NOT v_tutti_coperti THEN
        -- One by one, in order, on a copy of the balances: the movement that does not fit is left out.
        SELECT array_agg(c.conto_id), array_agg(c.saldo_cent), array_agg(c.tipo = 'apporto')
          INTO v_conti, v_saldi, v_liberi FROM conto c WHERE c.conto_id = ANY (p_conto);
        FOR r IN SELECT i FROM generate_subscripts(p_movimento, 1) AS i WHERE v_esito[i] = 0 ORDER BY i LOOP
            v_prova := v_saldi;
            FOR s IN
                SELECT n.conto_id, n.importo FROM unnest(p_riga_movimento, p_riga_conto, p_riga_importo)
                       AS n (i, conto_id, importo) WHERE n.i = r.i
            LOOP
                v_indice := array_position(v_conti, s.conto_id);
                v_prova[v_indice] := v_prova[v_indice] + s.importo;
                IF v_prova[v_indice] < 0 AND NOT v_liberi[v_indice] THEN
                    v_esito[r.i] := 2;
                    v_conto_scoperto[r.i] := s.conto_id;
                    v_scritto[r.i] := NULL;
                END IF;
            END LOOP;
            IF v_esito[r.i] = 0 THEN
                v_saldi := v_prova;
            END IF;
        END LOOP;
    END IF;
    WITH scritti AS (
        INSERT INTO movimento (movimento_id, libro, causa, chiave, evento_origine, storna, accaduto_il, registrato_il,
                               dettaglio)
        SELECT n.movimento_id, n.libro, n.causa, n.chiave, n.evento, n.storna, n.accaduto, p_ora, n.dettaglio::jsonb
          FROM unnest(p_movimento, p_movimento_libro, p_movimento_causa, p_movimento_chiave, p_movimento_evento,
                      p_movimento_storna, p_movimento_accaduto, p_movimento_dettaglio) WITH ORDINALITY
               AS n (movimento_id, libro, causa, chiave, evento, storna, accaduto, dettaglio, i)
         WHERE v_esito[n.i] = 0
         ORDER BY n.i
        ON CONFLICT (chiave) DO NOTHING
        RETURNING movimento_id
    )
    SELECT coalesce(array_agg(movimento_id), '{}') INTO v_inseriti FROM scritti;
    IF v_gia_noti OR NOT v_tutti_coperti OR cardinality(v_inseriti) < cardinality(p_movimento) THEN
        -- A key written meanwhile by a posting on other accounts: the caller's transaction starts again and finds it.
        IF EXISTS (SELECT FROM unnest(p_movimento, v_esito) AS n (movimento_id, esito)
                    WHERE n.esito = 0 AND n.movimento_id <> ALL (v_inseriti)) THEN
            RAISE EXCEPTION 'idempotency key written meanwhile' USING ERRCODE = 'serialization_failure';
        END IF;
    END IF;
    INSERT INTO riga (movimento_id, conto_id, importo_cent, registrato_il)
    SELECT p_movimento[n.i], n.conto_id, n.importo, p_ora
      FROM unnest(p_riga_movimento, p_riga_conto, p_riga_importo) AS n (i, conto_id, importo)
     WHERE v_esito[n.i] = 0;
    -- The balance, and the count of lines: at every 128th line of an account its balance is noted down (ADR 0076).
    WITH mossi AS (
        UPDATE conto c SET saldo_cent = c.saldo_cent + d.importo, righe = c.righe + d.quante
          FROM (SELECT n.conto_id, sum(n.importo)::bigint AS importo, count(*) AS quante
                  FROM unnest(p_riga_movimento, p_riga_conto, p_riga_importo) AS n (i, conto_id, importo)
                 WHERE v_esito[n.i] = 0 GROUP BY n.conto_id) AS d
         WHERE c.conto_id = d.conto_id
        RETURNING c.conto_id, (c.righe / 128) > ((c.righe - d.quante) / 128) AS da_notare
    )
    SELECT array_agg(m.conto_id) FILTER (WHERE m.da_notare) INTO v_da_notare FROM mossi m;
    -- A line with an instant before a noted balance (clocks differ, arrivals wait) is added to it.
    UPDATE saldo_notato g SET saldo_cent = g.saldo_cent + d.importo
      FROM (SELECT n.conto_id, sum(n.importo)::bigint AS importo
              FROM unnest(p_riga_movimento, p_riga_conto, p_riga_importo) AS n (i, conto_id, importo)
             WHERE v_esito[n.i] = 0 GROUP BY n.conto_id) AS d
     WHERE g.conto_id = d.conto_id AND g.al >= p_ora AND d.importo <> 0;
    IF v_da_notare IS NOT NULL THEN
        INSERT INTO saldo_notato (conto_id, al, saldo_cent)
        SELECT g.conto, p_ora, g.saldo FROM saldi_al(v_da_notare, p_ora) AS g
        ON CONFLICT DO NOTHING;
    END IF;
    INSERT INTO da_sigillare (movimento_id, libro)
    SELECT n.movimento_id, n.libro
      FROM unnest(p_movimento, p_movimento_libro, v_esito) WITH ORDINALITY AS n (movimento_id, libro, esito, i)
     WHERE n.esito = 0 ORDER BY n.i;
    RETURN QUERY SELECT n.i::integer,
           (ARRAY['registrato', 'gia_registrato', 'saldo_insufficiente', 'chiave_riusata'])[n.esito + 1],
           n.scritto, n.scoperto
      FROM unnest(v_esito, v_scritto, v_conto_scoperto) WITH ORDINALITY AS n (esito, scritto, scoperto, i) ORDER BY n.i;
END;
$$;
CREATE FUNCTION public.rifiuta_modifica() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is immutable: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'registro_immutabile';
END;
$$;
CREATE FUNCTION public.rifiuta_scrittura_diretta() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RAISE EXCEPTION 'the ledger is written by its functions only: % on % refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'registro_solo_funzioni';
    END IF;
    RETURN NULL;
END;
$$;
CREATE FUNCTION public.saldi_al(p_conto uuid[], p_istante timestamp with time zone) RETURNS TABLE(conto uuid, saldo bigint)
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT c.conto_id, (coalesce(s.saldo_cent, 0) + coalesce(
               (SELECT sum(r.importo_cent) FROM riga r
                 WHERE r.conto_id = c.conto_id AND r.registrato_il <= p_istante
                   AND r.registrato_il > coalesce(s.al, '-infinity')), 0))::bigint
      FROM unnest(p_conto) AS c (conto_id)
      LEFT JOIN LATERAL (
           SELECT n.al, n.saldo_cent FROM saldo_notato n
            WHERE n.conto_id = c.conto_id AND n.al <= p_istante ORDER BY n.al DESC LIMIT 1) AS s ON true;
$$;
CREATE TABLE public.accredito (
    accredito_id uuid NOT NULL,
    presenza_id uuid NOT NULL,
    versione integer NOT NULL,
    versione_presenza integer NOT NULL,
    annullata boolean NOT NULL,
    progetto_id uuid,
    attivita_id uuid NOT NULL,
    persona_id uuid NOT NULL,
    nucleo_id uuid,
    inizio timestamp with time zone NOT NULL,
    fine timestamp with time zone NOT NULL,
    minuti integer NOT NULL,
    fascia character varying NOT NULL,
    diretta boolean NOT NULL,
    categoria_indiretta character varying,
    confermata_il timestamp with time zone NOT NULL,
    giorno date NOT NULL,
    mese character varying NOT NULL,
    stato character varying NOT NULL,
    motivo character varying,
    dovuto_cent bigint NOT NULL,
    concesso_cent bigint NOT NULL,
    conto_id uuid,
    fondo_id uuid,
    movimento_id uuid,
    aggiornato_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_accredito_accreditato_per_intero CHECK ((((stato)::text <> 'accreditato'::text) OR (concesso_cent = dovuto_cent))),
    CONSTRAINT ck_accredito_concesso_entro_dovuto CHECK (((concesso_cent >= 0) AND (concesso_cent <= dovuto_cent))),
    CONSTRAINT ck_accredito_fascia_ammesso CHECK (((fascia)::text = ANY ((ARRAY['nessuna'::character varying, 'base'::character varying, 'silver'::character varying, 'gold'::character varying])::text[]))),
    CONSTRAINT ck_accredito_stato_ammesso CHECK (((stato)::text = ANY ((ARRAY['accreditato'::character varying, 'in_attesa_fondo'::character varying, 'senza_tariffa'::character varying, 'non_dovuto'::character varying, 'oltre_limite'::character varying, 'ora_gia_pagata'::character varying, 'annullato'::character varying])::text[]))),
    CONSTRAINT ck_accredito_stato_secondo_dovuto CHECK ((((stato)::text = ANY ((ARRAY['accreditato'::character varying, 'in_attesa_fondo'::character varying])::text[])) = (dovuto_cent > 0)))
);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.alimentazione (
    alimentazione_id uuid NOT NULL,
    progetto_id uuid NOT NULL,
    importo_cent bigint NOT NULL,
    origine character varying NOT NULL,
    atto character varying NOT NULL,
    autore character varying NOT NULL,
    movimento_id uuid NOT NULL,
    alimentato_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_alimentazione_importo_positivo CHECK ((importo_cent > 0)),
    CONSTRAINT ck_alimentazione_origine_ammesso CHECK (((origine)::text = ANY ((ARRAY['progetto'::character varying, 'comune'::character varying, 'altro'::character varying])::text[])))
);
CREATE TABLE public.avviso_limite (
    avviso_id uuid NOT NULL,
    limite_id uuid NOT NULL,
    presenza_id uuid NOT NULL,
    versione_presenza integer NOT NULL,
    rigido boolean NOT NULL,
    punti_cent bigint NOT NULL,
    avvisato_il timestamp with time zone NOT NULL
);
CREATE TABLE public.configurazione_ente (
    ente character varying NOT NULL,
    versione integer NOT NULL,
    nome character varying NOT NULL,
    iban character varying,
    bic character varying,
    aggiornata_il timestamp with time zone NOT NULL,
    aggiornata_da character varying NOT NULL
);
CREATE TABLE public.conto (
    conto_id uuid NOT NULL,
    libro character varying NOT NULL,
    tipo character varying NOT NULL,
    titolare character varying NOT NULL,
    progetto_id uuid,
    saldo_cent bigint DEFAULT '0'::bigint NOT NULL,
    aperto_il timestamp with time zone NOT NULL,
    calore smallint GENERATED ALWAYS AS (
CASE tipo
    WHEN 'nucleo'::text THEN 0
    WHEN 'donatore'::text THEN 0
    WHEN 'solidale'::text THEN 1
    WHEN 'prenotato'::text THEN 2
    WHEN 'confermato'::text THEN 3
    WHEN 'liquidato'::text THEN 4
    WHEN 'apporto'::text THEN 5
    ELSE 6
END) STORED NOT NULL,
    righe bigint DEFAULT '0'::bigint NOT NULL,
    CONSTRAINT ck_conto_libro_ammesso CHECK (((libro)::text = ANY ((ARRAY['punti'::character varying, 'quote'::character varying])::text[]))),
    CONSTRAINT ck_conto_saldo_non_negativo CHECK ((((tipo)::text = 'apporto'::text) OR (saldo_cent >= 0))),
    CONSTRAINT ck_conto_tipo_ammesso CHECK (((tipo)::text = ANY ((ARRAY['apporto'::character varying, 'fondo'::character varying, 'nucleo'::character varying, 'donatore'::character varying, 'solidale'::character varying, 'prenotato'::character varying, 'confermato'::character varying, 'liquidato'::character varying])::text[])))
);
CREATE TABLE public.contratto (
    ente_proprietario character varying NOT NULL,
    contratto_codice character varying NOT NULL,
    nucleo_id uuid NOT NULL,
    dal date NOT NULL,
    al date,
    CONSTRAINT ck_contratto_periodo CHECK (((al IS NULL) OR (al >= dal)))
);
CREATE TABLE public.da_sigillare (
    id bigint NOT NULL,
    movimento_id uuid NOT NULL,
    libro character varying NOT NULL
);
ALTER TABLE public.da_sigillare ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.da_sigillare_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.debito (
    ente_proprietario character varying NOT NULL,
    contratto_codice character varying NOT NULL,
    importo_cent bigint NOT NULL,
    al_giorno date NOT NULL,
    ricevuta_il timestamp with time zone NOT NULL,
    rilevazione_id uuid NOT NULL,
    stato character varying NOT NULL,
    CONSTRAINT ck_debito_importo_non_negativo CHECK ((importo_cent >= 0)),
    CONSTRAINT ck_debito_stato_ammesso CHECK (((stato)::text = ANY ((ARRAY['comunicata'::character varying, 'non_comunicata'::character varying])::text[])))
);
CREATE TABLE public.differenza (
    riconciliazione_id uuid NOT NULL,
    posto integer NOT NULL,
    protocollo bigint NOT NULL,
    contratto_codice character varying NOT NULL,
    tipo character varying NOT NULL,
    importo_ente_cent bigint,
    importo_piattaforma_cent bigint,
    stato character varying,
    atto_proposto character varying NOT NULL,
    CONSTRAINT ck_differenza_atto_proposto_ammesso CHECK (((atto_proposto)::text = ANY ((ARRAY['annulla_presso_ente'::character varying, 'correggi_contratto'::character varying, 'correggi_importo'::character varying, 'rispondi_al_lotto'::character varying, 'prenota_di_nuovo'::character varying, 'registra_presso_ente'::character varying])::text[]))),
    CONSTRAINT ck_differenza_tipo_ammesso CHECK (((tipo)::text = ANY ((ARRAY['sconosciuta'::character varying, 'contratto_diverso'::character varying, 'importo_diverso'::character varying, 'senza_risposta'::character varying, 'respinta_qui'::character varying, 'scaduta_qui'::character varying, 'non_registrata'::character varying])::text[])))
);
CREATE TABLE public.distinta (
    distinta_id uuid NOT NULL,
    versione integer NOT NULL,
    ente_proprietario character varying NOT NULL,
    periodo character varying NOT NULL,
    progetto_id uuid,
    stato character varying NOT NULL,
    modo character varying NOT NULL,
    righe integer NOT NULL,
    totale_cent bigint NOT NULL,
    punti_cent bigint NOT NULL,
    quote_cent bigint NOT NULL,
    composta_il timestamp with time zone NOT NULL,
    composta_da character varying NOT NULL,
    approvata_il timestamp with time zone,
    approvata_da character varying,
    liquidata_il timestamp with time zone,
    liquidata_da character varying,
    atto character varying,
    ente_pagatore character varying,
    annullata_da character varying,
    motivo character varying,
    annullata_il timestamp with time zone,
    CONSTRAINT ck_distinta_modo_ammesso CHECK (((modo)::text = ANY ((ARRAY['pagamento'::character varying, 'giroconto'::character varying])::text[]))),
    CONSTRAINT ck_distinta_stato_ammesso CHECK (((stato)::text = ANY ((ARRAY['composta'::character varying, 'approvata'::character varying, 'in_pagamento'::character varying, 'liquidata'::character varying, 'annullata'::character varying])::text[]))),
    CONSTRAINT ck_distinta_totale CHECK (((totale_cent = (punti_cent + quote_cent)) AND (totale_cent > 0)))
);
CREATE TABLE public.donazione (
    donazione_id uuid NOT NULL,
    da_nucleo_id uuid,
    da_persona_id uuid,
    a_progetto_id uuid,
    a_nucleo_id uuid,
    importo_cent bigint NOT NULL,
    movimento_id uuid NOT NULL,
    registrata_da character varying NOT NULL,
    donata_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_donazione_importo_positivo CHECK ((importo_cent > 0)),
    CONSTRAINT ck_donazione_un_destinatario CHECK (((a_nucleo_id IS NULL) <> (a_progetto_id IS NULL))),
    CONSTRAINT ck_donazione_un_donatore CHECK (((da_nucleo_id IS NOT NULL) OR (da_persona_id IS NOT NULL)))
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
CREATE TABLE public.fonte_riduzione (
    riduzione_id uuid NOT NULL,
    progetto_id uuid NOT NULL,
    importo_cent bigint NOT NULL,
    distinta_id uuid,
    CONSTRAINT ck_fonte_riduzione_importo_positivo CHECK ((importo_cent > 0))
);
CREATE TABLE public.inbox (
    event_id uuid NOT NULL,
    subject text NOT NULL,
    creato_il timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE public.limite (
    limite_id uuid NOT NULL,
    progetto_id uuid,
    ambito character varying NOT NULL,
    attivita_id uuid,
    massimo_cent bigint NOT NULL,
    rigido boolean NOT NULL,
    dal date NOT NULL,
    al date,
    autore character varying NOT NULL,
    creato_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_limite_ambito_ammesso CHECK (((ambito)::text = ANY ((ARRAY['attivita'::character varying, 'nucleo_mese'::character varying, 'programma'::character varying, 'persona_giorno'::character varying])::text[]))),
    CONSTRAINT ck_limite_attivita CHECK (((attivita_id IS NULL) OR ((ambito)::text = 'attivita'::text))),
    CONSTRAINT ck_limite_massimo_non_negativo CHECK ((massimo_cent >= 0)),
    CONSTRAINT ck_limite_periodo CHECK (((al IS NULL) OR (al >= dal)))
);
CREATE TABLE public.lotto (
    lotto_id uuid NOT NULL,
    ente_proprietario character varying NOT NULL,
    numero integer NOT NULL,
    stato character varying NOT NULL,
    righe integer NOT NULL,
    totale_cent bigint NOT NULL,
    impronta character varying NOT NULL,
    creato_il timestamp with time zone NOT NULL,
    chiuso_il timestamp with time zone,
    firma character varying,
    CONSTRAINT ck_lotto_righe CHECK (((righe >= 1) AND (righe <= 1000))),
    CONSTRAINT ck_lotto_stato_ammesso CHECK (((stato)::text = ANY ((ARRAY['aperto'::character varying, 'chiuso'::character varying])::text[])))
);
CREATE TABLE public.movimento (
    movimento_id uuid NOT NULL,
    ordine bigint NOT NULL,
    libro character varying NOT NULL,
    causa character varying NOT NULL,
    chiave character varying NOT NULL,
    evento_origine uuid,
    storna uuid,
    accaduto_il timestamp with time zone NOT NULL,
    registrato_il timestamp with time zone NOT NULL,
    dettaglio jsonb NOT NULL,
    CONSTRAINT ck_movimento_causa_ammesso CHECK (((causa)::text = ANY ((ARRAY['alimentazione'::character varying, 'accredito'::character varying, 'storno'::character varying, 'recupero'::character varying, 'donazione'::character varying, 'ripartizione'::character varying, 'quota_morosita'::character varying, 'prenotazione'::character varying, 'conferma'::character varying, 'restituzione'::character varying, 'liquidazione'::character varying, 'unione'::character varying, 'riporto'::character varying])::text[]))),
    CONSTRAINT ck_movimento_libro_ammesso CHECK (((libro)::text = ANY ((ARRAY['punti'::character varying, 'quote'::character varying])::text[])))
);
ALTER TABLE public.movimento ALTER COLUMN ordine ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.movimento_ordine_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.nucleo (
    nucleo_id uuid NOT NULL,
    versione integer NOT NULL,
    progetto_id uuid,
    aggiornato_il timestamp with time zone NOT NULL
);
CREATE TABLE public.ora_pagata (
    ora_id uuid NOT NULL,
    versione integer NOT NULL,
    fonte character varying NOT NULL,
    fonte_id uuid NOT NULL,
    versione_fonte integer NOT NULL,
    persona_id uuid NOT NULL,
    inizio timestamp with time zone NOT NULL,
    fine timestamp with time zone NOT NULL,
    decisa_il timestamp with time zone NOT NULL,
    stato character varying NOT NULL,
    pagata_da uuid,
    aggiornata_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_ora_pagata_fonte_ammesso CHECK (((fonte)::text = ANY ((ARRAY['presenza'::character varying, 'ore'::character varying])::text[]))),
    CONSTRAINT ck_ora_pagata_intervallo CHECK ((inizio < fine)),
    CONSTRAINT ck_ora_pagata_stato_ammesso CHECK (((stato)::text = ANY ((ARRAY['pagata'::character varying, 'ceduta'::character varying, 'annullata'::character varying, 'rinunciata'::character varying])::text[])))
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
CREATE TABLE public.pagamento (
    pagamento_id uuid NOT NULL,
    distinta_id uuid NOT NULL,
    importo_cent bigint NOT NULL,
    esecuzione date NOT NULL,
    pagatore_nome character varying NOT NULL,
    pagatore_iban character varying NOT NULL,
    pagatore_bic character varying,
    creditore_nome character varying NOT NULL,
    creditore_iban character varying NOT NULL,
    causale character varying NOT NULL,
    impronta character varying NOT NULL,
    disposto_il timestamp with time zone NOT NULL,
    disposto_da character varying NOT NULL,
    CONSTRAINT ck_pagamento_importo_positivo CHECK ((importo_cent > 0)),
    CONSTRAINT ck_pagamento_impronta CHECK ((length((impronta)::text) = 64))
);
CREATE TABLE public.persona_unita (
    assorbita_id uuid NOT NULL,
    persona_id uuid NOT NULL,
    unita_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_persona_unita_due_schede CHECK ((assorbita_id <> persona_id))
);
CREATE TABLE public.posizione_debitoria (
    rilevazione_id uuid NOT NULL,
    contratto_codice character varying NOT NULL,
    ente_proprietario character varying NOT NULL,
    importo_cent bigint NOT NULL,
    al_giorno date NOT NULL,
    ricevuta_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_posizione_debitoria_importo_non_negativo CHECK ((importo_cent >= 0))
);
CREATE TABLE public.progetto (
    progetto_id uuid NOT NULL,
    versione_progetto integer NOT NULL,
    codice character varying NOT NULL,
    titolo character varying NOT NULL,
    capofila character varying NOT NULL,
    comune character varying,
    enti text[] NOT NULL,
    stato character varying NOT NULL,
    impegnato_cent bigint NOT NULL,
    tetto_cent bigint NOT NULL,
    da_progetto_cent bigint NOT NULL,
    fondo_id uuid NOT NULL,
    versione integer NOT NULL,
    aperto_il timestamp with time zone NOT NULL,
    aggiornato_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_progetto_entro_impegnato CHECK (((da_progetto_cent >= 0) AND (da_progetto_cent <= tetto_cent))),
    CONSTRAINT ck_progetto_impegnato_non_negativo CHECK ((impegnato_cent >= 0))
);
CREATE TABLE public.proprietario (
    ente character varying NOT NULL,
    termine_giorni integer NOT NULL,
    ultimo_protocollo bigint NOT NULL,
    ultimo_lotto integer NOT NULL,
    ultima_rilevazione date,
    CONSTRAINT ck_proprietario_termine CHECK (((termine_giorni >= 1) AND (termine_giorni <= 365)))
);
CREATE TABLE public.quota (
    quota_id uuid NOT NULL,
    versione_origine integer NOT NULL,
    persona_id uuid NOT NULL,
    nucleo_id uuid NOT NULL,
    progetto_id uuid NOT NULL,
    patto_id uuid NOT NULL,
    importo_cent bigint NOT NULL,
    prenotato_cent bigint NOT NULL,
    movimento_id uuid NOT NULL,
    liquidata_il timestamp with time zone NOT NULL,
    ricevuta_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_quota_importo_positivo CHECK ((importo_cent > 0)),
    CONSTRAINT ck_quota_prenotato_entro_importo CHECK (((prenotato_cent >= 0) AND (prenotato_cent <= importo_cent)))
);
CREATE TABLE public.radice_firmata (
    numero integer NOT NULL,
    jws character varying NOT NULL,
    cime jsonb NOT NULL,
    emessa_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_radice_firmata_numero_positivo CHECK ((numero >= 1))
);
CREATE SEQUENCE public.radice_firmata_numero_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.radice_firmata_numero_seq OWNED BY public.radice_firmata.numero;
CREATE TABLE public.recupero (
    recupero_id uuid NOT NULL,
    presenza_id uuid NOT NULL,
    conto_id uuid NOT NULL,
    fondo_id uuid NOT NULL,
    residuo_cent bigint NOT NULL,
    movimenti integer NOT NULL,
    aperto_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_recupero_residuo_non_negativo CHECK ((residuo_cent >= 0))
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
CREATE TABLE public.riconciliazione (
    riconciliazione_id uuid NOT NULL,
    ente_proprietario character varying NOT NULL,
    dal timestamp with time zone NOT NULL,
    al timestamp with time zone NOT NULL,
    righe integer NOT NULL,
    totale_ente_cent bigint NOT NULL,
    totale_piattaforma_cent bigint NOT NULL,
    concordi integer NOT NULL,
    differenze integer NOT NULL,
    autore character varying NOT NULL,
    ricevuta_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_riconciliazione_periodo CHECK ((dal <= al))
);
CREATE TABLE public.riduzione (
    riduzione_id uuid NOT NULL,
    versione integer NOT NULL,
    nucleo_id uuid NOT NULL,
    progetto_id uuid,
    ente_proprietario character varying NOT NULL,
    contratto_codice character varying NOT NULL,
    origine character varying NOT NULL,
    quota_id uuid,
    protocollo bigint NOT NULL,
    importo_cent bigint NOT NULL,
    confermato_cent bigint NOT NULL,
    debito_prima_cent bigint NOT NULL,
    stato character varying NOT NULL,
    motivo character varying,
    riferimento character varying,
    prenotata_il timestamp with time zone NOT NULL,
    prenotata_da character varying NOT NULL,
    scade_il timestamp with time zone NOT NULL,
    risposta_il timestamp with time zone,
    lotto_id uuid,
    distinta_id uuid,
    automatica boolean DEFAULT false NOT NULL,
    CONSTRAINT ck_riduzione_confermato_entro_importo CHECK (((confermato_cent >= 0) AND (confermato_cent <= importo_cent))),
    CONSTRAINT ck_riduzione_confermato_secondo_stato CHECK ((((stato)::text = ANY ((ARRAY['confermata'::character varying, 'liquidata'::character varying])::text[])) = (confermato_cent > 0))),
    CONSTRAINT ck_riduzione_importo_positivo CHECK ((importo_cent > 0)),
    CONSTRAINT ck_riduzione_liquidata_in_distinta CHECK ((((stato)::text <> 'liquidata'::text) OR (distinta_id IS NOT NULL))),
    CONSTRAINT ck_riduzione_origine_ammesso CHECK (((origine)::text = ANY ((ARRAY['punti'::character varying, 'indennita'::character varying])::text[]))),
    CONSTRAINT ck_riduzione_quota_secondo_origine CHECK ((((origine)::text = 'indennita'::text) = (quota_id IS NOT NULL))),
    CONSTRAINT ck_riduzione_stato_ammesso CHECK (((stato)::text = ANY ((ARRAY['prenotata'::character varying, 'confermata'::character varying, 'respinta'::character varying, 'scaduta'::character varying, 'liquidata'::character varying])::text[])))
);
CREATE TABLE public.riga (
    movimento_id uuid NOT NULL,
    conto_id uuid NOT NULL,
    importo_cent bigint NOT NULL,
    registrato_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_riga_importo_non_zero CHECK ((importo_cent <> 0))
);
CREATE TABLE public.rilevazione (
    rilevazione_id uuid NOT NULL,
    ente_proprietario character varying NOT NULL,
    tipo character varying NOT NULL,
    al_giorno date NOT NULL,
    righe integer NOT NULL,
    totale_cent bigint NOT NULL,
    non_abbinate integer NOT NULL,
    non_comunicate integer NOT NULL,
    ricevuta_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_rilevazione_tipo_ammesso CHECK (((tipo)::text = ANY ((ARRAY['completa'::character varying, 'parziale'::character varying])::text[])))
);
CREATE TABLE public.ripartizione (
    ripartizione_id uuid NOT NULL,
    progetto_id uuid NOT NULL,
    atto character varying NOT NULL,
    nuclei integer NOT NULL,
    totale_cent bigint NOT NULL,
    autore character varying NOT NULL,
    ripartita_il timestamp with time zone NOT NULL,
    criterio character varying,
    CONSTRAINT ck_ripartizione_criterio_ammesso CHECK (((criterio)::text = ANY ((ARRAY['proporzionale'::character varying, 'uguale'::character varying, 'piu_antichi'::character varying])::text[]))),
    CONSTRAINT ck_ripartizione_totale_positivo CHECK ((totale_cent > 0))
);
CREATE TABLE public.risposta (
    risposta_id uuid NOT NULL,
    lotto_id uuid NOT NULL,
    protocollo bigint NOT NULL,
    esito_dichiarato character varying NOT NULL,
    importo_cent bigint,
    motivo character varying,
    nota character varying,
    riferimento character varying,
    esito character varying NOT NULL,
    autore character varying NOT NULL,
    ricevuta_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_risposta_esito_ammesso CHECK (((esito)::text = ANY ((ARRAY['registrata'::character varying, 'gia_registrata'::character varying, 'contraddittoria'::character varying, 'fuori_termine'::character varying, 'non_nel_lotto'::character varying, 'importo_non_valido'::character varying, 'motivo_mancante'::character varying])::text[]))),
    CONSTRAINT ck_risposta_esito_dichiarato_ammesso CHECK (((esito_dichiarato)::text = ANY ((ARRAY['confermata'::character varying, 'parziale'::character varying, 'respinta'::character varying])::text[])))
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
CREATE TABLE public.saldo_notato (
    conto_id uuid NOT NULL,
    al timestamp with time zone NOT NULL,
    saldo_cent bigint NOT NULL
);
CREATE TABLE public.scelta_nucleo (
    nucleo_id uuid NOT NULL,
    versione integer NOT NULL,
    automatica boolean NOT NULL,
    minimo_cent bigint NOT NULL,
    riserva_cent bigint NOT NULL,
    scelta_il timestamp with time zone NOT NULL,
    scelta_da character varying NOT NULL,
    CONSTRAINT ck_scelta_nucleo_minimo_positivo CHECK ((minimo_cent > 0)),
    CONSTRAINT ck_scelta_nucleo_riserva_non_negativa CHECK ((riserva_cent >= 0))
);
CREATE TABLE public.sigillo (
    libro character varying NOT NULL,
    n bigint NOT NULL,
    movimento_id uuid NOT NULL,
    prev character varying NOT NULL,
    hash character varying NOT NULL,
    sigillato_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_sigillo_libro_ammesso CHECK (((libro)::text = ANY ((ARRAY['punti'::character varying, 'quote'::character varying])::text[]))),
    CONSTRAINT ck_sigillo_lunghezza CHECK (((length((prev)::text) = 64) AND (length((hash)::text) = 64))),
    CONSTRAINT ck_sigillo_n_positivo CHECK ((n >= 1))
);
CREATE TABLE public.sql_installato (
    nome text NOT NULL,
    impronta text NOT NULL
);
CREATE TABLE public.tariffa (
    tariffa_id uuid NOT NULL,
    progetto_id uuid,
    tipo character varying NOT NULL,
    voce character varying NOT NULL,
    punti_ora_cent bigint NOT NULL,
    dal date NOT NULL,
    autore character varying NOT NULL,
    creata_il timestamp with time zone NOT NULL,
    CONSTRAINT ck_tariffa_punti_non_negativi CHECK ((punti_ora_cent >= 0)),
    CONSTRAINT ck_tariffa_tipo_ammesso CHECK (((tipo)::text = ANY ((ARRAY['fascia'::character varying, 'indiretta'::character varying])::text[])))
);
ALTER TABLE ONLY public.orologio ALTER COLUMN riga SET DEFAULT nextval('public.orologio_riga_seq'::regclass);
ALTER TABLE ONLY public.radice_firmata ALTER COLUMN numero SET DEFAULT nextval('public.radice_firmata_numero_seq'::regclass);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.ora_pagata
    ADD CONSTRAINT ex_ora_pagata_una_volta EXCLUDE USING gist (persona_id WITH =, tstzrange(inizio, fine) WITH &&) WHERE (((stato)::text = 'pagata'::text));
ALTER TABLE ONLY public.accredito
    ADD CONSTRAINT pk_accredito PRIMARY KEY (accredito_id);
ALTER TABLE ONLY public.alimentazione
    ADD CONSTRAINT pk_alimentazione PRIMARY KEY (alimentazione_id);
ALTER TABLE ONLY public.avviso_limite
    ADD CONSTRAINT pk_avviso_limite PRIMARY KEY (avviso_id);
ALTER TABLE ONLY public.configurazione_ente
    ADD CONSTRAINT pk_configurazione_ente PRIMARY KEY (ente);
ALTER TABLE ONLY public.conto
    ADD CONSTRAINT pk_conto PRIMARY KEY (conto_id);
ALTER TABLE ONLY public.contratto
    ADD CONSTRAINT pk_contratto PRIMARY KEY (ente_proprietario, contratto_codice, nucleo_id, dal);
ALTER TABLE ONLY public.da_sigillare
    ADD CONSTRAINT pk_da_sigillare PRIMARY KEY (id);
ALTER TABLE ONLY public.debito
    ADD CONSTRAINT pk_debito PRIMARY KEY (ente_proprietario, contratto_codice);
ALTER TABLE ONLY public.differenza
    ADD CONSTRAINT pk_differenza PRIMARY KEY (riconciliazione_id, posto);
ALTER TABLE ONLY public.distinta
    ADD CONSTRAINT pk_distinta PRIMARY KEY (distinta_id);
ALTER TABLE ONLY public.donazione
    ADD CONSTRAINT pk_donazione PRIMARY KEY (donazione_id);
ALTER TABLE ONLY public.evento_parcheggiato
    ADD CONSTRAINT pk_evento_parcheggiato PRIMARY KEY (event_id);
ALTER TABLE ONLY public.flusso
    ADD CONSTRAINT pk_flusso PRIMARY KEY (stream);
ALTER TABLE ONLY public.fonte_riduzione
    ADD CONSTRAINT pk_fonte_riduzione PRIMARY KEY (riduzione_id, progetto_id);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT pk_inbox PRIMARY KEY (event_id);
ALTER TABLE ONLY public.limite
    ADD CONSTRAINT pk_limite PRIMARY KEY (limite_id);
ALTER TABLE ONLY public.lotto
    ADD CONSTRAINT pk_lotto PRIMARY KEY (lotto_id);
ALTER TABLE ONLY public.movimento
    ADD CONSTRAINT pk_movimento PRIMARY KEY (movimento_id);
ALTER TABLE ONLY public.nucleo
    ADD CONSTRAINT pk_nucleo PRIMARY KEY (nucleo_id);
ALTER TABLE ONLY public.ora_pagata
    ADD CONSTRAINT pk_ora_pagata PRIMARY KEY (ora_id);
ALTER TABLE ONLY public.orologio
    ADD CONSTRAINT pk_orologio PRIMARY KEY (riga);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT pk_outbox PRIMARY KEY (n);
ALTER TABLE ONLY public.pagamento
    ADD CONSTRAINT pk_pagamento PRIMARY KEY (pagamento_id);
ALTER TABLE ONLY public.persona_unita
    ADD CONSTRAINT pk_persona_unita PRIMARY KEY (assorbita_id);
ALTER TABLE ONLY public.posizione_debitoria
    ADD CONSTRAINT pk_posizione_debitoria PRIMARY KEY (rilevazione_id, contratto_codice);
ALTER TABLE ONLY public.progetto
    ADD CONSTRAINT pk_progetto PRIMARY KEY (progetto_id);
ALTER TABLE ONLY public.proprietario
    ADD CONSTRAINT pk_proprietario PRIMARY KEY (ente);
ALTER TABLE ONLY public.quota
    ADD CONSTRAINT pk_quota PRIMARY KEY (quota_id);
ALTER TABLE ONLY public.radice_firmata
    ADD CONSTRAINT pk_radice_firmata PRIMARY KEY (numero);
ALTER TABLE ONLY public.recupero
    ADD CONSTRAINT pk_recupero PRIMARY KEY (recupero_id);
ALTER TABLE ONLY public.registro_accessi
    ADD CONSTRAINT pk_registro_accessi PRIMARY KEY (registrazione_id);
ALTER TABLE ONLY public.riconciliazione
    ADD CONSTRAINT pk_riconciliazione PRIMARY KEY (riconciliazione_id);
ALTER TABLE ONLY public.riduzione
    ADD CONSTRAINT pk_riduzione PRIMARY KEY (riduzione_id);
ALTER TABLE ONLY public.riga
    ADD CONSTRAINT pk_riga PRIMARY KEY (movimento_id, conto_id);
ALTER TABLE ONLY public.rilevazione
    ADD CONSTRAINT pk_rilevazione PRIMARY KEY (rilevazione_id);
ALTER TABLE ONLY public.ripartizione
    ADD CONSTRAINT pk_ripartizione PRIMARY KEY (ripartizione_id);
ALTER TABLE ONLY public.risposta
    ADD CONSTRAINT pk_risposta PRIMARY KEY (risposta_id);
ALTER TABLE ONLY public.risposta_idempotente
    ADD CONSTRAINT pk_risposta_idempotente PRIMARY KEY (soggetto, rotta, chiave);
ALTER TABLE ONLY public.saldo_notato
    ADD CONSTRAINT pk_saldo_notato PRIMARY KEY (conto_id, al);
ALTER TABLE ONLY public.scelta_nucleo
    ADD CONSTRAINT pk_scelta_nucleo PRIMARY KEY (nucleo_id);
ALTER TABLE ONLY public.sigillo
    ADD CONSTRAINT pk_sigillo PRIMARY KEY (libro, n);
ALTER TABLE ONLY public.sql_installato
    ADD CONSTRAINT pk_sql_installato PRIMARY KEY (nome);
ALTER TABLE ONLY public.tariffa
    ADD CONSTRAINT pk_tariffa PRIMARY KEY (tariffa_id);
ALTER TABLE ONLY public.accredito
    ADD CONSTRAINT uq_accredito_presenza_id UNIQUE (presenza_id);
ALTER TABLE ONLY public.alimentazione
    ADD CONSTRAINT uq_alimentazione_progetto_id_atto UNIQUE (progetto_id, atto);
ALTER TABLE ONLY public.avviso_limite
    ADD CONSTRAINT uq_avviso_limite_limite_id_presenza_id_versione_presenza UNIQUE (limite_id, presenza_id, versione_presenza);
ALTER TABLE ONLY public.conto
    ADD CONSTRAINT uq_conto_libro_tipo_titolare UNIQUE (libro, tipo, titolare);
ALTER TABLE ONLY public.da_sigillare
    ADD CONSTRAINT uq_da_sigillare_movimento_id UNIQUE (movimento_id);
ALTER TABLE ONLY public.lotto
    ADD CONSTRAINT uq_lotto_ente_proprietario_numero UNIQUE (ente_proprietario, numero);
ALTER TABLE ONLY public.movimento
    ADD CONSTRAINT uq_movimento_chiave UNIQUE (chiave);
ALTER TABLE ONLY public.movimento
    ADD CONSTRAINT uq_movimento_ordine UNIQUE (ordine);
ALTER TABLE ONLY public.ora_pagata
    ADD CONSTRAINT uq_ora_pagata_fonte_fonte_id UNIQUE (fonte, fonte_id);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT uq_outbox_event_id UNIQUE (event_id);
ALTER TABLE ONLY public.pagamento
    ADD CONSTRAINT uq_pagamento_distinta_id UNIQUE (distinta_id);
ALTER TABLE ONLY public.recupero
    ADD CONSTRAINT uq_recupero_presenza_id_conto_id_fondo_id UNIQUE (presenza_id, conto_id, fondo_id);
ALTER TABLE ONLY public.riduzione
    ADD CONSTRAINT uq_riduzione_ente_proprietario_protocollo UNIQUE (ente_proprietario, protocollo);
ALTER TABLE ONLY public.ripartizione
    ADD CONSTRAINT uq_ripartizione_progetto_id_atto UNIQUE (progetto_id, atto);
ALTER TABLE ONLY public.sigillo
    ADD CONSTRAINT uq_sigillo_movimento_id UNIQUE (movimento_id);
CREATE INDEX ix_accredito_attesa ON public.accredito USING btree (progetto_id, confermata_il, presenza_id) WHERE ((stato)::text = 'in_attesa_fondo'::text);
CREATE INDEX ix_accredito_attivita ON public.accredito USING btree (attivita_id);
CREATE INDEX ix_accredito_nucleo_mese ON public.accredito USING btree (nucleo_id, mese);
CREATE INDEX ix_accredito_persona_giorno ON public.accredito USING btree (persona_id, giorno);
CREATE INDEX ix_accredito_progetto ON public.accredito USING btree (progetto_id);
CREATE INDEX ix_accredito_tariffa ON public.accredito USING btree (presenza_id) WHERE ((stato)::text = 'senza_tariffa'::text);
CREATE INDEX ix_avviso_limite_presenza_id ON public.avviso_limite USING btree (presenza_id);
CREATE INDEX ix_conto_progetto_id ON public.conto USING btree (progetto_id, tipo);
CREATE INDEX ix_contratto_nucleo ON public.contratto USING btree (nucleo_id);
CREATE INDEX ix_da_sigillare_libro ON public.da_sigillare USING btree (libro, id);
CREATE INDEX ix_distinta_ente ON public.distinta USING btree (ente_proprietario, periodo);
CREATE INDEX ix_donazione_da_nucleo ON public.donazione USING btree (da_nucleo_id);
CREATE INDEX ix_evento_parcheggiato_next_at ON public.evento_parcheggiato USING btree (next_at) WHERE (stato = 'parcheggiato'::text);
CREATE INDEX ix_fonte_riduzione_da_liquidare ON public.fonte_riduzione USING btree (progetto_id) WHERE (distinta_id IS NULL);
CREATE INDEX ix_fonte_riduzione_distinta ON public.fonte_riduzione USING btree (distinta_id);
CREATE INDEX ix_movimento_storna ON public.movimento USING btree (storna);
CREATE INDEX ix_ora_pagata_persona ON public.ora_pagata USING btree (persona_id, inizio);
CREATE INDEX ix_outbox_da_inviare ON public.outbox USING btree (n) WHERE (inviato_il IS NULL);
CREATE INDEX ix_persona_unita_persona_id ON public.persona_unita USING btree (persona_id);
CREATE INDEX ix_posizione_contratto ON public.posizione_debitoria USING btree (ente_proprietario, contratto_codice, ricevuta_il);
CREATE INDEX ix_quota_da_prenotare ON public.quota USING btree (nucleo_id) WHERE (prenotato_cent < importo_cent);
CREATE INDEX ix_recupero_aperto ON public.recupero USING btree (conto_id) WHERE (residuo_cent > 0);
CREATE INDEX ix_registro_accessi_oggetto ON public.registro_accessi USING btree (oggetto, oggetto_id);
CREATE INDEX ix_riconciliazione_ente ON public.riconciliazione USING btree (ente_proprietario, riconciliazione_id);
CREATE INDEX ix_riduzione_contratto ON public.riduzione USING btree (ente_proprietario, contratto_codice);
CREATE INDEX ix_riduzione_da_inviare ON public.riduzione USING btree (ente_proprietario, protocollo) WHERE (((stato)::text = 'prenotata'::text) AND (lotto_id IS NULL));
CREATE INDEX ix_riduzione_da_liquidare ON public.riduzione USING btree (ente_proprietario, risposta_il) WHERE (((stato)::text = 'confermata'::text) AND (distinta_id IS NULL));
CREATE INDEX ix_riduzione_distinta ON public.riduzione USING btree (distinta_id);
CREATE INDEX ix_riduzione_lotto ON public.riduzione USING btree (lotto_id);
CREATE INDEX ix_riduzione_nucleo ON public.riduzione USING btree (nucleo_id, prenotata_il);
CREATE INDEX ix_riduzione_scadenza ON public.riduzione USING btree (scade_il) WHERE ((stato)::text = 'prenotata'::text);
CREATE INDEX ix_riga_saldo ON public.riga USING btree (conto_id, registrato_il) INCLUDE (importo_cent);
CREATE INDEX ix_rilevazione_ente ON public.rilevazione USING btree (ente_proprietario, ricevuta_il);
CREATE INDEX ix_risposta_idempotente_creato_il ON public.risposta_idempotente USING btree (creato_il);
CREATE INDEX ix_risposta_lotto ON public.risposta USING btree (lotto_id, protocollo);
CREATE INDEX ix_scelta_nucleo_automatica ON public.scelta_nucleo USING btree (nucleo_id) WHERE automatica;
CREATE UNIQUE INDEX uq_lotto_uno_aperto ON public.lotto USING btree (ente_proprietario) WHERE ((stato)::text = 'aperto'::text);
CREATE UNIQUE INDEX uq_tariffa_voce_dal ON public.tariffa USING btree (COALESCE(progetto_id, '00000000-0000-0000-0000-000000000000'::uuid), tipo, voce, dal);
CREATE TRIGGER conto_solo_funzioni BEFORE INSERT ON public.conto FOR EACH STATEMENT EXECUTE FUNCTION public.rifiuta_scrittura_diretta();
CREATE TRIGGER movimento_immutabile BEFORE DELETE OR UPDATE ON public.movimento FOR EACH STATEMENT EXECUTE FUNCTION public.rifiuta_modifica();
CREATE TRIGGER movimento_solo_funzioni BEFORE INSERT ON public.movimento FOR EACH STATEMENT EXECUTE FUNCTION public.rifiuta_scrittura_diretta();
CREATE TRIGGER riga_immutabile BEFORE DELETE OR UPDATE ON public.riga FOR EACH STATEMENT EXECUTE FUNCTION public.rifiuta_modifica();
CREATE TRIGGER riga_solo_funzioni BEFORE INSERT ON public.riga FOR EACH STATEMENT EXECUTE FUNCTION public.rifiuta_scrittura_diretta();
CREATE TRIGGER riga_somma_zero AFTER INSERT ON public.riga REFERENCING NEW TABLE AS nuove FOR EACH STATEMENT EXECUTE FUNCTION public.controlla_righe_nuove();
CREATE TRIGGER saldo_notato_solo_funzioni BEFORE INSERT ON public.saldo_notato FOR EACH STATEMENT EXECUTE FUNCTION public.rifiuta_scrittura_diretta();
CREATE TRIGGER sigillo_immutabile BEFORE DELETE OR UPDATE ON public.sigillo FOR EACH STATEMENT EXECUTE FUNCTION public.rifiuta_modifica();
ALTER TABLE ONLY public.alimentazione
    ADD CONSTRAINT fk_alimentazione_movimento_id FOREIGN KEY (movimento_id) REFERENCES public.movimento(movimento_id);
ALTER TABLE ONLY public.alimentazione
    ADD CONSTRAINT fk_alimentazione_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.avviso_limite
    ADD CONSTRAINT fk_avviso_limite_limite_id FOREIGN KEY (limite_id) REFERENCES public.limite(limite_id);
ALTER TABLE ONLY public.contratto
    ADD CONSTRAINT fk_contratto_nucleo_id FOREIGN KEY (nucleo_id) REFERENCES public.nucleo(nucleo_id);
ALTER TABLE ONLY public.da_sigillare
    ADD CONSTRAINT fk_da_sigillare_movimento_id FOREIGN KEY (movimento_id) REFERENCES public.movimento(movimento_id);
ALTER TABLE ONLY public.debito
    ADD CONSTRAINT fk_debito_ente_proprietario FOREIGN KEY (ente_proprietario) REFERENCES public.proprietario(ente);
ALTER TABLE ONLY public.debito
    ADD CONSTRAINT fk_debito_rilevazione_id FOREIGN KEY (rilevazione_id) REFERENCES public.rilevazione(rilevazione_id);
ALTER TABLE ONLY public.differenza
    ADD CONSTRAINT fk_differenza_riconciliazione_id FOREIGN KEY (riconciliazione_id) REFERENCES public.riconciliazione(riconciliazione_id);
ALTER TABLE ONLY public.distinta
    ADD CONSTRAINT fk_distinta_ente_proprietario FOREIGN KEY (ente_proprietario) REFERENCES public.proprietario(ente);
ALTER TABLE ONLY public.donazione
    ADD CONSTRAINT fk_donazione_movimento_id FOREIGN KEY (movimento_id) REFERENCES public.movimento(movimento_id);
ALTER TABLE ONLY public.fonte_riduzione
    ADD CONSTRAINT fk_fonte_riduzione_distinta_id FOREIGN KEY (distinta_id) REFERENCES public.distinta(distinta_id);
ALTER TABLE ONLY public.fonte_riduzione
    ADD CONSTRAINT fk_fonte_riduzione_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.fonte_riduzione
    ADD CONSTRAINT fk_fonte_riduzione_riduzione_id FOREIGN KEY (riduzione_id) REFERENCES public.riduzione(riduzione_id);
ALTER TABLE ONLY public.lotto
    ADD CONSTRAINT fk_lotto_ente_proprietario FOREIGN KEY (ente_proprietario) REFERENCES public.proprietario(ente);
ALTER TABLE ONLY public.movimento
    ADD CONSTRAINT fk_movimento_storna FOREIGN KEY (storna) REFERENCES public.movimento(movimento_id);
ALTER TABLE ONLY public.pagamento
    ADD CONSTRAINT fk_pagamento_distinta_id FOREIGN KEY (distinta_id) REFERENCES public.distinta(distinta_id);
ALTER TABLE ONLY public.posizione_debitoria
    ADD CONSTRAINT fk_posizione_debitoria_rilevazione_id FOREIGN KEY (rilevazione_id) REFERENCES public.rilevazione(rilevazione_id);
ALTER TABLE ONLY public.quota
    ADD CONSTRAINT fk_quota_movimento_id FOREIGN KEY (movimento_id) REFERENCES public.movimento(movimento_id);
ALTER TABLE ONLY public.recupero
    ADD CONSTRAINT fk_recupero_conto_id FOREIGN KEY (conto_id) REFERENCES public.conto(conto_id);
ALTER TABLE ONLY public.recupero
    ADD CONSTRAINT fk_recupero_fondo_id FOREIGN KEY (fondo_id) REFERENCES public.conto(conto_id);
ALTER TABLE ONLY public.riconciliazione
    ADD CONSTRAINT fk_riconciliazione_ente_proprietario FOREIGN KEY (ente_proprietario) REFERENCES public.proprietario(ente);
ALTER TABLE ONLY public.riduzione
    ADD CONSTRAINT fk_riduzione_distinta_id FOREIGN KEY (distinta_id) REFERENCES public.distinta(distinta_id);
ALTER TABLE ONLY public.riduzione
    ADD CONSTRAINT fk_riduzione_ente_proprietario FOREIGN KEY (ente_proprietario) REFERENCES public.proprietario(ente);
ALTER TABLE ONLY public.riduzione
    ADD CONSTRAINT fk_riduzione_lotto_id FOREIGN KEY (lotto_id) REFERENCES public.lotto(lotto_id);
ALTER TABLE ONLY public.riduzione
    ADD CONSTRAINT fk_riduzione_quota_id FOREIGN KEY (quota_id) REFERENCES public.quota(quota_id);
ALTER TABLE ONLY public.riga
    ADD CONSTRAINT fk_riga_conto_id FOREIGN KEY (conto_id) REFERENCES public.conto(conto_id);
ALTER TABLE ONLY public.riga
    ADD CONSTRAINT fk_riga_movimento_id FOREIGN KEY (movimento_id) REFERENCES public.movimento(movimento_id);
ALTER TABLE ONLY public.rilevazione
    ADD CONSTRAINT fk_rilevazione_ente_proprietario FOREIGN KEY (ente_proprietario) REFERENCES public.proprietario(ente);
ALTER TABLE ONLY public.ripartizione
    ADD CONSTRAINT fk_ripartizione_progetto_id FOREIGN KEY (progetto_id) REFERENCES public.progetto(progetto_id);
ALTER TABLE ONLY public.risposta
    ADD CONSTRAINT fk_risposta_lotto_id FOREIGN KEY (lotto_id) REFERENCES public.lotto(lotto_id);
ALTER TABLE ONLY public.saldo_notato
    ADD CONSTRAINT fk_saldo_notato_conto_id FOREIGN KEY (conto_id) REFERENCES public.conto(conto_id);
ALTER TABLE ONLY public.scelta_nucleo
    ADD CONSTRAINT fk_scelta_nucleo_nucleo_id FOREIGN KEY (nucleo_id) REFERENCES public.nucleo(nucleo_id);
ALTER TABLE ONLY public.sigillo
    ADD CONSTRAINT fk_sigillo_movimento_id FOREIGN KEY (movimento_id) REFERENCES public.movimento(movimento_id);
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.accredito TO puntiluna_app;
GRANT SELECT ON TABLE public.alembic_version TO puntiluna_app;
GRANT SELECT,INSERT ON TABLE public.alimentazione TO puntiluna_app;
GRANT SELECT,INSERT ON TABLE public.avviso_limite TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.configurazione_ente TO puntiluna_app;
GRANT SELECT,INSERT ON TABLE public.conto TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.contratto TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.da_sigillare TO puntiluna_app;
GRANT USAGE ON SEQUENCE public.da_sigillare_id_seq TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.debito TO puntiluna_app;
GRANT SELECT,INSERT ON TABLE public.differenza TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.distinta TO puntiluna_app;
GRANT SELECT,INSERT ON TABLE public.donazione TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.evento_parcheggiato TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.flusso TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.fonte_riduzione TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.inbox TO puntiluna_app;
GRANT SELECT,INSERT ON TABLE public.limite TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lotto TO puntiluna_app;
GRANT SELECT,INSERT ON TABLE public.movimento TO puntiluna_app;
GRANT USAGE ON SEQUENCE public.movimento_ordine_seq TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.nucleo TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ora_pagata TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.orologio TO puntiluna_app;
GRANT USAGE ON SEQUENCE public.orologio_riga_seq TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.outbox TO puntiluna_app;
GRANT USAGE ON SEQUENCE public.outbox_n_seq TO puntiluna_app;
GRANT SELECT,INSERT ON TABLE public.pagamento TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.persona_unita TO puntiluna_app;
GRANT SELECT,INSERT ON TABLE public.posizione_debitoria TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.progetto TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.proprietario TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.quota TO puntiluna_app;
GRANT SELECT,INSERT ON TABLE public.radice_firmata TO puntiluna_app;
GRANT USAGE ON SEQUENCE public.radice_firmata_numero_seq TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.recupero TO puntiluna_app;
GRANT SELECT,INSERT ON TABLE public.registro_accessi TO puntiluna_app;
GRANT SELECT,INSERT ON TABLE public.riconciliazione TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.riduzione TO puntiluna_app;
GRANT SELECT,INSERT ON TABLE public.riga TO puntiluna_app;
GRANT SELECT,INSERT ON TABLE public.rilevazione TO puntiluna_app;
GRANT SELECT,INSERT ON TABLE public.ripartizione TO puntiluna_app;
GRANT SELECT,INSERT ON TABLE public.risposta TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.risposta_idempotente TO puntiluna_app;
GRANT SELECT,INSERT ON TABLE public.saldo_notato TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.scelta_nucleo TO puntiluna_app;
GRANT SELECT,INSERT ON TABLE public.sigillo TO puntiluna_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sql_installato TO puntiluna_app;
GRANT SELECT,INSERT ON TABLE public.tariffa TO puntiluna_app;
