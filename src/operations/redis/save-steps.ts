import {partFolder, type BackupPlace} from '../../domain/catalogue.ts';
import {clean} from '../../domain/clean.ts';
import {formatBytes} from '../../domain/format.ts';
import type {Manifest, RedisFacts} from '../../domain/manifest.ts';
import type {Command, JsonValue, Step} from '../../domain/plan.ts';
import {createRdbCheck, type RdbFacts} from '../../domain/rdb.ts';
import {infoNumber, keysOf} from '../../domain/redis-info.ts';
import {canBeginSave, judgeSave, saveMark} from '../../domain/redis-save.ts';
import type {RedisTarget} from '../../domain/targets.ts';
import {createTarReader} from '../../domain/tar.ts';
import {isObject, numberOf, objectOf, textOf} from '../../domain/unknown.ts';
import type {FileWriter} from '../../io/act.ts';
import {commonFacts} from '../catalogue/facts.ts';
import {placeOf, write} from '../catalogue/place.ts';
import {prepareCode, prepareStep, publishCode, publishStep} from '../catalogue/publish.ts';
import type {StepCode, Tools} from '../operation.ts';
import {
	checkDump,
	expiredAtLoad,
	scratchServer,
	startScratch,
	stopScratch,
	type Scratch,
	type ScratchPlace,
} from './scratch.ts';
import {readInfo, readSettings, redisTrouble, type RedisNow} from './server.ts';

const pollMs = 100;
const saveDeadlineMs = 30 * 60_000;
const bgsave: Command & {kind: 'redis'} = {kind: 'redis', server: 'live', argv: ['BGSAVE']};

/** Where the copy of a dump is proven: what the plan needs to say and the code needs to do. */
export type SaveFacts = {
	readonly now: RedisNow;
	readonly place: BackupPlace;
	readonly scratch: ScratchPlace;
	/** Limit of the scratch server's sidecar. */
	readonly memoryBytes: number;
};

function dumpFile(place: BackupPlace): Command & {kind: 'file'; action: 'write'} {
	return write(`${partFolder(place)}/dump.rdb`);
}

function proofScratch({place, scratch, memoryBytes}: Omit<SaveFacts, 'now'>): Scratch {
	return scratchServer({
		id: place.id,
		name: 'proof',
		place: scratch.kind === 'sidecar' ? {...scratch, network: 'none'} : scratch,
		folder: partFolder(place),
		port: 0,
		memoryBytes,
	});
}

/** The steps that make a proven backup of a server: an own save, its copy, the proof, publishing. SAFETY 3.5. */
export function saveSteps(facts: SaveFacts): readonly Step[] {
	const {now, place} = facts;
	const proof = proofScratch(facts);
	const file = `${now.setting('dir')}/${now.setting('dbfilename')}`;
	return [
		prepareStep(place),
		{
			id: 'save',
			title: {code: 'step-redis-save', params: {server: now.name}},
			commands: [bgsave],
			deadlineMs: saveDeadlineMs,
		},
		{
			id: 'copy',
			title: {code: 'step-redis-copy', params: {file: clean(file, 300)}},
			commands: [dumpFile(place)],
			deadlineMs: saveDeadlineMs,
		},
		{
			id: 'prove',
			title: {code: 'step-redis-prove'},
			commands: [proof.check, ...proof.start, proof.info, ...proof.stop],
			undo: proof.stop,
			deadlineMs: saveDeadlineMs,
		},
		publishStep(place, 3),
	];
}

/** What the code of the steps finds again in its plan and request. */
export type SaveSource = {
	readonly target: RedisTarget;
	readonly scratch: ScratchPlace;
	readonly memoryBytes: number;
};

