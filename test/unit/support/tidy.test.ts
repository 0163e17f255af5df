import {describe, expect, test} from 'vitest';
import {
	findForbidden,
	findMachineTraces,
	findUnwantedWords,
	localLinks,
} from '../../support/tidy.ts';

describe('findForbidden', () => {
	test.each([
		['spawn(x, {shell: true})', 'shell: true'],
		["run(['docker', 'system', 'prune'])", 'docker system prune'],
		["run(['sh', '-c', `echo ${name}`])", 'sh -c with interpolation'],
		["redis.call('KEYS', ['*'])", 'KEYS'],
		["redis.call('flushall', [])", 'FLUSHALL or FLUSHDB'],
		["run(['rm', '-rf', folder])", 'rm -rf'],
		["run(['compose', 'down'])", 'compose down'],
		['chmodSync(path, 0o777)', 'chmod 777'],
	])('%s', (text, name) => {
		expect(findForbidden(text)).toContain(name);
	});

	test('leaves reading commands alone', () => {
		expect(findForbidden("redis.call('SCAN', [cursor]); Object.keys(value); key.down")).toEqual([]);
	});
});

test('findUnwantedWords finds empty names and notes to oneself', () => {
	expect(
		findUnwantedWords("// TODO later\nimport {x} from './utils.ts';\nconst a = new FileManager();"),
	).toHaveLength(3);
	expect(findUnwantedWords('a manager of people needs no helper')).toEqual([]);
});

test('findMachineTraces finds paths of the author’s machine', () => {
	expect(findMachineTraces('see /work/main/x and /root/.npmrc')).toHaveLength(2);
	expect(findMachineTraces('WORKDIR /app, ~/work/x, src/work/y')).toEqual([]);
});

test('localLinks takes files only', () => {
	expect(localLinks('[a](docs/x.md#y) [b](https://x.org) ![c](p.png) [d](#z)')).toEqual([
		'docs/x.md',
		'p.png',
	]);
});
