import process from 'node:process';
import type {Act} from './act.ts';
import {createDockerAct} from './act-docker.ts';
import {createFileActs} from './act-files.ts';
import {openPostgresSession} from './act-postgres.ts';
import {post} from './act-post.ts';
import {createPrograms} from './act-programs.ts';
import {openRedisSession} from './act-redis.ts';
import {createClock} from './clock.ts';

/** Which engine is changed, as for `createIo`; the environment is that of this process unless told. */
export type ActChoice = {
	readonly host?: string;
	readonly context?: string;
	readonly environment?: Readonly<Record<string, string | undefined>>;
	/** Open files (locks) that every program inherits, so that they are held as long as one of them lives. */
	readonly keepOpen?: readonly number[];
};

/** What really changes something outside. Nothing connects before it is asked for something. */
export function createAct(choice: ActChoice = {}): Act {
	const environment = choice.environment ?? process.env;
	const clock = createClock();
	return {
		docker: createDockerAct({...choice, environment}),
		postgres: openPostgresSession,
		redis: (target, operation) => openRedisSession(target, operation, clock),
		files: createFileActs(),
		program: createPrograms(
			programEnvironment(choice, environment),
			choice.keepOpen === undefined ? {} : {keepOpen: choice.keepOpen},
		),
		post,
	};
}

/** Programs that speak to the engine must reach the very one that `docker` does. */
function programEnvironment(
	{host, context}: ActChoice,
	environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
	if (host) return {...environment, DOCKER_HOST: host, DOCKER_CONTEXT: undefined};
	return context && !environment['DOCKER_HOST']
		? {...environment, DOCKER_CONTEXT: context}
		: environment;
}
