import {expect, test} from 'vitest';
import {createMachine, errorsOf, settingsOf} from './support.ts';

async function errors(text: string, language: 'en' | 'zh' = 'en'): Promise<readonly string[]> {
	const machine = await createMachine();
	await machine.write('here/opsconsole.yaml', text);
	return errorsOf(await machine.load(), language);
}

const cases: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
	['unknown key', 'refrehs: 1s\n', ['1:1: refrehs: unknown key; did you mean refresh?']],
	['unknown key far from all', 'zebra: 1\n', ['1:1: zebra: unknown key']],
	[
		'unknown key in a list',
		'redis:\n  - id: a\n    host: b\n    prot: 1\n',
		['4:5: redis[0].prot: unknown key; did you mean port?'],
	],
	[
		'another spelling of a key',
		'backups: [{id: a, folder: /a, pattern: b, maxAge: 1h}]\n',
		['1:43: backups[0].maxAge: unknown key; did you mean max_age?'],
	],
	[
		'unknown metric',
		'thresholds:\n  host.cpuu: {warn: 1}\n',
		['2:3: thresholds["host.cpuu"]: unknown key; did you mean host.cpu?'],
	],
	[
		'unknown key of a threshold',
		'thresholds:\n  host.cpu: {wran: 1}\n',
		['2:14: thresholds["host.cpu"].wran: unknown key; did you mean warn?'],
	],
	[
		'unknown key of a threshold in a list',
		'thresholds:\n  host.disk:\n    - {warn: 1}\n    - {crti: 1}\n',
		['4:8: thresholds["host.disk"][1].crti: unknown key; did you mean crit?'],
	],
	[
		'a key of every object',
		'toString: 1\nhasOwnProperty: 2\n',
		['1:1: toString: unknown key', '2:1: hasOwnProperty: unknown key'],
	],
	[
		'wrong choice',
		'environment: prodution\n',
		[
			'1:14: environment: expected a map (kind, name) or one of production, staging, test, development, unknown; got "prodution"; did you mean production?',
		],
	],
	[
		'wrong choice in a map',
		'environment:\n  kind: stagin\n',
		[
			'2:9: environment.kind: expected one of production, staging, test, development, unknown; got "stagin"; did you mean staging?',
		],
	],
	[
		'unknown system',
		'system: footbal-prediction\n',
		[
			'1:9: system: expected one of football-prediction, learning-platform, stock-analysis, app-example, fund-calc; got "footbal-prediction"; did you mean football-prediction?',
		],
	],
	[
		'text instead of a duration',
		'refresh: fast\n',
		['1:10: refresh: expected a duration between 200ms and 1m; got "fast"'],
	],
	[
		'number instead of a duration',
		'refresh: 5\n',
		['1:10: refresh: expected a duration between 200ms and 1m; got 5'],
	],
	[
		'duration out of range',
		'refresh: 5h\n',
		['1:10: refresh: expected a duration between 200ms and 1m; got "5h"'],
	],
	[
		'port out of range',
		'redis: [{id: a, host: b, port: 65536}]\n',
		['1:32: redis[0].port: expected a port between 1 and 65535; got 65536'],
	],
	[
		'list instead of a map',
		'docker: []\n',
		['1:9: docker: expected a map (key: value); got list (0)'],
	],
	[
		'map instead of a list',
		'redis: {a: 1}\n',
		['1:8: redis: expected a list (lines that start with -); got map'],
	],
	[
		'nothing instead of a list',
		'redis:\n',
		['1:7: redis: expected a list (lines that start with -); got null'],
	],
	[
		'text instead of a map in a list',
		'redis: [main]\n',
		['1:9: redis[0]: expected a map (key: value); got "main"'],
	],
	['number instead of a text', 'title: 5\n', ['1:8: title: expected a text; got 5']],
	[
		'text instead of true',
		'read_only: maybe\n',
		['1:12: read_only: expected true or false; got "maybe"'],
	],
	['missing key', 'redis:\n  - host: a\n', ['2:5: redis[0].id: expected a value for id']],
	[
		'neither host nor service',
		'redis:\n  - id: a\n',
		['2:5: redis.a: expected exactly one of host, service'],
	],
	[
		'neither url nor service',
		'endpoints: [{id: a}]\n',
		['1:13: endpoints.a: expected exactly one of url, service'],
	],
	[
		'both host and service',
		'redis: [{id: a, host: b, service: c}]\n',
		['1:9: redis.a: expected exactly one of host, service'],
	],
	[
		'incomplete backup',
		'backups: [{id: a, folder: /a}]\n',
		['1:11: backups.a.pattern: expected a value for pattern'],
	],
	[
		'id twice',
		'redis:\n  - {id: a, host: b}\n  - {id: a, host: c}\n',
		['3:5: redis[1]: expected a only once'],
	],
	[
		'percentage over 100',
		'thresholds: {host.disk: {warn: 120}}\n',
		[
			'1:32: thresholds["host.disk"].warn: expected a percentage between 0 and 100 such as 80 or 80%; got 120',
		],
	],
	[
		'size with a wrong unit',
		'thresholds: {redis.memory-used: {warn: 2GX}}\n',
		[
			'1:40: thresholds["redis.memory-used"].warn: expected a size such as 2GB or 512MiB; got "2GX"',
		],
	],
	[
		'warn worse than crit of a lower layer',
		'thresholds:\n  host.cpu: {warn: 95}\n',
		['2:3: thresholds["host.cpu"]: expected warn <= crit (warn 95, crit 90 from built in)'],
	],
	['duplicate key', 'title: a\ntitle: b\n', ['2:1: title: this key is here twice']],
	[
		'tab',
		'docker:\n\tenabled: true\n',
		['2:1: expected valid YAML (Tabs are not allowed as indentation)'],
	],
	[
		'open bracket',
		'redis: [{id: a}\n',
		[
			'2:1: expected valid YAML (Flow sequence in block collection must be sufficiently indented and end with a ])',
		],
	],
	[
		'two documents',
		'title: a\n---\ntitle: b\n',
		['2:1: expected valid YAML (Source contains multiple documents)'],
	],
	[
		'a tag',
		'title: !!str 5\n',
		['1:14: title: expected YAML without tags (tag:yaml.org,2002:str)'],
	],
	['a list as the file', '- a\n', ['1:1: expected a map (key: value); got list (1)']],
	[
		'all at once',
		'refrehs: 1s\nread_only: x\nredis: [{id: a, host: b, port: 0}]\n',
		[
			'1:1: refrehs: unknown key; did you mean refresh?',
			'2:12: read_only: expected true or false; got "x"',
			'3:32: redis[0].port: expected a port between 1 and 65535; got 0',
		],
	],
];

