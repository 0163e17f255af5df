import {clean} from '../../domain/clean.ts';
import type {TableFacts} from '../../domain/manifest.ts';
import type {Step} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import {proofSettingsSql} from '../../domain/table-proof.ts';
import {numberOf} from '../../domain/unknown.ts';
import type {Look, Operation, StepCode, Tools} from '../operation.ts';
import {chooseDatabaseBackup} from './choose-backup.ts';
import {inside, onControl, runAll, statement, statementsOf} from './commands.ts';
import {proofOfTable} from './compare-tables.ts';
import {fetchDump, writePasswordFile} from './fetch-dump.ts';
import {isLoader, loadDump, requireSuccess, start} from './load-dump.ts';
import {applicationOf, chooseLoader} from './loader.ts';
import {judgeTable, programMajorOf} from './pre-checks.ts';
import {quoteName, quoteQualified} from './quote.ts';
import {contextOf, plannedBackup} from './restore-context.ts';
import {flagOf, maybeText, requestOf, wantedText} from './restore-request.ts';
import {
	copyTable,
	createDatabase,
	closeToPublic,
	dropStatements,
	endOwnPrograms,
} from './restore-sql.ts';
import {removeFolder, tableDifference} from './restore-steps.ts';
import {controlDatabase, findServer, readIn, readServer} from './server.ts';
import {requireSpace} from './require-space.ts';
import {cutBytes, sideNames, sideSchema} from './side-names.ts';
import {maxNameBytes} from './quote.ts';
import {sideAdvice} from './side-advice.ts';

/** What is restored beside the live tables: one table (`schema.name`) or a whole schema. */
export type RestoreTableRequest = {
	readonly backup: string;
	readonly target?: string;
	readonly database?: string;
	readonly table?: string;
	readonly schema?: string;
	readonly isForeignAccepted: boolean;
};

/** A table of the backup and the name that it gets in the side schema. */
export type SideTable = {readonly from: TableFacts; readonly name: string};

/**
 * The tables that a request means, and their names in the side schema: their own, or with the schema before it where two
 * schemas have a table of the same name. Rejects where the backup has none such.
 */
export function chooseTables(
	tables: readonly TableFacts[],
	{table, schema}: Pick<RestoreTableRequest, 'table' | 'schema'>,
): readonly SideTable[] {
	const found = tables.filter(one =>
		table === undefined
			? one.schema === schema
			: `${one.schema}.${one.name}` === table || one.name === table,
	);
	if (found.length === 0 || (table !== undefined && found.length > 1)) {
		const known = tables.slice(0, 30).map(one => clean(`${one.schema}.${one.name}`, 80));
		throw new ProblemError({
			code: 'restore-table-unknown',
			params: {what: clean(table ?? schema ?? '', 130), known: known.join(', ')},
			retry: 'rarely',
		});
	}
	return found.map(from => ({from, name: cutBytes(from.name, maxNameBytes)}));
}

