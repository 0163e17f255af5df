import {expect, test} from 'vitest';
import {problemOfRedisFailure, redisAddress} from '../../../src/domain/redis-problem.ts';
import {secret} from '../../../src/domain/secret.ts';
import type {RedisTarget} from '../../../src/domain/targets.ts';
import {redisProblems} from '../../../src/words/redis-problems.ts';
import {fill} from '../../../src/words/words.ts';

const target: RedisTarget = {
	id: 'x',
	origin: 'host',
	host: '10.0.0.1',
	port: 6379,
	tls: 'off',
	password: secret('hunter2'),
};

test.each([
	['NOAUTH Authentication required.', 'redis-needs-password', 'rarely'],
	['WRONGPASS invalid username-password pair', 'redis-wrong-password', 'rarely'],
	['ERR invalid password', 'redis-wrong-password', 'rarely'],
	['NOPERM this user has no permissions', 'redis-no-permission', 'rarely'],
	['LOADING Redis is loading the dataset in memory', 'redis-loading', 'soon'],
	['BUSY Redis is busy running a script.', 'redis-busy-script', 'soon'],
	['BUSYGROUP Consumer Group name already exists', 'redis-error', 'soon'],
	['OOM command not allowed', 'redis-out-of-memory', 'soon'],
	['MISCONF Redis is configured to save', 'redis-save-failed', 'soon'],
	["READONLY You can't write against a read only replica.", 'redis-read-only', 'soon'],
	['MASTERDOWN Link with MASTER is down', 'redis-master-down', 'soon'],
	['ERR max number of clients reached', 'redis-too-many-clients', 'soon'],
	['DENIED Redis is running in protected mode', 'redis-protected', 'rarely'],
	['ERR something new', 'redis-error', 'soon'],
])('the answer %s is %s', (message, code, retry) => {
	expect(problemOfRedisFailure({message, isReply: true}, target, 'INFO')).toMatchObject({
		code,
		retry,
	});
});

test.each([
	['ECONNREFUSED', 'redis-refused'],
	['ENOTFOUND', 'redis-unknown-host'],
	['EAI_AGAIN', 'redis-unknown-host'],
	['ENOENT', 'redis-no-socket'],
	['EACCES', 'redis-socket-denied'],
	['EHOSTUNREACH', 'redis-unreachable'],
	['ECONNRESET', 'redis-connection-lost'],
	['EPIPE', 'redis-connection-lost'],
	['ETIMEDOUT', 'redis-connect-timeout'],
	['CERT_HAS_EXPIRED', 'redis-tls'],
	['SELF_SIGNED_CERT_IN_CHAIN', 'redis-tls'],
	['ERR_TLS_CERT_ALTNAME_INVALID', 'redis-tls'],
	['ERR_SSL_WRONG_VERSION_NUMBER', 'redis-tls'],
	['EWHATEVER', 'redis-error'],
])('the error code %s is %s', (code, expected) => {
	const failure = {code, message: 'some text', isReply: false};
	expect(problemOfRedisFailure(failure, target, 'connect').code).toBe(expected);
});

test('a password that the server repeats is taken out', () => {
	const message = "ERR unknown command 'AUTH', with args beginning with: 'hunter2'";
	const {params} = problemOfRedisFailure({message, isReply: true}, target, 'AUTH');
	expect(JSON.stringify(params)).not.toContain('hunter2');
	expect(params['cause']).toContain('•••');
});

test('every place of every text is filled, in both languages', () => {
	const failure = {message: 'ERR x', isReply: true};
	const {params} = problemOfRedisFailure(failure, target, 'INFO');
	const values = {...params, seconds: 3, file: '/ca.pem'};
	for (const words of Object.values(redisProblems)) {
		for (const text of [words.en.summary, words.en.hint, words.zh.summary, words.zh.hint]) {
			expect(fill(text, values)).not.toMatch(/\{\w+\}/);
		}
	}
});

test('addresses: IPv4, IPv6, socket', () => {
	expect(redisAddress(target)).toBe('10.0.0.1:6379');
	expect(redisAddress({host: '::1', port: 1})).toBe('[::1]:1');
	expect(redisAddress({host: '/run/redis.sock', port: 6379})).toBe('/run/redis.sock');
});
