import {createServer} from 'node:http';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {createAct} from '../../src/io/create-act.ts';
import {createIo} from '../../src/io/create-io.ts';
import {dropKeptDatabase} from '../../src/operations/postgres/drop-kept.ts';
import {restoreDatabase} from '../../src/operations/postgres/restore-database.ts';
import {swapBackDatabase} from '../../src/operations/postgres/swap-back.ts';
import {makeBackup} from '../support/database-backup.ts';
import {
	makeFolders,
	performNow,
	recoverNow,
	removeFolders,
	type PerformOptions,
} from '../support/perform.ts';
import {lacksPostgres} from '../support/postgres-binaries.ts';
import {startPostgres, type PostgresServer} from '../support/postgres-server.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {createSwapRig} from '../support/swap-matrix.ts';

const postgres = await requireComponent('PostgreSQL', () => lacksPostgres());
const before = ['kept closed', 'matrix restored'];

describe.skipIf(postgres.missing !== undefined)(
	titleWith(postgres, 'what follows a restore, killed'),
	() => {
		let server: PostgresServer;
		beforeAll(async () => {
			server = await startPostgres({settings: {full_page_writes: 'off'}});
		});
		afterAll(async () => {
			await server.remove();
			await removeFolders();
		});

		it.each([
			['swap back', swapBackDatabase, {before, after: ['kept closed', 'matrix old']}],
			['drop kept', dropKeptDatabase, {before, after: ['matrix restored']}],
		])('leaves everything as it was or done: %s', async (_, operation, worlds) => {
			const rig = await createSwapRig(server, operation, worlds);
			const places = (await rig.places()).filter(place => /:(?:begun|mid\d+|effect)$/.test(place));
			for (const place of places) expect(await rig.run(place), place).toBeUndefined();
			// Before and after it is committed, with the recovery killed in its middle.
			const middle = places.filter(place => /:mid/.test(place));
			for (const failAt of [middle[0] ?? '', middle.at(-1) ?? '']) {
				const after = await rig.placesAfter(failAt);
				const againAt = after[Math.floor(after.length / 2)];
				expect(await rig.run(failAt, againAt), `${failAt}, ${againAt ?? ''}`).toBeUndefined();
			}
		});

		// Each is recovered when the application is well again, over whichever data it has then.
		it('puts the old data back where it dies while doing so', async () => {
			const folders = await makeFolders();
			await server.psql('CREATE DATABASE ill');
			await server.psql("CREATE TABLE t AS SELECT 'new' AS v", 'ill');
			const {id} = await makeBackup(server, folders, {database: 'ill'});
			await server.psql("UPDATE t SET v = 'old'", 'ill');
			const world = "SELECT oid, datallowconn FROM pg_database WHERE datname ~ '^ill'";
			const before = await server.psql(world);
			let status = 200;
			const stub = createServer((_request, response) => response.writeHead(status).end());
			await new Promise<void>(resolve => stub.listen(0, '127.0.0.1', resolve));
			const address = stub.address();
			const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
			const io = createIo();
			let sleptMs = 0;
			// The minutes of patience with an application pass at once.
			const clock = {
				...io.clock,
				monotonic: () => io.clock.monotonic() + sleptMs,
				sleep: (ms: number, signal: AbortSignal) => {
					if (ms === 500) sleptMs += 60_000;
					return io.clock.sleep(ms === 500 ? 1 : ms, signal);
				},
			};
			const options: PerformOptions = {
				act: createAct(),
				io: {...io, clock},
				folders,
				targets: {
					postgres: [server.target()],
					endpoints: [{id: 'app', origin: 'configured', url}],
				},
			};
			const onPlace = (step: string) => {
				if (step === 'swap') status = 500;
				return Promise.resolve();
			};
			const tried = await performNow(restoreDatabase, {backup: id}, {...options, onPlace});
			expect(tried.outcome).toBe('undone');
			const places = tried.places.filter(place => /^health:(?:mid\d+|effect)$/.test(place));
			expect(places.length).toBeGreaterThan(6);
			for (const failAt of places.filter((_, index) => index % 2 === 0)) {
				status = 200;
				const died = await performNow(restoreDatabase, {backup: id}, {...options, onPlace, failAt});
				expect([failAt, died.outcome]).toEqual([failAt, 'crashed']);
				status = 200;
				const {outcome} = await recoverNow(restoreDatabase, died, options);
				const seen = [
					outcome,
					await server.psql('SELECT v FROM t', 'ill'),
					await server.psql(world),
				];
				expect([failAt, ...seen]).toEqual([failAt, 'undone', 'old', before]);
			}
			stub.close();
		});
	},
);
