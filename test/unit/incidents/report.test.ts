import {describe, expect, test} from 'vitest';
import {secret} from '../../../src/domain/secret.ts';
import {htmlOf, markdownOf} from '../../../src/incidents/document.ts';
import type {IncidentEvent} from '../../../src/incidents/event.ts';
import {isIncidentLine} from '../../../src/incidents/event-shape.ts';
import {incidentOf} from '../../../src/incidents/incident.ts';
import {redactEvent} from '../../../src/incidents/redact.ts';
import type {IncidentReportFacts} from '../../../src/incidents/report-facts.ts';
import {incidentReport} from '../../../src/incidents/report.ts';
import {alertFacts, linesOf, minute, opened} from '../../support/incidents.ts';
import {phrase} from '../../support/plans.ts';

type At = readonly [minutes: number, event: IncidentEvent];

const nothingNearby = {operations: [], alerts: [], audited: []};

function factsOf(events: readonly At[], more: Partial<IncidentReportFacts> = {}) {
	const lines = linesOf(events);
	const incident = incidentOf(lines);
	if (incident === undefined) throw new Error('nothing opened it');
	return {
		id: '20261120T120000Z-0a1b2c3d',
		...{incident, lines, nearby: nothingNearby, contacts: []},
		nowMs: minute(50),
		language: 'en',
		...more,
	} as const satisfies IncidentReportFacts;
}

const alert = alertFacts('errors.server-errors', {sinceMs: minute(-4), value: 37.5});
const operation = {
	job: '20261120T121500Z-0a1b2c3e',
	operation: 'terminate-sessions',
	title: phrase('End sessions'),
	target: 'prod/shop',
	operator: 'li@10.0.0.8',
	startedAtMs: minute(15),
} as const;

/** An incident with one event of every kind. */
const whole: readonly At[] = [
	[0, opened({from: {kind: 'alert', alert}, project: 'shop'})],
	[1, {kind: 'alert-raised', alert: alertFacts('host.disk', {subject: '/var', level: 'warn'})}],
	[2, {kind: 'acknowledged'}],
	[3, {kind: 'walk-started', walk: 'w', runbook: 'pool', title: {en: 'Pool', zh: '连接池'}}],
	[
		4,
		{
			kind: 'evidence',
			...{walk: 'w', runbook: 'pool', node: 'look-load'},
			evidence: {
				look: 'host.load',
				atMs: minute(4),
				values: {disk: 91.5, cpu: 42, 'fullest-mount': '/var'},
				lines: ['postgres 80 % cpu'],
			},
		},
	],
	[
		5,
		{
			kind: 'walk-decided',
			walk: 'w',
			basis: [{look: 'host.load', field: 'disk', operator: '>=', limit: 90}],
			...{runbook: 'pool', cause: 'leak', title: {en: 'a leak', zh: '泄漏'}, verdict: 'likely'},
			...{
				for: [{en: '97 of 100 are taken', zh: '占用 97'}],
				against: [{en: 'the oldest waited 4 s', zh: '4'}],
			},
		},
	],
	[
		5,
		{
			kind: 'walk-turned',
			...{walk: 'w', runbook: 'pool', node: 'is-full', atMs: minute(5), by: 'li', basis: []},
			says: {en: 'the disk is full', zh: '磁盘已满'},
		},
	],
	[6, {kind: 'change', change: 'deploy', text: 'shop v2.1', happenedAtMs: minute(-9)}],
	[10, {kind: 'severity-changed', severity: 'critical', why: 'all users'}],
	[12, {kind: 'phase-entered', phase: 'resolve'}],
	[15, {kind: 'operation', operation}],
	[
		16,
		{
			kind: 'operation',
			operation: {
				...operation,
				endedAtMs: minute(16),
				...{outcome: 'done', exitStatus: 0},
				commands: [{text: "psql -d shop -c 'select 1'", step: 'end', state: 'done'}],
			},
		},
	],
	[18, {kind: 'rollback', step: 'decide', state: 'started'}],
	[40, {kind: 'rollback', step: 'decide', state: 'done'}],
	[
		41,
		{
			kind: 'walk-ended',
			walk: 'w',
			runbook: 'pool',
			outcome: 'solved',
			says: {en: 'it answers', zh: '已恢复'},
		},
	],
	[42, {kind: 'alert-cleared', alert}],
	[43, {kind: 'note', text: 'told the users'}],
	[45, {kind: 'closed', cause: 'a leak', done: 'ended 90 sessions', followUps: ['fix it']}],
];

