import {expect, test} from 'vitest';
import {graceSeconds, signalName, stopVerdict} from '../../../src/domain/service-grace.ts';

test('a service gets the time that it wants, but never less than its kind needs', () => {
	expect(graceSeconds({kind: 'app'})).toBe(30);
	expect(graceSeconds({kind: 'redis', stopTimeoutSeconds: 1})).toBe(60);
	expect(graceSeconds({kind: 'postgres', stopTimeoutSeconds: 10})).toBe(120);
	expect(graceSeconds({kind: 'app', stopTimeoutSeconds: 299.5})).toBe(300);
	expect(graceSeconds({kind: 'app', stopTimeoutSeconds: 2}, 1)).toBe(2);
});

test('signals are understood however they are written, and nothing else is one', () => {
	expect(['kill', 'SIGKILL', '9', ' Kill '].map(signalName)).toEqual(Array(4).fill('SIGKILL'));
	expect(['HUP', 'usr1', '28'].map(signalName)).toEqual(['SIGHUP', 'SIGUSR1', 'SIGWINCH']);
	expect(['', 'SIGSEGV', '0', '-9', 'TERM;ls', 'constructor'].map(signalName)).toEqual(
		Array(6).fill(undefined),
	);
});

test.each([
	[0, false, undefined, 'clean'],
	[143, false, undefined, 'clean'],
	[130, false, 'SIGINT', 'clean'],
	[131, false, '3', 'clean'],
	[130, false, 'SIGTERM', 'status'],
	[137, false, undefined, 'killed'],
	[137, true, undefined, 'out-of-memory'],
	[1, false, undefined, 'status'],
] as const)(
	'status %i (out of memory: %s, stop signal %s) is %s',
	(exitCode, isOom, signal, want) => {
		const stopSignal = signal === undefined ? {} : {stopSignal: signal};
		expect(stopVerdict({exitCode, isOutOfMemory: isOom, ...stopSignal})).toBe(want);
	},
);