async function plan(look: Look, request: RestoreTableRequest, id: string) {
	const target = findServer(look, request.target);
	const {backup, facts} = await chooseDatabaseBackup(look, request, target);
	const database = request.database ?? facts.database;
	const chosen = chooseTables(facts.tables, request);
	const control = await controlDatabase(look, target, database);
	const server = await readServer(look, target, {control, database});
	if (server.live === undefined) {
		const params = {database: clean(database, 80)};
		throw new ProblemError({code: 'restore-table-no-database', params, retry: 'rarely'});
	}
	const [problem] = judgeTable(server, facts, {...request, properties: 'live', database});
	if (problem !== undefined) {
		throw new ProblemError(problem);
	}
	const {fresh} = sideNames(database, id);
	const schema = sideSchema(id);
	const folder = `${look.folders.scratch}/${id}`;
	const usedBytes = chosen.reduce((sum, {from}) => sum + from.bytes, 0);
	const space = await requireSpace(look, target, {
		server,
		databaseBytes: usedBytes * 2,
		copyBytes: backup.bytes * 2,
	});
	const shared = {
		target,
		serverPort: server.port,
		folder,
		dumpedVersion: Math.max(
			facts.versionNumber,
			server.versionNumber,
			programMajorOf(facts) * 10_000,
		),
		application: applicationOf(id),
		bytes: 0,
	};
	const only = chosen.flatMap(({from}) => [`--table=${from.name}`]);
	const schemas = [...new Set(chosen.map(({from}) => from.schema))];
	const dataArgs = ['--data-only', ...schemas.map(name => `--schema=${name}`), ...only];
	const [definitions, data, dump, load] = await Promise.all([
		chooseLoader(look, {
			...shared,
			database: fresh,
			args: ['--section=pre-data', '--no-owner', '--no-privileges'],
		}),
		chooseLoader(look, {...shared, database: fresh, args: dataArgs, name: 'data'}),
		chooseLoader(look, {
			...shared,
			database: fresh,
			program: 'pg_dump',
			args: ['--format=custom', '--compress=1', `--schema=${schema}`],
			file: 'side.pgc',
			name: 'dump',
		}),
		chooseLoader(look, {
			...shared,
			database,
			args: ['--single-transaction', '--no-owner', '--no-privileges'],
			file: 'side.pgc',
			name: 'live',
		}),
	]);
	const what = clean(request.table ?? request.schema ?? '', 130);
	const end = onControl(control, endOwnPrograms(applicationOf(id)));
	const drop = dropStatements(fresh, server.versionNumber).map(text => onControl(control, text));
	const hour = 3_600_000;
	const steps: readonly Step[] = [
		{
			id: 'fetch',
			title: {code: 'restore-step-fetch'},
			commands: [
				{kind: 'file', action: 'make', path: folder},
				{kind: 'file', action: 'write', path: `${folder}/dump.pgc`},
				...(target.password === undefined
					? []
					: [{kind: 'file', action: 'write', path: `${folder}/pgpass`} as const]),
			],
			undo: [{kind: 'file', action: 'remove', path: folder}],
			deadlineMs: hour,
		},
		{
			id: 'create',
			title: {code: 'restore-step-create', params: {name: clean(fresh, 100)}},
			commands: [
				onControl(control, createDatabase(fresh, {...server.live, encoding: facts.encoding})),
				onControl(control, closeToPublic(fresh)),
			],
			undo: [end, ...drop],
			deadlineMs: 300_000,
		},
		{
			id: 'load',
			title: {code: 'restore-step-load'},
			commands: [definitions.command, end],
			undo: [end],
			deadlineMs: hour,
		},
		{
			id: 'data',
			title: {code: 'restore-step-load'},
			commands: [data.command, end],
			undo: [end],
			deadlineMs: 12 * hour,
		},
		{
			id: 'compare',
			title: {code: 'restore-step-compare', params: {count: chosen.length}},
			commands: [
				inside(fresh, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'),
				inside(fresh, proofSettingsSql),
				...chosen.map(({from}) => inside(fresh, proofOfTable(from))),
				inside(fresh, 'COMMIT'),
			],
			deadlineMs: 12 * hour,
		},
		{
			id: 'copy',
			title: {code: 'restore-table-step-move', params: {count: chosen.length, schema}},
			commands: [
				inside(fresh, `CREATE SCHEMA ${quoteName(schema)}`),
				...chosen.map(({from, name}) =>
					inside(
						fresh,
						copyTable(quoteQualified(from.schema, from.name), quoteQualified(schema, name)),
					),
				),
			],
			deadlineMs: 12 * hour,
		},
		{
			id: 'dump',
			title: {code: 'import-step-dump'},
			commands: [dump.command],
			deadlineMs: 12 * hour,
		},
		{
			id: 'live',
			title: {code: 'restore-table-title', params: {what, backup: backup.id, schema, database}},
			commands: [load.command],
			undo: [
				{
					kind: 'sql',
					session: 'live',
					database,
					text: `DROP SCHEMA IF EXISTS ${quoteName(schema)} CASCADE`,
				},
			],
			isCommitPoint: true,
			deadlineMs: 12 * hour,
		},
		{
			id: 'tidy',
			title: {code: 'restore-table-step-drop'},
			commands: [...drop, {kind: 'file', action: 'remove', path: folder}],
			deadlineMs: 300_000,
		},
	];
	return {
		title: {
			code: 'restore-table-title' as const,
			params: {what, backup: backup.id, schema, database: clean(database, 100)},
		},
		identity: {
			postgres: {
				target: target.id,
				systemIdentifier: server.systemIdentifier,
				database,
				oid: server.live.oid,
				versionNumber: server.versionNumber,
			},
			backup: {id: backup.id, manifestSha256: backup.manifestSha256},
		},
		risk: 'disruptive' as const,
		steps,
		locks: [
			{
				resource: `pg:${server.systemIdentifier}:${database}`,
				mode: 'exclusive' as const,
			},
			{resource: `catalogue:${look.folders.backups}`, mode: 'shared' as const},
		],
		space,
		outages: [],
		deletes: [],
		warnings: [{code: 'restore-table-plain' as const}],
		undo: {code: 'restore-table-undo' as const, params: {schema}},
	};
}

type TableTools = Tools<RestoreTableRequest>;

const loadStep: StepCode<RestoreTableRequest> = {
	async run(tools) {
		const {target, control, names, database, folder} = contextOf(tools);
		const {facts} = await plannedBackup(tools);
		const {dataFolder} = await readServer(tools.look, target, {control, database});
		await loadDump(tools, {
			target,
			control,
			dataFolder,
			database: names.fresh,
			dump: `${folder}/dump.pgc`,
			expectedBytes: facts.sizeBytes,
		});
	},
	undo: tools => runAll(tools, statementsOf(tools.step.undo)),
};

async function runProgram(tools: TableTools): Promise<void> {
	const command = tools.step.commands.find(isLoader);
	if (command === undefined) {
		throw new Error('the plan runs no program');
	}
	requireSuccess(await start(tools, command, `${contextOf(tools).folder}/side.pgc`));
}

async function sideTables(tools: TableTools): Promise<number> {
	const {target, database} = contextOf(tools);
	const [row] = await readIn(tools.look, target, database, [
		'SELECT count(*)::int AS count FROM pg_catalog.pg_tables WHERE schemaname = $1',
		sideSchema(tools.plan.id),
	]);
	return numberOf(row?.['count']) ?? 0;
}

/** Puts a table or schema of a backup beside the live ones, in a schema of its own, and tells how to compare and copy. */
export const restoreTable: Operation<RestoreTableRequest> = {
	id: 'restore-table',
	title: {code: 'restore-table-name'},
	parse(value) {
		const request = requestOf(value);
		const choice = {...maybeText(request, 'table'), ...maybeText(request, 'schema')};
		if (Object.keys(choice).length !== 1) {
			wantedText({}, 'table');
		}
		return {
			backup: wantedText(request, 'backup'),
			...maybeText(request, 'target'),
			...maybeText(request, 'database'),
			...choice,
			isForeignAccepted: flagOf(request, 'isForeignAccepted', false),
		};
	},
	plan,
	steps: {
		fetch: {
			async run(tools) {
				const {target} = contextOf(tools);
				const {backup, dump} = await plannedBackup(tools);
				for (const command of tools.step.commands) {
					if (command.kind === 'file' && command.action === 'make') {
						await tools.file(command);
					}
				}
				await fetchDump(tools, {folder: backup.folder, artefact: dump});
				await writePasswordFile(tools, target);
			},
			undo: tools => removeFolder(tools, tools.step.undo),
		},
		create: {
			run: tools => runAll(tools, statementsOf(tools.step.commands)),
			undo: tools => runAll(tools, statementsOf(tools.step.undo)),
		},
		load: loadStep,
		data: loadStep,
		compare: {
			async run(tools) {
				const {facts} = await plannedBackup(tools);
				await tools.sql(statement(tools.step.commands, 'BEGIN'));
				await tools.sql(statement(tools.step.commands, proofSettingsSql));
				for (const {from} of chooseTables(facts.tables, tools.request)) {
					const difference = await tableDifference(tools, from);
					if (difference !== undefined) {
						const params = {count: 1, ...difference};
						throw new ProblemError({code: 'restore-different', params, retry: 'rarely'});
					}
				}
				await tools.sql(statement(tools.step.commands, 'COMMIT'));
			},
		},
		copy: {run: tools => runAll(tools, statementsOf(tools.step.commands))},
		dump: {run: runProgram},
		live: {
			async run(tools) {
				await runProgram(tools);
				const {facts} = await plannedBackup(tools);
				const wanted = chooseTables(facts.tables, tools.request);
				const found = await sideTables(tools);
				if (found !== wanted.length) {
					throw new ProblemError({
						code: 'restore-different',
						params: {
							count: 1,
							what: sideSchema(tools.plan.id),
							expected: wanted.length,
							found,
						},
						retry: 'rarely',
					});
				}
				for (const phrase of sideAdvice(sideSchema(tools.plan.id), wanted)) {
					tools.note(phrase);
				}
			},
			undo: tools => runAll(tools, statementsOf(tools.step.undo)),
		},
		tidy: {
			async run(tools) {
				await runAll(tools, statementsOf(tools.step.commands));
				await removeFolder(tools);
			},
		},
	},
	// One transaction puts all of it there, so that any table of it means all of them.
	isCommitted: async tools => (await sideTables(tools)) > 0,
};
