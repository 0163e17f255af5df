import type {Command, Step} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import {infoNumber, parseInfo} from '../../domain/redis-info.ts';
import type {RedisTarget} from '../../domain/targets.ts';
import {textOf} from '../../domain/unknown.ts';
import type {StepCode, Tools} from '../operation.ts';
import {refuse} from './refuse.ts';
import type {PostgresNow, RedisNow} from './servers.ts';

const saveDeadlineMs = 15 * 60_000;
const pollMs = 200;

/** The step that lets databases write down what they hold before they are ended; undefined where there is none. */
export function prepareStep(
	postgres: PostgresNow | undefined,
	redis: RedisNow | undefined,
): Step | undefined {
	const commands: Command[] = [];
	// A standby makes restart points of its own.
	if (postgres !== undefined && !postgres.isStandby) {
		const {database} = postgres.target;
		commands.push({kind: 'sql', session: 'control', database, text: 'CHECKPOINT'});
	}

	if (redis?.isPersistent === true) {
		commands.push({kind: 'redis', server: 'live', argv: ['BGSAVE']});
	}

	if (commands.length === 0) return undefined;
	return {id: 'save', title: {code: 'service-step-save'}, commands, deadlineMs: saveDeadlineMs};
}

type Saving = {readonly isSaving: boolean; readonly isOk: boolean; readonly savedAt: number};

async function saving({look}: Tools, target: RedisTarget): Promise<Saving> {
	const answer = await look.io.redis(target).call('INFO', ['persistence'], look.signal);
	const info = parseInfo(textOf(answer));
	return {
		isSaving: info.get('rdb_bgsave_in_progress') === '1',
		isOk: info.get('rdb_last_bgsave_status') === 'ok',
		savedAt: infoNumber(info, 'rdb_last_save_time') ?? 0,
	};
}

/** Waits until no save is running. */
async function saved(tools: Tools, target: RedisTarget): Promise<Saving> {
	const {clock} = tools.look.io;
	for (;;) {
		const now = await saving(tools, target);
		if (!now.isSaving) return now;
		await clock.sleep(pollMs, tools.look.signal);
	}
}

/** Saves and looks whether it worked. A save that runs already began too early to count: a new one follows it. */
async function saveRedis(tools: Tools, command: Command & {kind: 'redis'}): Promise<void> {
	const {plan, look} = tools;
	const wanted = plan.identity.redis?.target;
	const target = look.targets.redis.find(({id}) => id === wanted);
	if (target === undefined) throw refuse('service-redis-unsaved', {cause: wanted ?? '-'});
	await saved(tools, target);
	await tools.redis(command);
	const {isOk} = await saved(tools, target);
	if (!isOk) throw refuse('service-redis-unsaved', {cause: 'rdb_last_bgsave_status'});
	tools.note({code: 'service-redis-saved'});
}

/** A checkpoint makes the stop short; without the right to one the stop makes its own. */
async function checkpoint(tools: Tools, command: Command & {kind: 'sql'}): Promise<void> {
	try {
		await tools.sql(command);
		tools.note({code: 'service-checkpoint-done'});
	} catch (error) {
		tools.look.signal.throwIfAborted();
		if (!(error instanceof ProblemError)) throw error;
		tools.warn({code: 'service-checkpoint-refused'});
	}
}

/** CHECKPOINT and BGSAVE; a Redis that cannot save is not ended. */
export const prepareCode: StepCode = {
	async run(tools) {
		for (const command of tools.step.commands) {
			if (command.kind === 'sql') await checkpoint(tools, command);
			if (command.kind === 'redis') await saveRedis(tools, command);
		}
	},
};
