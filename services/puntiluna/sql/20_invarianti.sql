-- What a CHECK cannot say: the lines of each movement written by a statement sum to zero, are two or more, and stay in
-- their movement's book. Holds for whoever inserts, the posting function included.
CREATE OR REPLACE FUNCTION controlla_righe_nuove() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
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

CREATE OR REPLACE TRIGGER riga_somma_zero
    AFTER INSERT ON riga REFERENCING NEW TABLE AS nuove
    FOR EACH STATEMENT EXECUTE FUNCTION controlla_righe_nuove();

-- The ledger does not change: not even by the owner of the tables, unless the trigger is taken away first.
CREATE OR REPLACE FUNCTION rifiuta_modifica() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is immutable: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'registro_immutabile';
END;
$$;

CREATE OR REPLACE TRIGGER movimento_immutabile
    BEFORE UPDATE OR DELETE ON movimento FOR EACH STATEMENT EXECUTE FUNCTION rifiuta_modifica();
CREATE OR REPLACE TRIGGER riga_immutabile
    BEFORE UPDATE OR DELETE ON riga FOR EACH STATEMENT EXECUTE FUNCTION rifiuta_modifica();
CREATE OR REPLACE TRIGGER sigillo_immutabile
    BEFORE UPDATE OR DELETE ON sigillo FOR EACH STATEMENT EXECUTE FUNCTION rifiuta_modifica();

-- Only the functions above write the ledger: they run as the owner of the tables, whoever calls them.
CREATE OR REPLACE FUNCTION rifiuta_scrittura_diretta() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
    IF current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RAISE EXCEPTION 'the ledger is written by its functions only: % on % refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'registro_solo_funzioni';
    END IF;
    RETURN NULL;
END;
$$;

CREATE OR REPLACE TRIGGER conto_solo_funzioni
    BEFORE INSERT ON conto FOR EACH STATEMENT EXECUTE FUNCTION rifiuta_scrittura_diretta();
CREATE OR REPLACE TRIGGER movimento_solo_funzioni
    BEFORE INSERT ON movimento FOR EACH STATEMENT EXECUTE FUNCTION rifiuta_scrittura_diretta();
CREATE OR REPLACE TRIGGER riga_solo_funzioni
    BEFORE INSERT ON riga FOR EACH STATEMENT EXECUTE FUNCTION rifiuta_scrittura_diretta();
CREATE OR REPLACE TRIGGER saldo_notato_solo_funzioni
    BEFORE INSERT ON saldo_notato FOR EACH STATEMENT EXECUTE FUNCTION rifiuta_scrittura_diretta();
