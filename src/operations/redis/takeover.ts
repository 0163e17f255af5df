import {cleanLine} from '../../domain/clean.ts';
import type {Command, JsonValue, Step} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import {infoNumber, keysOf, type RedisInfo} from '../../domain/redis-info.ts';
import type {RedisTarget} from '../../domain/targets.ts';
import {textOf} from '../../domain/unknown.ts';
import type {StepCode, Tools} from '../operation.ts';
import {askScratch, awaitReplica, releaseScratch, type Scratch} from './scratch.ts';
import {keyspaceText, nameOf, readInfo, redisTrouble, type RedisNow} from './server.ts';

type RedisCommand = Command & {kind: 'redis'};

const live = (...argv: readonly string[]): RedisCommand => ({kind: 'redis', server: 'live', argv});
const noOne = live('REPLICAOF', 'NO', 'ONE');
const bgsave = live('BGSAVE');
const pollMs = 50;

/** A setting of the live server that must be another one while it copies. */
export type HeldSetting = {readonly name: string; readonly during: string; readonly before: string};

/**
 * What must hold while the server is a replica: it keeps its data until everything arrived, nobody writes to it, and its
 * own `masterauth` (which is a secret and stays where it is) is accepted by the scratch server, because a user without
 * password takes any where the user is named.
 */
export function heldSettings({
	setting,
	version,
}: Pick<RedisNow, 'setting' | 'version'>): HeldSetting[] {
	const wanted = [
		{name: 'repl-diskless-load', during: 'disabled', before: setting('repl-diskless-load')},
		{name: 'replica-read-only', during: 'yes', before: setting('replica-read-only')},
	].filter(({before, during}) => before !== '' && before !== during);
	const hasUsers = Number.parseInt(version, 10) >= 6;
	return hasUsers
		? [...wanted, {name: 'masteruser', during: 'default', before: setting('masteruser')}]
		: wanted;
}

/** The steps that let the live server take over the scratch server's data. SAFETY 3.6. */
export function takeoverSteps(facts: {
	readonly name: string;
	readonly port: number;
	readonly held: readonly HeldSetting[];
	readonly scratch: Scratch;
	readonly hasAof: boolean;
}): readonly Step[] {
	const {name: server, port, held, scratch, hasAof} = facts;
	const back = held.map(({name, before}) => live('CONFIG', 'SET', name, before));
	return [
		{
			id: 'replicate',
			title: {code: 'step-redis-replicate', params: {server}},
			commands: [
				...held.map(({name, during}) => live('CONFIG', 'SET', name, during)),
				live('REPLICAOF', '127.0.0.1', String(port)),
				scratch.info,
				scratch.release,
			],
			undo: [noOne, ...back],
			isCommitPoint: true,
			deadlineMs: 30 * 60_000,
		},
		{
			id: 'promote',
			title: {code: 'step-redis-promote', params: {server}},
			commands: [noOne, ...back],
			deadlineMs: 60_000,
		},
		{
			id: 'settle',
			title: {code: 'step-redis-settle', params: {server}},
			commands: [...(hasAof ? [live('BGREWRITEAOF')] : []), bgsave],
			deadlineMs: 30 * 60_000,
		},
	];
}

/** The code of `takeoverSteps`. `parts` finds server and scratch server of a plan again. */
export function takeoverCode<R extends JsonValue>(
	parts: (tools: Tools<R>) => {readonly target: RedisTarget; readonly scratch: Scratch},
): Readonly<Record<'replicate' | 'promote' | 'settle', StepCode<R>>> {
	return {
		replicate: {
			run: async tools => {
				const {target, scratch} = parts(tools);
				await tools.keep('lastingBefore', lastingText(await readInfo(tools.look, target)));
				for (const command of redisCommands(tools)) await tools.redis(command);
				// In the journal before the first byte is sent: after a crash it tells whose data the server holds.
				await tools.keep('scratchReplicationId', await awaitReplica(tools, scratch));
				await releaseScratch(tools, scratch);
				await untilEqual(tools, target, scratch);
			},
			undo: async tools => {
				const {target} = parts(tools);
				await leaveMaster(tools, target);
				const info = await settled(tools, target);
				if (dataOf(tools, info) === 'old') return;
				throw redisTrouble('redis-not-synced', {
					server: nameOf(target),
					cause: 'it holds the data of the backup, or was restarted',
				});
			},
		},
		promote: {
			run: tools => leaveMaster(tools, parts(tools).target),
		},
		settle: {run: tools => persist(tools, parts(tools).target)},
	};
}

