import {backupsProblems} from './backups-problems.ts';
import {commonProblems} from './common-problems.ts';
import {configProblems} from './config-problems.ts';
import {dockerProblems} from './docker-problems.ts';
import {hostProblems} from './host-problems.ts';
import {httpProblems} from './http-problems.ts';
import {logsProblems} from './logs-problems.ts';
import {postgresProblems} from './postgres-problems.ts';
import {postgresWorkProblems} from './postgres-work-problems.ts';
import {redisProblems} from './redis-problems.ts';

/** Every problem that opsconsole can name, by code. */
export const problems = {
	...commonProblems,
	...backupsProblems,
	...configProblems,
	...dockerProblems,
	...hostProblems,
	...httpProblems,
	...logsProblems,
	...postgresProblems,
	...postgresWorkProblems,
	...redisProblems,
};

export type ProblemCode = keyof typeof problems;
