#!/bin/sh
# Stands in for the public postgres image where no image can be pulled: the same variables
# (POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB), the same data folder, the same
# /docker-entrypoint-initdb.d, the same access rules; the server comes from Debian's package.
set -eu

if [ "${1:-postgres}" != postgres ]; then
	exec "$@"
fi

: "${POSTGRES_PASSWORD:?POSTGRES_PASSWORD must be set}"
POSTGRES_USER=${POSTGRES_USER:-postgres}
POSTGRES_DB=${POSTGRES_DB:-$POSTGRES_USER}
PGDATA=${PGDATA:-/var/lib/postgresql/data}
as_postgres() {
	setpriv --reuid=postgres --regid=postgres --init-groups "$@"
}

mkdir -p "$PGDATA" /var/run/postgresql
chown postgres:postgres "$PGDATA" /var/run/postgresql
chmod 700 "$PGDATA"

if [ ! -s "$PGDATA/PG_VERSION" ]; then
	umask 077
	printf '%s\n' "$POSTGRES_PASSWORD" >/tmp/password
	chown postgres /tmp/password
	as_postgres initdb --no-sync --username="$POSTGRES_USER" --pwfile=/tmp/password \
		--encoding=UTF8 --locale=C.UTF-8 -D "$PGDATA" >/tmp/initdb.log 2>&1 || {
		cat /tmp/initdb.log >&2
		exit 1
	}
	rm -f /tmp/password
	printf '\nhost all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
	printf "\nlisten_addresses = '*'\n" >>"$PGDATA/postgresql.conf"
	as_postgres pg_ctl -D "$PGDATA" -w -s -l /tmp/init.log \
		-o "-c listen_addresses='' -c fsync=off -c shared_preload_libraries=pg_stat_statements" start
	if [ "$POSTGRES_DB" != postgres ]; then
		as_postgres psql -q -v ON_ERROR_STOP=1 -v name="$POSTGRES_DB" -U "$POSTGRES_USER" -d postgres <<-'SQL'
			CREATE DATABASE :"name";
		SQL
	fi
	for script in /docker-entrypoint-initdb.d/*.sql; do
		[ -e "$script" ] || continue
		psql -q -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" -f "$script"
	done
	as_postgres pg_ctl -D "$PGDATA" -w -s -m fast stop
fi

exec setpriv --reuid=postgres --regid=postgres --init-groups "$@"
