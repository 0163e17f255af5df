import {expect, test} from 'vitest';
import {globMatcher, isGlob} from '../../../src/domain/glob.ts';

test.each([
	['db_*.sql.gz', 'db_1.sql.gz', true],
	['db_*.sql.gz', 'db_1.sql.gz.part', false],
	['db_*.sql.gz', 'xdb_1.sql.gz', false],
	['db_*.sql.gz', 'db_1xsqlxgz', false],
	['/data*', '/data/log', true],
	['*', '', true],
	['a?c', 'abc', true],
	['a?c', 'ac', false],
	['*.{gz,zst}', 'x.zst', true],
	['*.{gz,zst}', 'x.xz', false],
	['a{b', 'a{b', true],
	['[a](b)+', '[a](b)+', true],
	['a*', 'a\nb', true],
	['?', '数', true],
])('%s and %s', (pattern, name, matches) => {
	expect(globMatcher(pattern)(name)).toBe(matches);
});

test('many stars do not take forever', () => {
	expect(globMatcher('*'.repeat(50) + 'x')('a'.repeat(10_000))).toBe(false);
});

test('what is a glob', () => {
	expect(['a', 'a*', 'a?', '{a,b}', '[a]'].map(isGlob)).toEqual([false, true, true, true, false]);
});
