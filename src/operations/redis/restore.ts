import type {CatalogueBackup} from '../../domain/catalogue.ts';
import {formatBytes} from '../../domain/format.ts';
import type {RedisFacts} from '../../domain/manifest.ts';
import type {Step} from '../../domain/plan.ts';
import {newestRdbVersion} from '../../domain/rdb.ts';
import {infoNumber, keysOf, type RedisInfo} from '../../domain/redis-info.ts';
import {checkArtefacts} from '../catalogue/artefacts.ts';
import {chooseBackup, damagedBackup} from '../catalogue/choose.ts';
import {catalogueLock} from '../catalogue/facts.ts';
import {openCatalogue} from '../catalogue/folder.ts';
import {isPublished} from '../catalogue/publish.ts';
import type {Look, Operation, Tools} from '../operation.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import {dumpBytesAtMost, prepareSave, sourceOf, spaceFor} from './backup.ts';
import {loadedFault} from './loaded.ts';
import {hostMemory} from '../shared/host-memory.ts';
import {scratchMemoryBytes, usedBytesOf} from './place.ts';
import {fieldsOf, flag, mayText, needText} from '../shared/request.ts';
import {saveCode, saveSteps, type SaveFacts} from './save-steps.ts';
import {
	checkDump,
	expiredAtLoad,
	scratchServer,
	startScratch,
	stopScratch,
	type Scratch,
} from './scratch.ts';
import {
	chooseRedis,
	identityOf,
	lookAtRedis,
	nameOf,
	redisTrouble,
	type RedisNow,
} from './server.ts';
import {
	dataOf,
	heldSettings,
	lastingText,
	settled,
	takeoverCode,
	takeoverSteps,
} from './takeover.ts';

/** `backup`: id, or `latest` of the server; `withReplicas`: its replicas may take over the restored data. */
export type RestoreRedisRequest = {
	readonly backup: string;
	readonly redis?: string;
	readonly withReplicas?: boolean;
};

/** Beside the data of the backup: what a server uses for itself, and for clients while it loads. */
const overheadBytes = 8 * 1024 * 1024;

/** Port of the scratch server, from the random part of the run's id; a taken one makes it end before anything changed. */
function portOf(id: string): number {
	return 20_000 + (Number.parseInt(id.slice(-6), 16) % 10_000);
}

function redisFactsOf({id, manifest}: CatalogueBackup): RedisFacts {
	if (manifest.redis === undefined) throw damagedBackup(id, 'it is not of Redis');
	return manifest.redis;
}

/** Everything that speaks against restoring this backup into this server. */
async function refuse(
	look: Look,
	now: RedisNow,
	backup: CatalogueBackup,
	request: RestoreRedisRequest,
): Promise<void> {
	const {info, name: server, version} = now;
	if (info.get('role') === 'slave') {
		const master = `${info.get('master_host') ?? ''}:${info.get('master_port') ?? ''}`;
		throw redisTrouble('redis-is-replica', {server, master});
	}

	const replicas = infoNumber(info, 'connected_slaves') ?? 0;
	if (replicas > 0 && request.withReplicas !== true) {
		throw redisTrouble('redis-has-replicas', {server, count: replicas});
	}

	if (now.setting('tls-replication') === 'yes') {
		throw redisTrouble('redis-tls-replication', {server});
	}

	const {rdbVersion, usedMemoryBytes} = redisFactsOf(backup);
	const newest = newestRdbVersion(now, rdbVersion);
	if (newest !== undefined && rdbVersion > newest) {
		throw redisTrouble('redis-dump-too-new', {format: rdbVersion, server, version, newest});
	}

	const limit = Number(now.setting('maxmemory') || 0);
	if (limit > 0 && usedMemoryBytes + overheadBytes / 8 > limit) {
		throw redisTrouble('redis-maxmemory-too-small', {
			server,
			needed: formatBytes(usedMemoryBytes),
			limit: formatBytes(limit),
		});
	}

	const needed = usedMemoryBytes * 1.2 + Math.max(0, usedMemoryBytes - usedBytesOf(now));
	const available = (await hostMemory(look))?.availableBytes;
	if (available !== undefined && available < needed + overheadBytes) {
		throw redisTrouble('redis-no-memory', {
			what: server,
			needed: formatBytes(needed + overheadBytes),
			free: formatBytes(available),
		});
	}
}

