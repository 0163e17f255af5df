import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startPrivateEngine, type PrivateEngine} from '../support/engine.ts';
import {containerLog, followErrors, patientClock} from '../support/errors.ts';
import {dockerIo} from '../support/io.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {createSandbox, requireEngine, type Sandbox} from '../support/sandbox.ts';
import {waitFor} from '../support/wait.ts';

const shared = await requireEngine();
const root = await requireComponent('root', () => process.getuid?.() === 0 || 'not root');
const missing = [shared, root].find(one => one.missing !== undefined);

/** Two lines a time, on both outputs, in bursts. */
const beat =
	'i=0; while true; do echo "ERROR beat $i"; echo "ERROR low $i" >&2; i=$((i+1)); [ $((i%20)) = 0 ] && sleep 0.02; done';

describe.skipIf(missing)(
	titleWith(missing ?? root, 'A14: logs over a restart of the engine'),
	() => {
		let engine: PrivateEngine;
		let sandbox: Sandbox;
		beforeAll(async () => {
			engine = await startPrivateEngine();
			sandbox = await createSandbox(engine.host);
		});
		afterAll(() => engine.dispose());

		/** Lines of the whole log that the engine itself gives out. */
		async function linesOf(id: string, word: string): Promise<number> {
			const log = await engine.docker(['logs', id], {withErrors: true});
			return log.split('\n').filter(line => line.includes(word)).length;
		}

		test.each(['stop', 'kill'] as const)('after a %s every line is counted once', async how => {
			const id = await sandbox.create(how, ['--restart', 'always'], ['sh', '-c', beat]);
			const errors = followErrors(dockerIo(engine.host, {clock: patientClock}), [
				containerLog(how, id),
			]);
			await errors.hasLooked();
			await engine.docker(['start', id]);
			await waitFor(() => (errors.counted('beat <n>') > 1000 ? true : undefined));
			await engine[how]();
			await waitFor(() =>
				errors.state.value?.followed[0]?.isFollowing === false ? true : undefined,
			);
			const before = errors.counted('beat <n>');
			await engine.start();
			await waitFor(() => (errors.counted('beat <n>') > before + 1000 ? true : undefined), {
				deadlineMs: 30_000,
				what: 'lines after the restart',
			});
			await engine.docker(['update', '--restart', 'no', id]);
			await engine.docker(['kill', id]);
			await errors.reaches('beat <n>', await linesOf(id, 'ERROR beat'));
			await errors.reaches('low <n>', await linesOf(id, 'ERROR low'));
			expect(errors.state.value?.linesSkipped).toBe(0);
			errors.stop();
		});
	},
);