test.each(cases)('%s is named with its place', async (_, text, expected) => {
	expect(await errors(text)).toEqual(expected);
});

test('errors speak Chinese', async () => {
	expect(await errors('refrehs: 1s\nrefresh: 5h\n', 'zh')).toEqual([
		'1:1: refrehs: 未知的键；是否想写 refresh？',
		'2:10: refresh: 应为200ms 到 1m 之间的时长；实际为 "5h"',
	]);
});

test('a value of a secret key is never shown', async () => {
	const lines = await errors(
		'postgres:\n  - {id: a, host: b, password: [canary-1]}\n  - {id: c, host: d, password: 731731}\n',
	);
	expect(lines).toHaveLength(2);
	expect(lines.join('\n')).not.toMatch(/canary|731731/);
	expect(lines[1]).toMatch(/^3:32: postgres\[1\]\.password: expected a text, best as a reference/);
});

test('a password inside an address is not shown', async () => {
	const lines = await errors('links: [{title: a, url: "ftp://me:canary@host/"}]\n');
	expect(lines[0]).toContain('got "ftp://•••@host/"');
});

test('escape sequences in a file never reach an error text', async () => {
	const lines = await errors('"a\\e[31mb": 1\ntitle: ["\\e]0;x\\a"]\n');
	expect(lines.length).toBeGreaterThan(0);
	const shown = lines.join('');
	expect(shown).toBe(shown.replace(/\p{Cc}/gu, ''));
});

test('an empty file and a file of comments are good', async () => {
	const machine = await createMachine();
	for (const text of ['', '# nothing\n', '\uFEFFtitle: x\n']) {
		await machine.write('here/opsconsole.yaml', text);
		expect(settingsOf(await machine.load()).environment.kind).toBe('unknown');
	}
});
