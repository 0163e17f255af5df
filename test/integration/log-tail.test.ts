import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {tailLog, type TailLine} from '../../src/sources/log-tail.ts';
import {containerLog} from '../support/errors.ts';
import {dockerIo} from '../support/io.ts';
import {titleWith} from '../support/require-component.ts';
import {createSandbox, requireEngine, type Sandbox} from '../support/sandbox.ts';
import {waitFor} from '../support/wait.ts';

const engine = await requireEngine();

describe.skipIf(engine.missing !== undefined)(titleWith(engine, 'the tail of a container'), () => {
	let sandbox: Sandbox;
	beforeAll(async () => {
		sandbox = await createSandbox();
	});
	afterAll(() => sandbox.remove());

	/** Tails a container; gives the lines as they come and what ends it. */
	function tail(id: string, lines: number) {
		const stop = new AbortController();
		const seen: TailLine[] = [];
		const ended = tailLog(
			dockerIo(),
			containerLog('t', id),
			{lines, onLines: batch => seen.push(...batch)},
			stop.signal,
		).then(
			() => 'ended',
			(error: unknown) => error,
		);
		return {seen, ended, stop: (reason: Error) => stop.abort(reason)};
	}

	test('the last lines, then those that come, then the end of the container', async () => {
		// It says the rest when its first process is told to.
		const script =
			'for i in $(seq 50); do echo "early $i"; done; trap "echo late; echo ERROR: password=hunter2 >&2; exit" TERM; touch /tmp/ready; while :; do sleep 0.05; done';
		const id = await sandbox.start('told', [], ['sh', '-c', script]);
		await waitFor(() => sandbox.docker(['exec', id, 'test', '-e', '/tmp/ready']));
		const {seen, ended} = tail(id, 10);
		await waitFor(() => (seen.length >= 10 ? true : undefined));
		expect(seen.map(line => line.text)).toEqual(
			Array.from({length: 10}, (_, index) => `early ${41 + index}`),
		);
		await sandbox.docker(['kill', '--signal', 'TERM', id]);
		expect(await ended).toBe('ended');
		const last = seen.slice(10);
		expect(last.map(({stream, severity, text}) => [stream, severity, text]).sort()).toEqual([
			['stderr', 'error', 'ERROR: password=•••'],
			['stdout', 'info', 'late'],
		]);
		const told = await sandbox.docker(['logs', '--timestamps', '--tail', '12', id]);
		expect(Math.floor(Date.parse(told.split(' ')[0] ?? ''))).toBe(seen[0]?.atMs);
	});

	test('ends with the reason of who stopped it, and says a container that is gone', async () => {
		const id = await sandbox.start('silent', [], ['sleep', '1000']);
		const {ended, stop} = tail(id, 10);
		stop(new Error('enough'));
		expect(await ended).toMatchObject({message: 'enough'});
		await sandbox.docker(['rm', '--force', id]);
		expect(await tail(id, 10).ended).toMatchObject({problem: {code: 'docker-not-found'}});
	});
});
