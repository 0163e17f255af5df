/**
 * What runs in the closed container: a new server that listens on no network, the dump loaded into it, and on standard
 * output one line of facts and then the new dump. Fixed text; what varies comes as arguments and on standard input.
 * Arguments: `plain` or `custom`, and a limit in KiB for what is read.
 *
 * Roles that the dump names are made first, without rights. A plain dump is one transaction that ends at the first error:
 * psql without both would go on after errors and end with status 0 (SAFETY 0.2).
 */
export const importScript = String.raw`set -eu
umask 077
D=$(mktemp -d /tmp/opsc.XXXXXX)
export LC_ALL=C.UTF-8 PGHOST=$D PGUSER=postgres PGDATABASE=postgres
cat >"$D/dump"
initdb -D "$D/data" -U postgres -A trust -E UTF8 --no-sync >"$D/log" 2>&1 || { cat "$D/log" >&2; exit 90; }
pg_ctl -D "$D/data" -w -s -l "$D/log" -o "-c listen_addresses='' -c unix_socket_directories='$D' -c fsync=off -c full_page_writes=off -c max_wal_size=4GB" start || { cat "$D/log" >&2; exit 90; }
createdb -T template0 imported
if [ "$1" = custom ]; then pg_restore -s -f "$D/schema" "$D/dump"; else ln "$D/dump" "$D/schema"; fi
sed -nE -e 's/^(ALTER .* OWNER TO|.* FOR ROLE) (("([^"]|"")+"|[a-z_][a-z0-9_$]*)).*$/\2/p' -e 's/^(GRANT|REVOKE) .* (TO|FROM) (("([^"]|"")+"|[a-z_][a-z0-9_$]*))( WITH GRANT OPTION)?;$/\3/p' "$D/schema" | sort -u | while IFS= read -r role; do
case $role in postgres|public|PUBLIC) ;; *) printf 'CREATE ROLE %s;\n' "$role" | psql -X -q >/dev/null 2>&1 || true ;; esac
done
if [ "$1" = custom ]; then
pg_restore --exit-on-error -d imported "$D/dump" </dev/null >&2
else
psql -X -q -1 -v ON_ERROR_STOP=1 -d imported -f "$D/dump" </dev/null >"$D/out" 2>"$D/err" || { tail -n 20 "$D/err" >&2; exit 91; }
fi
rm -f "$D/dump" "$D/schema"
psql -X -q -A -t -v ON_ERROR_STOP=1 -d imported >"$D/facts" <<'SQL'
SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC'; SET bytea_output = 'hex';
SET extra_float_digits = 1; SET xmloption = 'content'; SET row_security = off; SET search_path = pg_catalog;
SELECT json_build_object(
'versionNumber', current_setting('server_version_num')::int,
'encoding', pg_encoding_to_char(encoding), 'collate', datcollate, 'ctype', datctype,
'sizeBytes', pg_database_size(oid),
'extensions', (SELECT coalesce(json_agg(json_build_object('name', extname, 'version', extversion)), '[]') FROM pg_extension),
'roles', (SELECT coalesce(json_agg(rolname), '[]') FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> 'postgres'),
'tables', (SELECT coalesce(json_agg(json_build_object('schema', nspname, 'name', relname, 'bytes', pg_table_size(t.oid),
'proof', query_to_xml(format('SELECT count(*) AS c, coalesce(sum(pg_catalog.hashtextextended((t.*)::text, 0)), 0) AS h FROM ONLY %s t', t.oid::regclass), true, false, '')::text)), '[]')
FROM pg_class t JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'r' AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')),
'sequences', (SELECT coalesce(json_agg(json_build_object('schema', schemaname, 'name', sequencename, 'lastValue', coalesce(last_value::text, ''))), '[]') FROM pg_sequences)
) FROM pg_database WHERE datname = 'imported';
SQL
pg_dump -Fc -Z1 -d imported -f "$D/new"
pg_restore -f /dev/null "$D/new"
pg_dump --version
tr -d '\n' <"$D/facts"; echo
cat "$D/new"
pg_ctl -D "$D/data" -s -m immediate stop >&2 || true
`;
