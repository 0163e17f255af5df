import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {docker} from '../lab/docker.ts';
import {startContainers} from '../support/containers.ts';
import {startPrivateEngine, type PrivateEngine} from '../support/engine.ts';
import {prepareEngine} from '../support/lab.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';

const engine = await requireComponent('a Docker engine', prepareEngine);
const root = await requireComponent('root', () => process.getuid?.() === 0 || 'not root');

describe.skipIf(root.missing !== undefined || engine.missing !== undefined)(
	titleWith(root, 'a private engine'),
	() => {
		let own: PrivateEngine;
		beforeAll(async () => {
			own = await startPrivateEngine();
		});
		afterAll(() => own.dispose());

		it('is another engine than the shared one, and survives a kill and a stop', async () => {
			const id = await own.runContainer('lone', ['sleep', '1000']);
			const state = () => own.docker(['inspect', '--format', '{{.State.Status}}', id]);
			expect(await state()).toBe('running');
			await expect(docker(['inspect', id])).rejects.toThrow('No such object');
			await own.kill();
			await expect(state()).rejects.toThrow();
			await own.start();
			expect(await state()).toBe('exited');
			await own.docker(['start', id]);
			await own.stop();
			await own.start();
			expect(await state()).toBe('exited');
		});
	},
);

describe.skipIf(engine.missing !== undefined)(titleWith(engine, 'a fleet of containers'), () => {
	it('starts, and is removed without a rest', async () => {
		const fleet = await startContainers(5);
		const [first = ''] = fleet.names;
		expect(new Set(fleet.ids).size).toBe(5);
		expect(await docker(['inspect', '--format', '{{.Id}}', first])).toBe(fleet.ids[0]);
		await fleet.down();
		await expect(docker(['inspect', first])).rejects.toThrow('No such object');
	});
});
