#!/usr/bin/env bash
# Makes the two roles and the database, once, when the server's data are new. The passwords are those of the
# addresses that the service connects to.
set -euo pipefail

secrets=${SECRETS_DIR:-/run/secrets}

# postgres://role:password@host:port/database
password_in() {
    local url rest
    url=$(cat "$secrets/$1")
    rest=${url#*://*:}
    if [ "$rest" = "$url" ] || [ -z "${rest%%@*}" ]; then
        echo "$secrets/$1 holds no address with a password" >&2
        return 1
    fi
    printf '%s' "${rest%%@*}"
}

OWNER_PASSWORD=$(password_in owner_database_url)
APP_PASSWORD=$(password_in database_url)
export OWNER_PASSWORD APP_PASSWORD

psql --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
create role seribu_owner login password :'owner_password';
create role seribu_app login password :'app_password';
create database seribu owner seribu_owner;
revoke connect, temporary on database seribu from public;
grant connect on database seribu to seribu_app;
SQL
