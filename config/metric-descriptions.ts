import type {MetricId} from '../src/domain/metrics.ts';

/** What each metric measures, for docs/settings.md and for editors. */
export const metricDescriptions = {
	'host.cpu': 'CPU use of all cores together, percent.',
	'host.memory': 'Memory that is not available, percent.',
	'host.swap': 'Swap in use, percent.',
	'host.load-per-core': 'Load average of one minute for each core.',
	'host.disk': 'Space in use on a mount, percent; the subject is the mount.',
	'host.inodes': 'Inodes in use on a mount, percent; the subject is the mount.',
	'host.disk-busy': 'Time a disk was busy, percent; the subject is the device.',
	'container.down': 'A container that should run does not.',
	'container.unhealthy': 'The health check of a container fails.',
	'container.crash-loop': 'A container restarts again and again.',
	'container.oom-killed':
		'A container was ended for lack of memory: while it is down or restarting because of it, then for 15 minutes after its last kill.',
	'container.restarts': 'Restarts in the last ten minutes.',
	'container.cpu': 'CPU use of a container, percent of one core.',
	'container.memory': 'Memory of a container against its limit, percent.',
	'postgres.connections': 'Client connections against the usable maximum, percent.',
	'postgres.connections-used': 'Client connections.',
	'postgres.waiting': 'Sessions that wait for a lock.',
	'postgres.longest-query': 'Age of the longest running query.',
	'postgres.longest-transaction': 'Age of the oldest open transaction.',
	'postgres.idle-in-transaction': 'Longest time a session idles in a transaction.',
	'postgres.cache-hit': 'Blocks found in the cache, percent.',
	'postgres.deadlocks': 'New deadlocks.',
	'postgres.checksum-failures': 'Data pages with a wrong checksum.',
	'postgres.replication-lag': 'How far a replica is behind.',
	'postgres.archive-failing': 'Archiving of the write-ahead log fails.',
	'redis.memory': 'Memory used against maxmemory, percent.',
	'redis.memory-used': 'Memory used.',
	'redis.fragmentation': 'Resident memory against used memory.',
	'redis.evictions': 'Keys evicted for each second.',
	'redis.hit-rate': 'Lookups that found their key, percent.',
	'redis.clients': 'Clients against maxclients, percent.',
	'redis.ping': 'Time of a PING.',
	'redis.refuses-writes': 'The server refuses writes.',
	'redis.save-failed': 'The last snapshot or append-only write failed.',
	'redis.replica-link-down': 'A replica lost its master.',
	'endpoint.down': 'An address does not answer as expected.',
	'endpoint.p95': '95th percentile of the answer time.',
	'endpoint.failures': 'Failed probes of the window, percent.',
	'endpoint.certificate-days': 'Days until the certificate ends.',
	'errors.per-minute':
		'Error lines in all logs for each minute; where there are several Compose projects, in those of each.',
	'errors.server-errors':
		'Answers with a 5xx status in the access log, percent; where there are several Compose projects, of each.',
	'backup.overdue': 'The newest backup of a set is older than it may be.',
	'backup.suspicious': 'The newest backup is empty or much smaller than usual.',
	'backup.unproven':
		'The newest of our own backups is not verified, or none was restored for proof in time.',
	'schedule.missed':
		'A run of an installed schedule did not take place, or did not come to its end.',
	'checklist.missed':
		'A checklist that was gone through here before was not gone through again in time.',
	'backup.age': 'Age of the newest backup of a set.',
} as const satisfies Readonly<Record<MetricId, string>>;
