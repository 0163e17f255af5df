import type {Command} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import {listOf, numberOf, textsOf} from '../../domain/unknown.ts';
import type {StepCode, Tools} from '../operation.ts';
import {runAll, statement, statementsOf, type SqlCommand} from './commands.ts';
import {namesNow} from './names-now.ts';
import {contextOf} from './restore-context.ts';
import type {RestoreRequest} from './restore-request.ts';
import {clearStart, dropStart} from './restore-sql.ts';
import {removeFolder} from './shared-steps.ts';
import {clearUntilEmpty, requireOpen, swapInOne, waitForOwn} from './swap-names.ts';
import {notWell} from './writer-services.ts';

type RestoreTools = Tools<RestoreRequest>;

const healthForMs = 120_000;

async function startAll(tools: RestoreTools, commands: readonly Command[] = []): Promise<void> {
	for (const command of commands) {
		if (command.kind !== 'engine') {
			continue;
		}
		const {status} = await tools.engine(command);
		// 304: it is so already. 404: removed meanwhile; nothing that could be started.
		if (status >= 400 && status !== 404) {
			throw new ProblemError({
				code: 'restore-service-refused',
				params: {command: command.say, status},
				retry: 'rarely',
			});
		}
	}
}

async function now(tools: RestoreTools) {
	const {control, names, database, targetId} = contextOf(tools);
	const found = await namesNow(tools.look, {target: targetId, control}, [
		database,
		names.fresh,
		names.kept,
	]);
	return {live: found.get(database), fresh: found.get(names.fresh), kept: found.get(names.kept)};
}

const gateStep: StepCode<RestoreRequest> = {
	async run(tools) {
		await tools.keep('gateAt', tools.look.io.clock.now());
		await tools.sql(statement(tools.step.commands, 'ALTER DATABASE'));
	},
	async undo(tools) {
		const {live} = await now(tools);
		if (live !== undefined && !live.allowsConnections) {
			await tools.sql(statement(tools.step.undo, 'ALTER DATABASE'));
		}
	},
};

const clearStep: StepCode<RestoreRequest> = {
	run: tools => clearUntilEmpty(tools, statement(tools.step.commands, 'SELECT count(*)')),
};

const swapStep: StepCode<RestoreRequest> = {
	run: tools => swapInOne(tools, tools.step.commands),
};

const openStep: StepCode<RestoreRequest> = {
	async run(tools) {
		const {target, database} = contextOf(tools);
		const {live} = await now(tools);
		if (live?.allowsConnections === false) {
			await tools.sql(statement(tools.step.commands, 'ALTER DATABASE'));
		}
		const gateAt = numberOf(tools.kept['gateAt']);
		if (gateAt !== undefined) {
			const ms = Math.max(0, Math.round(tools.look.io.clock.now() - gateAt));
			tools.note({code: 'restore-note-outage', params: {ms}});
		}
		await requireOpen(tools, target, database);
		await startAll(tools, tools.step.commands);
	},
};

/** The last statements of the way back, which remove the new database (`endBeforeDrop`, `dropDatabase`). */
function dropOf(commands: readonly Command[]): readonly SqlCommand[] {
	const all = statementsOf(commands);
	const at = all.findIndex(({text}) => text.startsWith(dropStart));
	if (at === -1) throw new Error('the plan removes nothing');
	return all.slice(all[at - 1]?.text.startsWith(clearStart) === true ? at - 1 : at);
}

/** Puts the old database back under its name; right at any point of itself. */
async function swapBack(tools: RestoreTools): Promise<void> {
	const {commands} = tools.step;
	const {live, kept} = await now(tools);
	const close = statement(commands, 'ALTER DATABASE');
	const open = statementsOf(commands).findLast(({text}) => text.startsWith('ALTER DATABASE'));
	if (open === undefined) {
		throw new Error('the plan has no way back');
	}
	if (live !== undefined && kept !== undefined) {
		await tools.sql(close);
		await clearUntilEmpty(tools, statement(commands, clearStart));
		await swapInOne(tools, commands);
	}
	await tools.sql(open);
	await runAll(tools, dropOf(commands));
}

const healthStep: StepCode<RestoreRequest> = {
	async run(tools) {
		const containers = tools.plan.steps
			.filter(({id}) => id === 'quiesce')
			.flatMap(({undo = []}) => undo)
			.flatMap(command =>
				command.kind === 'engine' ? (/containers\/([^/]+)/.exec(command.path)?.[1] ?? []) : [],
			);
		const {kept, live} = await now(tools);
		// A way back that was interrupted is not health-checked again: it is finished. It begins with closing what is open.
		const bad =
			kept === undefined || live?.allowsConnections === false
				? ['swap-back']
				: await notWell(
						tools.look,
						{containers, endpoints: textsOf(listOf(tools.kept['well']))},
						healthForMs,
					);
		if (bad.length === 0) {
			return;
		}
		await swapBack(tools);
		// They may have ended over the new data; with the old data back they are wanted again.
		await startAll(tools, tools.step.commands);
		throw new ProblemError({
			code: 'restore-swapped-back',
			params: {names: bad.join(', ')},
			retry: 'rarely',
		});
	},
};

const quiesceStep: StepCode<RestoreRequest> = {
	run: tools => startAll(tools, tools.step.commands),
	undo: tools => startAll(tools, tools.step.undo),
};

/** The steps of a restore that everybody notices, and what comes after them. */
export const swapSteps = {
	quiesce: quiesceStep,
	gate: gateStep,
	clear: clearStep,
	swap: swapStep,
	open: openStep,
	health: healthStep,
	tidy: {run: (tools: RestoreTools) => removeFolder(tools)},
} as const;

/** Whether the names are swapped, by looking at them once this run's sessions are at rest. */
export async function isSwapped(tools: RestoreTools): Promise<boolean> {
	const {control, isNew} = contextOf(tools);
	await waitForOwn(tools, control);
	const {live, kept, fresh} = await now(tools);
	if (isNew) {
		return live !== undefined && fresh === undefined && live.oid === tools.kept['oid'];
	}
	return live !== undefined && kept !== undefined;
}
