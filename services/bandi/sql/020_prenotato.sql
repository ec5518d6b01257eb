-- The money a line has reserved is the sum of the reservations on it, kept by the database itself: the CHECK of `linea`
-- (impieghi_entro_la_dotazione) refuses to reserve or assign together more than there is.
CREATE OR REPLACE FUNCTION prenotazione_linea_riserva() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.bando_id, OLD.linea) IS DISTINCT FROM (NEW.bando_id, NEW.linea) THEN
        RAISE EXCEPTION 'a reservation stays on its line' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE linea
       SET prenotato_cent = prenotato_cent
           + CASE TG_OP WHEN 'DELETE' THEN 0 ELSE NEW.riservato_cent END
           - CASE TG_OP WHEN 'INSERT' THEN 0 ELSE OLD.riservato_cent END
     WHERE bando_id = CASE TG_OP WHEN 'DELETE' THEN OLD.bando_id ELSE NEW.bando_id END
       AND codice = CASE TG_OP WHEN 'DELETE' THEN OLD.linea ELSE NEW.linea END;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER prenotazione_linea_riserva
    AFTER INSERT OR UPDATE OR DELETE ON prenotazione_linea
    FOR EACH ROW EXECUTE FUNCTION prenotazione_linea_riserva();