/** The code of `saveSteps`; `source` finds the server of a plan. */
export function saveCode<R extends JsonValue>(
	source: (tools: Tools<R>) => SaveSource,
): Readonly<Record<'prepare-backup' | 'save' | 'copy' | 'prove' | 'publish-backup', StepCode<R>>> {
	const scratchOf = (tools: Tools<R>) =>
		proofScratch({place: placeOf(tools.plan), ...source(tools)});
	return {
		'prepare-backup': prepareCode(),
		save: {run: tools => ownSave(tools, source(tools).target)},
		copy: {run: tools => copyDump(tools, source(tools).target)},
		prove: {
			async run(tools) {
				const scratch = scratchOf(tools);
				await checkDump(tools, scratch);
				const info = await startScratch(tools, scratch);
				const {databases} = keysOf(info);
				await tools.keep('proof', {
					databases: databases.map(({index, keys, expiring}) => ({index, keys, expires: expiring})),
					usedMemoryBytes: infoNumber(info, 'used_memory') ?? 0,
					expired: expiredAtLoad(info) ?? 0,
				});
				await stopScratch(tools, scratch);
			},
			undo: tools => stopScratch(tools, scratchOf(tools)),
		},
		'publish-backup': publishCode<R>(3, {
			manifest: tools => manifestOf(tools, source(tools).target),
			detail: (_tools, {redis}) => {
				const keys = redis?.databases.reduce((sum, one) => sum + one.keys, 0) ?? 0;
				return `loaded into a scratch server: ${keys} keys`;
			},
		}),
	};
}

/** Waits for the end of any save, begins an own one and waits until that very one is proven to have ended well. */
async function ownSave<R extends JsonValue>(tools: Tools<R>, target: RedisTarget): Promise<void> {
	const {look} = tools;
	const {clock} = look.io;
	let info = await readInfo(look, target);
	while (!canBeginSave(info, clock.now())) {
		await clock.sleep(pollMs, look.signal);
		info = await readInfo(look, target);
	}

	const mark = saveMark(info);
	const startedAtMs = clock.now();
	await tools.keep('save', {startedAtMs, serverSeconds: serverSecondsOf(info, startedAtMs)});
	const refusal: unknown = await tools.redis(bgsave).then(
		() => undefined,
		(error: unknown) => error,
	);
	// Somebody else was quicker: their save began before ours would have, so it is not ours.
	if (refusal !== undefined) {
		if (!/in progress|already|fork/i.test(causeOf(refusal))) {
			throw refusal instanceof Error ? refusal : new Error('BGSAVE was refused');
		}

		await clock.sleep(pollMs, look.signal);
		return ownSave(tools, target);
	}

	for (;;) {
		info = await readInfo(look, target);
		const state = judgeSave(info, mark);
		if (state === 'saved') return;
		if (state === 'failed' || state === 'restarted') {
			const params = {server: tools.plan.identity.redis?.target ?? '', cause: state};
			throw redisTrouble('redis-own-save-failed', params);
		}

		const done = infoNumber(info, 'current_save_keys_processed') ?? 0;
		const total = infoNumber(info, 'current_save_keys_total') ?? 0;
		if (total > 0) tools.progress({done, total, unit: 'keys'});
		await clock.sleep(pollMs, look.signal);
	}
}

function serverSecondsOf(info: ReadonlyMap<string, string>, nowMs: number): number {
	// By the server's clock, which may differ from ours: `server_time_usec` since Redis 7.0.
	const microseconds = Number(info.get('server_time_usec') ?? 'none');
	return Math.floor(Number.isFinite(microseconds) ? microseconds / 1e6 : nowMs / 1000 - 60);
}

function causeOf(error: unknown): string {
	if (isObject(error) && isObject(error['problem'])) {
		return textOf(objectOf(error['problem']['params'])['cause']);
	}

	return error instanceof Error ? error.message : String(error);
}

/** Copies the dump while it is checked; a copy that another save came into is made again, three times at most. */
async function copyDump<R extends JsonValue>(tools: Tools<R>, target: RedisTarget): Promise<void> {
	const {look} = tools;
	const settings = await readSettings(look, target, ['dir', 'dbfilename']);
	const path = `${settings.get('dir') ?? ''}/${settings.get('dbfilename') ?? 'dump.rdb'}`;
	let fault = '';
	for (let attempt = 1; attempt <= 3; attempt += 1) {
		const writer = await tools.write(dumpFile(placeOf(tools.plan)));
		const check = createRdbCheck();
		try {
			await pour(tools, readDump(look, target, path), {writer, check});
			const judged = check.finish();
			if (judged.isGood) {
				refuseOld(tools, judged.facts);
				const {bytes, sha256} = await writer.finish();
				await tools.keep('dump', {...judged.facts, bytes, sha256});
				return;
			}

			({fault} = judged);
			await writer.discard();
		} catch (error) {
			await writer.discard();
			throw error;
		}
	}

	throw redisTrouble('redis-bad-dump', {file: clean(path, 300), fault});
}

