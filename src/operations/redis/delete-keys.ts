import {clean} from '../../domain/clean.ts';
import type {Command} from '../../domain/plan.ts';
import {keysOf} from '../../domain/redis-info.ts';
import type {RedisTarget} from '../../domain/targets.ts';
import {listOf, numberOf, textOf, textsOf} from '../../domain/unknown.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import type {Look, Operation, Tools} from '../operation.ts';
import {fieldsOf, mayInteger, mayText, needText} from '../shared/request.ts';
import {chooseRedis, identityOf, lookAtRedis, redisTrouble} from './server.ts';

/** `prefix`: how the keys begin, every character standing for itself; `database`: 0 where absent. */
export type DeleteRedisKeysRequest = {
	readonly prefix: string;
	readonly database?: number;
	readonly redis?: string;
};

const leastPrefix = 3;
const sliceKeys = 500;
/** Most keys that the plan looks at; it says where there were more. */
const maxCounted = 1_000_000;
const maxMeasured = 100;

type RedisCommand = Command & {kind: 'redis'};

const live = (...argv: readonly string[]): RedisCommand => ({kind: 'redis', server: 'live', argv});

/** A slice of keys: as many places as fit, so that the plan shows the very command. */
const unlink = live('UNLINK', ...Array.from({length: sliceKeys}, (_, index) => `{key${index}}`));

/** A prefix as a pattern of SCAN: what has a meaning there is taken by its letter. */
export function patternOf(prefix: string): string {
	return `${prefix.replace(/[\\*?[\]^]/g, '\\$&')}*`;
}

/** All keys with a prefix, in pieces as SCAN gives them; each is compared again, letter by letter. */
async function* scan(
	look: Look,
	target: RedisTarget,
	{prefix, database = 0}: DeleteRedisKeysRequest,
): AsyncIterable<readonly string[]> {
	const redis = look.io.redis(target);
	let cursor = '0';
	do {
		look.signal.throwIfAborted();
		// The connection is shared; SELECT and SCAN go out together, so that nothing comes between.
		const [, answer] = await Promise.all([
			redis.call('SELECT', [database], look.signal),
			redis.call('SCAN', [cursor, 'MATCH', patternOf(prefix), 'COUNT', 1000], look.signal),
			database === 0 ? undefined : redis.call('SELECT', [0], look.signal),
		]);
		const parts = listOf(answer);
		cursor = textOf(parts[0]);
		// A name that is no valid text would come back changed, and another key would be deleted.
		yield textsOf(parts[1]).filter(key => key.startsWith(prefix) && !key.includes('\ufffd'));
	} while (cursor !== '0');
}

/** Memory of some keys, in bytes; what is gone meanwhile counts nothing. */
async function measure(
	look: Look,
	target: RedisTarget,
	request: DeleteRedisKeysRequest,
	keys: readonly string[],
): Promise<number> {
	const redis = look.io.redis(target);
	const {database = 0} = request;
	const [, ...sizes] = await Promise.all([
		redis.call('SELECT', [database], look.signal),
		...keys.map(key => redis.call('MEMORY', ['USAGE', key, 'SAMPLES', 5], look.signal)),
		database === 0 ? undefined : redis.call('SELECT', [0], look.signal),
	]);
	return sizes.reduce<number>((sum, size) => sum + (numberOf(size) ?? 0), 0);
}

const brokerKey = /^(?:_kombu\.|celery|unacked|rq:|bull:|sidekiq|dramatiq)/;

/** Counts what would be deleted, with a sample and an estimate of its memory. */
async function count(look: Look, target: RedisTarget, request: DeleteRedisKeysRequest) {
	let counted = 0;
	let broker = 0;
	const sample: string[] = [];
	for await (const keys of scan(look, target, request)) {
		counted += keys.length;
		broker += keys.filter(key => brokerKey.test(key)).length;
		if (sample.length < maxMeasured) sample.push(...keys.slice(0, maxMeasured - sample.length));
		if (counted >= maxCounted) break;
	}

	const measured = await measure(look, target, request, sample);
	const bytes = sample.length === 0 ? 0 : Math.round((measured / sample.length) * counted);
	return {counted, broker, sample: sample.slice(0, 5), bytes};
}

