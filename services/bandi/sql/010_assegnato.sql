-- The money a line has assigned is the sum of what its projects are admitted to, kept by the database itself: whatever
-- writes a project's amounts, the CHECK of `linea` (impieghi_entro_la_dotazione) refuses to give more than there is.
CREATE OR REPLACE FUNCTION progetto_linea_assegna() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.ammesso_cent <> 0 AND
       (TG_OP = 'DELETE' OR (OLD.bando_id, OLD.linea) IS DISTINCT FROM (NEW.bando_id, NEW.linea)) THEN
        RAISE EXCEPTION 'the money of a project stays on its line' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    UPDATE linea
       SET assegnato_cent = assegnato_cent + NEW.ammesso_cent - CASE TG_OP WHEN 'UPDATE' THEN OLD.ammesso_cent ELSE 0 END
     WHERE bando_id = NEW.bando_id AND codice = NEW.linea;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER progetto_linea_assegna
    AFTER INSERT OR UPDATE OF ammesso_cent, bando_id, linea OR DELETE ON progetto_linea
    FOR EACH ROW EXECUTE FUNCTION progetto_linea_assegna();
