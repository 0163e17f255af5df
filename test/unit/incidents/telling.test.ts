import {describe, expect, test} from 'vitest';
import {markdownOf} from '../../../src/incidents/document.ts';
import {incidentOf} from '../../../src/incidents/incident.ts';
import {incidentReport} from '../../../src/incidents/report.ts';
import {basisOf} from '../../../src/runbooks/basis.ts';
import {parseCondition} from '../../../src/runbooks/parse-condition.ts';
import type {Value} from '../../../src/runbooks/field.ts';
import {declarationOf} from '../../../src/runbooks/say.ts';
import {storyLines} from '../../support/incident-story.ts';
import {minute} from '../../support/incidents.ts';

function basisIn(text: string, values: Readonly<Record<string, Value>>) {
	const read = parseCondition(text, ({look, field}) => declarationOf(look)?.fields[field]);
	if ('mistake' in read) throw new Error(read.mistake.says.en);
	return basisOf(read.expression, ({field}) => values[field]).map(
		({field, operator = '', limit = ''}) => `${field}${operator}${limit}`,
	);
}

test.each([
	['host.load.cpu >= 90 %', ['cpu>=90']],
	['90 % <= host.load.cpu', ['cpu>=90']],
	['host.load.cpu >= 90 % or host.load.swap > 50 %', ['cpu>=90']],
	['host.load.cpu >= 90 % and host.load.swap > 50 %', ['swap<=50']],
	['not (host.load.swap > 50 %)', ['swap<=50']],
	['host.load.disk > 80 %', ['disk']],
	['host.load.cpu >= 90 % and host.load.disk > 80 %', ['disk']],
	['known(host.load.disk)', ['disk']],
	['host.load.cpu - was.host.load.swap > 5 %', ['cpu', 'swap']],
	["host.load.fullest-mount in ['/', '/var']", ['fullest-mount']],
])('%s is decided by %j', (text, fields) => {
	expect(basisIn(text, {cpu: 97, swap: 1, 'fullest-mount': '/'})).toEqual(fields);
});

function report(language: 'en' | 'zh', lines = storyLines()): string {
	const incident = incidentOf(lines);
	if (!incident) throw new Error('nothing opened it');
	const nearby = {operations: [], alerts: [], audited: []};
	const known = {id: '20261120T120000Z-0a1b2c3d', incident, lines, nearby, contacts: []};
	return markdownOf(incidentReport({...known, nowMs: minute(20), language}));
}

/** The part of a report under a heading. */
function part(text: string, title: string): string {
	const [, after = ''] = text.split(`### ${title}\n\n`);
	return after.split(/\n#/)[0] ?? '';
}

describe('the report of a walk', () => {
	test('tells the values that decided, as they changed, with their limits; not the rest', () => {
		const evidence = part(report('en'), 'What told the cause');
		const rows = evidence.split('\n').filter(line => line.startsWith('| 2026'));
		expect(rows).toEqual([
			expect.stringContaining(
				'12:01:00 – 12:08:00 | Load of the host: CPU | 97% → 12% | decided by it: \\>= 90% |',
			),
			expect.stringContaining('Load per core | 4.20 → 0.30 | decided by it: \\> 2.00 |'),
		]);
		expect(evidence).toContain('All 20 values');
		expect(evidence).toContain('evidence.jsonl');
		const chinese = part(report('zh'), '关键证据');
		expect(chinese).toContain('| 主机负载：CPU | 97% → 12% | 判断依据：\\>= 90% |');
	});

	test('tells what proved that it helped, and says where nothing did', () => {
		expect(part(report('en'), 'What proved it')).toContain('the processors are down to 12%');
		expect(part(report('zh'), '结果验证')).toContain('查看结果：处理器已降至 12%');
		const blind = storyLines().filter(
			({event}) => event.kind !== 'walk-turned' && event.kind !== 'walk-ended',
		);
		expect(part(report('en', blind), 'What proved it')).toContain('not proved');
	});

	test('fills every title, and names the excluded causes in one sentence', () => {
		for (const text of [report('en'), report('zh')]) expect(text).not.toContain('host.load.');
		const causes = part(report('en'), 'Causes that were considered');
		expect(causes).toContain('| the processors are busy (97%) | likely |');
		expect(causes).toContain(
			'not the cause): memory is short and the host swaps (Load of the host: ',
		);
		expect(causes).toMatch(/the disk \/ is full \(Load of the host: [^)]+\)\./);
	});

	test('names the person who confirmed an operation, at the time at which it ended', () => {
		const timeline = part(report('en'), 'Timeline');
		expect(timeline).toMatch(/12:05:00 .* \| li@10\.0\.0\.8 \| operation Restart shop\/app/);
		expect(timeline).not.toMatch(/opsconsole \| operation/);
	});

	test('has what was done before it was opened at its own time, with who did it', () => {
		const [first = '', , third = ''] = part(report('en'), 'Timeline').split('\n').slice(2);
		expect(first).toMatch(/11:59:00 .* \| li@10\.0\.0\.8 \| guided walk begun/);
		expect(third).toMatch(/12:01:00 .* \| seen: Load of the host \(app-slow, see\)/);
		expect(report('en')).toMatch(/wang@10\.0\.0\.9 \| note: since the release/);
	});
});
