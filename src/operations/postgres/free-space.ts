import {throughMounts} from '../../domain/container-path.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import type {Look} from '../operation.ts';

/** A file system that the server writes to, as this machine sees it. */
export type DataPlace = {
	readonly path: string;
	readonly totalBytes: number;
	readonly freeBytes: number;
};

const localHosts = new Set(['127.0.0.1', '::1', 'localhost', '']);

/** Size and free bytes of a folder's file system, for a user who is not root; undefined where it cannot be seen. */
export async function freeAt(look: Look, path: string): Promise<DataPlace | undefined> {
	try {
		const {blockBytes, blocks, blocksAvailable} = await look.io.files.statfs(path);
		return {path, totalBytes: blocks * blockBytes, freeBytes: blocksAvailable * blockBytes};
	} catch {
		return undefined;
	}
}

async function hostPath(
	look: Look,
	{container, host}: PostgresTarget,
	inside: string,
): Promise<string | undefined> {
	if (container === undefined) {
		return host.startsWith('/') || localHosts.has(host) ? inside : undefined;
	}
	if (!look.io.docker.address.startsWith('unix:')) {
		return undefined;
	}
	const inspection = await look.io.docker
		.get(`/containers/${container.containerId}/json`, look.signal)
		.catch(() => undefined);
	return throughMounts(inspection, inside);
}

/**
 * The file systems of the data folder and the WAL, from this machine; empty where they cannot be seen from here (then
 * only `df` inside the container can tell). A path counts only where the server's files really are.
 */
export async function dataPlaces(
	look: Look,
	target: PostgresTarget,
	dataFolder: string,
): Promise<readonly DataPlace[]> {
	if (dataFolder === '') {
		return [];
	}
	const path = await hostPath(look, target, dataFolder);
	if (path === undefined) {
		return [];
	}
	const isThere = await look.io.files.stat(`${path}/PG_VERSION`).then(
		() => true,
		() => false,
	);
	if (!isThere) {
		return [];
	}
	const found = await Promise.all([freeAt(look, path), freeAt(look, `${path}/pg_wal`)]);
	return found.flatMap(place => place ?? []);
}