async function pour<R extends JsonValue>(
	tools: Tools<R>,
	from: AsyncIterable<Uint8Array>,
	to: {readonly writer: FileWriter; readonly check: ReturnType<typeof createRdbCheck>},
): Promise<void> {
	let done = 0;
	for await (const piece of from) {
		to.check.add(piece);
		await to.writer.write(piece);
		done += piece.length;
		tools.progress({done, unit: 'bytes'});
	}
}

/** The dump's bytes: out of its container by the engine's archive, else by its path on this host. */
async function* readDump(
	look: Tools['look'],
	target: RedisTarget,
	path: string,
): AsyncIterable<Uint8Array> {
	if (target.container === undefined) {
		const {bytes} = await look.io.files.stat(path);
		const sliceBytes = 4 * 1024 * 1024;
		for (let at = 0; at < bytes; at += sliceBytes) {
			look.signal.throwIfAborted();
			yield await look.io.files.readBytes(path, at, Math.min(sliceBytes, bytes - at));
		}

		return;
	}

	const query = `/containers/${target.container.containerId}/archive?path=${encodeURIComponent(path)}`;
	let pieces: Uint8Array[] = [];
	const reader = createTarReader({
		member({type}) {
			if (type !== 'file') throw redisTrouble('redis-bad-dump', {file: clean(path), fault: type});
		},
		data(bytes) {
			pieces.push(bytes.slice());
		},
	});
	for await (const chunk of await look.io.docker.stream(query, look.signal)) {
		reader.add(chunk);
		yield* pieces;
		pieces = [];
	}

	reader.finish();
}

/** A dump from before the own save is never published, whatever the counters said. */
function refuseOld<R extends JsonValue>(tools: Tools<R>, facts: RdbFacts): void {
	const begunAt = numberOf(objectOf(tools.kept['save'])['serverSeconds']) ?? 0;
	const {createdAtSeconds} = facts;
	if (createdAtSeconds === undefined || createdAtSeconds >= begunAt) return;
	throw redisTrouble('redis-old-dump', {
		server: tools.plan.identity.redis?.target ?? '',
		at: new Date(createdAtSeconds * 1000).toISOString(),
	});
}

async function manifestOf<R extends JsonValue>(
	tools: Tools<R>,
	target: RedisTarget,
): Promise<Manifest> {
	const {kept, plan} = tools;
	const dump = objectOf(kept['dump']);
	const number = (value: unknown) => numberOf(value) ?? 0;
	const common = await commonFacts(tools, number(objectOf(kept['save'])['startedAtMs']));
	const settings = await readSettings(tools.look, target);
	const proof = objectOf(kept['proof']);
	const databases = Array.isArray(proof['databases']) ? proof['databases'].map(objectOf) : [];
	const redis: RedisFacts = {
		version: plan.identity.redis?.version ?? '',
		rdbVersion: number(dump['rdbVersion']),
		runId: plan.identity.redis?.runId ?? '',
		databases: databases.map(({index, keys, expires}) => ({
			index: number(index),
			keys: number(keys),
			expires: number(expires),
		})),
		usedMemoryBytes: number(proof['usedMemoryBytes']),
		isAofEnabled: settings.get('appendonly') === 'yes',
		saveRules: settings.get('save') ?? '',
		evictionPolicy: settings.get('maxmemory-policy') ?? '',
		maxMemoryBytes: Number(settings.get('maxmemory') ?? 0),
	};
	return {
		...common,
		kind: 'redis',
		...(plan.operation !== 'backup-redis' && {isSafety: true}),
		artefacts: [
			{
				name: 'dump.rdb',
				bytes: number(dump['bytes']),
				sha256: textOf(dump['sha256']),
				format: 'rdb',
			},
		],
		redis,
	};
}

/** Refuses where the copy-on-write of a save could need more memory than is free. */
export function checkForkMemory(now: RedisNow, available: number): void {
	const used = infoNumber(now.info, 'used_memory') ?? 0;
	if (available >= 1.2 * used) return;
	throw redisTrouble('redis-no-memory', {
		what: 'BGSAVE',
		needed: formatBytes(1.2 * used),
		free: formatBytes(available),
	});
}