/** The scratch server that loads the chosen backup, reachable for the live server at its loopback. */
function restoreScratch(
	facts: Pick<SaveFacts, 'scratch' | 'place'>,
	from: {readonly folder: string; readonly memoryBytes: number},
): Scratch {
	return scratchServer({
		id: facts.place.id,
		name: 'scratch',
		place: facts.scratch,
		folder: from.folder,
		port: portOf(facts.place.id),
		memoryBytes: from.memoryBytes,
	});
}

function scratchStep(scratch: Scratch): Step {
	return {
		id: 'scratch',
		title: {code: 'step-redis-scratch'},
		commands: [scratch.check, ...scratch.start, scratch.info],
		undo: scratch.stop,
		deadlineMs: 30 * 60_000,
	};
}

function keysIn({databases}: RedisFacts): number {
	return databases.reduce((sum, {keys}) => sum + keys, 0);
}

function warningsOf(now: RedisNow, backup: CatalogueBackup, look: Look): readonly Phrase[] {
	const facts = redisFactsOf(backup);
	const {manifest} = backup;
	const replicas = infoNumber(now.info, 'connected_slaves') ?? 0;
	const isOther =
		backup.series !== now.series || manifest.environment !== look.settings.environment.name;
	return [
		{
			code: 'warn-redis-replaced',
			params: {
				server: now.name,
				keys: keysOf(now.info).total,
				backupKeys: keysIn(facts),
				at: manifest.startedAt,
			},
		},
		...(isOther
			? [
					{
						code: 'warn-redis-other-source',
						params: {source: backup.series, environment: manifest.environment},
					} as const,
				]
			: []),
		...(replicas > 0 ? [{code: 'warn-redis-replicas', params: {count: replicas}} as const] : []),
	];
}

/** The scratch server of a plan again: its folder and memory stand in the plan's own commands. */
function partsOf(tools: Tools<RestoreRedisRequest>) {
	const {plan, look} = tools;
	const source = sourceOf(tools);
	const id = plan.identity.backup?.id ?? '';
	const first = plan.steps.find(step => step.id === 'scratch')?.commands[0];
	const place = {folder: look.folders.backups, series: '', id: plan.id};
	const from =
		first?.kind === 'sidecar'
			? {folder: first.sidecar.mounts?.[0]?.from ?? '', memoryBytes: first.sidecar.memoryBytes}
			: {
					folder: (first?.kind === 'program' ? (first.argv[1] ?? '') : '').replace(/\/[^/]*$/, ''),
					memoryBytes: 0,
				};
	const scratch = restoreScratch({scratch: source.scratch, place}, from);
	return {target: source.target, scratch, backupId: id, folder: from.folder};
}

/** Compares what the scratch server loaded with the manifest; keys that expired since may be missing. */
function compareLoaded(
	tools: Tools<RestoreRedisRequest>,
	info: RedisInfo,
	facts: RedisFacts,
): void {
	const expired = expiredAtLoad(info);
	const missing = keysIn(facts) - keysOf(info).total;
	const fault = loadedFault(info, facts);
	if (fault !== undefined) {
		throw redisTrouble('redis-wrong-keys', {where: 'the scratch server', ...fault});
	}

	if (missing > 0) {
		const count = Math.max(missing, expired ?? 0);
		tools.note({code: 'note-redis-expired', params: {count}});
	}
}

