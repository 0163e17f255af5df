import {describe, expect, it} from 'vitest';
import {secret} from '../../../src/domain/secret.ts';
import type {PostgresTarget} from '../../../src/domain/targets.ts';
import {postgresAddress, postgresProblem} from '../../../src/io/postgres-errors.ts';
import {postgresProblems} from '../../../src/words/postgres-problems.ts';
import {fill} from '../../../src/words/words.ts';

const target: PostgresTarget = {
	id: 'db',
	origin: 'configured',
	host: 'db.example',
	port: 5432,
	database: 'shop',
	user: 'watcher',
	password: secret('canary-1234'),
	tls: 'off',
};

function problemOf(fields: Record<string, string>, changes: Partial<PostgresTarget> = {}) {
	const error = Object.assign(new Error(fields['message'] ?? 'some text'), fields);
	return postgresProblem(error, {target: {...target, ...changes}, seconds: 3, limit: 100}).problem;
}

describe('postgresProblem', () => {
	it.each([
		[{code: 'ECONNREFUSED'}, 'postgres-refused', 'soon'],
		[{code: 'ETIMEDOUT'}, 'postgres-unreachable', 'soon'],
		[{code: 'EHOSTUNREACH'}, 'postgres-unreachable', 'soon'],
		[{code: 'ENOTFOUND'}, 'postgres-unreachable', 'soon'],
		[{code: 'ECONNRESET'}, 'postgres-lost', 'soon'],
		[{message: 'Connection terminated unexpectedly'}, 'postgres-lost', 'soon'],
		[{code: '28P01'}, 'postgres-password', 'rarely'],
		[{code: '28000', routine: 'InitializeSessionUserId'}, 'postgres-no-role', 'rarely'],
		[{code: '28000', routine: 'ClientAuthentication'}, 'postgres-login-refused', 'rarely'],
		[{code: '3D000'}, 'postgres-no-database', 'rarely'],
		[{code: '53300'}, 'postgres-full', 'soon'],
		[{code: '57P03'}, 'postgres-starting', 'soon'],
		[{code: '55000'}, 'postgres-not-accepting', 'soon'],
		[{code: '57P01'}, 'postgres-shutdown', 'soon'],
		[{code: '42501'}, 'postgres-no-rights', 'rarely'],
		[{code: '57014'}, 'postgres-slow', 'soon'],
		[{code: '55P03'}, 'postgres-locked', 'soon'],
		[{code: '42P01'}, 'postgres-statement', 'soon'],
		[{code: 'DEPTH_ZERO_SELF_SIGNED_CERT'}, 'postgres-untrusted', 'rarely'],
		[{message: 'The server does not support SSL connections'}, 'postgres-no-tls', 'rarely'],
		[{code: 'EPROTO'}, 'postgres-tls', 'rarely'],
		[{message: 'something new'}, 'unexpected', 'soon'],
	] as const)('%o is %s', (fields, code, retry) => {
		expect(problemOf(fields)).toMatchObject({code, retry});
	});

	it('names the socket where the target is one', () => {
		expect(problemOf({code: 'ENOENT'}, {host: '/run/postgresql'})).toMatchObject({
			code: 'postgres-no-socket',
			params: {address: '/run/postgresql/.s.PGSQL.5432'},
		});
	});

	it('never repeats the password', () => {
		const problem = problemOf({code: 'XX000', message: 'bad: canary-1234'});
		expect(JSON.stringify(problem)).not.toContain('canary');
	});

	it('shows an address of IPv6 in brackets', () => {
		expect(postgresAddress({host: '::1', port: 1})).toBe('[::1]:1');
	});
});

describe('the words', () => {
	it.each(Object.entries(postgresProblems))(
		'of %s have the same places in both languages',
		(_, words) => {
			const places = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
			expect(places(words.zh.summary)).toEqual(places(words.en.summary));
			expect(places(words.zh.hint)).toEqual(places(words.en.hint));
			expect(words.en.hint).toMatch(/\.$/);
			expect(words.zh.hint).toMatch(/。$/);
		},
	);

	it('leave no place open for what the mapping gives', () => {
		const codes = ['28P01', '28000', '3D000', '53300', '57P03', '55000', '57P01', '42501', '57014'];
		for (const code of [...codes, '55P03', '42P01', 'ECONNREFUSED', 'ETIMEDOUT', 'EPROTO']) {
			const problem = problemOf({code});
			const words = Object.entries(postgresProblems).find(([name]) => name === problem.code)?.[1];
			expect(fill(`${words?.en.summary} ${words?.en.hint}`, problem.params)).not.toMatch(
				/[{}]|undefined/,
			);
		}
	});
});
