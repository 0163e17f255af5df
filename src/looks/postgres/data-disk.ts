import {throughMounts} from '../../domain/container-path.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import {maybe} from '../maybe.ts';
import type {LookFacts} from '../reader.ts';

const localHosts = new Set(['127.0.0.1', '::1', 'localhost', '']);

/** The path on this machine of a folder of the server; undefined where it cannot be seen from here. */
async function pathHere(
	{io, signal}: LookFacts,
	{container, host}: PostgresTarget,
	inside: string,
): Promise<string | undefined> {
	if (container === undefined) {
		return host.startsWith('/') || localHosts.has(host) ? inside : undefined;
	}

	if (!io.docker.address.startsWith('unix:')) return undefined;
	const answer = io.docker.get(`/containers/${container.containerId}/json`, signal);
	return throughMounts(await maybe(answer, signal), inside);
}

/** Room on the file system that the server's data lies on; undefined where it is not on this machine. */
export async function dataDisk(
	facts: LookFacts,
	target: PostgresTarget,
	folder: string,
): Promise<{readonly freeBytes: number; readonly usedPercent: number} | undefined> {
	const path = folder === '' ? undefined : await pathHere(facts, target, folder);
	if (path === undefined) return undefined;
	const {files} = facts.io;
	try {
		// The path counts only where the server's files really are.
		await files.stat(`${path}/PG_VERSION`);
		const {blockBytes, blocks, blocksFree, blocksAvailable} = await files.statfs(path);
		const used = blocks - blocksFree;
		const usable = used + blocksAvailable;
		return {
			freeBytes: blocksAvailable * blockBytes,
			usedPercent: usable > 0 ? (100 * used) / usable : 100,
		};
	} catch {
		return undefined;
	}
}
