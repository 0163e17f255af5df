import {connect, type Socket} from 'node:net';
import {performance} from 'node:perf_hooks';
import {setTimeout as pause} from 'node:timers/promises';
import {createAct} from '../../src/io/create-act.ts';
import {backupRedis} from '../../src/operations/redis/backup.ts';
import {restoreRedis} from '../../src/operations/redis/restore.ts';
import {performNow, removeFolders} from '../support/perform.ts';
import {startRedis, type RedisServer} from '../support/redis-server.ts';
import {median, spreadOf, type Figure} from './figures.ts';

const keys = 1_000_000;
const everyMs = 2;
/** Long enough for a server that loads a million keys, and for a connection that is cut meanwhile. */
const afterMs = 500;

/**
 * Writes one key every 2 ms, connecting again where it is cut off; gives the longest time between two writes that the
 * server took, in s.
 */
async function writer(port: number, signal: AbortSignal): Promise<number> {
	let lastMs = performance.now();
	let longestMs = 0;
	let socket: Socket | undefined;
	const open = () => {
		const made = connect({port, host: '127.0.0.1'});
		made.on('data', (data: Buffer) => {
			if (!data.toString().includes('+OK')) return;
			const nowMs = performance.now();
			longestMs = Math.max(longestMs, nowMs - lastMs);
			lastMs = nowMs;
		});
		made.on('error', () => undefined);
		made.on('close', () => {
			if (socket === made) socket = undefined;
		});
		return made;
	};
	for (let count = 0; !signal.aborted; count++) {
		socket ??= open();
		socket.write(`SET writer:${count % 1000} ${count}\r\n`);
		await pause(everyMs);
	}

	socket?.destroy();
	return Math.max(longestMs, performance.now() - lastMs) / 1000;
}

async function fill(server: RedisServer): Promise<void> {
	const slice = 50_000;
	const script =
		"for n = ARGV[1], ARGV[2] do redis.call('SET', 'key:' .. n, string.rep('x', 100)) end";
	for (let first = 1; first <= keys; first += slice) {
		const bounds = [String(first), String(first + slice - 1)];
		await server.cli(['EVAL', script, '0', ...bounds]);
	}
}

/** How long a server with append-only file takes no writes while a million keys are restored into it. */
export async function measureRedisRestore(runs: number): Promise<readonly Figure[]> {
	const server = await startRedis({args: ['--appendonly', 'yes']});
	try {
		await fill(server);
		const options = {act: createAct(), targets: {redis: [server.target()]}};
		const backup = await performNow(backupRedis, {}, options);
		if (backup.outcome !== 'done') throw new Error(JSON.stringify(backup.end));
		const request = {backup: backup.plan.id};
		const gaps: number[] = [];
		const whole: number[] = [];
		for (let round = 0; round < runs; round++) {
			const ended = new AbortController();
			const longest = writer(server.port, ended.signal);
			const startMs = performance.now();
			const {folders} = backup;
			const done = await performNow(restoreRedis, request, {...options, folders});
			whole.push((performance.now() - startMs) / 1000);
			await pause(afterMs);
			ended.abort();
			gaps.push(await longest);
			if (done.outcome !== 'done') throw new Error(JSON.stringify(done.end));
			const restored = Number(await server.cli(['DBSIZE']));
			if (restored < keys) throw new Error(`only ${restored} keys are there`);
		}

		const common = {bench: 'redis-restore', unit: 's', program: 'opsconsole'};
		return [
			{
				...common,
				what: 'no writes taken, per million keys',
				value: median(gaps),
				limit: 3,
				note: spreadOf(gaps),
			},
			{...common, what: 'from plan to end', value: median(whole), note: spreadOf(whole)},
		];
	} finally {
		await server.remove();
		await removeFolders();
	}
}
