/** What a part of an operation's request is. `names` is a list of texts, or one text that stands for a list. */
export type ParameterType = 'text' | 'number' | 'truth' | 'names' | 'numbers';

export type Parameter = {readonly type: ParameterType; readonly isNeeded?: true};

const name: Parameter = {type: 'text'};
const needed: Parameter = {type: 'text', isNeeded: true};
const count: Parameter = {type: 'number'};
const yes: Parameter = {type: 'truth'};

const services = {services: {type: 'names', isNeeded: true}, project: name} as const;
const table = {target: name, database: name, table: name} as const;
const redisValue = {
	redis: name,
	value: {type: 'text', isNeeded: true},
	persist: yes,
} as const;

/**
 * The operations that a runbook may name, with the parts of their requests. Those whose request only a person can make
 * (restores, imports, pins, schedules) are not here: a runbook says where to find them.
 */
export const operationRequests: Readonly<Record<string, Readonly<Record<string, Parameter>>>> = {
	'start-service': services,
	'stop-service': services,
	'restart-service': services,
	'recreate-service': services,
	'kill-service': {...services, signal: name},
	'scale-service': {
		service: needed,
		project: name,
		count: {type: 'number', isNeeded: true},
	},
	'restart-all': {project: name},
	'backup-database': {target: name, database: name, isSafety: yes},
	'backup-redis': {redis: name},
	'backup-files': {set: name, folder: name},
	'backup-logs': {project: name, days: count},
	'backup-everything': {},
	'verify-backup': {backup: name, level: count, kind: name},
	'prune-backups': {},
	'cancel-query': {
		target: name,
		pid: {type: 'number', isNeeded: true},
		withSuperusers: yes,
	},
	'terminate-sessions': {
		target: name,
		database: name,
		user: name,
		pids: {type: 'numbers'},
		idleMinutes: count,
		idleInTransactionMinutes: count,
		withSuperusers: yes,
	},
	'analyze-database': table,
	'vacuum-table': {...table, minDeadPercent: count},
	'reindex-concurrently': {target: name, database: name, index: needed},
	'set-redis-memory': redisValue,
	'set-redis-policy': redisValue,
	'set-redis-save': redisValue,
	'delete-redis-keys': {redis: name, database: count, prefix: needed},
	'clean-images': {},
	'clean-build-cache': {},
	'clean-logs': {days: count},
};

/** Parts of the scope that a request may name. `service` is the Compose service of the container. */
export const scopeParts = [
	'project',
	'container',
	'service',
	'postgres',
	'redis',
	'endpoint',
	'backup',
] as const;

export type ScopePart = (typeof scopeParts)[number];
