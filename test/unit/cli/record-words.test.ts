import {expect, test} from 'vitest';
import {parseInvocation} from '../../../src/cli.ts';

const commandOf = (...argv: readonly string[]) => parseInvocation(argv).command;

test.each([
	[['incident'], {verb: 'list', words: []}],
	[
		['incident', 'start', 'the', 'shop', 'is', 'down'],
		{verb: 'start', words: ['the shop is down']},
	],
	[['incident', 'start', 'x', '--severity', 'critical'], {verb: 'start', words: ['x']}],
	[
		['incident', 'note', 'open', 'told', 'the users'],
		{verb: 'note', words: ['open', 'told the users']},
	],
	[['incident', 'ack', 'open'], {verb: 'ack', words: ['open']}],
	[['incident', 'severity', 'open', 'minor'], {verb: 'severity', words: ['open', 'minor']}],
	[['incident', 'phase', 'open', 'locate'], {verb: 'phase', words: ['open', 'locate']}],
	[
		['incident', 'rollback', 'open', 'decide', 'done'],
		{verb: 'rollback', words: ['open', 'decide', 'done']},
	],
	[['incident', 'close', 'open', '--cause', 'a', '--done', 'b'], {verb: 'close', words: ['open']}],
	[['incident', 'report', 'open', '--html', '-o', 'x'], {verb: 'report', words: ['open']}],
	[['report', 'capacity'], {report: 'capacity', days: 30}],
	[['report', 'monitoring', '--days', '400'], {report: 'monitoring', days: 400}],
] as const)('%j is understood', (argv, wanted) => {
	expect(commandOf(...argv)).toMatchObject(wanted);
});

test.each([
	[['incident', 'stop', 'x'], 'unknown word "stop"'],
	[['incident', 'start'], 'incident start needs a title'],
	[['incident', 'note', 'open'], 'incident note needs an id and a text'],
	[['incident', 'ack', 'a', 'b'], 'unexpected argument "b"'],
	[['incident', 'list', 'x'], 'unexpected argument "x"'],
	[['incident', 'severity', 'open'], 'incident severity needs an id and minor|major|critical'],
	[['incident', 'severity', 'open', 'bad'], 'unknown word "bad"; it is one of minor, major'],
	[['incident', 'start', 'x', '--severity', 'bad'], 'unknown word "bad"'],
	[['incident', 'rollback', 'open', 'code', 'now'], 'it is one of started, done'],
	[['incident', 'close', 'open', '--cause', 'x'], 'needs --cause and --done'],
	[['incident', 'constructor'], 'unknown word "constructor"'],
	[['report'], 'report takes performance, monitoring, capacity'],
	[['report', 'capacity', 'x'], 'unexpected argument "x"'],
	[['report', 'capacity', '--days', '0'], '--days is a number from 1 to 400'],
	[['report', 'capacity', '--days', '401'], '--days is a number'],
	[['report', 'capacity', '--days', '1e2'], '--days is a number'],
] as const)('%j is refused with one line', (argv, words) => {
	expect(() => commandOf(...argv)).toThrow(words);
});
