import type {Operation} from '../operation.ts';
import {killService} from './kill-service.ts';
import {recreateService} from './recreate-service.ts';
import {restartAll} from './restart-all.ts';
import {restartService} from './restart-service.ts';
import {scaleService} from './scale-service.ts';
import {startService} from './start-service.ts';
import {stopService} from './stop-service.ts';

/** Everything that can be done to services, by id. */
export const serviceOperations = {
	'start-service': startService,
	'stop-service': stopService,
	'restart-service': restartService,
	'restart-all': restartAll,
	'kill-service': killService,
	'recreate-service': recreateService,
	'scale-service': scaleService,
} as const satisfies Readonly<Record<string, Operation>>;
