import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {createIo} from '../../src/io/create-io.ts';
import {createAct} from '../../src/io/create-act.ts';
import {backupDatabase} from '../../src/operations/backup/backup-database.ts';
import {verifyBackupWith} from '../../src/operations/verify/verify-backup.ts';
import {verifiers} from '../../src/operations/verify/verifiers.ts';
import {readArchiveHeader} from '../../src/domain/archive-header.ts';
import {readCatalogue} from '../../src/sources/catalogue.ts';
import {run} from '../lab/docker.ts';
import {localIo} from '../support/io.ts';
import {makeFolders, performNow, removeFolders} from '../support/perform.ts';
import {lacksPostgres} from '../support/postgres-binaries.ts';
import {startPostgres, type PostgresServer} from '../support/postgres-server.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';

const postgres = await requireComponent('PostgreSQL', lacksPostgres);
const newer = await requireComponent('PostgreSQL 17', () => lacksPostgres(17));
const mounting = await requireComponent(
	'the right to mount',
	() => process.getuid?.() === 0 || 'not root',
);
const verifyBackup = verifyBackupWith(verifiers);
const act = createAct();

describe.skipIf(postgres.missing !== undefined)(
	titleWith(postgres, 'a server of this machine'),
	() => {
		let server: PostgresServer;
		beforeAll(async () => {
			server = await startPostgres({
				password: 'Quite-Secret-1',
				hba: ['local all all trust', 'host all all all scram-sha-256'],
			});
			await server.psql(
				'CREATE TABLE numbers AS SELECT i, md5(i::text) AS t FROM generate_series(1, 30000) i',
			);
		});
		afterAll(async () => {
			await server.remove();
			await removeFolders();
		});

		it('is backed up with its own programs, and restored into a cluster of its own for proof', async () => {
			const folders = await makeFolders();
			const options = {act, folders, targets: {postgres: [server.target()]}};
			const made = await performNow(backupDatabase, {}, options);
			expect(made.end).toEqual({outcome: 'done', exitStatus: 0});
			const proven = await performNow(verifyBackup, {backup: 'latest', level: 3}, options);
			expect(proven.end).toEqual({outcome: 'done', exitStatus: 0});
			await expect(run('pgrep', ['-f', `opsconsole-${proven.plan.id}`])).rejects.toThrow();
			await expect(run('ls', ['-d', `/tmp/opsconsole-${proven.plan.id}`])).rejects.toThrow();
			const [backup] = (await readCatalogue(localIo(), folders.backups)).backups;
			const header = readArchiveHeader(await readFile(join(backup?.folder ?? '', 'dump.pgc')));
			expect(header).toMatchObject({
				database: 'postgres',
				entries: backup?.manifest.database?.archiveEntries,
			});
		});

		it.skipIf(mounting.missing !== undefined)(
			'leaves nothing where the disk becomes full',
			async () => {
				const folders = await makeFolders();
				await run('mount', ['-t', 'tmpfs', '-o', 'size=300k,mode=0700', 'none', folders.backups]);
				try {
					const io = localIo();
					const options = {
						act,
						folders,
						targets: {postgres: [server.target()]},
						// The check before would refuse such a small disk: this is about one that becomes full later.
						onPlace: () => Promise.resolve(),
					};
					await expect(performNow(backupDatabase, {}, options)).rejects.toMatchObject({
						problem: {code: 'catalogue-space'},
					});
					const real = createIo();
					const roomy = {
						...real,
						files: {
							...real.files,
							statfs: async (path: string) => ({
								...(await real.files.statfs(path)),
								blocksAvailable: 2 ** 40,
							}),
						},
					};
					const full = await performNow(backupDatabase, {}, {...options, io: roomy});
					expect(full.end).toMatchObject({
						outcome: 'undone',
						exitStatus: 1,
						problem: {code: 'dump-disk-full'},
					});
					const catalogue = await readCatalogue(io, folders.backups);
					expect(catalogue).toMatchObject({backups: [], unfinished: [], damaged: []});
				} finally {
					await run('umount', [folders.backups]);
				}
			},
		);

		it('finds every one of 400 mutations of an archive: level 1 all, the full read those of the data', async () => {
			const folders = await makeFolders();
			await server.psql('CREATE DATABASE small');
			await server.psql('CREATE TABLE t AS SELECT i FROM generate_series(1, 300) i', 'small');
			const options = {act, folders, targets: {postgres: [server.target({database: 'small'})]}};
			await performNow(backupDatabase, {}, options);
			const [backup] = (await readCatalogue(localIo(), folders.backups)).backups;
			const path = join(backup?.folder ?? '', 'dump.pgc');
			const whole = await readFile(path);
			const {sha256} = await localIo().files.hash(path, AbortSignal.timeout(10_000));
			const scratch = join(folders.scratch, 'mutated');
			await mkdir(scratch);
			const found: number[] = [];
			for (let index = 0; index < 400; index++) {
				const mutated = mutate(whole, index);
				const file = join(scratch, `m${index}`);
				await writeFile(file, mutated);
				const sum = await localIo().files.hash(file, AbortSignal.timeout(10_000));
				if (sum.sha256 !== sha256) found.push(index);
			}

			expect(found).toHaveLength(400);
			// Every tenth through the operation itself, with its record: the others differ in nothing but their place.
			for (let index = 0; index < 400; index += 100) {
				await writeFile(path, mutate(whole, index));
				const verified = await performNow(verifyBackup, {backup: 'latest', level: 1}, options);
				expect([index, verified.end?.exitStatus]).toEqual([index, 11]);
			}

			// What a checksum made anew would hide, the full read finds: an archive that was cut.
			for (const share of [0.2, 0.6, 0.95]) {
				const cut = join(scratch, 'cut');
				await writeFile(cut, whole.subarray(0, Math.floor(whole.length * share)));
				await expect(
					run(join(server.programs, 'pg_restore'), ['-f', '/dev/null', cut]),
				).rejects.toThrow();
			}
		});
	},
);

/** The archive cut (every fourth), or with one bit turned, at places spread over all of it. */
function mutate(whole: Buffer, index: number): Buffer {
	const place = Math.floor((whole.length * (index + 0.5)) / 400);
	if (index % 4 === 0) return whole.subarray(0, place);
	const copy = Buffer.from(whole);
	copy.writeUInt8(copy.readUInt8(place) ^ (1 << (index % 8)), place);
	return copy;
}

describe.skipIf(newer.missing !== undefined)(
	titleWith(newer, 'a server that is newer than pg_dump'),
	() => {
		it('is refused before anything is written', async () => {
			const server = await startPostgres({version: 17});
			try {
				await expect(
					performNow(backupDatabase, {}, {act, targets: {postgres: [server.target()]}}),
				).rejects.toMatchObject({
					problem: {code: 'dump-version', params: {server: 17, client: 15}},
				});
			} finally {
				await server.remove();
			}
		});
	},
);
