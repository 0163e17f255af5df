import {execFile} from 'node:child_process';
import {cp, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {proofOf} from '../../src/domain/catalogue.ts';
import type {ProofLevel} from '../../src/domain/manifest.ts';
import {createIo} from '../../src/io/create-io.ts';
import {readCatalogue} from '../../src/sources/catalogue.ts';
import type {DoPlay, Proof} from './do-play.ts';
import {recreated, runs} from './does-services-proof.ts';
import {analyzed} from './does-sessions.ts';
import {until, type Ground} from './ground.ts';
import {disk} from './host.ts';
import {age, backUp, clearAfterwards, keptIn, newestIn, trash} from './own-backups.ts';

const run = promisify(execFile);

const missing = 'backups-missing';
const recovery = 'disaster-recovery';
const rollback = 'rollback-decision';

/** The catalogue as its files are now, read anew. */
async function catalogue(ground: Ground) {
	const never = new AbortController().signal;
	return readCatalogue(createIo(), ground.folders.backups, never);
}

/** Proves that there are new backups of each of these series (by how their names begin), whole as their manifests say. */
const made =
	(...begins: readonly string[]): Proof =>
	async ground => {
		const before = new Set((await keptIn(ground.folders.backups)).map(({id}) => id));
		return async () => {
			const {backups, damaged} = await catalogue(ground);
			const fresh = backups.filter(({id}) => !before.has(id));
			return (
				damaged.length === 0 &&
				begins.every(begin => fresh.some(({series}) => series.startsWith(begin)))
			);
		};
	};

/** Proves that some backup has passed a proof of at least this level since. */
const proven =
	(least: ProofLevel): Proof =>
	async ground => {
		const nowMs = Date.now();
		return Promise.resolve(async () => {
			const {backups} = await catalogue(ground);
			return backups.some(({verifications}) => {
				const {level, atMs = 0, failure} = proofOf(verifications);
				return level !== undefined && level >= least && atMs >= nowMs && !failure;
			});
		});
	};

const database = {database: 'football_prediction'};

/** A real backup of the database that is so many days old. */
async function oldBackup(ground: Ground, days: number): Promise<void> {
	clearAfterwards(ground);
	await backUp(ground, 'backup-database', database);
	for (const kept of await keptIn(ground.folders.backups)) {
		await age(ground.folders.backups, kept, days);
	}
}

/**
 * Has this machine say that it has little memory left, to nobody but this process and its workers, which have a mount namespace
 * of their own: really filling it would harm everybody on it.
 */
async function littleMemory(ground: Ground): Promise<void> {
	const path = join(ground.folder, 'meminfo');
	const text = await readFile('/proc/meminfo', 'utf8');
	await writeFile(path, text.replace(/^(MemAvailable:\s+)\d+/m, '$1600000'));
	await run('mount', ['--bind', path, '/proc/meminfo']);
	ground.undo(async () => run('umount', ['/proc/meminfo']));
}

async function statfsOf(folder: string) {
	return createIo().files.statfs(folder);
}

const smallDisks = new WeakMap<Ground, string>();

const missingDoes: readonly DoPlay[] = [
	{
		wizard: missing,
		node: 'all-now',
		inject: async ground => oldBackup(ground, 3),
		proves: made('pg-', 'redis-', 'files-', 'logs-'),
		ends: 'solved',
	},
	{
		wizard: missing,
		node: 'anew',
		async inject(ground) {
			const rows = 'INSERT INTO invoices SELECT n, md5(n::text) FROM generate_series(1, 120000) n';
			ground.undo(async () => ground.sql('DROP TABLE IF EXISTS invoices'));
			await ground.sql('CREATE TABLE invoices (n integer, code text)');
			await ground.sql(rows);
			await oldBackup(ground, 0.9);
			// Somebody's import empties the table for a moment, and the backup is made in that moment.
			await ground.sql('TRUNCATE invoices');
			await backUp(ground, 'backup-database', database);
			const [newest] = await newestIn(ground.folders.backups);
			if (newest) await age(ground.folders.backups, newest, 0.01);
			await ground.sql(rows);
		},
		way: {'suspicious-why': 1},
		proves: made('pg-', 'redis-', 'files-', 'logs-'),
		ends: 'solved',
	},
	{
		wizard: missing,
		node: 'prove',
		inject: async ground => oldBackup(ground, 8),
		config: () => ['storage: {max_age: 30d}'],
		proves: proven(3),
		ends: 'solved',
	},
	{
		wizard: missing,
		node: 'prove-lower',
		async inject(ground) {
			await oldBackup(ground, 8);
			await littleMemory(ground);
		},
		config: () => ['storage: {max_age: 30d}'],
		proves: proven(2),
		ends: 'later',
	},
	{
		wizard: missing,
		node: 'prune',
		async inject(ground) {
			const folder = await disk(ground, 'size=8g,mode=0700');
			smallDisks.set(ground, folder);
			// The engine sees no mount of ours, so that they are made elsewhere and brought here.
			clearAfterwards(ground);
			await backUp(ground, 'backup-database', database);
			const {backups} = ground.folders;
			await cp(backups, folder, {recursive: true});
			for (const days of [5, 4, 3]) {
				for (const kept of await keptIn(backups)) {
					const copy = join(folder, kept.series, `copy-${days}`);
					await cp(kept.folder, copy, {recursive: true});
					const aged = await age(folder, {...kept, folder: copy}, days);
					await trash(folder, aged, days - 1);
				}
			}

			await cp(join(backups, 'verify'), join(folder, 'verify'), {recursive: true});
			// Whatever else is on it leaves next to no room.
			const {blocks, blocksAvailable, blockBytes} = await statfsOf(folder);
			const usedBytes = (blocks - blocksAvailable) * blockBytes;
			await run('mount', ['-o', `remount,size=${usedBytes + 65_536}`, folder]);
		},
		config: ground => [
			`storage: {backups: ${smallDisks.get(ground) ?? ''}, retention: {keep_last: 1}}`,
		],
		way: {'all-now': 'skip'},
		proves: async ground => {
			const folder = smallDisks.get(ground) ?? '';
			return Promise.resolve(async () => {
				const {blocksAvailable, blockBytes} = await statfsOf(folder);
				return blocksAvailable * blockBytes > 200_000;
			});
		},
		ends: 'solved',
	},
];

/** What a program has written last is lost; it is kept beside, as a restored table would be. */
async function lose(ground: Ground): Promise<void> {
	ground.undo(async () => {
		await ground.sql('DROP TABLE IF EXISTS users_restored');
	});
	await ground.sql('CREATE TABLE users_restored AS TABLE users');
	await ground.sql("UPDATE users SET name = ''");
}

async function bringBack(ground: Ground): Promise<void> {
	await ground.sql(
		"UPDATE users SET name = r.name FROM users_restored r WHERE r.id = users.id AND users.name = ''",
	);
}

const recoveryDoes: readonly DoPlay[] = [
	{
		wizard: recovery,
		node: 'keep-state',
		async inject(ground) {
			await oldBackup(ground, 1);
			await lose(ground);
			await ground.lab.compose(['stop', '--timeout', '2', 'worker']);
		},
		way: {damage: 1, 'database-scope': 1, 'what-data': 3},
		async atNode(ground, node) {
			if (node === 'restore-database') await bringBack(ground);
		},
		proves: made('pg-'),
		also: {
			prove: proven(3),
			statistics: analyzed('users'),
			services: runs('worker'),
			'backup-new': made('pg-', 'redis-', 'files-', 'logs-'),
		},
		// The errors of before count for a minute.
		waitsWhole: ['verify-wait'],
		ends: 'solved',
	},
	{
		wizard: recovery,
		node: 'keep-state-table',
		async inject(ground) {
			clearAfterwards(ground);
			await lose(ground);
		},
		way: {
			damage: 1,
			statistics: 'skip',
			'what-data': 3,
			services: 'skip',
			person: 'unknown',
			'not-well': 3,
		},
		async atNode(ground, node) {
			if (node === 'restore-table') await bringBack(ground);
		},
		proves: made('pg-'),
		ends: 'call',
	},
	{
		wizard: recovery,
		node: 'redis-first',
		async inject(ground) {
			clearAfterwards(ground);
			await ground.redis().set('worker:rounds', '0');
		},
		way: {damage: 2, 'what-data': 3, services: 'skip', person: 'unknown', 'not-well': 3},
		proves: made('redis-'),
		ends: 'call',
	},
];

const rollbackDoes: readonly DoPlay[] = [
	{
		wizard: rollback,
		node: 'database-backup',
		async inject(ground) {
			clearAfterwards(ground);
			// The version before is in the file; the one that runs answers with errors.
			ground.undo(async () => ground.lab.compose(['up', '-d', '--no-build', '--no-deps', 'app']));
			const up = ['up', '-d', '--no-build', '--no-deps', 'app'];
			await ground.composeWith({APP_VERSION: '1.5.0'}, up);
			await ground.lab.ready();
			ground.undo(async () => ground.lab.fault('errors', false));
			await ground.lab.fault('errors', true);
			ground.again(async () => ground.visit('/predictions?match_id=3'), 50);
			await until(async () => {
				const {failed} = await failures(ground);
				return failed >= 20;
			}, 'answers with an error');
		},
		way: {'no-change': 1, forward: 1, 'database-question': 2},
		proves: made('pg-'),
		also: {redeploy: recreated('app')},
		// The errors of before count for a minute.
		waitsWhole: ['deployed-wait'],
		ends: 'solved',
		spoils: ['app', 'nginx'],
	},
];

async function failures(ground: Ground): Promise<{readonly failed: number}> {
	const text = await fetch(`${ground.lab.urls.app}/metrics`).then(async answer => answer.text());
	return {failed: Number(/status="500"\} (\d+)/.exec(text)?.[1] ?? 0)};
}

/** The `do` nodes of the wizards of backups, recovery and rollback. */
export const backupDoes: readonly DoPlay[] = [...missingDoes, ...recoveryDoes, ...rollbackDoes];
