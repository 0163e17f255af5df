import process from 'node:process';
import type {PostgresTarget, RedisTarget} from '../domain/targets.ts';
import {createClock} from './clock.ts';
import {createDocker} from './docker.ts';
import {createFiles} from './files.ts';
import {createHost} from './host.ts';
import {createHttp} from './http.ts';
import type {Io, PostgresClient, RedisClient} from './io.ts';
import {createPostgres} from './postgres.ts';
import {createProcesses} from './processes.ts';
import {createRedis} from './redis.ts';
import {createTcp} from './tcp.ts';

/** The real outside world. Nothing connects before it is asked for something. */
export function createIo(choice: {readonly host?: string; readonly context?: string} = {}): Io {
	const clock = createClock();
	const environment = process.env;
	const postgres: (target: PostgresTarget) => PostgresClient = createPostgres({clock});
	const redis: (target: RedisTarget) => RedisClient = createRedis({clock});
	return {
		clock,
		docker: createDocker({...choice, environment, clock}),
		postgres,
		redis,
		http: createHttp({clock}),
		tcp: createTcp(),
		files: createFiles(),
		processes: createProcesses(environment),
		host: createHost(),
		environment,
	};
}
