import {readdir, rm, writeFile} from 'node:fs/promises';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {JsonValue} from '../../src/domain/plan.ts';
import {createAct} from '../../src/io/create-act.ts';
import {createIo} from '../../src/io/create-io.ts';
import {backupDatabase} from '../../src/operations/backup/backup-database.ts';
import type {Operation} from '../../src/operations/operation.ts';
import {dropKeptDatabase} from '../../src/operations/postgres/drop-kept.ts';
import {importDump} from '../../src/operations/postgres/import-dump.ts';
import {keptDatabases} from '../../src/operations/postgres/kept-databases.ts';
import {canLoad} from '../../src/operations/postgres/pre-checks.ts';
import {restoreDatabase} from '../../src/operations/postgres/restore-database.ts';
import {restoreTable} from '../../src/operations/postgres/restore-table.ts';
import {swapBackDatabase} from '../../src/operations/postgres/swap-back.ts';
import {verifiers} from '../../src/operations/verify/verifiers.ts';
import {verifyBackupWith} from '../../src/operations/verify/verify-backup.ts';
import {docker} from '../lab/docker.ts';
import {
	makeFolders,
	performNow,
	planNow,
	removeFolders,
	type PerformOptions,
} from '../support/perform.ts';
import {installedPostgres} from '../support/postgres-binaries.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {postgresImages, serverImage} from './server-images.ts';
import {startShop, type ShopServer} from './shop-server.ts';

const act = createAct();
const io = createIo();
const done = {outcome: 'done', exitStatus: 0};
const verifyBackup = verifyBackupWith(verifiers);