function redisCommands<R extends JsonValue>({step}: Tools<R>): readonly RedisCommand[] {
	return step.commands.filter(command => command.kind === 'redis');
}

/** Whose data the live server holds. */
export type HeldData = 'old' | 'new' | 'unknown';

/**
 * Whose data a server holds that was told to copy the scratch server. It takes over the id of the scratch server's
 * replication when everything is loaded, not before, and remembers it as its second one when it is a master again. A
 * server that was restarted since has other ids: then its keys that do not expire must be those of one side.
 */
export function dataOf({kept, plan}: Pick<Tools, 'kept' | 'plan'>, info: RedisInfo): HeldData {
	const id = textOf(kept['scratchReplicationId']);
	if (id === '') return 'old';
	if ([info.get('master_replid'), info.get('master_replid2')].includes(id)) return 'new';
	if (info.get('run_id') === plan.identity.redis?.runId) return 'old';
	const [own, before, loaded] = [lastingText(info), kept['lastingBefore'], kept['lastingLoaded']];
	if (before === loaded) return 'unknown';
	return own === loaded ? 'new' : own === before ? 'old' : 'unknown';
}

/** Keys that do not expire, by database: what two copies of the same data have in common at any time. */
export function lastingText(info: RedisInfo): string {
	const {databases} = keysOf(info);
	return databases
		.map(({index, keys, expiring}) => ({index, lasting: keys - expiring}))
		.filter(({lasting}) => lasting > 0)
		.map(({index, lasting}) => `db${index}=${lasting}`)
		.join(' ');
}

/** INFO of the live server once it neither loads nor is silent. */
export async function settled(
	{look}: Pick<Tools, 'look'>,
	target: RedisTarget,
): Promise<RedisInfo> {
	for (;;) {
		const info = await mayInfo({look}, target);
		if (info !== undefined && info.get('loading') === '0' && info.get('async_loading') !== '1') {
			return info;
		}

		await look.io.clock.sleep(pollMs, look.signal);
	}
}

async function mayInfo(
	{look}: Pick<Tools, 'look'>,
	target: RedisTarget,
): Promise<RedisInfo | undefined> {
	try {
		return await readInfo(look, target);
	} catch (error) {
		look.signal.throwIfAborted();
		// Loading, or restarting just now: its own deadline ends the wait.
		if (error instanceof ProblemError) return undefined;
		throw error;
	}
}

/** Waits until the live server has everything of the scratch server: link up, equal offsets, equal keys. */
async function untilEqual<R extends JsonValue>(
	tools: Tools<R>,
	target: RedisTarget,
	scratch: Scratch,
): Promise<void> {
	const {look} = tools;
	let upSinceMs: number | undefined;
	for (let silent = 0; ;) {
		const info = await mayInfo(tools, target);
		const isUp = info?.get('master_link_status') === 'up' && info.get('loading') === '0';
		if (isUp && dataOf(tools, info) === 'new') {
			upSinceMs ??= look.io.clock.monotonic();
			const from = await askScratch(tools, scratch);
			const own = infoNumber(info, 'slave_repl_offset');
			const isEqual =
				from !== undefined &&
				own === infoNumber(from, 'master_repl_offset') &&
				keyspaceText(from) === keyspaceText(info);
			if (isEqual) return;
			// Keys that expire change both, one after the other; more than a moment is another thing.
			if (look.io.clock.monotonic() - upSinceMs > 20_000) {
				throw redisTrouble('redis-wrong-keys', {
					where: nameOf(target),
					found: keyspaceText(info),
					expected: from ? keyspaceText(from) : '-',
				});
			}
		} else if (info !== undefined && info.get('role') !== 'slave') {
			throw redisTrouble('redis-not-synced', {server: nameOf(target), cause: 'it is no replica'});
		} else {
			tellProgress(tools, info);
			silent = (await askScratch(tools, scratch)) === undefined ? silent + 1 : 0;
			// While it sends, the scratch server may be slow to answer; gone is gone.
			if (silent >= 20) {
				throw redisTrouble('redis-not-synced', {
					server: nameOf(target),
					cause: 'the scratch server ended',
				});
			}
		}

		await look.io.clock.sleep(isUp ? 10 : pollMs, look.signal);
	}
}

