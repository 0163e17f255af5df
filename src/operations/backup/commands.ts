import {partFolder, type BackupPlace} from '../../domain/catalogue.ts';
import {databaseFactsSql, sequencesSql, tablesSql} from '../../domain/database-facts-sql.ts';
import type {Command, Step} from '../../domain/plan.ts';
import {proofSettingsSql, tableProofSql} from '../../domain/table-proof.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import {remove, write} from '../catalogue/place.ts';
import {tlsOf} from '../postgres/loader.ts';
import {programOf, runCommand, type Programs} from '../postgres/programs.ts';
import {conninfo} from '../postgres/quote.ts';

/** Names of the files of a database backup. */
export const artefacts = {dump: 'dump.pgc', globals: 'globals.sql'} as const;

/**
 * Sessions that wait for us, and whom we wait for: by the application name that all our sessions carry. How long one has
 * waited is known since version 14 (`pg_locks.waitstart`, read through JSON because older servers lack it); before, only
 * how long its statement has run.
 */
const queueSql = `SELECT json_build_object(
	'waiting', (SELECT json_build_object('pid', w.pid, 'application', w.application_name,
			'seconds', extract(epoch FROM clock_timestamp() - w.since))
		FROM (SELECT a.pid, a.application_name,
				CASE WHEN current_setting('server_version_num')::int >= 140000
				THEN coalesce((SELECT min((to_json(l)->>'waitstart')::timestamptz) FROM pg_catalog.pg_locks l
					WHERE l.pid = a.pid AND NOT l.granted), clock_timestamp())
				ELSE a.query_start END AS since
			FROM pg_catalog.pg_stat_activity a WHERE a.wait_event_type = 'Lock' AND a.application_name <> $1
			AND EXISTS (SELECT FROM unnest(pg_blocking_pids(a.pid)) b
				JOIN pg_catalog.pg_stat_activity o ON o.pid = b WHERE o.application_name = $1)) w
		ORDER BY w.since LIMIT 1),
	'blocker', (SELECT json_build_object('pid', a.pid, 'application', a.application_name,
			'relation', coalesce((SELECT l.relation::regclass::text FROM pg_catalog.pg_locks l
				WHERE l.pid = o.pid AND NOT l.granted AND l.locktype = 'relation' LIMIT 1), ''))
		FROM pg_catalog.pg_stat_activity o CROSS JOIN unnest(pg_blocking_pids(o.pid)) b
		JOIN pg_catalog.pg_stat_activity a ON a.pid = b
		WHERE o.application_name = $1 AND o.wait_event_type = 'Lock' LIMIT 1)) AS queue`;

const beginSql = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
const snapshotSql = 'SELECT pg_catalog.pg_export_snapshot() AS id';

/** Ends every session of this run but the one that asks. */
const stopSql = `SELECT pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
	WHERE application_name = $1 AND pid <> pg_backend_pid()`;

/** What the commands of a database backup are made of. */
export type DumpFacts = {
	readonly place: BackupPlace;
	readonly programs: Programs;
	readonly target: PostgresTarget;
	/** Port of the server as its own container sees it. */
	readonly port: number;
	readonly isHashed: boolean;
	readonly scratch: string;
};

function sql(session: 'snapshot' | 'control', database: string, text: string) {
	return {kind: 'sql', session, database, text} as const;
}