for (const image of postgresImages) {
	const {major, programs} = image;
	// Else the programs beside the server write what it cannot load: then it is told, and refused.
	const canGoBack = canLoad(programs, major);
	let name = '';
	const there = await requireComponent(`PostgreSQL ${major}`, async () => {
		name = await serverImage(image);
		return true;
	});
	describe.skipIf(there.missing !== undefined)(
		titleWith(there, `backups of PostgreSQL ${major}`),
		() => {
			let server: ShopServer;
			let options: PerformOptions;

			beforeAll(async () => {
				server = await startShop(name);
				const targets = {postgres: [server.target]};
				options = {act, io, folders: await makeFolders(), targets, containers: [server.container]};
			});
			afterAll(async () => {
				await server.remove();
				await removeFolders();
			});

			const run = <R extends JsonValue>(operation: Operation<R>, request: JsonValue) =>
				performNow(operation, request, options);

			it.skipIf(canGoBack)(
				'is told that its backups cannot go back, and they are refused',
				async () => {
					const made = await run(backupDatabase, {});
					expect(made.end?.outcome).toBe('warnings');
					expect(made.lines.flatMap(line => (line.st === 'warn' ? [line.d] : []))).toMatchObject([
						{
							code: 'warn-backup-newer-program',
							params: {program: programs, server: major},
						},
					]);
					expect((await run(verifyBackup, {backup: 'latest', level: 3})).end).toEqual(done);
					for (const [operation, request] of [
						[restoreDatabase, {backup: made.plan.id}],
						[restoreTable, {backup: made.plan.id, table: 'public.users'}],
					] as const) {
						await expect(planNow<JsonValue>(operation, request, options)).rejects.toMatchObject({
							problem: {code: 'restore-older-server', params: {dumped: programs, here: major}},
						});
					}
				},
			);

			it.skipIf(!canGoBack)(
				'is backed up, proven, restored by a swap, and swapped back',
				async () => {
					const made = await run(backupDatabase, {});
					expect(made.end).toEqual(done);
					expect((await run(verifyBackup, {backup: 'latest', level: 3})).end).toEqual(done);
					await server.psql(
						'DELETE FROM users WHERE id > 100; DROP VIEW firsts; CREATE TABLE extra ()',
					);
					const restored = await run(restoreDatabase, {backup: made.plan.id});
					expect(restored.end).toEqual(done);
					const count = () => server.psql('SELECT count(*) FROM users');
					expect(await count()).toBe('3000');
					expect(await server.psql('SELECT count(*) FROM firsts')).toBe('9');
					expect(await server.psql('SELECT twice(21)')).toBe('42');
					expect(await server.psql('SHOW statement_timeout')).toBe('50s');
					const kept = () => keptDatabases(io, server.target, AbortSignal.timeout(10_000));
					const back = await run(swapBackDatabase, {kept: (await kept())[0]?.name ?? ''});
					expect([back.end?.outcome, await count()]).toEqual(['done', '100']);
					const dropped = await run(dropKeptDatabase, {kept: (await kept())[0]?.name ?? ''});
					expect([dropped.end?.outcome, await kept()]).toEqual(['done', []]);
					const own = [
						'ps',
						'--all',
						'--quiet',
						'--filter',
						`label=opsconsole.op=${restored.plan.id}`,
					];
					expect(await docker(own)).toBe('');
				},
			);

			it.skipIf(!canGoBack)('gets one table back beside the live one', async () => {
				const {plan} = await run(backupDatabase, {});
				await server.psql('DELETE FROM users WHERE id > 50');
				const beside = await run(restoreTable, {backup: plan.id, table: 'public.users'});
				expect(beside.end).toEqual(done);
				const schema = `restored_${beside.plan.id.slice(-8)}`;
				expect(await server.psql(`SELECT count(*) FROM ${schema}.users`)).toBe('100');
				expect(await server.psql('SELECT count(*) FROM users')).toBe('50');
			});

			it.skipIf(!canGoBack)('takes in a plain dump of its own pg_dump', async () => {
				const dump = ['pg_dump', '-h', '127.0.0.1', '-U', 'postgres', 'shop'];
				const plain = await docker(['exec', server.id, ...dump]);
				const file = `${options.folders?.scratch ?? ''}/old.sql`;
				await writeFile(file, `${plain}\n`);
				const taken = await run(importDump, {file, database: 'old shop'});
				await rm(file);
				expect(taken.end).toEqual(done);
				const request = {backup: taken.plan.id, isForeignAccepted: true, database: 'again'};
				const restored = await run(restoreDatabase, {...request, properties: 'live'});
				expect(restored.end?.problem).toBeUndefined();
				const count = 'SELECT count(*) FROM users';
				expect(await server.psql(count, 'again')).toBe(await server.psql(count));
			});

			it.skipIf(canGoBack)('gets a backup of an older server by older programs', async () => {
				const older = await startShop(
					await serverImage({kind: 'postgres', major: 15, release: 'bookworm', programs: 15}),
				);
				const own = {...image, release: 'bookworm', programs: 15} as const;
				const newer = await startShop(await serverImage(own));
				try {
					const folders = await makeFolders();
					const on = ({target, container}: ShopServer) =>
						({act, io, folders, targets: {postgres: [target]}, containers: [container]}) as const;
					const made = await performNow(backupDatabase, {}, on(older));
					expect(made.end).toEqual(done);
					await newer.psql('DELETE FROM users');
					const request = {backup: made.plan.id, isForeignAccepted: true};
					const restored = await performNow(restoreDatabase, request, on(newer));
					expect(restored.end).toEqual(done);
					expect(await newer.psql('SELECT count(*) FROM users')).toBe('3000');
				} finally {
					await Promise.all([older.remove(), newer.remove()]);
				}
			});

			it("is dumped by this machine's programs, or refused where they are older", async () => {
				const {container: _, ...target} = server.target;
				const folders = await makeFolders();
				const onHost = {act, io, folders, targets: {postgres: [{...target, id: 'published'}]}};
				const client = installedPostgres()?.version ?? 0;
				if (client >= major) {
					const made = await performNow(backupDatabase, {}, onHost);
					expect(made.end).toEqual(done);
					const proven = await performNow(verifyBackup, {backup: 'latest', level: 3}, onHost);
					expect(proven.end).toEqual(done);
					const restored = await performNow(restoreDatabase, {backup: 'latest'}, onHost);
					expect(restored.end).toEqual(done);
					return;
				}

				await expect(performNow(backupDatabase, {}, onHost)).rejects.toMatchObject({
					problem: {code: 'dump-version', params: {server: major, client}},
				});
				expect(await readdir(folders.backups)).toEqual([]);
				expect(await readdir(folders.scratch)).toEqual([]);
			});
		},
	);
}
