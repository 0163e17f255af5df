import {clean} from '../../domain/clean.ts';
import type {DatabaseFacts} from '../../domain/manifest.ts';
import type {Step} from '../../domain/plan.ts';
import {proofSettingsSql} from '../../domain/table-proof.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import {inside, onControl, proveInside} from './commands.ts';
import {applicationOf, type Load} from './loader.ts';
import type {ProgramCommand} from './programs.ts';
import {quoteName, quoteQualified} from './quote.ts';
import {
	closeToPublic,
	copyTable,
	createDatabase,
	dropDatabase,
	endBeforeDrop,
	endOwnPrograms,
} from './restore-sql.ts';
import type {LiveDatabase} from './server-facts.ts';
import {plannedFetch} from './shared-steps.ts';
import type {SideTable} from './table-request.ts';

const hour = 3_600_000;

/** Everything that the steps of a restore beside the live tables are made of. */
export type TableParts = {
	readonly id: string;
	readonly target: PostgresTarget;
	readonly control: string;
	readonly database: string;
	/** The new database that the backup is loaded into first. */
	readonly fresh: string;
	/** The schema of the live database that the tables are put into. */
	readonly schema: string;
	readonly folder: string;
	readonly facts: Pick<DatabaseFacts, 'encoding' | 'proof'>;
	readonly live: LiveDatabase;
	readonly versionNumber: number;
	readonly chosen: readonly SideTable[];
	readonly title: Step['title'];
	readonly loaders: Readonly<Record<'definitions' | 'data' | 'dump' | 'live', ProgramCommand>>;
};

/** The four programs of such a restore: both parts of the backup, the side schema out of the new database and into the live. */
export function tableLoaders(
	loaderFor: (load: Load) => ProgramCommand,
	{database, fresh, schema, chosen}: Pick<TableParts, 'database' | 'fresh' | 'schema' | 'chosen'>,
): TableParts['loaders'] {
	const only = chosen.flatMap(({from}) => [`--table=${from.name}`]);
	const schemas = [...new Set(chosen.map(({from}) => from.schema))];
	const plain = ['--no-owner', '--no-privileges'];
	return {
		definitions: loaderFor({database: fresh, args: ['--section=pre-data', ...plain]}),
		data: loaderFor({
			database: fresh,
			args: ['--data-only', ...schemas.map(name => `--schema=${name}`), ...only],
			name: 'data',
		}),
		dump: loaderFor({
			database: fresh,
			program: 'pg_dump',
			args: ['--format=custom', '--compress=1', `--schema=${schema}`],
			file: 'side.pgc',
			name: 'dump',
		}),
		live: loaderFor({
			database,
			args: ['--single-transaction', ...plain],
			file: 'side.pgc',
			name: 'live',
		}),
	};
}

/** The steps, in order: all that is new is made in a database of its own, and comes into the live one in one transaction. */
export function tableSteps(parts: TableParts): readonly Step[] {
	const {id, control, database, fresh, schema, folder, facts, live, chosen, loaders} = parts;
	const end = onControl(control, endOwnPrograms(applicationOf(id)));
	const drop = [
		...endBeforeDrop(fresh, parts.versionNumber).map(text => onControl(control, text)),
		onControl(control, dropDatabase(fresh, parts.versionNumber)),
	];
	return [
		plannedFetch(parts, hour),
		{
			id: 'create',
			title: {code: 'restore-step-create', params: {name: clean(fresh, 100)}},
			commands: [
				onControl(control, createDatabase(fresh, {...live, encoding: facts.encoding})),
				onControl(control, closeToPublic(fresh)),
			],
			undo: [end, ...drop],
			deadlineMs: 300_000,
		},
		{
			id: 'load',
			title: {code: 'restore-step-load'},
			commands: [loaders.definitions, end],
			undo: [end],
			deadlineMs: hour,
		},
		{
			id: 'data',
			title: {code: 'restore-step-load'},
			commands: [loaders.data, end],
			undo: [end],
			deadlineMs: 12 * hour,
		},
		{
			id: 'compare',
			title: {code: 'restore-step-compare', params: {count: chosen.length}},
			commands: [
				inside(fresh, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'),
				inside(fresh, proofSettingsSql),
				proveInside(fresh, facts.proof),
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
			commands: [
				loaders.dump,
				// Inside the server's container it cannot write the file by itself.
				{kind: 'file', action: 'write', path: `${folder}/side.pgc`},
			],
			deadlineMs: 12 * hour,
		},
		{
			id: 'live',
			title: parts.title,
			commands: [loaders.live],
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
}