function tellProgress<R extends JsonValue>(tools: Tools<R>, info: RedisInfo | undefined): void {
	if (info?.get('master_sync_in_progress') !== '1') return;
	const total = infoNumber(info, 'master_sync_total_bytes') ?? 0;
	const done = infoNumber(info, 'master_sync_read_bytes') ?? 0;
	tools.progress({done, ...(total > 0 && {total}), unit: 'bytes'});
}

/** Makes the server a master again and brings its settings back; right where it is one already. */
async function leaveMaster<R extends JsonValue>(
	tools: Tools<R>,
	target: RedisTarget,
): Promise<void> {
	const commands = tools.step.id === 'replicate' ? (tools.step.undo ?? []) : tools.step.commands;
	for (const command of commands) {
		if (command.kind === 'redis') await patiently(tools, target, command);
	}

	const info = await settled(tools, target);
	if (info.get('role') === 'master') return;
	const cause = cleanLine(`role ${info.get('role') ?? '-'}`, 60);
	throw redisTrouble('redis-not-master', {server: nameOf(target), cause});
}

/** Sends a command until the server, which may still be loading or restarting, takes it. */
async function patiently<R extends JsonValue>(
	tools: Tools<R>,
	target: RedisTarget,
	command: RedisCommand,
): Promise<void> {
	const passing = ['redis-loading', 'redis-connection-lost', 'redis-refused', 'redis-busy-script'];
	for (;;) {
		await settled(tools, target);
		try {
			await tools.redis(command);
			return;
		} catch (error) {
			tools.look.signal.throwIfAborted();
			if (!(error instanceof ProblemError) || !passing.includes(error.problem.code)) throw error;
		}

		await tools.look.io.clock.sleep(pollMs, tools.look.signal);
	}
}

/** Waits until the new data is on the disk: the AOF that the server rewrites by itself after copying, and an own dump. */
async function persist<R extends JsonValue>(tools: Tools<R>, target: RedisTarget): Promise<void> {
	const rewrite = redisCommands(tools).find(({argv}) => argv[0] === 'BGREWRITEAOF');
	if (rewrite !== undefined) {
		let info = await untilIdle(tools, target);
		if (info.get('aof_last_bgrewrite_status') !== 'ok') {
			await tools.redis(rewrite);
			info = await untilIdle(tools, target);
		}

		if (info.get('aof_enabled') !== '1' || info.get('aof_last_bgrewrite_status') !== 'ok') {
			throw redisTrouble('redis-not-persisted', {server: nameOf(target), cause: 'AOF'});
		}
	}

	await untilIdle(tools, target);
	await tools.redis(bgsave);
	const info = await untilIdle(tools, target);
	if (info.get('rdb_last_bgsave_status') !== 'ok') {
		throw redisTrouble('redis-not-persisted', {server: nameOf(target), cause: 'BGSAVE'});
	}
}

async function untilIdle<R extends JsonValue>(
	tools: Tools<R>,
	target: RedisTarget,
): Promise<RedisInfo> {
	const busy = [
		'rdb_bgsave_in_progress',
		'aof_rewrite_in_progress',
		'aof_rewrite_scheduled',
	] as const;
	for (;;) {
		const info = await settled(tools, target);
		if (busy.every(name => info.get(name) !== '1')) return info;
		await tools.look.io.clock.sleep(pollMs, tools.look.signal);
	}
}
