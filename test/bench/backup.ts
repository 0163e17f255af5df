import {performance} from 'node:perf_hooks';
import {createAct} from '../../src/io/create-act.ts';
import {backupDatabase} from '../../src/operations/backup/backup-database.ts';
import {docker} from '../lab/docker.ts';
import {makeFolders, performNow, removeFolders} from '../support/perform.ts';
import {startPostgresContainer, type PostgresContainer} from '../support/postgres-container.ts';
import {median} from './figures.ts';

/** Times of one way to make a backup, in seconds. */
export type BackupTimes = {
	readonly bytes: number;
	readonly bare: number;
	readonly counted: number;
	readonly hashed: number;
};

async function timed(work: () => Promise<unknown>): Promise<number> {
	const start = performance.now();
	await work();
	return (performance.now() - start) / 1000;
}

async function backUp(server: PostgresContainer, hashLimitBytes: number): Promise<void> {
	const folders = await makeFolders();
	const {end} = await performNow(
		backupDatabase,
		{},
		{
			act: createAct(),
			folders,
			settings: {storage: {hashLimitBytes}},
			targets: {postgres: [server.target]},
			containers: [server.container],
		},
	);
	if (end?.exitStatus !== 0 && end?.exitStatus !== 5) throw new Error(JSON.stringify(end));
	await removeFolders();
}

/**
 * Medians of backing up a pgbench database of this scale (15 MB each): bare `pg_dump -Fc -Z1` inside its container, ours with counts, ours with content hashes; all to the same disk, one after the other, `runs` times.
 */
export async function measureBackups(scale: number, runs: number): Promise<BackupTimes> {
	const server = await startPostgresContainer({dataBytes: 2 ** 30 + scale * 48 * 2 ** 20});
	try {
		const inside = ['exec', server.id];
		const options = {deadlineMs: 600_000};
		const connection = ['-h', '127.0.0.1', '-U', 'postgres'];
		await docker(
			[...inside, 'pgbench', '-i', '-q', '-s', String(scale), ...connection, 'shop'],
			options,
		);
		await server.psql('VACUUM ANALYZE');
		await server.psql('CHECKPOINT');
		const bytes = Number(await server.psql("SELECT pg_database_size('shop')"));
		const bare = ['pg_dump', '-Fc', '-Z1', '-f', '/tmp/bare.pgc', ...connection, 'shop'];
		const times = {bare: [] as number[], counted: [] as number[], hashed: [] as number[]};
		for (let run = 0; run < runs; run++) {
			times.bare.push(await timed(() => docker([...inside, ...bare], options)));
			times.counted.push(await timed(() => backUp(server, 0)));
			times.hashed.push(await timed(() => backUp(server, Number.MAX_SAFE_INTEGER)));
		}

		return {
			bytes,
			bare: median(times.bare),
			counted: median(times.counted),
			hashed: median(times.hashed),
		};
	} finally {
		await server.remove();
	}
}
