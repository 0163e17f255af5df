import {infoNumber, keysOf} from '../../domain/redis-info.ts';
import {catalogueLock} from '../catalogue/facts.ts';
import {checkFolder} from '../catalogue/folder.ts';
import {isPublished} from '../catalogue/publish.ts';
import type {Look, Operation, Tools} from '../operation.ts';
import {hostMemory} from '../shared/host-memory.ts';
import {scratchMemoryBytes, scratchPlace, usedBytesOf} from './place.ts';
import {flavourIn} from './scratch.ts';
import {fieldsOf, mayText} from '../shared/request.ts';
import {
	checkForkMemory,
	saveCode,
	saveSteps,
	type SaveFacts,
	type SaveSource,
} from './save-steps.ts';
import {chooseRedis, identityOf, lookAtRedis, refuseUnfit, type RedisNow} from './server.ts';

/** `redis`: id or name of the server; absent: the only one. */
export type BackupRedisRequest = {readonly redis?: string};

/** Space that the copy of a dump may take: not more than the memory, and usually a quarter of it. */
export function dumpBytesAtMost(now: RedisNow): number {
	return Math.max(16 * 1024 * 1024, usedBytesOf(now));
}

/** What `saveSteps` needs, looked up and checked: memory for the fork and for the proof, a place for the scratch server. */
export async function prepareSave(look: Look, now: RedisNow, id: string): Promise<SaveFacts> {
	refuseUnfit(now);
	const {folders, io} = look;
	await checkFolder(io, folders.backups);
	const available = (await hostMemory(look))?.availableBytes;
	if (available !== undefined) checkForkMemory(now, available);
	return {
		now,
		place: {folder: folders.backups, series: now.series, id},
		scratch: await scratchPlace(look, now, id),
		memoryBytes: scratchMemoryBytes(usedBytesOf(now)),
	};
}

/** Space of the backup's folder as the card shows it; refusing is the catalogue's matter where it is too little. */
export async function spaceFor(look: Look, neededBytes: number) {
	const {io, folders} = look;
	const {blockBytes, blocksAvailable} = await io.files.statfs(folders.backups);
	return {folder: folders.backups, neededBytes, freeBytes: blockBytes * blocksAvailable};
}

/**
 * Finds the scratch server of a plan again: memory and image stand in the plan's own commands, so that a server that
 * changed since does not change them.
 */
export function sourceOf<R extends {readonly redis?: string}>(tools: Tools<R>): SaveSource {
	const {look, plan} = tools;
	const target = chooseRedis(look, plan.identity.redis?.target ?? tools.request.redis);
	const prove = plan.steps.find(({id}) => id === 'prove');
	const first = prove?.commands[0];
	const flavour = flavourIn(first);
	if (first?.kind === 'sidecar') {
		const {image, memoryBytes, user = ''} = first.sidecar;
		const userId = Number(user.split(':')[0]);
		const network = `container:${target.container?.containerId ?? ''}`;
		const scratch = {kind: 'sidecar', flavour, image, network, userId} as const;
		return {target, memoryBytes, scratch};
	}

	const folder = `${look.folders.scratch}/${plan.id}`;
	return {target, memoryBytes: 0, scratch: {kind: 'host', flavour, folder}};
}

/** Backs up a Redis server by an own save that is copied, loaded into a scratch server and counted. SAFETY 3.5. */
export const backupRedis: Operation<BackupRedisRequest> = {
	id: 'backup-redis',
	title: {code: 'title-backup-redis'},
	parse(request) {
		const redis = mayText(fieldsOf(request, ['redis']), 'redis');
		return redis === undefined ? {} : {redis};
	},
	async plan(look, request, id) {
		const now = await lookAtRedis(look, request.redis);
		const facts = await prepareSave(look, now, id);
		const {total} = keysOf(now.info);
		return {
			title: {code: 'op-backup-redis', params: {server: now.name}},
			identity: identityOf(now),
			risk: 'safe',
			steps: saveSteps(facts),
			locks: [
				{resource: `redis:${now.target.id}`, mode: 'exclusive'},
				catalogueLock(facts.place.folder, 'shared'),
			],
			space: [await spaceFor(look, dumpBytesAtMost(now))],
			outages: [],
			deletes: [],
			warnings: [],
			undo: {code: 'undo-backup'},
			// 1.2 s to save, as much to copy, check and load a million small keys (SAFETY 3.5), and the last save's time.
			expectedMs:
				3000 + total * 0.004 + (infoNumber(now.info, 'rdb_last_bgsave_time_sec') ?? 0) * 1000,
		};
	},
	steps: saveCode(sourceOf),
	isCommitted: isPublished,
};
