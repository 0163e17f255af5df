import type {Command, JsonValue} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import {numberOf} from '../../domain/unknown.ts';
import type {Tools} from '../operation.ts';
import {runAll, statement, statementsOf} from './commands.ts';
import {applicationOf} from './loader.ts';
import {findServer, readIn} from './server.ts';

const clearForMs = 15_000;
const clearEveryMs = 20;
const swapTries = 6;

/** Ends sessions until there are none. Rejects where some stay longer than 15 s (SAFETY 3.4, step 9). */
export async function clearUntilEmpty<R extends JsonValue>(
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
export async function swapInOne<R extends JsonValue>(
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

const placeForMs = 20_000;
const placeEveryMs = 250;

/**
 * Looks whether a database takes connections. Clients that all come again at once may take every place for a while, so
 * that one of our own is waited for up to 20 s.
 */
export async function requireOpen<R extends JsonValue>(
	tools: Tools<R>,
	target: PostgresTarget,
	database: string,
): Promise<void> {
	const {clock} = tools.look.io;
	const startedAt = clock.monotonic();
	for (;;) {
		try {
			await readIn(tools.look, target, database, ['SELECT 1']);
			return;
		} catch (error) {
			const isFull =
				error instanceof ProblemError &&
				(error.problem.code === 'postgres-full' || error.problem.code === 'postgres-full-unknown');
			if (!isFull || clock.monotonic() - startedAt > placeForMs) throw error;
		}
		await clock.sleep(placeEveryMs, tools.look.signal);
	}
}

const ownActiveSql = `
SELECT count(*)::int AS active FROM pg_stat_activity
WHERE application_name = $1 AND state <> 'idle' AND pid <> pg_backend_pid()`;

/**
 * Waits until no session of this run is busy any more: a commit that the server is still working on would make what is
 * seen now wrong a moment later.
 */
export async function waitForOwn<R extends JsonValue>(
	tools: Tools<R>,
	control: string,
): Promise<void> {
	const {look, plan} = tools;
	const target = findServer(look, plan.identity.postgres?.target);
	for (let tries = 0; tries < 200; tries++) {
		const [row] = await readIn(look, target, control, [ownActiveSql, applicationOf(plan.id)]);
		if ((numberOf(row?.['active']) ?? 0) === 0) {
			return;
		}
		await look.io.clock.sleep(50, look.signal);
	}
}