describe('the report', () => {
	const contacts = [{name: 'DBA', role: 'level 2', reach: '+1 555', respondWithinMinutes: 5}];
	const english = markdownOf(incidentReport(factsOf(whole, {contacts})));
	const chinese = markdownOf(incidentReport(factsOf(whole, {contacts, language: 'zh'})));

	test('has four phases, in both languages', () => {
		const heads = (text: string) => text.split('\n').filter(line => line.startsWith('## '));
		expect(heads(english)).toEqual([
			'## 1. Identify: what it was',
			'## 2. Locate: what was seen',
			'## 3. Resolve: what was done',
			'## 4. Summarise: what follows',
		]);
		expect(heads(chinese)).toEqual([
			'## 1. 问题识别',
			'## 2. 问题定位',
			'## 3. 问题解决',
			'## 4. 问题总结',
		]);
		expect(chinese).toContain('故障报告');
		expect(chinese).toContain('| 占用 97 |');
		expect(chinese).not.toMatch(/Operations|Timeline|Evidence|Clocks/);
	});

	test.each([
		['since the alert and how long', '| Since | 2026-11-20 11:56:00 UTC'],
		['until it was closed', '| Duration | 49 m |'],
		['cause', '| Cause | a leak |'],
		['value of the alert with its limit', 'app: 5xx answers 38% (limit 5.0%)'],
		[
			'evidence with unit, why, source',
			'Fullest disk used | 92% | decided by it: \\>= 90% | /proc/stat',
		],
		['where it was seen', 'pool / look-load |'],
		['what spoke for and against', '| 97 of 100 are taken | the oldest waited 4 s | pool / leak |'],
		['when a change happened', '| 2026-11-20 11:51:00 | deploy | shop v2.1 |'],
		['exact command', "psql -d shop -c 'select 1'  # end: done"],
		['outcome', 'prod/shop: done and verified (exit status 0)'],
		['a clock that was kept', '| taken on by somebody \\[H2-21\\] | kept | 2 m | 1 h |'],
		['a clock that was missed', '| rollback: decide \\[H4-13\\] | MISSED | 22 m | 15 m |'],
		['follow-ups', '- fix it'],
		['contacts', '| DBA | level 2 | +1 555 | 5 m |'],
	])('tells %s', (_name, text) => {
		expect(english).toContain(text);
	});

	test('says nothing of what is not in the events', () => {
		const bare = markdownOf(incidentReport(factsOf([[0, opened()]])));
		expect(bare).toContain('This incident is still open');
		expect(bare).toContain('No evidence was recorded.');
		expect(bare).toContain('Nothing was changed by opsconsole.');
		expect(bare).toContain('| Taken on | nobody yet |');
		expect(bare).not.toMatch(/\| (Cause|What was done|Closed) \|/);
		// Every figure of the bare report is a time, its id, a limit or a row of a handbook.
		const figures = bare
			.replace(/2026-11-20 \d\d:\d\d:\d\d( [+-]\d\d:\d\d)?/g, '')
			.replace(/20261120T120000Z-0a1b2c3d|\[H2-21\\?\]|web-1|10\.0\.0\.8|level 2|^## \d/gm, '')
			.match(/\d+ ?\w*/g);
		expect(figures).toEqual(['50 m', '50 m', '1 h']);
	});

	test('tells what others recorded apart from what was written down', () => {
		const nearby = {
			operations: [{...operation, outcome: 'failed', exitStatus: 1} as const],
			alerts: [{alert, firstAtMs: minute(1), lastAtMs: minute(2)}],
			audited: [{atMs: minute(3), by: 'wang', what: 'shell', target: 'prod/shop_db_1'}],
		};
		const text = markdownOf(incidentReport(factsOf([[0, opened()]], {nearby})));
		const [own = '', others = ''] = text.split('but not written down as a part of it');
		expect(own).toContain('Nothing was changed by opsconsole.');
		expect(own).not.toContain('wang');
		expect(others).toContain('| wang | shell: prod/shop\\_db\\_1 |');
		expect(others).toContain('failed (exit status 1)');
	});

	test('a record that is not whole says so first', () => {
		const damage = {line: 3, cause: 'it does not follow the line before'};
		const text = markdownOf(incidentReport(factsOf(whole, {damage})));
		expect(text.split('\n')[2]).toContain('THE RECORD IS NOT WHOLE: line 3');
	});
});

const password = 'Tr0ub4dor&3-horse';
const escape = String.fromCharCode(27);
const hostile = [
	'<script>alert(1)</script><img src=x onerror=alert(1)>',
	'| a | b |\n# heading\n```\n<b>',
	`${escape}[2J${escape}]0;owned\u0007 \u202Etxt.exe`,
	'[click](javascript:alert(1)) ![x](http://evil.example/p.png) https://evil.example www.evil.example',
	'`code` ~~~ *b* _i_ &lt; &#60;script&#62;',
	'{title} {who} ${process.env.HOME}',
].join(' ');
const secrets = [
	`it is ${password}`,
	'postgres://shop:s3cretPass@db/shop',
	'password=hunter2hunter2',
	'redis-cli -a RedisPass99 ping',
	'PGPASSWORD=PgPass1234 psql',
	// Everything behind it is taken for its value.
	'Authorization: Bearer abcdefgh12345678',
].join(' ; ');
const leaks = [
	...[password, 's3cretPass', 'hunter2hunter2', 'abcdefgh12345678', 'RedisPass99', 'PgPass1234'],
];

/** The whole incident with hostile texts and secrets wherever a text stands. */
function poisoned(value: unknown, name = ''): unknown {
	const fixed = ['kind', 'severity', 'level', 'verdict', 'outcome', 'change', 'phase', 'state'];
	if (typeof value === 'string') {
		return fixed.includes(name) || name === 'step' ? value : `${value} ${hostile} ${secrets}`;
	}

	if (Array.isArray(value)) return value.map(item => poisoned(item, name));
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value).map(([key, item]) => [key, poisoned(item, key)]);
	return Object.fromEntries(entries) as unknown;
}

