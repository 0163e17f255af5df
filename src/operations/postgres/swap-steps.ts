import type {Command} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import {listOf, numberOf, textsOf} from '../../domain/unknown.ts';
import type {StepCode, Tools} from '../operation.ts';
import {runAll, statement, statementsOf} from './commands.ts';
import {namesNow} from './names-now.ts';
import {contextOf} from './restore-context.ts';
import type {RestoreRequest} from './restore-request.ts';
import {removeFolder} from './restore-steps.ts';
import {readIn} from './server.ts';
import {notWell} from './writer-services.ts';

type RestoreTools = Tools<RestoreRequest>;

const clearForMs = 15_000;
const clearEveryMs = 20;
const swapTries = 6;
const healthForMs = 120_000;

/** Ends sessions until there are none. Rejects where some stay longer than 15 s (SAFETY 3.4, step 9). */
export async function clearUntilEmpty<R extends RestoreTools['request']>(
	tools: Tools<R>,
	command: Command & {kind: 'sql'},
): Promise<void> {
	const {clock} = tools.look.io;
	const startedAt = clock.monotonic();
	for (;;) {
		const [row] = await tools.sql(command);
		const left = numberOf(row?.['left']) ?? 0;
		if (left === 0) {
			return;
		}
		if (clock.monotonic() - startedAt > clearForMs) {
			throw new ProblemError({
				code: 'restore-sessions-stay',
				params: {count: left, seconds: clearForMs / 1000},
				retry: 'rarely',
			});
		}
		await clock.sleep(clearEveryMs, tools.look.signal);
	}
}

/**
 * Renames in one transaction. Somebody may have come into the new database in the meantime, which is not closed; then
 * they are ended and it is tried again.
 */
export async function swapInOne<R extends RestoreTools['request']>(
	tools: Tools<R>,
	commands: readonly Command[],
): Promise<void> {
	const all = statementsOf(commands);
	const isCommit = ({text}: (typeof all)[number]) => text === 'COMMIT';
	const first = all.indexOf(statement(commands, 'BEGIN'));
	const swap = all.slice(first, all.findIndex(isCommit) + 1);
	for (let tries = 1; ; tries++) {
		try {
			await runAll(tools, swap);
			return;
		} catch (error) {
			const isBusy = error instanceof ProblemError && error.problem.params['state'] === '55006';
			if (!isBusy || tries >= swapTries) {
				throw error;
			}
			await tools.sql(statement(commands, 'ROLLBACK'));
			await clearUntilEmpty(tools, statement(commands, 'SELECT count(*)'));
		}
	}
}

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
		await readIn(tools.look, target, database, ['SELECT 1']);
		await startAll(tools, tools.step.commands);
	},
};

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
		await clearUntilEmpty(tools, statement(commands, 'SELECT count(*)'));
		await swapInOne(tools, commands);
	}
	await tools.sql(open);
	await tools.sql(statement(commands, 'DROP DATABASE'));
}

const healthStep: StepCode<RestoreRequest> = {
	async run(tools) {
		const containers = tools.plan.steps
			.filter(({id}) => id === 'quiesce')
			.flatMap(({undo = []}) => undo)
			.flatMap(command =>
				command.kind === 'engine' ? (/containers\/([^/]+)/.exec(command.path)?.[1] ?? []) : [],
			);
		const {kept} = await now(tools);
		// A way back that was interrupted is not health-checked again: it is finished.
		const bad =
			kept === undefined
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

const ownActiveSql = `
SELECT count(*)::int AS active FROM pg_stat_activity
WHERE application_name = $1 AND state <> 'idle' AND pid <> pg_backend_pid()`;

/**
 * Whether the names are swapped, by looking at them. A commit that the server is still busy with would make the answer
 * wrong a moment later, so sessions of this run must be at rest first.
 */
export async function isSwapped(tools: RestoreTools): Promise<boolean> {
	const {control, isNew, target} = contextOf(tools);
	const {clock} = tools.look.io;
	for (let tries = 0; tries < 200; tries++) {
		const [row] = await readIn(tools.look, target, control, [
			ownActiveSql,
			`opsc:${tools.plan.id}`,
		]);
		if ((numberOf(row?.['active']) ?? 0) === 0) {
			break;
		}
		await clock.sleep(50, tools.look.signal);
	}
	const {live, kept, fresh} = await now(tools);
	if (isNew) {
		return live !== undefined && fresh === undefined && live.oid === tools.kept['oid'];
	}
	return live !== undefined && kept !== undefined;
}
