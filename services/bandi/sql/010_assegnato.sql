-- The money a line has assigned is the sum of what its projects are admitted to, kept by the database itself: whatever
-- writes a project's amounts, the CHECK of `linea` (impieghi_entro_la_dotazione) refuses to give more than there is.
-- Once for each statement and line: row by row, the 3,000 projects of one ranking made as many versions of one row.
CREATE OR REPLACE FUNCTION progetto_linea_assegna() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE OR REPLACE TRIGGER progetto_linea_entra AFTER INSERT ON progetto_linea
    REFERENCING NEW TABLE AS nuove FOR EACH STATEMENT EXECUTE FUNCTION progetto_linea_assegna();
CREATE OR REPLACE TRIGGER progetto_linea_cambia AFTER UPDATE ON progetto_linea
    REFERENCING OLD TABLE AS vecchie NEW TABLE AS nuove FOR EACH STATEMENT EXECUTE FUNCTION progetto_linea_assegna();
CREATE OR REPLACE TRIGGER progetto_linea_esce AFTER DELETE ON progetto_linea
    REFERENCING OLD TABLE AS vecchie FOR EACH STATEMENT EXECUTE FUNCTION progetto_linea_assegna();
