import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {openGround, type Ground} from '../scenarios/ground.ts';
import {play} from '../scenarios/play.ts';
import {scenarios} from '../scenarios/scenarios.ts';
import {prepareEngine} from '../support/prepare-engine.ts';
import {removeFolders} from '../support/perform.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';

const component = await requireComponent('docker', prepareEngine);

// The quick ones; `npm run scenarios` plays all of them.
const names = [
	'healthy',
	'lock-chain',
	'redis-noeviction',
	'port-taken',
	'backups-overdue',
	'stopped-redis',
];

/** One is walked up to the proven fix. */
const walked = 'lock-chain';

describe.skipIf(component.missing !== undefined)(titleWith(component, 'what is wrong'), () => {
	let ground: Ground;
	beforeAll(async () => {
		ground = await openGround();
	});
	afterAll(async () => {
		await ground.down();
		await removeFolders();
	});

	test.each(names)(
		'%s',
		async name => {
			const scenario = scenarios.find(({id}) => id === name);
			if (scenario === undefined) throw new Error(`no scenario ${name}`);
			const {walk: _walk, ...asked} = scenario;
			const {verdict, findings, note} = await play(ground, name === walked ? scenario : asked);
			const found = findings.map(({cause, likelihood}) => `${likelihood} ${cause.id}`);
			expect({verdict, note, found}).toMatchObject({verdict: 'right'});
		},
		120_000,
	);
});
