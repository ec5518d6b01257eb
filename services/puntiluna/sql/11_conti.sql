-- Accounts for the runtime role, with the owner's rights: it may neither open, change nor lock one by itself.

-- Opens the accounts that do not exist yet, in id order, before any of them is locked.
CREATE OR REPLACE FUNCTION apri_conti(
    p_ora timestamptz, p_conto uuid[], p_libro text[], p_tipo text[], p_titolare text[], p_progetto uuid[]
) RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    INSERT INTO conto (conto_id, libro, tipo, titolare, progetto_id, aperto_il)
    SELECT n.conto_id, n.libro, n.tipo, n.titolare, n.progetto_id, p_ora
      FROM unnest(p_conto, p_libro, p_tipo, p_titolare, p_progetto)
           AS n (conto_id, libro, tipo, titolare, progetto_id)
     WHERE NOT EXISTS (SELECT FROM conto c WHERE c.conto_id = n.conto_id)
     ORDER BY n.conto_id
    ON CONFLICT DO NOTHING;
$$;

-- Locks accounts in the same order as the posting function and tells their balances.
CREATE OR REPLACE FUNCTION blocca_conti(p_conto uuid[]) RETURNS TABLE (conto uuid, saldo bigint)
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT c.conto_id, c.saldo_cent FROM conto c WHERE c.conto_id = ANY (p_conto)
     ORDER BY c.calore, c.conto_id FOR NO KEY UPDATE;
$$;

-- Balances as of an instant: the last one noted down by then, and the lines registered since.
CREATE OR REPLACE FUNCTION saldi_al(p_conto uuid[], p_istante timestamptz) RETURNS TABLE (conto uuid, saldo bigint)
LANGUAGE sql STABLE
SET search_path = public, pg_temp
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
