-- The money a line has reserved is the sum of the reservations on it, kept by the database itself: the CHECK of `linea`
-- (impieghi_entro_la_dotazione) refuses to reserve or assign together more than there is.
CREATE OR REPLACE FUNCTION prenotazione_linea_riserva() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE OR REPLACE TRIGGER prenotazione_linea_entra AFTER INSERT ON prenotazione_linea
    REFERENCING NEW TABLE AS nuove FOR EACH STATEMENT EXECUTE FUNCTION prenotazione_linea_riserva();
CREATE OR REPLACE TRIGGER prenotazione_linea_cambia AFTER UPDATE ON prenotazione_linea
    REFERENCING OLD TABLE AS vecchie NEW TABLE AS nuove FOR EACH STATEMENT EXECUTE FUNCTION prenotazione_linea_riserva();
CREATE OR REPLACE TRIGGER prenotazione_linea_esce AFTER DELETE ON prenotazione_linea
    REFERENCING OLD TABLE AS vecchie FOR EACH STATEMENT EXECUTE FUNCTION prenotazione_linea_riserva();
