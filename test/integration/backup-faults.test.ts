import {createHash} from 'node:crypto';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Client} from 'pg';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {CatalogueBackup} from '../../src/domain/catalogue.ts';
import {manifestText} from '../../src/domain/manifest-json.ts';
import {objectOf} from '../../src/domain/unknown.ts';
import type {Act} from '../../src/io/act.ts';
import {createAct} from '../../src/io/create-act.ts';
import {createIo} from '../../src/io/create-io.ts';
import {backupDatabase} from '../../src/operations/backup/backup-database.ts';
import type {Look} from '../../src/operations/operation.ts';
import {pruneBackups} from '../../src/operations/retention/prune.ts';
import {verifyBackupWith} from '../../src/operations/verify/verify-backup.ts';
import {verifiers} from '../../src/operations/verify/verifiers.ts';
import {readCatalogue} from '../../src/sources/catalogue.ts';
import {
	makeFolders,
	performNow,
	planNow,
	removeFolders,
	type Performed,
	type PerformOptions,
} from '../support/perform.ts';
import {lacksPostgres} from '../support/postgres-binaries.ts';
import {startPostgres, type PostgresServer} from '../support/postgres-server.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {waitFor} from '../support/wait.ts';

const postgres = await requireComponent('PostgreSQL', () => lacksPostgres());
const verifyBackup = verifyBackupWith(verifiers);
const act = createAct();
const io = createIo();
const fill = [
	'CREATE TABLE accounts (id int, name text); INSERT INTO accounts SELECT i, i FROM generate_series(1, 5) i',
	'CREATE TABLE orders (id int); INSERT INTO orders VALUES (1)',
	'CREATE TABLE items (id int); INSERT INTO items VALUES (1)',
].join('; ');

