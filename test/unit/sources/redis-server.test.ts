import {expect, test} from 'vitest';
import {ProblemError} from '../../../src/domain/problem.ts';
import {redisProblem} from '../../../src/domain/redis-problem.ts';
import type {RedisTarget} from '../../../src/domain/targets.ts';
import type {RedisClient} from '../../../src/io/io.ts';
import {redisServer} from '../../../src/sources/redis-server.ts';
import {partialIo} from '../../support/io.ts';

const target: RedisTarget = {id: 'x', origin: 'host', host: 'h', port: 1, tls: 'off'};

/** A server that answers from a script, and a clock that moves only by hand. */
function fakeServer() {
	const state = {
		ms: 0,
		info: 'run_id:a\nused_memory:1\nmaxclients:10\nmaxmemory_policy:noeviction',
		isDown: false,
	};
	const calls: string[] = [];
	const answers: Readonly<Record<string, () => unknown>> = {
		PING: () => 'PONG',
		INFO: () => state.info,
		SLOWLOG: () => [],
		CONFIG: () => ['maxclients', '42'],
	};
	const client: RedisClient = {
		call(command, args) {
			calls.push([command, ...args].join(' '));
			if (state.isDown) throw new ProblemError(redisProblem('redis-refused', target));
			return Promise.resolve(answers[command]?.());
		},
		close: () => Promise.resolve(),
	};
	const clock = {now: () => state.ms, monotonic: () => state.ms, sleep: () => Promise.resolve()};
	const reader = redisServer.open(partialIo({clock, redis: () => client}), target);
	return {
		state,
		take: () => calls.splice(0),
		read: () => reader.read(new AbortController().signal),
	};
}

test('a poll is PING and INFO; the slow log is asked every 10 s', async () => {
	const server = fakeServer();
	await server.read();
	// The first PING only makes the connection, so that the measured one does not.
	expect(server.take()).toEqual(['PING', 'PING', 'INFO', 'SLOWLOG GET 10']);
	for (let poll = 0; poll < 4; poll++) {
		server.state.ms += 2000;
		await server.read();
		expect(server.take()).toEqual(['PING', 'INFO']);
	}

	server.state.ms += 2000;
	await server.read();
	expect(server.take()).toEqual(['PING', 'INFO', 'SLOWLOG GET 10']);
});

test('after a failed poll the connection is made before the round trip is measured', async () => {
	const server = fakeServer();
	await server.read();
	server.state.isDown = true;
	await expect(server.read()).rejects.toThrow('redis-refused');
	server.state.isDown = false;
	server.take();
	await server.read();
	expect(server.take()).toEqual(['PING', 'PING', 'INFO']);
});

test('settings are asked only where INFO lacks them, and not at every poll', async () => {
	const server = fakeServer();
	server.state.info = 'run_id:a\nused_memory:1\nconnected_clients:21\nmaxmemory_policy:noeviction';
	expect((await server.read()).clients).toMatchObject({max: 42, usedPercent: 50});
	expect(server.take()).toContain('CONFIG GET maxclients');
	server.state.ms += 2000;
	await server.read();
	expect(server.take()).toEqual(['PING', 'INFO']);
});

test('a refused write is told for 10 s after it was seen', async () => {
	const server = fakeServer();
	await server.read();
	server.state.ms += 2000;
	server.state.info += '\nerrorstat_OOM:count=1';
	expect((await server.read()).trouble).toEqual(['out-of-memory']);
	server.state.ms += 10_000;
	expect((await server.read()).trouble).toEqual(['out-of-memory']);
	server.state.ms += 1;
	expect((await server.read()).trouble).toEqual([]);
});

test('an INFO without figures is a failure, not a healthy empty server', async () => {
	const server = fakeServer();
	server.state.info = '# Proxy\nuptime:1';
	await expect(server.read()).rejects.toThrow('redis-no-info');
});
