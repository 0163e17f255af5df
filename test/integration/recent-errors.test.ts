import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import type {LogTarget} from '../../src/domain/targets.ts';
import type {Io} from '../../src/io/io.ts';
import {realClock} from '../support/clock.ts';
import {containerLog, followErrors, patientClock, type FollowedErrors} from '../support/errors.ts';
import {dockerIo} from '../support/io.ts';
import {titleWith} from '../support/require-component.ts';
import {createSandbox, requireEngine, type Sandbox} from '../support/sandbox.ts';
import {waitFor} from '../support/wait.ts';

const engine = await requireEngine();

describe.skipIf(engine.missing !== undefined)(titleWith(engine, 'container logs'), () => {
	let sandbox: Sandbox;
	let followed: FollowedErrors | undefined;
	let made = 0;
	beforeAll(async () => {
		sandbox = await createSandbox();
	});
	afterEach(() => followed?.stop());
	afterAll(() => sandbox.remove());

	const createContainer = (script: string, options: readonly string[] = []) =>
		sandbox.create(`log-${++made}`, options, ['sh', '-c', script]);
	const docker = (...parameters: readonly string[]) => sandbox.docker(parameters);
	const follow = (
		targets: readonly LogTarget[],
		connected: Partial<Io> = {clock: patientClock},
	): FollowedErrors => (followed = followErrors(dockerIo(undefined, connected), targets));

	test('every line of both outputs is found once, also after a restart', async () => {
		const id = await createContainer(
			'for i in $(seq 1500); do echo "ERROR out $i"; echo "ERROR err $i" >&2; done; sleep 1000',
		);
		const errors = follow([containerLog('a', id)]);
		await errors.hasLooked();
		await docker('start', id);
		await errors.reaches('out <n>', 1500);
		await errors.reaches('err <n>', 1500);
		await docker('restart', '-t', '0', id);
		await errors.reaches('out <n>', 3000);
		await errors.reaches('err <n>', 3000);
		expect(errors.state.value?.linesRead).toBe(6000);
	});

	test('what was there before fills the panel, at most 500 lines', async () => {
		const id = await createContainer(
			'for i in $(seq 700); do echo "WARNING early $i"; done; sleep 1000',
		);
		await docker('start', id);
		await waitFor(async () =>
			(await docker('logs', '--tail', '1', id)).endsWith('700') ? true : undefined,
		);
		const errors = follow([containerLog('b', id)]);
		await errors.reaches('early <n>', 500);
	});

	test('a replaced container is read from its first line, the old one to its last', async () => {
		const script = 'for i in $(seq 800); do echo "ERROR part $i"; done';
		const first = await createContainer(script);
		const errors = follow([containerLog('c', first)]);
		await errors.hasLooked();
		await docker('start', first);
		await errors.reaches('part <n>', 800);
		const second = await createContainer(script);
		await docker('start', second);
		await docker('wait', second);
		await docker('rm', '-f', first);
		errors.change([containerLog('c', second)]);
		await errors.reaches('part <n>', 1600);
	});

	test('a terminal, long lines, split characters, escapes and NUL', async () => {
		const long = 'i=0; l=界; while [ $i -lt 16 ]; do l=$l$l; i=$((i+1)); done';
		const id = await createContainer(
			`${long}; echo "ERROR long $l"; printf '\\033[31mERROR\\033[0m: red 7\\n'; printf 'ERROR nul \\000 \\377 here\\n'; sleep 1000`,
		);
		const terminal = await createContainer(
			'for i in $(seq 100); do echo "ERROR tty $i"; done; sleep 1000',
			['-t'],
		);
		const errors = follow([containerLog('d', id), containerLog('e', terminal)]);
		await errors.hasLooked();
		await docker('start', id, terminal);
		await errors.reaches('tty <n>', 100);
		await errors.reaches('red <n>', 1);
		const groups = errors.state.value?.groups ?? [];
		const longGroup = groups.find(group => group.example.startsWith('long 界'));
		expect(longGroup?.example.length).toBeLessThan(17_000);
		expect(longGroup?.example.endsWith('…')).toBe(true);
		expect(groups.some(group => group.example.includes('\\x00'))).toBe(true);
		expect(errors.state.value?.linesRead).toBe(103);
	});

	test('a trace is one event and a stopped or removed container is said', async () => {
		const trace = String.raw`printf 'Traceback (most recent call last):\n  File "/app/a.py", line 3, in f\n    g()\nValueError: bad 12\n' >&2`;
		const id = await createContainer(`${trace}; sleep 0.1; ${trace}`);
		const errors = follow([containerLog('f', id)]);
		await errors.hasLooked();
		await docker('start', id);
		await errors.reaches('ValueError: bad <n>', 2);
		const cause = () => errors.state.value?.followed[0]?.cause?.code;
		await waitFor(() => (cause() === 'logs-container-stopped' ? true : undefined));
		await docker('start', id);
		await errors.reaches('ValueError: bad <n>', 4);
		expect(errors.state.value?.groups).toHaveLength(1);
	});

	test('E11: of a storm every line is counted, looked into or skipped, and other logs go on', async () => {
		const lines = 60_000;
		const storm = await createContainer(
			`yes "ERROR request 12 failed: upstream 10.0.0.7 timed out" | head -n ${lines}`,
		);
		const other = await createContainer('while :; do echo "WARNING beat 1"; sleep 0.2; done');
		// A clock ahead of the engine's: every line is old, as in a storm that has lasted for a while.
		const clock = {...realClock, now: () => Date.now() + 10_000};
		const errors = follow([containerLog('s', storm), containerLog('o', other)], {clock});
		await errors.hasLooked();
		await docker('start', storm, other);
		await waitFor(() => ((errors.state.value?.linesSkipped ?? 0) > 0 ? true : undefined), {
			deadlineMs: 30_000,
			what: 'skipped lines',
		});
		const before = errors.counted('beat <n>');
		await waitFor(() => (errors.counted('beat <n>') > before ? true : undefined), {
			what: 'the other log',
		});
		const said = () => errors.state.value?.followed.find(one => one.target === 's')?.cause?.code;
		await waitFor(() => (said() === 'logs-container-stopped' ? true : undefined), {
			deadlineMs: 40_000,
			what: 'the end of the storm',
		});
		await docker('kill', other);
		const beats = (await docker('logs', other)).split('\n').length;
		const counted = () => {
			const {groups = [], linesSkipped = 0} = errors.state.value ?? {};
			return groups.reduce((sum, group) => sum + group.count, 0) + linesSkipped;
		};
		// The last line of each log waits a moment for lines that belong to it.
		await waitFor(() => (counted() >= lines + beats ? true : undefined), {
			what: 'all lines counted',
		});
		const {groups = [], linesRead = 0} = errors.state.value ?? {};
		expect([groups.length, counted(), linesRead]).toEqual([2, lines + beats, lines + beats]);
	});
});
