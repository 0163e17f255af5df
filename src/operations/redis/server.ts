import {clean} from '../../domain/clean.ts';
import type {Container} from '../../domain/containers.ts';
import {fileNameOf} from '../../domain/catalogue.ts';
import type {PlanDraft} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import {keysOf, parseInfo, productOf, type RedisInfo} from '../../domain/redis-info.ts';
import type {RedisValue} from '../../domain/redis.ts';
import type {RedisTarget} from '../../domain/targets.ts';
import {textOf, textsOf} from '../../domain/unknown.ts';
import type {ProblemCode} from '../../words/index.ts';
import type {Look} from '../operation.ts';

/** A Redis server as an operation finds it. */
export type RedisNow = {
	readonly target: RedisTarget;
	/** Name for the operator: service, container or address. */
	readonly name: string;
	/** Series of its backups. */
	readonly series: string;
	readonly info: RedisInfo;
	readonly flavour: RedisValue['flavour'];
	readonly version: string;
	readonly runId: string;
	/** The container that it runs in, where it does. */
	readonly container?: Container;
	/** Settings that hold no secret. */
	readonly setting: (name: string) => string;
};

const settings = [
	'appendonly',
	'dbfilename',
	'dir',
	'masteruser',
	'maxmemory',
	'maxmemory-policy',
	'repl-diskless-load',
	'replica-read-only',
	'save',
	'tls-replication',
] as const;

/** A refusal or failure about a Redis server. */
export function redisTrouble(
	code: ProblemCode,
	params: Readonly<Record<string, string | number>>,
): ProblemError {
	return new ProblemError({code, params, retry: 'rarely'});
}

/** Name of a server for the operator. */
export function nameOf({container, host, port}: RedisTarget): string {
	return clean(container?.service ?? container?.containerName ?? `${host}:${port}`, 100);
}

/** The series of backups of a server; of two projects with the same service each has its own. */
export function seriesOf(target: RedisTarget): string {
	const {container} = target;
	const place = container
		? [container.project, container.service ?? container.containerName]
		: [target.host, String(target.port)];
	return `redis-${fileNameOf(place.filter(part => part !== undefined).join('_')).slice(0, 200)}`;
}

/** The one that is meant: by its id or name; without a name the only one. */
export function chooseRedis(look: Pick<Look, 'targets'>, asked?: string): RedisTarget {
	const {redis} = look.targets;
	const matches = redis.filter(
		target => asked === undefined || target.id === asked || nameOf(target) === asked,
	);
	const [only] = matches;
	if (only !== undefined && matches.length === 1) return only;
	throw redisTrouble('redis-which', {
		asked: clean(asked ?? '(none)', 100),
		known: redis.map(target => clean(target.id, 100)).join(', ') || '-',
	});
}

/** INFO of a server, all sections that an operation needs. */
export async function readInfo(look: Look, target: RedisTarget): Promise<RedisInfo> {
	const answer = await look.io.redis(target).call('INFO', [], look.signal);
	return parseInfo(textOf(answer));
}

/** Settings by name; those that the server does not know are absent. */
export async function readSettings(
	look: Look,
	target: RedisTarget,
	names: readonly string[] = settings,
): Promise<ReadonlyMap<string, string>> {
	const found = new Map<string, string>();
	// One by one: servers before Redis 7 take one name only.
	for (const name of names) {
		const answer = textsOf(await look.io.redis(target).call('CONFIG', ['GET', name], look.signal));
		const value = answer[1];
		if (answer[0] === name && value !== undefined) found.set(name, value);
	}

	return found;
}

/** Looks at the server that is meant: INFO, settings, container. */
export async function lookAtRedis(look: Look, asked?: string): Promise<RedisNow> {
	const target = chooseRedis(look, asked);
	const info = await readInfo(look, target);
	const known = await readSettings(look, target);
	const container = look.containers.find(({id}) => id === target.container?.containerId);
	return {
		target,
		name: nameOf(target),
		series: seriesOf(target),
		info,
		...productOf(info),
		runId: clean(info.get('run_id') ?? '', 60),
		...(container !== undefined && {container}),
		setting: name => known.get(name) ?? '',
	};
}

/** What a plan for this server must find again when it runs. */
export function identityOf({target, runId, version, container}: RedisNow): PlanDraft['identity'] {
	return {
		redis: {target: target.id, runId, version},
		...(container?.project !== undefined && {project: container.project}),
		...(container !== undefined && {
			containers: [
				{
					key: container.key,
					name: container.name,
					id: container.id,
					imageId: container.imageId,
				},
			],
		}),
	};
}

/** Refuses a server whose data is not all there or not all its own. */
export function refuseUnfit(now: RedisNow): void {
	const {info, name} = now;
	if (info.get('loading') === '1' || info.get('async_loading') === '1') {
		throw redisTrouble('redis-is-loading', {server: name});
	}

	if (info.get('cluster_enabled') === '1') throw redisTrouble('redis-is-cluster', {server: name});
}

/** Keys and expiring keys by database, as one text for comparing and showing: `db0: 5 keys, 2 expire`. */
export function keyspaceText(info: RedisInfo): string {
	const {databases} = keysOf(info);
	return (
		databases
			.filter(({keys}) => keys > 0)
			.map(({index, keys, expiring}) => `db${index}: ${keys} keys, ${expiring} expire`)
			.join('; ') || '0 keys'
	);
}
