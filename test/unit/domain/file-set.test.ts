import {expect, test} from 'vitest';
import {projectSet, rulesOf} from '../../../src/domain/file-set.ts';

const rules = rulesOf({
	...projectSet('shop', '/srv/shop'),
	paths: ['.env*', '*.yml', 'nginx/', 'a/*.conf'],
});

test.each([
	['.env', true],
	['.env.production', true],
	['compose.yml', true],
	['sub/compose.yml', false],
	['nginx/nginx.conf', true],
	['nginx/conf.d/deep/x.conf', true],
	['nginx', false],
	['a/b.conf', true],
	['a/b/c.conf', false],
	['src/app.py', false],
])('%s is taken: %s', (path, isTaken) => {
	expect(rules.isTaken(path)).toBe(isTaken);
});

test('what is not looked into', () => {
	expect(['node_modules', 'nginx/.git', 'x.log', 'nginx/a.log'].map(rules.isLeftOut)).toEqual([
		true,
		true,
		true,
		true,
	]);
	expect(['nginx', 'nginx/conf.d', 'a', 'src'].map(rules.mayHold)).toEqual([
		true,
		true,
		true,
		false,
	]);
	expect(['.env', 'nginx/site.key', 'nginx/a.conf'].map(rules.isSecret)).toEqual([
		true,
		true,
		false,
	]);
});
