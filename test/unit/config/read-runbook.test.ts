import {expect, test} from 'vitest';
import {formatConfigError} from '../../../config/error.ts';
import {readRunbook} from '../../../config/read-runbook.ts';

const good = `id: host-busy
kind: wizard
title: {en: Busy host, zh: 主机繁忙}
symptoms: [everything is slow]
on: host
alerts: [host.cpu]
causes:
  cpu-full:
    title: the CPU is full
    when: host.load.cpu >= 90 %
    for:
      - {if: host.load.load-per-core > 2, says: 'load {host.load.load-per-core}', points: 2}
    fix: clean
start: see
nodes:
  see:
    look: [host.load]
    next: rank
    why: to know
  rank:
    rank: [cpu-full]
    otherwise: fine
    unknown: blind
  clean:
    do: clean-logs
    with: {days: 14}
    next: again
    skip: fine
    failed: blind
  again:
    look: [host.load]
    next: better
  better:
    decide:
      - {when: host.load.cpu < was.host.load.cpu, next: fine}
    otherwise: blind
    unknown: blind
  fine: {end: healthy, says: 'CPU {host.load.cpu}'}
  blind: {end: escalate, says: cannot tell}
`;

function mistakes(text: string): readonly string[] {
	const read = readRunbook(text, 'a.yaml', 'host-busy');
	return read.ok ? [] : read.errors.map(error => formatConfigError(error, 'en'));
}

/** The good one with a line replaced. */
function changed(from: string, to: string): string {
	expect(good).toContain(from);
	return good.replace(from, to);
}

test('reads a wizard', () => {
	expect(mistakes(good)).toEqual([]);
	const read = readRunbook(good, 'a.yaml', 'host-busy');
	expect(read.ok && read.runbook).toMatchObject({
		kind: 'wizard',
		id: 'host-busy',
		symptoms: [{en: 'everything is slow', zh: 'everything is slow'}],
		causes: {'cpu-full': {points: 2, follows: [], fix: 'clean'}},
		nodes: {clean: {kind: 'do', request: {days: {kind: 'value', value: 14}}}},
	});
});

test.each([
	['host.load.cpu >= 90 %', 'host.load.cpo >= 90 %', 'a.yaml:10:11: causes.cpu-full.when'],
	['host.load.cpu >= 90 %', 'host.load.cpu >= 90 GiB', 'a.yaml:10:28'],
	['look: [host.load]', 'look: [host.lod]', 'did you mean host.load?'],
	['do: clean-logs', 'do: clean-log', 'did you mean clean-logs?'],
	['days: 14', 'day: 14', 'a part of its request: days'],
	['days: 14', 'days: many', 'a number'],
	[
		'next: rank',
		'next: rnk',
		'a.yaml:18:11: nodes.see.next: expected a node of this runbook, not rnk; did you mean rank?',
	],
	['otherwise: fine', 'otherwise: see', 'from see back to itself'],
	['next: again', 'next: fine', 'a look after the operation clean and before the end fine'],
	['    unknown: blind\n  clean', '  clean', 'expected a value for unknown'],
	['start: see', 'start: rank', 'a look at host.load before this node'],
	['rank: [cpu-full]', 'rank: [cpu-ful]', 'did you mean cpu-full?'],
	["'CPU {host.load.cpu}'", "'CPU {host.load.cup}'", 'only places such as'],
	['id: host-busy', 'id: other', 'the name of the file, host-busy'],
	['kind: wizard', 'kind: wizzard', 'one of wizard, checklist'],
	['end: healthy', 'end: great', 'one of solved'],
	['  fine:', '  alone: {end: solved, says: x}\n  fine:', 'another node to lead to alone'],
	['    why: to know', '    wy: to know', 'did you mean why?'],
	['{end: escalate, says: cannot tell}', '{says: x}', 'exactly one of look, decide'],
])('finds %s -> %s', (from, to, expected) => {
	expect(mistakes(changed(from, to)).join('\n')).toContain(expected);
});

test('a checklist: what the console checks and what a person answers', () => {
	const text = `id: daily
kind: checklist
title: {en: Daily, zh: 每日}
on: stack
every: daily
at: '09:00'
items:
  disk:
    title: disk
    look: [host.load]
    pass: host.load.disk < 85 %
    warn: host.load.disk > 70
    shows: '{host.load.disk} used'
    fix: {runbook: disk-full}
  door:
    title: the door is locked
    by: person
`;
	const read = readRunbook(text, 'daily.yaml', 'daily');
	expect(read.ok && read.runbook).toMatchObject({
		kind: 'checklist',
		items: [
			{id: 'disk', by: 'console', fix: {kind: 'runbook', runbook: 'disk-full'}},
			{id: 'door', by: 'person'},
		],
	});
	const bad = readRunbook(text.replace('09:00', '9 am'), 'daily.yaml', 'daily');
	expect(bad.ok ? '' : bad.errors.map(error => formatConfigError(error, 'en')).join()).toContain(
		'Mon 09:00',
	);
});