describe.skipIf(postgres.missing !== undefined)(titleWith(postgres, 'faults of a backup'), () => {
	let server: PostgresServer;
	beforeAll(async () => {
		server = await startPostgres();
	});
	afterAll(async () => {
		await server.remove();
		await removeFolders();
	});

	const optionsOf = (changes: Partial<PerformOptions> = {}): PerformOptions => ({
		act,
		io,
		targets: {postgres: [server.target({database: 'shop'})]},
		...changes,
	});
	const said = ({lines}: Performed) =>
		lines.flatMap(line => (line.st === 'warn' ? [line.d.code] : []));
	const newShop = async () => {
		await server.psql('DROP DATABASE IF EXISTS shop WITH (FORCE)');
		await server.psql('CREATE DATABASE shop');
		await server.psql(fill, 'shop');
	};

	describe('beside a migration', () => {
		beforeAll(newShop);
		const sessionOf = (application: string) => server.session({application, database: 'shop'});
		const noneOfOurs = () =>
			waitFor(
				async () => {
					const own = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'opsc:%'";
					return (await server.psql(own)) === '0' ? true : undefined;
				},
				{what: 'the end of our sessions'},
			);

		it('is never begun while one waits for its lock', async () => {
			const [reader, migration] = [await sessionOf('report'), await sessionOf('migration')];
			await reader.query('BEGIN; SELECT * FROM accounts');
			const {rows} = await migration.query<{pid: number}>('SELECT pg_backend_pid() AS pid');
			const altered = migration.query('ALTER TABLE accounts ADD COLUMN late int');
			const refused = await waitFor(
				async () => {
					const error: unknown = await planNow(backupDatabase, {}, optionsOf()).catch(
						(reason: unknown) => reason,
					);
					return error instanceof Error && error.message === 'dump-locked' ? error : undefined;
				},
				{what: 'the refusal'},
			);
			expect(refused).toMatchObject({
				problem: {
					params: {pid: rows[0]?.pid, application: 'migration', relation: 'public.accounts'},
				},
			});
			await reader.query('COMMIT');
			await altered;
			await noneOfOurs();
			await Promise.all([reader.end(), migration.end()]);
		});

		/**
		 * Lets a migration begin when one table is counted, which our snapshot then has locked; the next table is not counted
		 * before `isOver`. Everybody who waits counts as having waited for `agedSeconds` more. With `isDumped`, pg_dump has
		 * ended before: it would wait behind the migration, and for its own snapshot, until its lock timeout.
		 */
		function withMigration(
			migration: Client,
			facts: {
				readonly agedSeconds: number;
				readonly isDumped: boolean;
				readonly isOver: (sightings: number) => unknown;
			},
		): {readonly act: Act; readonly altered: () => Promise<unknown>} {
			const {agedSeconds, isDumped, isOver} = facts;
			const dumped = Promise.withResolvers<undefined>();
			let counted = 0;
			let sightings = 0;
			let altered: Promise<unknown> = Promise.resolve();
			const opened: Act['postgres'] = async (target, database, operation) => {
				const session = await act.postgres(target, database, operation);
				return {
					...session,
					async query(text, values, signal) {
						const isProof = text.includes('query_to_xml');
						if (isProof && ++counted === 1 && isDumped) await dumped.promise;
						if (isProof && counted === 2) {
							altered = migration.query('ALTER TABLE accounts ADD COLUMN later int');
							await waitFor(async () => (await isOver(sightings)) || undefined, {
								what: 'its moment',
							});
						}

						const rows = await session.query(text, values, signal);
						for (const row of rows) {
							const waiting = objectOf(objectOf(row['queue'])['waiting']);
							if (waiting['seconds'] === undefined) continue;
							sightings++;
							const seconds = Number(waiting['seconds']) + agedSeconds;
							return [{queue: {...objectOf(row['queue']), waiting: {...waiting, seconds}}}];
						}

						return rows;
					},
				};
			};
			const program: Act['program'] = async (command, options) => {
				const end = await act.program(command, options);
				if (command.argv[0].endsWith('/pg_dump')) dumped.resolve(undefined);
				return end;
			};
			return {act: {...act, postgres: opened, program}, altered: () => altered};
		}

		/** Whether the dump has ended its sessions, as it does when it gives way. */
		const hasGivenWay = async () => {
			const own =
				"SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'opsc:%' AND state LIKE 'idle in transaction%'";
			return (await server.psql(own)) === '0';
		};

		it('gives way to one that began later and waits too long, and leaves nothing', async () => {
			const migration = await sessionOf('migration');
			const late = withMigration(migration, {
				agedSeconds: 9,
				isDumped: false,
				isOver: hasGivenWay,
			});
			const done = await performNow(backupDatabase, {}, optionsOf({act: late.act}));
			expect(done.end).toMatchObject({
				outcome: 'undone',
				problem: {code: 'dump-in-the-way', params: {application: 'migration'}},
			});
			expect(said(done)).toEqual(['warn-backup-waiting']);
			await late.altered();
			await noneOfOurs();
			expect((await readCatalogue(io, done.folders.backups)).backups).toEqual([]);
			await migration.query('ALTER TABLE accounts DROP COLUMN later');
			await migration.end();
		});

		it('tells of one that waits a little, and ends', async () => {
			const migration = await sessionOf('migration');
			// The second look that sees it comes after the warning was written; on a busy machine it may come late.
			const late = withMigration(migration, {
				agedSeconds: -3600,
				isDumped: true,
				isOver: count => count >= 2,
			});
			const done = await performNow(backupDatabase, {}, optionsOf({act: late.act}));
			expect([done.outcome, said(done)]).toEqual(['warnings', ['warn-backup-waiting']]);
			await late.altered();
			await migration.end();
		});
	});

	describe('of the wrong content', () => {
		let folders: Look['folders'];
		const backup = async (more: Partial<PerformOptions> = {}) => {
			const done = await performNow(backupDatabase, {}, optionsOf({folders, ...more}));
			const {backups} = await readCatalogue(io, folders.backups);
			const [made] = backups;
			if (made?.id !== done.plan.id) throw new Error(JSON.stringify(done.end));
			return {made, said: said(done), isSuspicious: made.manifest.isSuspicious === true};
		};
		/** What retention would take out, and why not. */
		const prune = async () => {
			const settings = {storage: {retention: {keepLast: 1, minVerified: 1}}};
			const {plan} = await planNow(pruneBackups, {}, optionsOf({folders, settings}));
			return {out: plan.deletes.length, why: plan.warnings.map(({code}) => code)};
		};
		const blocked = {out: 0, why: ['warn-retention-newest']};
		beforeAll(async () => {
			await newShop();
			folders = await makeFolders();
			expect(await backup()).toMatchObject({said: [], isSuspicious: false});
			expect(await backup()).toMatchObject({said: [], isSuspicious: false});
			expect(await prune()).toEqual({out: 1, why: []});
		});

		it('is suspicious where the tables or all rows are gone, and then nothing is deleted', async () => {
			await server.psql('TRUNCATE accounts, orders, items', 'shop');
			expect(await backup()).toMatchObject({said: ['warn-backup-rows'], isSuspicious: true});
			expect(await prune()).toEqual(blocked);
			await server.psql('DROP TABLE accounts, orders, items', 'shop');
			const empty = await backup();
			expect(empty.isSuspicious).toBe(true);
			expect(empty.said).toContain('warn-backup-tables');
			expect(await prune()).toEqual(blocked);
			await server.psql(fill, 'shop');
			expect(await backup()).toMatchObject({said: [], isSuspicious: false});
		});

		it('is suspicious where another server stands under the old name', async () => {
			const other = await startPostgres();
			await other.psql('CREATE DATABASE shop');
			const from = {targets: {postgres: [other.target({database: 'shop'})]}};
			expect(await backup(from)).toMatchObject({
				said: ['warn-backup-other-server'],
				isSuspicious: true,
			});
			expect(await prune()).toEqual(blocked);
			// What was said once is known: the next of the same server is as good as any first one.
			expect(await backup(from)).toMatchObject({said: [], isSuspicious: false});
			await other.remove();
			expect((await prune()).out).toBeGreaterThan(0);
		});

		/** Puts a file into a backup and makes all checksums right again. */
		async function exchange({folder, manifest}: CatalogueBackup, dump: Buffer): Promise<void> {
			const sha256 = (content: string | Buffer) =>
				createHash('sha256').update(content).digest('hex');
			const artefacts = manifest.artefacts.map(artefact =>
				artefact.name === 'dump.pgc'
					? {...artefact, bytes: dump.length, sha256: sha256(dump)}
					: artefact,
			);
			const text = manifestText({...manifest, artefacts});
			await writeFile(join(folder, 'dump.pgc'), dump);
			await writeFile(join(folder, 'manifest.json'), text);
			await writeFile(join(folder, 'manifest.sha256'), `${sha256(text)}  manifest.json\n`);
		}

		it('is found bad where its file is the dump of another database, and then nothing is deleted', async () => {
			await server.psql('CREATE DATABASE other TEMPLATE shop');
			const {made: other} = await backup({
				targets: {postgres: [server.target({database: 'other'})]},
			});
			const {made} = await backup();
			await exchange(made, await readFile(join(other.folder, 'dump.pgc')));
			const request = {backup: made.id, level: 2};
			const verified = await performNow(verifyBackup, request, optionsOf({folders}));
			expect(verified.end).toMatchObject({
				exitStatus: 11,
				problem: {code: 'verify-failed', params: {cause: 'the archive is of other, not of shop'}},
			});
			expect((await prune()).why).toContain('warn-retention-newest');
		});
	});

	describe('verified while memory is short', () => {
		let folders: Look['folders'];
		beforeAll(async () => {
			await newShop();
			folders = await makeFolders();
			await performNow(backupDatabase, {}, optionsOf({folders}));
		});
		const memory = (kibibytes: number) => {
			const readText: typeof io.files.readText = (path, ...more) =>
				path === '/proc/meminfo'
					? Promise.resolve(`MemTotal: 24000000 kB\nMemAvailable: ${kibibytes} kB\n`)
					: io.files.readText(path, ...more);
			return {...io, files: {...io.files, readText}};
		};

		it('is left out with the reason, and reads it in full instead', async () => {
			const short = optionsOf({folders, io: memory(1_000_000)});
			await expect(
				planNow(verifyBackup, {backup: 'latest', level: 3}, short),
			).rejects.toMatchObject({
				problem: {code: 'verify-memory', params: {needed: '1.0 GiB', free: '977 MiB'}},
			});
			const read = await performNow(verifyBackup, {backup: 'latest', level: 2}, short);
			expect(read.end?.outcome).toBe('done');
		});

		it('reaches its limit and not the machine, and says nothing bad of the backup', async () => {
			const sql =
				'SELECT count(a) FROM (SELECT array_agg(repeat(md5(i::text), 3000000)) AS a FROM generate_series(1, 8) i) x';
			const settings = {storage: {assertions: [{sql, expect: '=1'}]}};
			const request = {backup: 'latest', level: 4};
			const done = await performNow(verifyBackup, request, optionsOf({folders, settings}));
			expect(done.end).toMatchObject({exitStatus: 1, problem: {code: 'verify-out-of-memory'}});
			const [found] = (await readCatalogue(io, folders.backups)).backups;
			expect(found?.verifications.every(({isGood}) => isGood)).toBe(true);
		});
	});
});