/** Every command of the dump, by what it is for. */
export function dumpCommands(facts: DumpFacts) {
	const {place, programs, target, port, isHashed, scratch} = facts;
	const {database, user, password} = target;
	const part = partFolder(place);
	const application = `opsc:${place.id}`;
	const passfile = `${scratch}/${place.id}.pgpass`;
	// Inside its own container the server is on the loopback address, whatever is published.
	const server =
		programs.kind === 'program'
			? {host: target.host, port: target.port, ...tlsOf(target)}
			: {host: '127.0.0.1', port};
	const connection = conninfo({
		...server,
		user,
		dbname: database,
		application_name: application,
	});
	const isStreamed = programs.kind === 'exec';
	const usesPassfile = password !== undefined && !isStreamed;
	const mounts = [{from: part, to: part, isReadOnly: false}];
	const connected = {mounts, isConnected: true, ...(usesPassfile && {passfile})};
	const dump = runCommand(programs, {
		...connected,
		name: 'dump',
		program: 'pg_dump',
		args: [
			'--format=custom',
			'--compress=1',
			'--snapshot={snapshot}',
			'--lock-wait-timeout=10s',
			'--no-password',
			...(isStreamed ? [] : [`--file=${part}/${artefacts.dump}`]),
			`--dbname=${connection}`,
		],
	});
	const globals = runCommand(programs, {
		...connected,
		name: 'globals',
		program: 'pg_dumpall',
		args: [
			'--globals-only',
			'--no-role-passwords',
			'--no-password',
			...(isStreamed ? [] : [`--file=${part}/${artefacts.globals}`]),
			`--dbname=${connection}`,
		],
	});
	return {
		begin: sql('snapshot', database, beginSql),
		settings: sql('snapshot', database, proofSettingsSql),
		snapshot: sql('snapshot', database, snapshotSql),
		facts: sql('snapshot', database, databaseFactsSql),
		tables: sql('snapshot', database, tablesSql),
		sequences: sql('snapshot', database, sequencesSql),
		proof: {
			...sql('snapshot', database, tableProofSql(isHashed ? 'column-hashes' : 'counts')),
			values: ['{oid}'],
		},
		commit: sql('snapshot', database, 'COMMIT'),
		queue: {...sql('control', database, queueSql), values: [application]},
		stop: {...sql('control', database, stopSql), values: [application]},
		...(usesPassfile && {passfile: write(passfile)}),
		dropPassfile: remove(passfile),
		dumpFile: write(`${part}/${artefacts.dump}`),
		globalsFile: write(`${part}/${artefacts.globals}`),
		dump,
		globals,
		/** A full read of the archive by the program that would restore it; in a sidecar without a network. */
		read: runCommand(programs, {
			name: 'read',
			program: 'pg_restore',
			mounts: [{from: part, to: part, isReadOnly: true}],
			args: ['--file=/dev/null', ...(isStreamed ? [] : [`${part}/${artefacts.dump}`])],
		}),
		isStreamed,
		part,
	};
}

/** The commands of the dump and of its check, by what each is for. */
export type DumpCommands = ReturnType<typeof dumpCommands>;

/** Those of the step that dumps, in order. */
export function dumpStepCommands(commands: DumpCommands): readonly Command[] {
	const {begin, settings, snapshot, facts, tables, sequences, proof, commit} = commands;
	const {queue, stop, dropPassfile, dumpFile, globalsFile, dump, globals, passfile} = commands;
	return [
		...(passfile ? [passfile] : []),
		begin,
		settings,
		snapshot,
		dumpFile,
		globalsFile,
		dump,
		globals,
		facts,
		tables,
		sequences,
		proof,
		queue,
		stop,
		commit,
		dropPassfile,
	];
}

type SqlCommand = Command & {kind: 'sql'};
type FileCommand = Command & {kind: 'file'};
type WriteCommand = FileCommand & {action: 'write'};

/** The commands of a planned dump again, each by what it is for; throws where the plan is of another kind. */
export function plannedDump({commands}: Pick<Step, 'commands'>) {
	const sqlOf = (text: string): SqlCommand => {
		const found = commands.find(command => command.kind === 'sql' && command.text === text);
		if (found?.kind !== 'sql') throw new Error('the plan lacks a statement');
		return found;
	};
	const isWrite = (command: Command): command is WriteCommand =>
		command.kind === 'file' && command.action === 'write';
	const writeOf = (name: string) =>
		commands.filter(isWrite).find(command => command.path.endsWith(name));
	const isHashed = commands.some(
		command => command.kind === 'sql' && command.text === tableProofSql('column-hashes'),
	);
	const dropPassfile = commands.find(
		(command): command is FileCommand => command.kind === 'file' && command.action === 'remove',
	);
	const dumpFile = writeOf(artefacts.dump);
	const globalsFile = writeOf(artefacts.globals);
	if (!dropPassfile || !dumpFile || !globalsFile) throw new Error('the plan lacks a file');
	const passfile = writeOf('.pgpass');
	return {
		begin: sqlOf(beginSql),
		settings: sqlOf(proofSettingsSql),
		snapshot: sqlOf(snapshotSql),
		facts: sqlOf(databaseFactsSql),
		tables: sqlOf(tablesSql),
		sequences: sqlOf(sequencesSql),
		proof: sqlOf(tableProofSql(isHashed ? 'column-hashes' : 'counts')),
		commit: sqlOf('COMMIT'),
		queue: sqlOf(queueSql),
		stop: sqlOf(stopSql),
		...(passfile && {passfile}),
		dropPassfile,
		dumpFile,
		globalsFile,
		dump: programOf(commands, 'pg_dump'),
		globals: programOf(commands, 'pg_dumpall'),
		isHashed,
	};
}
