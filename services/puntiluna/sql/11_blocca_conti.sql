-- Locks accounts in the same order as the posting function and tells their balances. With the owner's rights, because the
-- runtime role may not change an account and so may not lock it.
CREATE OR REPLACE FUNCTION blocca_conti(p_conto uuid[]) RETURNS TABLE (conto uuid, saldo bigint)
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT c.conto_id, c.saldo_cent FROM conto c WHERE c.conto_id = ANY (p_conto)
     ORDER BY c.calore, c.conto_id FOR NO KEY UPDATE;
$$;
