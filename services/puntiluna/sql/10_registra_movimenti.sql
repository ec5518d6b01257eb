-- Posting: the only way into the ledger. Runs with the owner's rights: the runtime role can neither change a balance
-- nor write a line by itself.
--
-- Order of the steps (ADR 0041): open what is missing, lock the accounts (in id order, the hottest last), and only then
-- read the idempotency keys: a concurrent redelivery waits on the accounts and afterwards finds the movement posted.
--
-- A batch isolates a refused movement from its neighbours: it is reported, nothing of it is written, the others go on.
--
-- p_movimento_* are parallel arrays, one place for each movement; p_riga_* one place for each line, where p_riga_movimento
-- is the 1-based place of its movement; p_conto_* describe the accounts named by the lines, each once.
CREATE OR REPLACE FUNCTION registra_movimenti(
    p_ora timestamptz,
    p_conto uuid[],
    p_conto_libro text[],
    p_conto_tipo text[],
    p_conto_titolare text[],
    p_conto_progetto uuid[],
    p_movimento uuid[],
    p_movimento_libro text[],
    p_movimento_causa text[],
    p_movimento_chiave text[],
    p_movimento_evento uuid[],
    p_movimento_storna uuid[],
    p_movimento_accaduto timestamptz[],
    p_movimento_dettaglio text[],
    p_riga_movimento integer[],
    p_riga_conto uuid[],
    p_riga_importo bigint[]
) RETURNS TABLE (posto integer, esito text, registrato uuid, conto uuid)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
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
