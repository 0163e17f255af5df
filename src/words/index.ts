import {actionProblems} from './action-problems.ts';
import {actProblems} from './act-problems.ts';
import {backupsProblems} from './backups-problems.ts';
import {catalogueProblems} from './catalogue-problems.ts';
import {commonProblems} from './common-problems.ts';
import {configProblems} from './config-problems.ts';
import {dockerProblems} from './docker-problems.ts';
import {dumpProblems} from './dump-problems.ts';
import {filesProblems} from './files-problems.ts';
import {hostProblems} from './host-problems.ts';
import {httpProblems} from './http-problems.ts';
import {incidentProblems} from './incident-problems.ts';
import {lookProblems} from './look-problems.ts';
import {logsProblems} from './logs-problems.ts';
import {postgresProblems} from './postgres-problems.ts';
import {redisOperationProblems} from './redis-operation-problems.ts';
import {postgresWorkProblems} from './postgres-work-problems.ts';
import {redisProblems} from './redis-problems.ts';
import {scheduleProblems} from './schedule-problems.ts';
import {serviceProblems} from './service-problems.ts';
import {roadProblems} from './road-problems.ts';

/** Every problem that opsconsole can name, by code. */
export const problems = {
	...actionProblems,
	...commonProblems,
	...actProblems,
	...backupsProblems,
	...catalogueProblems,
	...configProblems,
	...dockerProblems,
	...dumpProblems,
	...filesProblems,
	...hostProblems,
	...httpProblems,
	...incidentProblems,
	...lookProblems,
	...logsProblems,
	...postgresProblems,
	...postgresWorkProblems,
	...redisProblems,
	...scheduleProblems,
	...serviceProblems,
	...redisOperationProblems,
	...roadProblems,
};

export type ProblemCode = keyof typeof problems;
