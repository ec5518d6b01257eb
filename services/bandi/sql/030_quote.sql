-- The partners' shares of a line add up to the line, at every commit, whatever wrote either of them. Deferred: one act
-- moves the line and its shares with several statements. A line without shares has no plan yet: it is its lead's.
CREATE OR REPLACE FUNCTION quota_partner_quadra() RETURNS trigger LANGUAGE plpgsql AS $$
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

DROP TRIGGER IF EXISTS quota_partner_somma ON quota_partner;
CREATE CONSTRAINT TRIGGER quota_partner_somma AFTER INSERT OR UPDATE OR DELETE ON quota_partner
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION quota_partner_quadra();
DROP TRIGGER IF EXISTS progetto_linea_quote ON progetto_linea;
CREATE CONSTRAINT TRIGGER progetto_linea_quote AFTER UPDATE ON progetto_linea
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION quota_partner_quadra();