describe('hostile texts and secrets', () => {
	secret(password);
	const events = whole.map(
		([minutes, event]) => [minutes, redactEvent(poisoned(event) as IncidentEvent)] as const,
	);
	const facts = factsOf(events, {
		contacts: [{name: hostile, role: secrets, reach: `${hostile} ${secrets}`}],
		damage: {line: 1, cause: `${hostile} ${secrets}`},
		nearby: {
			operations: [poisoned(operation) as typeof operation],
			alerts: [{alert: poisoned(alert) as typeof alert, firstAtMs: 0, lastAtMs: 0}],
			audited: [{atMs: 0, by: hostile, what: secrets, target: hostile}],
		},
	});
	const document = incidentReport(facts);
	const markdown = markdownOf(document);
	const html = htmlOf(document);

	test('no secret is in an event, nor in either form', () => {
		for (const leak of leaks) {
			expect(JSON.stringify(events.slice(0, 1))).not.toContain(leak);
			expect(JSON.stringify(events)).not.toContain(leak);
			expect(markdown).not.toContain(leak);
			expect(html).not.toContain(leak);
		}
	});

	test('no control character and no turned text gets through', () => {
		// Newlines are ours; format characters could hide or turn a text.
		const odd = /[^\P{C}\n]/u;
		expect(markdown).not.toMatch(odd);
		expect(html).not.toMatch(odd);
	});

	test('HTML holds no element, attribute or address that is not ours', () => {
		const tags = new Set([...html.matchAll(/<\/?([a-z0-9!]+)/gi)].map(([, name]) => name));
		const ours =
			'!doctype html head meta title style body h1 h2 h3 p ul li table thead tbody tr th td pre';
		expect([...tags].filter(tag => !ours.split(' ').includes(tag ?? ''))).toEqual([]);
		expect(html).not.toMatch(/<[^>]+\s(on\w+|src|href)\s*=/i);
		expect(html).toContain("default-src 'none'");
		expect(html).toContain('&lt;script&gt;');
	});

	test('Markdown holds no HTML, link, picture, or row that an event brought', () => {
		// Between fences that none of its lines closes, everything stands for itself.
		const [prose = '', ...rest] = markdown.split(/^`{3,}text\n[^]*?\n`{3,}$/m);
		const outside = [prose, ...rest].join('\n');
		expect(rest.length).toBeGreaterThan(0);
		expect(outside).not.toMatch(/^`{3}/m);
		expect(outside).not.toMatch(/(^|[^\\])<[a-z]/im);
		expect(outside).not.toMatch(/(^|[^\\])\]\(/m);
		expect(outside).not.toMatch(/https?:\/\//);
		for (const line of outside.split('\n')) {
			if (!line.startsWith('|')) continue;
			const cells = line.replaceAll('\\|', '').split('|').length - 2;
			expect([2, 3, 4, 5]).toContain(cells);
		}

		expect(outside.match(/^#+ +heading/gm) ?? []).toEqual([]);
	});
});

test('every kind of event has the shape that is read back', () => {
	const lines = linesOf(whole);
	expect(lines.filter(line => !isIncidentLine(JSON.parse(JSON.stringify(line))))).toEqual([]);
	expect(new Set(lines.map(({event}) => event.kind)).size).toBe(16);
	const odd = linesOf(
		whole.map(([at, event]) => [at, redactEvent(poisoned(event) as IncidentEvent)]),
	);
	expect(odd.filter((line: unknown) => !isIncidentLine(line))).toEqual([]);
});

test('an event always fits into a line, however much is in it', () => {
	const commands = Array.from({length: 5000}, (_, index) => ({
		text: `\u0001${'x'.repeat(9000)} ${index}`,
		step: 's',
		state: 'done' as const,
	}));
	const event = redactEvent({kind: 'operation', operation: {...operation, commands}});
	expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(60_000);
	if (event.kind !== 'operation') throw new Error('it is an operation');
	const kept = event.operation.commands?.length ?? 0;
	expect(kept + (event.operation.moreCommands ?? 0)).toBe(5000);
	const note = redactEvent({kind: 'note', text: '字'.repeat(1_000_000)});
	expect(Buffer.byteLength(JSON.stringify(note))).toBeLessThan(60_000);
});

test('values that are named as secrets are dots, figures of that name are not', () => {
	const values = {'api-key': 'abc', password: 'x', 'big-keys': 7, mount: '/var'};
	const event = redactEvent({
		kind: 'evidence',
		evidence: {look: 'x', atMs: 1, values, lines: []},
	});
	if (event.kind !== 'evidence') throw new Error('it is evidence');
	expect(event.evidence.values).toEqual({
		'api-key': '•••',
		password: '•••',
		'big-keys': 7,
		mount: '/var',
	});
});
