import {execFile} from 'node:child_process';
import {createHash, randomBytes} from 'node:crypto';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {manifestText} from '../../src/domain/manifest-json.ts';
import type {DatabaseFacts, Manifest} from '../../src/domain/manifest.ts';
import {proofSettings} from '../../src/domain/table-proof.ts';
import type {PostgresServer} from './postgres-server.ts';

const run = promisify(execFile);

const contents = `
SELECT json_build_object(
	'systemIdentifier', (SELECT system_identifier::text FROM pg_control_system()),
	'database', datname, 'oid', oid::bigint, 'versionNumber', current_setting('server_version_num')::int,
	'encoding', pg_encoding_to_char(encoding), 'collate', datcollate, 'ctype', datctype,
	'owner', pg_get_userbyid(datdba), 'acl', coalesce(datacl::text[], '{}'), 'connectionLimit', datconnlimit,
	'sizeBytes', pg_database_size(oid),
	'tables', coalesce((SELECT json_agg(json_build_object('schema', nspname, 'name', relname, 'bytes', pg_table_size(c.oid)))
		FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'r'
		AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')), '[]'),
	'sequences', coalesce((SELECT json_agg(json_build_object('schema', schemaname, 'name', sequencename,
		'lastValue', coalesce(last_value::text, ''))) FROM pg_sequences), '[]')
) FROM pg_database WHERE datname = current_database()`;

/** What a test wants of its backup. */
export type BackupWish = {
	readonly database: string;
	readonly changes?: Partial<DatabaseFacts>;
	/** Id of the backup; a new one unless told. */
	readonly id?: string;
	/** Changes the dump after its checksum was taken, as a broken disk would. */
	readonly spoil?: (dump: Buffer) => Buffer;
};

/** Id of a backup or run that nothing else has. */
export function newBackupId(): string {
	const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
	return `${time}-${randomBytes(4).toString('hex')}`;
}

/** Makes a backup of a database by hand: pg_dump, counts and hashes, manifest. Gives its id and its dump's path. */
export async function makeBackup(
	server: PostgresServer,
	folders: {readonly backups: string},
	wish: BackupWish,
): Promise<{readonly id: string; readonly dump: string; readonly facts: DatabaseFacts}> {
	const id = wish.id ?? newBackupId();
	const series = `pg-${createHash('sha256').update(wish.database).digest('hex').slice(0, 8)}`;
	const folder = join(folders.backups, series, id);
	await mkdir(folder, {recursive: true, mode: 0o700});
	const dump = join(folder, 'dump.pgc');
	await run(join(server.programs, 'pg_dump'), ['-Fc', '-Z1', '-f', dump], {
		env: {
			PATH: process.env['PATH'],
			PGHOST: '127.0.0.1',
			PGPORT: String(server.port),
			PGUSER: 'postgres',
			PGDATABASE: wish.database,
		},
	});
	const session = await server.session({database: wish.database});
	const {rows} = await session.query<{json_build_object: DatabaseFacts}>(contents);
	const found = rows[0]?.json_build_object;
	if (!found) throw new Error('no facts of the database');
	for (const name of ['DateStyle', 'IntervalStyle', 'TimeZone', 'search_path'] as const) {
		await session.query('SELECT set_config($1, $2, false)', [name, proofSettings[name]]);
	}
	const tables = [];
	for (const table of found.tables) {
		const name = `${session.escapeIdentifier(table.schema)}.${session.escapeIdentifier(table.name)}`;
		const proof = await session.query<{rows: string; hash: string}>(
			`SELECT count(*)::text AS rows, coalesce(sum(hashtextextended((t.*)::text, 0)::numeric), 0)::text AS hash FROM ONLY ${name} t`,
		);
		const [row] = proof.rows;
		tables.push({...table, rows: Number(row?.rows), hash: row?.hash ?? ''});
	}
	await session.end();
	const facts: DatabaseFacts = {
		...found,
		dumpVersion: `pg_dump (PostgreSQL) ${server.version}.0`,
		settings: [],
		extensions: [],
		roles: [],
		tables,
		snapshot: '',
		proof: 'hashes',
		...wish.changes,
	};
	const content = await readFile(dump);
	const now = new Date().toISOString();
	const manifest: Manifest = {
		version: 1,
		id,
		kind: 'database',
		series,
		startedAt: now,
		finishedAt: now,
		hostname: 'test',
		machine: '',
		environment: 'test',
		operator: {user: 'test', userId: 0},
		tool: '0.0.0',
		artefacts: [
			{
				name: 'dump.pgc',
				bytes: content.length,
				sha256: createHash('sha256').update(content).digest('hex'),
				format: 'pg-custom',
			},
		],
		database: facts,
		durationMs: 1,
	};
	if (wish.spoil) await writeFile(dump, wish.spoil(content));
	const text = manifestText(manifest);
	await writeFile(join(folder, 'manifest.json'), text);
	const sum = createHash('sha256').update(text).digest('hex');
	await writeFile(join(folder, 'manifest.sha256'), `${sum}  manifest.json\n`);
	return {id, dump, facts};
}
