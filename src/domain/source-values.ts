import type {BackupSetValue} from './backups.ts';
import type {CheckRunsValue} from './check-runs.ts';
import type {ContainerDetail, ContainerUsageValue, ContainersValue} from './containers.ts';
import type {EndpointValue} from './endpoint.ts';
import type {ErrorsValue} from './errors.ts';
import type {HostValue, ProcessesValue} from './host.ts';
import type {PostgresActivity, PostgresStorage} from './postgres.ts';
import type {RedisKeySample, RedisValue} from './redis.ts';
import type {ScheduleRunsValue} from './schedule-runs.ts';

/** Every source and what it yields. */
export type SourceValues = {
	'docker.containers': ContainersValue;
	'docker.usage': ContainerUsageValue;
	'docker.detail': ContainerDetail;
	'host.load': HostValue;
	'host.processes': ProcessesValue;
	'postgres.activity': PostgresActivity;
	'postgres.storage': PostgresStorage;
	'redis.server': RedisValue;
	'redis.keys': RedisKeySample;
	'http.endpoint': EndpointValue;
	'logs.errors': ErrorsValue;
	'backups.set': BackupSetValue;
	'schedule.runs': ScheduleRunsValue;
	'checks.runs': CheckRunsValue;
};

export type SourceId = keyof SourceValues;
