import {afterEach, expect, test} from 'vitest';
import type {LogTarget} from '../../../src/domain/targets.ts';
import type {Io} from '../../../src/io/io.ts';
import {followJournal, linesOfEntry} from '../../../src/sources/logs/follow-journal.ts';
import type {FollowState} from '../../../src/sources/logs/follow-state.ts';
import {createPace} from '../../../src/sources/logs/pace.ts';
import {createWake} from '../../../src/sources/logs/wake.ts';
import {realClock} from '../../support/clock.ts';
import {partialIo} from '../../support/io.ts';
import {waitFor} from '../../support/wait.ts';

let stop = new AbortController();
afterEach(() => {
	stop.abort();
	stop = new AbortController();
});

/** An entry as `journalctl --output=json` writes it. */
function entry(index: number, message: unknown, priority: number): string {
	return JSON.stringify({
		__CURSOR: `s=1;i=${index}`,
		__REALTIME_TIMESTAMP: `${1_700_000_000_000_000 + index}`,
		PRIORITY: String(priority),
		_SYSTEMD_UNIT: 'app.service',
		MESSAGE: message,
	});
}

/** A journalctl whose runs give out the given lines; the last run stays open. */
function fakeProcesses(runs: readonly (readonly string[])[], isInstalled: () => boolean) {
	const calls: (readonly string[])[] = [];
	const processes: Io['processes'] = {
		run: () => Promise.reject(new Error('not used')),
		has: () => Promise.resolve(isInstalled()),
		async *lines(argv, signal) {
			const run = calls.push(argv) - 1;
			yield* runs[run] ?? [];
			if (run < runs.length - 1) return;
			await new Promise((_resolve, reject) =>
				signal.addEventListener('abort', () => reject(new Error('stopped'))),
			);
		},
	};
	return {processes, calls};
}

function follow(processes: Io['processes'], unit: string | undefined) {
	const lines: string[] = [];
	const times: number[] = [];
	const states: FollowState[] = [];
	const wake = createWake(stop.signal);
	const sink = {
		push: (line: string, arrival: {atMs: number}) => {
			lines.push(line);
			times.push(arrival.atMs);
		},
		skip: () => undefined,
		end: () => undefined,
	};
	const target: LogTarget = {id: 'j', service: 'app', format: 'auto', from: {kind: 'journal'}};
	const tools = {
		io: partialIo({processes}),
		pace: createPace(realClock, stop.signal),
		wake,
		signal: stop.signal,
		onState: (state: FollowState) => states.push(state),
	};
	followJournal({target, unit, sink}, tools).catch(() => undefined);
	return {lines, times, states, wake};
}

test('reads one unit from a look-back on, and goes on after its end from the last cursor', async () => {
	const {processes, calls} = fakeProcesses(
		[[entry(1, 'one', 6), 'no json', entry(2, 'two', 3)], [entry(3, 'three', 6)]],
		() => true,
	);
	const followed = follow(processes, 'app.service');
	await waitFor(() => (followed.lines.length === 2 ? true : undefined));
	await waitFor(() => followed.states.find(state => state.cause?.code === 'logs-journal-ended'));
	followed.wake.wake();
	await waitFor(() => (followed.lines.length === 3 ? true : undefined));
	expect(followed.lines).toEqual(['one', 'ERROR: two', 'three']);
	expect(followed.times[0]).toBe(1_700_000_000_000.001);
	expect(followed.states.at(-1)).toEqual({isFollowing: true});
	expect(calls.map(call => call.slice(5))).toEqual([
		['--lines=500', '--since=-15min', '--unit=app.service'],
		['--after-cursor=s=1;i=2', '--unit=app.service'],
	]);
});

test('says that journalctl is missing, and begins when it is there', async () => {
	let isInstalled = false;
	const {processes} = fakeProcesses([[entry(1, 'one', 6)]], () => isInstalled);
	const followed = follow(processes, undefined);
	await waitFor(() => followed.states.find(state => state.cause?.code === 'logs-journal-missing'));
	isInstalled = true;
	followed.wake.wake();
	await waitFor(() => (followed.lines.length === 1 ? true : undefined));
});

test('entries: bytes, several lines, priorities', () => {
	expect(linesOfEntry({MESSAGE: [69, 0xff, 10, 66], PRIORITY: '6'})).toEqual(['E\ufffd', 'B']);
	expect(linesOfEntry({MESSAGE: 'disk full', PRIORITY: '2'})).toEqual(['FATAL: disk full']);
	expect(linesOfEntry({MESSAGE: 'level=error x', PRIORITY: '3'})).toEqual(['level=error x']);
	expect(linesOfEntry({MESSAGE: 'plain', PRIORITY: '5'})).toEqual(['plain']);
	expect(linesOfEntry({})).toEqual(['']);
});
