import {describe, expect, test} from 'vitest';
import {ProblemError} from '../../../src/domain/problem.ts';
import type {Reading} from '../../../src/domain/reading.ts';
import type {HostValue} from '../../../src/domain/host.ts';
import {pauseAfter} from '../../../src/engine/backoff.ts';
import {createNudge, runPolled, runStreamed} from '../../../src/engine/run-source.ts';
import type {PolledSource, StreamedSource} from '../../../src/sources/source.ts';
import {partialIo} from '../../support/io.ts';
import {waitFor} from '../../support/wait.ts';

const value = {
	hostname: 'web-1',
	kernel: '6',
	cpu: {cores: 1, perCorePercent: []},
	disks: [],
	network: [],
} satisfies HostValue;

/** Runs a source whose reads are scripted; gives the readings it published. */
function watch(reads: (() => Promise<HostValue>)[], timeoutMs = 1000) {
	const readings: Reading<HostValue>[] = [];
	const stop = new AbortController();
	let active = 0;
	let most = 0;
	let count = 0;
	const nudge = createNudge();
	const source: PolledSource<'host.load', undefined> = {
		id: 'host.load',
		kind: 'polled',
		everyMs: 20,
		timeoutMs,
		open: () => ({
			async read() {
				active++;
				count++;
				most = Math.max(most, active);
				try {
					return await (reads.shift() ?? (() => Promise.resolve(value)))();
				} finally {
					active--;
				}
			},
		}),
	};
	const io = partialIo();
	const done = runPolled(source, undefined, {
		io,
		targetId: 'host',
		publish: reading => readings.push(reading),
		signal: stop.signal,
		nudge,
	});
	return {readings, stop, done, nudge, most: () => most, count: () => count};
}

describe('a polled source', () => {
	test('keeps its old value when a read fails, and is fresh again after the next', async () => {
		const fail = () =>
			Promise.reject(
				new ProblemError({code: 'unexpected', params: {what: 'a', cause: 'b'}, retry: 'soon'}),
			);
		const run = watch([() => Promise.resolve(value), fail]);
		await waitFor(() => run.readings.find(reading => reading.kind === 'stale'));
		run.nudge.now();
		await waitFor(() => (run.readings.at(-1)?.kind === 'fresh' ? true : undefined));
		run.stop.abort();
		await run.done;
		expect(run.readings.map(reading => reading.kind).slice(0, 3)).toEqual([
			'fresh',
			'stale',
			'fresh',
		]);
		expect(run.readings[1]).toMatchObject({kind: 'stale', value});
	});

	test('says that it timed out at its deadline, and never reads twice at once', async () => {
		const slow = Promise.withResolvers<HostValue>();
		const run = watch([() => slow.promise], 10);
		const failed = await waitFor(() => run.readings[0]);
		expect(failed).toMatchObject({kind: 'failed', problem: {code: 'timed-out'}});
		slow.resolve(value);
		run.nudge.now();
		await waitFor(() => run.readings.find(reading => reading.kind === 'fresh'));
		run.stop.abort();
		await run.done;
		expect(run.most()).toBe(1);
	});
});

describe('the pause after a failure', () => {
	const soon = {code: 'unexpected', params: {}, retry: 'soon'} as const;

	test('grows to four seconds at most, so that a server is back within five', () => {
		expect([1, 2, 3, 4, 50].map(failures => pauseAfter(soon, failures, 0))).toEqual([
			1000, 2000, 4000, 4000, 4000,
		]);
		expect(pauseAfter(soon, 9, 1)).toBe(3200);
	});

	test('is a minute where trying again does harm', () => {
		expect(pauseAfter({...soon, retry: 'rarely'}, 1, 0)).toBe(60_000);
	});
});

describe('a nudge', () => {
	const fail = () =>
		Promise.reject(
			new ProblemError({code: 'unexpected', params: {what: 'a', cause: 'b'}, retry: 'soon'}),
		);

	test('ends the pause after a failure, and a read that failed meanwhile is repeated at once', async () => {
		const slow = Promise.withResolvers<HostValue>();
		const run = watch([fail, () => slow.promise]);
		await waitFor(() => run.readings[0]);
		run.nudge.now();
		await waitFor(() => (run.most() === 1 && run.count() === 2 ? true : undefined));
		run.nudge.now();
		slow.reject(new Error('refused'));
		const [, second, third] = await waitFor(() =>
			run.readings.length >= 3 ? run.readings : undefined,
		);
		run.stop.abort();
		await run.done;
		expect(second).toMatchObject({kind: 'failed'});
		expect(second?.kind === 'failed' && third?.kind === 'fresh').toBe(true);
	});

	test('is told to those who listen now', () => {
		const nudge = createNudge();
		const heard: string[] = [];
		const forget = nudge.onNow(() => heard.push('a'));
		nudge.onNow(() => heard.push('b'));
		nudge.now();
		forget();
		nudge.now();
		expect(heard).toEqual(['a', 'b', 'b']);
		expect(nudge.count).toBe(2);
	});
});

describe('a streamed source', () => {
	/** Follows a scripted stream: each step emits its values and then ends or fails. */
	function stream(steps: (() => Promise<void>)[], values: readonly HostValue[] = [value]) {
		const readings: Reading<HostValue>[] = [];
		const stop = new AbortController();
		const nudge = createNudge();
		const source: StreamedSource<'host.load', undefined> = {
			id: 'host.load',
			kind: 'streamed',
			async follow(_io, _target, emit, signal) {
				for (const one of values) emit(one);
				const step = steps.shift();
				if (step) await step();
				else await new Promise(resolve => signal.addEventListener('abort', resolve));
			},
		};
		const done = runStreamed(source, undefined, {
			io: partialIo(),
			targetId: 'host',
			publish: reading => readings.push(reading),
			signal: stop.signal,
			nudge,
		});
		return {readings, stop, nudge, done};
	}

	test('keeps its value while it is away, says why, and connects again', async () => {
		const run = stream([() => Promise.reject(new Error('reset')), () => Promise.resolve()]);
		const kinds = () => run.readings.map(({kind}) => kind).join();
		await waitFor(() => (kinds() === 'fresh,stale' ? true : undefined));
		expect(run.readings[1]).toMatchObject({value, problem: {params: {cause: 'reset'}}});
		run.nudge.now();
		await waitFor(() => (kinds() === 'fresh,stale,fresh,stale' ? true : undefined));
		expect(run.readings[3]).toMatchObject({problem: {params: {cause: 'the stream ended'}}});
		run.nudge.now();
		await waitFor(() => (run.readings.length === 5 ? true : undefined));
		run.stop.abort();
		await run.done;
		expect(run.readings).toHaveLength(5);
	});

	test('that is ended during its pause ends at once and leaves no timer', async () => {
		const timers = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length;
		const before = timers();
		const run = stream([() => Promise.reject(new Error('reset'))]);
		await waitFor(() => run.readings[1]);
		run.stop.abort();
		await run.done;
		expect(timers()).toBeLessThanOrEqual(before);
	});
});
