#!/bin/sh
# Databases and roles of the platform, the same as the embedded run makes. Run once, by the postgres image, on an empty
# volume; every statement may run again (against an existing server: PGHOST=... PGUSER=postgres ./10-quartieri.sh).
#   X            one database per service, sorted the same everywhere (builtin provider, C.UTF-8)
#   X_owner      owns it and migrates it
#   X_app        runs the service; gets its rights from the migrations, table by table
#   laboratori_condizioni   holds the conditions of people; laboratori_app may only SET ROLE to it
set -eu
export PGUSER="${PGUSER:-${POSTGRES_USER:-postgres}}"

for service in bandi laboratori inclusione puntiluna; do
  upper=$(printf '%s' "$service" | tr '[:lower:]' '[:upper:]')
  owner_password=$(printenv "${upper}_OWNER_PASSWORD") || { echo "${upper}_OWNER_PASSWORD is not set" >&2; exit 1; }
  app_password=$(printenv "${upper}_APP_PASSWORD") || { echo "${upper}_APP_PASSWORD is not set" >&2; exit 1; }
  # The passwords travel in the environment (\getenv): a command line is visible to other processes.
  OWNER_PASSWORD="$owner_password" APP_PASSWORD="$app_password" \
    psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=postgres \
    --set=service="$service" --set=owner="${service}_owner" --set=app="${service}_app" <<'SQL'
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY[:'owner', :'app']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'owner_password';
ALTER ROLE :"app" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'app_password';
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8'' LOCALE_PROVIDER builtin BUILTIN_LOCALE ''C.UTF-8'' LOCALE ''C''', :'service', :'owner')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'service') \gexec
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"service" TO :"app";
\connect :service
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER SCHEMA public OWNER TO :"owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"app";
SQL
done

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=laboratori <<'SQL'
SELECT 'CREATE ROLE laboratori_condizioni NOLOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'laboratori_condizioni') \gexec
GRANT laboratori_condizioni TO laboratori_app WITH INHERIT FALSE, SET TRUE;
GRANT USAGE ON SCHEMA public TO laboratori_condizioni;
SQL
