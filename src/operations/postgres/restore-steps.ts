import {nameKey, type ProvedTable} from '../../domain/compare-tables.ts';
import type {JsonValue} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import {
	namedTableProofSql,
	parseProof,
	proofSettingsSql,
	type ProofKind,
} from '../../domain/table-proof.ts';
import type {StepCode, Tools} from '../operation.ts';
import {runAll, statement, statementsOf} from './commands.ts';
import {namesNow} from './names-now.ts';
import {contextOf, plannedBackup} from './restore-context.ts';
import type {RestoreRequest} from './restore-request.ts';
import {
	compareContents,
	contentsOf,
	contentsSql,
	type Difference,
	differenceOf,
} from './restored-contents.ts';
import {readIn} from './server.ts';
import {
	fetchIntoFolder,
	inOrder,
	inOrderAndBack,
	loadIntoFresh,
	removeFolder,
} from './shared-steps.ts';
import {wellEndpoints} from './writer-services.ts';

const fetchStep: StepCode<RestoreRequest> = {
	async run(tools) {
		await tools.keep('well', await wellEndpoints(tools.look));
		await fetchIntoFolder(tools);
		tools.note({code: 'restore-note-fetched', params: {folder: contextOf(tools).folder}});
	},
	undo: tools => removeFolder(tools, tools.step.undo),
};

const createStep: StepCode<RestoreRequest> = {
	...inOrderAndBack<RestoreRequest>(),
	async run(tools) {
		await runAll(tools, statementsOf(tools.step.commands));
		const {control, names, targetId} = contextOf(tools);
		const found = await namesNow(tools.look, {target: targetId, control}, [names.fresh]);
		await tools.keep('oid', found.get(names.fresh)?.oid ?? 0);
	},
};

/** Counts and hashes one table with its planned statement, and compares it with the backup. */
export async function tableDifference<R extends JsonValue>(
	tools: Tools<R>,
	table: ProvedTable,
	kind: ProofKind,
): Promise<Difference | undefined> {
	const {schema, name} = table;
	const command = statement(tools.step.commands, namedTableProofSql(kind));
	const [row] = await tools.sql(command, {schema, name});
	return differenceOf(table, row === undefined ? undefined : parseProof(row['proof']));
}

const compareStep: StepCode<RestoreRequest> = {
	async run(tools) {
		const {target, names} = contextOf(tools);
		const {facts} = await plannedBackup(tools);
		const [row] = await readIn(tools.look, target, names.fresh, [contentsSql]);
		const found = contentsOf(row?.['value']);
		const differences: Difference[] = [...compareContents(facts, found)];
		const present = new Set(found.tables.map(nameKey));
		await tools.sql(statement(tools.step.commands, 'BEGIN'));
		await tools.sql(statement(tools.step.commands, proofSettingsSql));
		for (const [index, table] of facts.tables.entries()) {
			const difference = present.has(nameKey(table))
				? await tableDifference(tools, table, facts.proof)
				: differenceOf(table, undefined);
			if (difference !== undefined) {
				differences.push(difference);
			}
			tools.progress({done: index + 1, total: facts.tables.length, unit: 'tables'});
		}
		await tools.sql(statement(tools.step.commands, 'COMMIT'));
		const [first] = differences;
		if (first !== undefined) {
			throw new ProblemError({
				code: 'restore-different',
				params: {count: differences.length, ...first},
				retry: 'rarely',
			});
		}
		tools.note({code: 'restore-note-equal', params: {count: facts.tables.length}});
	},
};

/** The steps of a restore that only prepare: nobody notices anything of them. */
export const prepareSteps = {
	fetch: fetchStep,
	create: createStep,
	load: loadIntoFresh<RestoreRequest>(),
	compare: compareStep,
	analyze: inOrder<RestoreRequest>(),
	properties: inOrder<RestoreRequest>(),
} as const;
