import {clean} from '../../domain/clean.ts';
import {ProblemError} from '../../domain/problem.ts';
import {isObject, numberOf, textOf} from '../../domain/unknown.ts';
import type {Tools} from '../operation.ts';

type Sql = Parameters<Tools['sql']>[0];

/** How long somebody may wait for the backup before it gives way, in seconds. */
export const patienceSeconds = 10;

/** How often is looked, in ms. */
const everyMs = 1000;

/** What a look at the lock queue saw. */
export type Queue = {
	/** Waits for the backup. */
	readonly waiting?: {readonly pid: number; readonly application: string; readonly seconds: number};
	/** The backup waits for it. */
	readonly blocker?: {
		readonly pid: number;
		readonly application: string;
		readonly relation: string;
	};
};

function queueOf(value: unknown): Queue {
	const found = isObject(value) ? value : {};
	const part = (name: string) => {
		const item = found[name];
		if (!isObject(item)) return undefined;
		return {
			pid: numberOf(item['pid']) ?? 0,
			application: clean(textOf(item['application']), 100),
			seconds: Math.round(numberOf(item['seconds']) ?? 0),
			relation: clean(textOf(item['relation']), 200),
		};
	};
	const [waiting, blocker] = [part('waiting'), part('blocker')];
	return {...(waiting && {waiting}), ...(blocker && {blocker})};
}

/** Looks once. */
export async function lookAtQueue(tools: Pick<Tools, 'sql'>, command: Sql): Promise<Queue> {
	const [row] = await tools.sql(command);
	return queueOf(row?.['queue']);
}

/**
 * Looks at the lock queue once a second until the signal ends it, and calls `onLook`. Rejects with `dump-in-the-way` once
 * somebody, for example a migration, has waited for the backup too long: everything behind that one waits as well.
 */
export async function watchQueue(
	tools: Pick<Tools, 'sql' | 'warn' | 'look'>,
	command: Sql,
	signal: AbortSignal,
	onLook: (queue: Queue) => void | Promise<void>,
): Promise<void> {
	let hasWarned = false;
	for (;;) {
		const isOver = await tools.look.io.clock.sleep(everyMs, signal).then(
			() => false,
			() => true,
		);
		if (isOver) return;
		const queue = await lookAtQueue(tools, command);
		await onLook(queue);
		const {waiting} = queue;
		if (!waiting) continue;
		const {pid, application, seconds} = waiting;
		if (!hasWarned) tools.warn({code: 'warn-backup-waiting', params: {pid, application}});
		hasWarned = true;
		if (seconds < patienceSeconds) continue;
		const params = {pid, application, seconds};
		throw new ProblemError({code: 'dump-in-the-way', params, retry: 'soon'});
	}
}
