import type {Command} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import {proofSettingsSql} from '../../domain/table-proof.ts';
import {numberOf} from '../../domain/unknown.ts';
import type {Operation, Tools} from '../operation.ts';
import {runAll, statement, statementsOf} from './commands.ts';
import {requireSuccess, runOn} from './load-dump.ts';
import {programOf, runInto} from './programs.ts';
import {contextOf, plannedBackup} from './restore-context.ts';
import {tableDifference} from './restore-steps.ts';
import {readIn} from './server.ts';
import {
	fetchIntoFolder,
	inOrder,
	inOrderAndBack,
	loadIntoFresh,
	removeFolder,
} from './shared-steps.ts';
import {sideAdvice} from './side-advice.ts';
import {sideSchema} from './side-names.ts';
import {planTable} from './table-plan.ts';
import {chooseTables, parseTableRequest, type RestoreTableRequest} from './table-request.ts';

type TableTools = Tools<RestoreTableRequest>;

function isWrite(command: Command): command is Command & {kind: 'file'; action: 'write'} {
	return command.kind === 'file' && command.action === 'write';
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
	parse: parseTableRequest,
	plan: planTable,
	steps: {
		fetch: {
			run: fetchIntoFolder,
			undo: tools => removeFolder(tools, tools.step.undo),
		},
		create: inOrderAndBack(),
		load: loadIntoFresh(),
		data: loadIntoFresh(),
		compare: {
			async run(tools) {
				const {facts} = await plannedBackup(tools);
				await tools.sql(statement(tools.step.commands, 'BEGIN'));
				await tools.sql(statement(tools.step.commands, proofSettingsSql));
				for (const {from} of chooseTables(facts.tables, tools.request)) {
					const difference = await tableDifference(tools, from, facts.proof);
					if (difference !== undefined) {
						const params = {count: 1, ...difference};
						throw new ProblemError({code: 'restore-different', params, retry: 'rarely'});
					}
				}
				await tools.sql(statement(tools.step.commands, 'COMMIT'));
			},
		},
		copy: inOrder(),
		dump: {
			async run(tools) {
				const file = tools.step.commands.find(isWrite);
				if (file === undefined) {
					throw new Error('the plan writes no dump');
				}
				requireSuccess(await runInto(tools, programOf(tools.step.commands, 'pg_dump'), file));
			},
		},
		live: {
			async run(tools) {
				const command = programOf(tools.step.commands, 'pg_restore');
				requireSuccess(await runOn(tools, command, `${contextOf(tools).folder}/side.pgc`));
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