/** Restores a Redis server by letting it copy a scratch server that loaded the backup: no restart, right with AOF. SAFETY 3.6. */
export const restoreRedis: Operation<RestoreRedisRequest> = {
	id: 'restore-redis',
	title: {code: 'title-restore-redis'},
	parse(request) {
		const fields = fieldsOf(request, ['backup', 'redis', 'withReplicas']);
		const redis = mayText(fields, 'redis');
		return {
			backup: needText(fields, 'backup', 100),
			...(redis !== undefined && {redis}),
			...(flag(fields, 'withReplicas') && {withReplicas: true}),
		};
	},
	async plan(look, request, id) {
		const now = await lookAtRedis(look, request.redis);
		const catalogue = await openCatalogue(look);
		const backup = chooseBackup(catalogue, {
			id: request.backup,
			kind: 'redis',
			isForRestore: true,
			isMeant: ({series}) => series === now.series,
		});
		const facts = await prepareSave(look, now, id);
		await refuse(look, now, backup, request);
		await checkArtefacts(look, backup);
		const {folder} = backup;
		const memoryBytes = scratchMemoryBytes(redisFactsOf(backup).usedMemoryBytes);
		const scratch = restoreScratch(facts, {folder, memoryBytes});
		const keys = keysIn(redisFactsOf(backup));
		// The safety backup is no commit point here: it stays whatever comes after.
		const safety = saveSteps(facts).map(step =>
			step.id === 'publish-backup' ? {...step, isCommitPoint: false} : step,
		);
		const takeover = takeoverSteps({
			name: now.name,
			port: portOf(id),
			held: heldSettings(now),
			scratch,
			hasAof: now.setting('appendonly') === 'yes',
		});
		return {
			title: {code: 'op-restore-redis', params: {server: now.name, backup: backup.id}},
			identity: {
				...identityOf(now),
				backup: {id: backup.id, manifestSha256: backup.manifestSha256},
			},
			risk: 'destructive',
			confirmName: now.name,
			steps: [
				...safety,
				scratchStep(scratch),
				...takeover,
				{
					id: 'clean',
					title: {code: 'step-redis-clean'},
					commands: scratch.stop,
					deadlineMs: 60_000,
				},
			],
			locks: [
				{resource: `redis:${now.target.id}`, mode: 'exclusive'},
				...(now.container?.project === undefined
					? []
					: [{resource: `stack:${now.container.project}`, mode: 'exclusive'} as const]),
				catalogueLock(facts.place.folder, 'shared'),
			],
			space: [await spaceFor(look, dumpBytesAtMost(now))],
			outages: [
				{
					what: now.name,
					expectedMs: Math.max(300, keys * 0.0026),
					basis: {code: 'why-redis-basis'},
				},
			],
			deletes: [],
			warnings: warningsOf(now, backup, look),
			undo: {code: 'undo-restore-redis', params: {backup: id}},
			expectedMs: 6000 + keys * 0.012,
		};
	},
	steps: {
		...safetyCode(),
		scratch: {
			async run(tools) {
				const {scratch, backupId} = partsOf(tools);
				const {backups} = await openCatalogue(tools.look);
				const backup = backups.find(one => one.id === backupId);
				const {backup: planned} = tools.plan.identity;
				if (backup === undefined || backup.manifestSha256 !== planned?.manifestSha256) {
					throw damagedBackup(backupId, 'it is no longer the one of the plan');
				}

				await checkArtefacts(tools.look, backup);
				await checkDump(tools, scratch);
				const info = await startScratch(tools, scratch);
				compareLoaded(tools, info, redisFactsOf(backup));
				await tools.keep('lastingLoaded', lastingText(info));
			},
			undo: tools => stopScratch(tools, partsOf(tools).scratch),
		},
		...takeoverCode<RestoreRedisRequest>(partsOf),
		clean: {run: tools => stopScratch(tools, partsOf(tools).scratch)},
	},
	async isCommitted(tools) {
		const target = chooseRedis(tools.look, tools.plan.identity.redis?.target);
		const held = dataOf(tools, await settled(tools, target));
		if (held !== 'unknown') return held === 'new';
		// A person must look: the server was restarted and written to since.
		throw redisTrouble('redis-unclear', {server: nameOf(target), backup: tools.plan.id});
	},
};

/** Making the safety backup: once it is published it stays, whatever is taken back. */
function safetyCode() {
	const code = saveCode<RestoreRedisRequest>(sourceOf);
	const publish = code['publish-backup'];
	return {
		...code,
		'publish-backup': {
			...publish,
			async undo(tools: Tools<RestoreRedisRequest>) {
				if (!(await isPublished(tools))) await publish.undo?.(tools);
			},
		},
	};
}
