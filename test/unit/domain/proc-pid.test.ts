import {expect, test} from 'vitest';
import {parsePasswd, parseProcessStat, parseProcessStatus} from '../../../src/domain/proc-pid.ts';

test('stat with a name that holds blanks and brackets', () => {
	const stat =
		'42 (a) b (c) S 1 42 42 0 -1 4194560 1 2 3 4 150 50 7 8 20 0 1 0 9000 12345 678 18446';
	expect(parseProcessStat(stat)).toEqual({
		pid: 42,
		name: 'a) b (c',
		ticks: 200,
		startTicks: 9000,
		residentPages: 678,
	});
});

test.each([
	'',
	'x',
	'1 (',
	'1 (a) S',
	'1 (a) S x x x',
	') (',
	'1 (a) S 1 1 1 1 1 1 1 1 1 1 x 1 1 1 1 1 1 1 1 1 1',
])('odd stat gives nothing: %s', text => {
	expect(parseProcessStat(text)).toBeUndefined();
});

test('status', () => {
	expect(parseProcessStatus('Name:\tx\nUid:\t1\t2\t3\t4\nVmRSS:\t    1024 kB\n')).toEqual({
		userId: 2,
		residentBytes: 1_048_576,
	});
	expect(parseProcessStatus('')).toEqual({});
});

test('passwd', () => {
	expect([
		...parsePasswd('root:x:0:0::/root:/bin/sh\n\nbad\ntoor:x:0:0::/:/bin/sh\nme:x:1000:1::/:/\n'),
	]).toEqual([
		[0, 'root'],
		[1000, 'me'],
	]);
});
