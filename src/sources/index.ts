import {backupsSet} from './backups.ts';
import {checkRuns} from './check-runs.ts';
import {containerDetailSource} from './container-detail.ts';
import {containerUsageSource} from './container-usage.ts';
import {containersSource} from './containers.ts';
import {discover} from './discovery.ts';
import {hostLoad} from './host-load.ts';
import {hostProcesses} from './host-processes.ts';
import {httpEndpoint} from './http-endpoint.ts';
import {scheduleRuns} from './schedule-runs.ts';
import {tailLog} from './log-tail.ts';
import {postgresActivity} from './postgres-activity.ts';
import {postgresStorage} from './postgres-storage.ts';
import {recentErrors} from './recent-errors.ts';
import {redisKeys} from './redis-keys.ts';
import {redisServer} from './redis-server.ts';

/** Every source, in one place: the engine reads them from here. */
export const sources = {
	containers: containersSource,
	containerUsage: containerUsageSource,
	containerDetail: containerDetailSource,
	hostLoad,
	hostProcesses,
	postgresActivity,
	postgresStorage,
	redisServer,
	redisKeys,
	httpEndpoint,
	backupsSet,
	scheduleRuns,
	checkRuns,
	recentErrors,
	tailLog,
	discover,
} as const;