async function deleteAll(tools: Tools<DeleteRedisKeysRequest>): Promise<void> {
	const {look, request, plan} = tools;
	const target = chooseRedis(look, plan.identity.redis?.target);
	let done = 0;
	await tools.redis(live('SELECT', String(request.database ?? 0)));
	for await (const keys of scan(look, target, request)) {
		for (let at = 0; at < keys.length; at += sliceKeys) {
			const slice = keys.slice(at, at + sliceKeys);
			// A place that is left over names the first key once more; UNLINK counts a key once.
			const fill = Object.fromEntries(
				Array.from({length: sliceKeys}, (_, index) => [
					`key${index}`,
					slice[index] ?? slice[0] ?? '',
				]),
			);
			done += numberOf(await tools.redis(unlink, fill)) ?? 0;
			await tools.keep('result', {deleted: done});
			tools.progress({done, unit: 'keys'});
		}
	}

	tools.note({code: 'note-redis-deleted', params: {count: done}});
}

/** Deletes the keys with an exact prefix in slices by UNLINK; stops where it is cancelled. Nothing else is ever deleted. */
export const deleteRedisKeys: Operation<DeleteRedisKeysRequest> = {
	id: 'delete-redis-keys',
	title: {code: 'title-delete-redis-keys'},
	parse(request) {
		const fields = fieldsOf(request, ['prefix', 'database', 'redis']);
		const redis = mayText(fields, 'redis');
		const database = mayInteger(fields, 'database', [0, 10_000]);
		const prefix = needText(fields, 'prefix', 500);
		if (prefix.length < leastPrefix || /[*?[\]\\]/.test(prefix)) {
			const params = {prefix: clean(prefix, 100), least: leastPrefix};
			throw redisTrouble('redis-pattern-too-wide', params);
		}

		return {
			prefix,
			...(database !== undefined && {database}),
			...(redis !== undefined && {redis}),
		};
	},
	async plan(look, request) {
		const now = await lookAtRedis(look, request.redis);
		const {prefix, database = 0} = request;
		const params = {server: now.name, prefix: clean(prefix, 100), database};
		const found = await count(look, now.target, request);
		if (found.counted === 0) throw redisTrouble('redis-nothing-matches', params);
		const sample = found.sample.map(key => clean(key, 100)).join(', ');
		const warnings: Phrase[] = [];
		if (found.broker > 0) {
			warnings.push({code: 'warn-redis-queues', params: {count: found.broker, sample}});
		}

		if (found.counted >= maxCounted) {
			warnings.push({code: 'warn-redis-cut-short', params: {count: found.counted}});
		}

		const total = keysOf(now.info).databases.find(({index}) => index === database)?.keys ?? 0;
		return {
			title: {code: 'op-delete-redis-keys', params},
			identity: identityOf(now),
			risk: 'destructive',
			confirmName: clean(prefix, 100),
			steps: [
				{
					id: 'delete',
					title: {code: 'step-redis-delete', params: {...params, slice: sliceKeys}},
					commands: [live('SELECT', String(database)), unlink],
					deadlineMs: 2 * 3_600_000,
				},
			],
			locks: [{resource: `redis:${now.target.id}`, mode: 'exclusive'}],
			space: [],
			outages: [],
			deletes: [
				{
					name: `${clean(prefix, 100)}…`,
					bytes: found.bytes,
					count: found.counted,
					why: {code: 'why-redis-keys', params: {count: found.counted, total, sample}},
				},
			],
			warnings,
			undo: {code: 'undo-redis-delete'},
		};
	},
	steps: {delete: {run: deleteAll}},
};
