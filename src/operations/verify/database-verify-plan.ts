import {restoredSql} from '../../domain/database-facts-sql.ts';
import type {DatabaseFacts} from '../../domain/manifest.ts';
import type {Step} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import {proofSettingsSql} from '../../domain/table-proof.ts';
import type {Look} from '../operation.ts';
import {findPrograms} from '../postgres/find-programs.ts';
import {type ProgramCommand, type Programs, runCommand} from '../postgres/programs.ts';
import {quoteName, quoteText} from '../postgres/quote.ts';
import {scratchServer, type ScratchServer} from './scratch.ts';
import type {VerifierPlan, VerifyFacts} from './verifier.ts';

/** Name of the database in the throw-away server. */
const restored = 'restored';

/** Programs of the very image that the backup was made with, else of a server here that is not older. */
async function programsFor(look: Look, database: DatabaseFacts): Promise<Programs> {
	const containers = look.targets.postgres.filter(({container}) => container !== undefined);
	const imageOf = (id: string | undefined) =>
		look.containers.find(container => container.id === id)?.imageId;
	const same = containers.find(
		({container}) =>
			database.image !== undefined && imageOf(container?.containerId) === database.image,
	);
	const [first] = same ? [same] : containers;
	const target = first ?? look.targets.postgres[0];
	const anywhere = {
		id: 'none',
		origin: 'host' as const,
		host: '',
		port: 0,
		database: '',
		user: '',
		tls: 'off' as const,
	};
	return findPrograms(look, target ?? anywhere, database.versionNumber);
}

function psql(
	server: ScratchServer,
	database: string,
	statements: readonly string[],
): ProgramCommand {
	return server.run('psql', [
		...['-X', '-q', '-A', '-t', '-w', '-v', 'ON_ERROR_STOP=1'],
		...['-h', server.folder, '-U', 'postgres', '-d', database],
		...statements.flatMap(statement => ['-c', statement]),
	]);
}

const serverSettings = [
	...['listen_addresses=', 'fsync=off', 'full_page_writes=off', 'synchronous_commit=off'],
	...['wal_level=minimal', 'max_wal_senders=0', 'max_wal_size=256MB', 'autovacuum=off'],
	...['shared_buffers=64MB', 'maintenance_work_mem=64MB', 'dynamic_shared_memory_type=mmap'],
];

/** Everything of levels 3 and 4, as commands. */
function restoreCommands(server: ScratchServer, database: DatabaseFacts) {
	const {folder} = server;
	const options = [...serverSettings, `unix_socket_directories=${folder}`]
		.map(setting => `-c ${setting}`)
		.join(' ');
	const roles = database.roles.filter(role => role !== 'postgres' && !role.startsWith('pg_'));
	const locale = `LC_COLLATE ${quoteText(database.collate)} LC_CTYPE ${quoteText(database.ctype)}`;
	const create = `CREATE DATABASE ${restored} TEMPLATE template0 ENCODING ${quoteText(database.encoding)} ${locale}`;
	return {
		initdb: server.run('initdb', [
			...['-D', `${folder}/data`, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C'],
			'--no-sync',
		]),
		start: server.run('pg_ctl', [
			...['-D', `${folder}/data`, '-l', `${folder}/log`, '-w', '-t', '60', '-o', options],
			'start',
		]),
		prepare: psql(server, 'postgres', [
			...roles.map(role => `CREATE ROLE ${quoteName(role)}`),
			create,
		]),
		restore: server.run('pg_restore', [
			...['--exit-on-error', '--no-password', '--no-subscriptions', '-h', folder],
			...['-U', 'postgres', '-d', restored],
		]),
		compare: psql(server, restored, [
			'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
			proofSettingsSql,
			restoredSql(database.proof),
			'COMMIT',
		]),
	};
}

/** The steps that verify a backup of a database up to a level. Rejects where no program or no assertion is there for it. */
export async function planVerification(
	look: Look,
	{backup, level, id}: VerifyFacts,
): Promise<VerifierPlan> {
	const {database} = backup.manifest;
	if (!database || level < 2) return {steps: []};
	const programs = await programsFor(look, database);
	const deadlineMs = Math.max(15 * 60_000, Math.ceil(database.sizeBytes / 5000));
	const read: Step = {
		id: 'read',
		title: {code: 'step-verify-read'},
		commands: [
			runCommand(programs, {
				name: 'read',
				program: 'pg_restore',
				mounts: [{from: backup.folder, to: backup.folder, isReadOnly: true}],
				args: [
					'--file=/dev/null',
					...(programs.kind === 'exec' ? [] : [`${backup.folder}/dump.pgc`]),
				],
			}),
		],
		deadlineMs,
	};
	if (level < 3) return {steps: [read]};
	const image = programs.kind === 'sidecar' ? programs.image : (database.image ?? '');
	const server = await scratchServer(look, programs, {id, dataBytes: database.sizeBytes, image});
	const {initdb, start, prepare, restore, compare} = restoreCommands(server, database);
	const steps: Step[] = [
		read,
		{
			id: 'restore',
			title: {code: 'step-verify-restore', params: {tables: database.tables.length}},
			commands: [server.create, initdb, start, prepare, restore, compare],
			...(server.drop.length > 0 && {undo: server.drop}),
			deadlineMs: deadlineMs * 2,
		},
	];
	const assertions = assertionsFor(look, database);
	if (level >= 4) {
		if (assertions.length === 0) {
			throw new ProblemError({code: 'verify-no-assertions', params: {}, retry: 'rarely'});
		}

		steps.push({
			id: 'assert',
			title: {code: 'step-verify-assert', params: {count: assertions.length}},
			commands: assertions.map(({sql}) =>
				psql(server, restored, ['SET default_transaction_read_only = on', sql]),
			),
			deadlineMs,
		});
	}

	steps.push({
		id: 'drop-scratch',
		title: {code: 'step-verify-drop'},
		commands: server.drop,
		deadlineMs: 120_000,
	});
	return {steps, space: [server.space]};
}

/** What the operator wants to hold in the copy of this database. */
export function assertionsFor(look: Pick<Look, 'settings'>, {database}: DatabaseFacts) {
	const all = look.settings.storage?.assertions ?? [];
	return all.filter(each => each.database === undefined || each.database === database);
}
