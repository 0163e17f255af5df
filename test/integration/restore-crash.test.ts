import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {createCrashRig, crashCases, type CrashRig} from '../support/crash-matrix.ts';
import {removeFolders} from '../support/perform.ts';
import {lacksPostgres} from '../support/postgres-binaries.ts';
import {startPostgres, type PostgresServer} from '../support/postgres-server.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';

const postgres = await requireComponent('PostgreSQL', () => lacksPostgres());

describe.skipIf(postgres.missing !== undefined)(
	titleWith(postgres, 'a restore that is killed'),
	() => {
		let server: PostgresServer;
		let rig: CrashRig;

		beforeAll(async () => {
			server = await startPostgres();
			rig = await createCrashRig(server);
		});
		afterAll(async () => {
			await server.remove();
			await removeFolders();
		});

		// Every place around the swap, each fourteenth elsewhere; all of them: npm run bench -- crash.
		it('leaves everything old or everything new, and nothing over', async () => {
			const places = await rig.places();
			const chosen = places.filter(
				(place, index) =>
					/^(?:swap:(?:begun|mid|effect)|open:begun)/.test(place) || index % 14 === 3,
			);
			for (const failAt of chosen) {
				expect((await rig.run({failAt})).bad, failAt).toBeUndefined();
			}
		});

		it('does so where the recovery is killed as well', async () => {
			const cases = await crashCases(rig, ['load:mid1', 'swap:mid4', 'swap:effect'], 2);
			expect(cases).toHaveLength(6);
			for (const one of cases) {
				expect((await rig.run(one)).bad, JSON.stringify(one)).toBeUndefined();
			}
		});
	},
);
