import * as v from 'valibot';
import type {MetricId} from '../src/domain/metrics.ts';
import {metricDescriptions} from './metric-descriptions.ts';
import {
	address,
	choice,
	cron,
	duration,
	flag,
	integer,
	matching,
	name,
	secretText,
	size,
	text,
	thresholdValue,
} from './scalars.ts';
import {systems} from './systems.ts';
import {metrics} from '../src/domain/metrics.ts';
import {scheduleRuns} from '../src/domain/schedule.ts';

/** May be left out, but not be null. */
const may = v.exactOptional;

const enabled = may(flag('false takes this entry out, also one that a profile brought.'));
const from = may(
	text('Where it is asked for, for example a handbook row (H2-04); else this file and line.'),
);
const tls = may(
	choice('Plain, TLS with the certificate checked, or TLS without that check.', [
		'off',
		'verify',
		'insecure',
	]),
);
const service = may(
	name('Compose service: address, port and credentials are taken from its container.'),
);
const project = may(name('Compose project of the service, where several have one of that name.'));
const port = may(
	integer('port', [1, 65_535], 'TCP port; with a service, the port inside the container.'),
);
const mailAddress = (description: string) =>
	matching('mail-address', /^[^\s@<>,;:"()]+@[^\s@<>,;:"()]+$/, description);
const absolutePath = (description: string) => matching('path', /^\/[^\0]*$/, description);

const list = <const S extends v.GenericSchema>(description: string, item: S) =>
	may(v.pipe(v.array(item, 'list'), v.description(description)));

const serviceSchema = v.strictObject({
	name: name('Compose service, container, systemd unit or Kubernetes workload.'),
	title: may(text('Name on the screen.')),
	port: may(integer('port', [1, 65_535], 'The port it listens on.')),
	critical: may(flag('Whether its absence is critical (true unless set).')),
	runtime: may(
		choice('What runs it (compose unless set).', ['compose', 'systemd', 'kubernetes', 'process']),
	),
	enabled,
	from,
});

const postgresSchema = v.strictObject({
	id: name('Name of this server on the screen; unique.'),
	service,
	project,
	host: may(text('Host name, address, or folder of a Unix socket (starts with /).')),
	port,
	database: may(text('Database to connect to (postgres unless set).')),
	user: may(text('Role to connect as (postgres unless set).')),
	password: may(secretText('Its password, as a reference.')),
	password_file: may(text('File with nothing but the password, mode 0600; wins over password.')),
	tls,
	ca_file: may(absolutePath('Certificate authority for tls: verify.')),
	enabled,
});

const redisSchema = v.strictObject({
	id: name('Name of this server on the screen; unique.'),
	service,
	project,
	host: may(text('Host name, address, or path of a Unix socket (starts with /).')),
	port,
	user: may(text('ACL user.')),
	password: may(secretText('Its password, as a reference.')),
	password_file: may(text('File with nothing but the password, mode 0600; wins over password.')),
	tls,
	ca_file: may(absolutePath('Certificate authority for tls: verify.')),
	enabled,
});

const endpointSchema = v.strictObject({
	id: name('Name of this address on the screen; unique.'),
	url: may(address('Address to probe; or give service, port and path.')),
	service,
	project,
	scheme: may(choice('For a service: http unless set.', ['http', 'https'])),
	port,
	path: may(matching('url-path', /^\/\S*$/, 'For a service: the path to ask for (/ unless set).')),
	expect_status: may(
		integer('status', [100, 599], 'The status that is good; any 2xx or 3xx unless set.'),
	),
	facts: may(
		v.pipe(
			v.array(text('Dotted path of a field.'), 'list'),
			v.description(
				'Fields of the JSON answer to show, as dotted paths; all scalar ones unless set.',
			),
		),
	),
	timeout: may(
		duration('How long an answer may take (5s unless set).', [100, 60_000], 'duration-timeout'),
	),
	enabled,
});

const logSchema = v.strictObject({
	id: name('Name of this log; unique.'),
	service: name('The service it belongs to, as shown; alone, the log of its container.'),
	path: may(absolutePath('Log file; rotated neighbours are found.')),
	unit: may(name('systemd unit whose journal is read.')),
	format: may(
		choice('How lines are understood; auto decides by line.', [
			'auto',
			'plain',
			'json',
			'nginx',
			'postgres',
			'redis',
		]),
	),
	enabled,
});

const backupSchema = v.strictObject({
	id: name('Name of this set; unique.'),
	kind: may(
		choice('What is in it (files unless set).', [
			'database',
			'redis',
			'configuration',
			'files',
			'logs',
		]),
	),
	folder: may(absolutePath('Folder of the backups.')),
	pattern: may(text('File names of the set as a glob (db_backup_*.sql.gz).')),
	schedule: may(cron('When it is made, as cron.')),
	max_age: may(duration('Oldest that the newest may be; unless set, the schedule and two hours.')),
	keep: may(duration('How long backups are kept, for example 30d.')),
	enabled,
	from,
});

const globs = (description: string) =>
	may(v.pipe(v.array(text('A glob.'), 'list'), v.description(description)));

const fileSetSchema = v.strictObject({
	id: name('Name of the set; that of a Compose project changes what its own set takes. Unique.'),
	folder: may(absolutePath('Folder of the files; that of the Compose project unless set.')),
	paths: globs(
		'Globs below the folder (.env*, nginx/ with everything in it); the usual configuration unless set.',
	),
	exclude: globs('Globs that are left out (*.log and *.pyc unless set).'),
	max_bytes: may(size('Largest file that is taken (256 MiB unless set).')),
	secret: globs('Files whose every value is masked when shown (.env*, *.key and such unless set).'),
	enabled,
});

const count = (description: string) => may(integer('count', [0, 1_000_000], description));

const storageSchema = v.strictObject(
	{
		backups: may(
			absolutePath('Folder of our own backups, mode 0700; backups in the state folder unless set.'),
		),
		retention: may(
			v.pipe(
				v.strictObject(
					{
						keep_last: count('Keep this many of the newest.'),
						daily: count('Keep the newest of each of this many days.'),
						weekly: count('Keep the newest of each of this many weeks.'),
						monthly: count('Keep the newest of each of this many months.'),
						min_verified: may(
							integer('count', [1, 1_000_000], 'Fewest verified ones that stay (2 unless set).'),
						),
						max_total: may(size('Warn when what stays is larger than this.')),
					},
					'map',
				),
				v.description(
					'What `opsconsole prune` keeps of each series; without it nothing is deleted.',
				),
			),
		),
		hash_limit: may(
			size(
				'Up to this size of all tables their content is hashed, above only counted (20GB unless set).',
			),
		),
		max_age: may(duration('Oldest that the newest of a series may be (26h unless set).')),
		prove_within: may(
			duration('Within this time one of each series must be restored for proof (7d unless set).'),
		),
		assertions: list(
			'What must hold in a restored copy, for verification at level 4.',
			v.strictObject({
				database: may(text('Only for backups of this database.')),
				sql: text('A statement that gives one value.'),
				expect: text('What the value must be: >0, >=10, <5, =3, or the text itself.'),
			}),
		),
	},
	'map',
);

function ruleIn(unit: Parameters<typeof thresholdValue>[0]) {
	return v.strictObject({
		subject: may(text('Only subjects that match this glob (a container, mount, endpoint or set).')),
		warn: may(thresholdValue(unit)),
		crit: may(thresholdValue(unit)),
		for: may(duration('How long it must hold before it is an alert.')),
		direction: may(choice('Trouble at or over the value, or at or under it.', ['above', 'below'])),
		hysteresis: may(
			v.pipe(
				v.number('share'),
				v.description('Cleared only this share of the threshold away from it (0.05 unless set).'),
				v.minValue(0, 'share'),
				v.maxValue(0.5, 'share'),
			),
		),
		from,
	});
}

/** The rules by unit, each made once; the JSON Schema refers to them as definitions. */
export const ruleSchemas = {
	percent: ruleIn('percent'),
	'cpu-percent': ruleIn('cpu-percent'),
	bytes: ruleIn('bytes'),
	seconds: ruleIn('seconds'),
	milliseconds: ruleIn('milliseconds'),
	days: ruleIn('days'),
	state: ruleIn('state'),
	count: ruleIn('count'),
	'per-second': ruleIn('per-second'),
	'per-minute': ruleIn('per-minute'),
	ratio: ruleIn('ratio'),
};

function thresholdFor(metric: MetricId) {
	const rule = ruleSchemas[metric === 'container.cpu' ? 'cpu-percent' : metrics[metric]];
	return may(
		v.pipe(
			v.union([rule, v.array(rule), v.literal('off')], 'threshold'),
			v.description(metricDescriptions[metric]),
		),
	);
}

/** The thresholds by metric; one entry per metric, so that a new metric without a place here does not compile. */
function thresholdEntries() {
	const entry = thresholdFor;
	return {
		'host.cpu': entry('host.cpu'),
		'host.memory': entry('host.memory'),
		'host.swap': entry('host.swap'),
		'host.load-per-core': entry('host.load-per-core'),
		'host.disk': entry('host.disk'),
		'host.inodes': entry('host.inodes'),
		'host.disk-busy': entry('host.disk-busy'),
		'container.down': entry('container.down'),
		'container.unhealthy': entry('container.unhealthy'),
		'container.crash-loop': entry('container.crash-loop'),
		'container.oom-killed': entry('container.oom-killed'),
		'container.restarts': entry('container.restarts'),
		'container.cpu': entry('container.cpu'),
		'container.memory': entry('container.memory'),
		'postgres.connections': entry('postgres.connections'),
		'postgres.connections-used': entry('postgres.connections-used'),
		'postgres.waiting': entry('postgres.waiting'),
		'postgres.longest-query': entry('postgres.longest-query'),
		'postgres.longest-transaction': entry('postgres.longest-transaction'),
		'postgres.idle-in-transaction': entry('postgres.idle-in-transaction'),
		'postgres.cache-hit': entry('postgres.cache-hit'),
		'postgres.deadlocks': entry('postgres.deadlocks'),
		'postgres.checksum-failures': entry('postgres.checksum-failures'),
		'postgres.replication-lag': entry('postgres.replication-lag'),
		'postgres.archive-failing': entry('postgres.archive-failing'),
		'redis.memory': entry('redis.memory'),
		'redis.memory-used': entry('redis.memory-used'),
		'redis.fragmentation': entry('redis.fragmentation'),
		'redis.evictions': entry('redis.evictions'),
		'redis.hit-rate': entry('redis.hit-rate'),
		'redis.clients': entry('redis.clients'),
		'redis.ping': entry('redis.ping'),
		'redis.refuses-writes': entry('redis.refuses-writes'),
		'redis.save-failed': entry('redis.save-failed'),
		'redis.replica-link-down': entry('redis.replica-link-down'),
		'endpoint.down': entry('endpoint.down'),
		'endpoint.p95': entry('endpoint.p95'),
		'endpoint.failures': entry('endpoint.failures'),
		'endpoint.certificate-days': entry('endpoint.certificate-days'),
		'errors.per-minute': entry('errors.per-minute'),
		'errors.server-errors': entry('errors.server-errors'),
		'backup.overdue': entry('backup.overdue'),
		'backup.suspicious': entry('backup.suspicious'),
		'backup.unproven': entry('backup.unproven'),
		'backup.age': entry('backup.age'),
		'schedule.missed': entry('schedule.missed'),
		'checklist.missed': entry('checklist.missed'),
	} satisfies Readonly<Record<MetricId, unknown>>;
}

const environmentKinds = ['production', 'staging', 'test', 'development', 'unknown'] as const;

const percentText = /^\d+(?:\.\d+)?\s*%$/;
const share = (description: string) =>
	may(v.pipe(v.string('percent'), v.description(description), v.regex(percentText, 'percent')));

function groups(what: string) {
	return may(
		v.pipe(
			v.array(name('Name of a group.'), 'list'),
			v.description(`Groups whose members ${what}.`),
		),
	);
}

/**
 * The whole of opsconsole.yaml, and of a system profile. Types, validation, the JSON Schema, docs/settings.md and the
 * example file all come from here. Durations come out in ms, sizes in bytes.
 */
export const configSchema = v.strictObject({
	system: may(choice('Shipped profile to start from.', systems)),
	title: may(text('Name of the system for the status line.')),
	environment: may(
		v.pipe(
			v.union(
				[
					v.picklist(environmentKinds),
					v.strictObject({
						kind: may(choice('Kind; unknown counts as production.', environmentKinds)),
						name: may(text('Name for the banner, for example prod-eu-1.')),
					}),
				],
				'environment',
			),
			v.description('Where this runs; unknown, which counts as production, unless set.'),
		),
	),
	language: may(choice('Language of the console; else from LANG.', ['en', 'zh'])),
	refresh: may(
		duration(
			'Interval of the fast sources and of drawing (1s unless set).',
			[200, 60_000],
			'duration-refresh',
		),
	),
	read_only: may(flag('true refuses every action (false unless set).')),
	access: may(
		v.pipe(
			v.strictObject(
				{operators: groups('may act; everybody unless set'), viewers: groups('only look')},
				'map',
			),
			v.description(
				'Who may act, by groups of the system; root always may. A guard rail, no boundary.',
			),
		),
	),
	docker: may(
		v.pipe(
			v.strictObject(
				{
					enabled: may(flag('false: no Docker at all.')),
					host: may(text('Address of the engine (unix:///var/run/docker.sock); else the context.')),
					context: may(name('Docker context to use.')),
					projects: may(
						v.pipe(
							v.array(name('Name of a project.'), 'list'),
							v.description('Only these Compose projects; all unless set.'),
						),
					),
				},
				'map',
			),
			v.description('The Docker engine.'),
		),
	),
	discovery: may(
		v.pipe(
			v.strictObject({enabled: may(flag('false: only what is written here is watched.'))}, 'map'),
			v.description('Finding containers, databases and endpoints by itself.'),
		),
	),
	incidents: may(
		v.pipe(
			v.strictObject(
				{
					keep: may(
						duration(
							'How long closed incidents are kept (180d unless set); open ones always.',
							[86_400_000, 315_360_000_000],
						),
					),
				},
				'map',
			),
			v.description('What is remembered of incidents.'),
		),
	),
	audit: may(
		v.pipe(
			v.strictObject(
				{
					syslog: may(
						flag('true: number and hash of each entry go to syslog too (program `logger`).'),
					),
				},
				'map',
			),
			v.description('The record of who changed what.'),
		),
	),
	services: list('Services that are expected to run.', serviceSchema),
	postgres: list('PostgreSQL servers.', postgresSchema),
	redis: list('Redis and Valkey servers.', redisSchema),
	endpoints: list('HTTP addresses that are probed.', endpointSchema),
	logs: list('Logs that are followed, besides those of the containers.', logSchema),
	backups: list('Sets of backups in folders.', backupSchema),
	file_sets: list('Files that `opsconsole backup files` takes, by set.', fileSetSchema),
	storage: may(v.pipe(storageSchema, v.description('Our own backups: where, how deep, how long.'))),
	thresholds: may(
		v.pipe(
			v.strictObject(thresholdEntries(), 'map'),
			v.description(
				'Thresholds by metric: warn and crit in the unit of the metric, and how long it must hold.',
			),
		),
	),
	objectives: may(
		v.pipe(
			v.strictObject(
				{
					p95: may(duration('95th percentile of the answer time to stay under.')),
					error_rate: share('Share of failed requests to stay under, for example "1%".'),
					requests_per_second: may(integer('count', [1, 1_000_000], 'Throughput to reach.')),
					availability: share('Share of time to be up, for example "99.9%".'),
					network_latency: may(duration('Network latency to stay under.')),
					from,
				},
				'map',
			),
			v.description('Objectives of the application.'),
		),
	),
	schedules: list(
		'Recurring jobs, for the calendar.',
		v.strictObject({
			id: name('Name of the job; unique.'),
			title: may(text('What is done.')),
			cron: may(cron('When, as cron.')),
			run: may(
				choice(
					'What opsconsole does then (`opsconsole schedule install`); people do it unless set.',
					scheduleRuns,
				),
			),
			owner: may(text('Who does it.')),
			enabled,
			from,
		}),
	),
	notifications: list(
		'Who is told when operations end or backups are overdue.',
		v.strictObject({
			id: name('Name of this way; unique.'),
			kind: may(choice('A webhook as Slack takes it, or mail.', ['webhook', 'mail'])),
			url: may(secretText('Address of the webhook, which is its password: ${file:/path}.')),
			to: may(mailAddress('For mail: who gets it.')),
			from: may(mailAddress('For mail: the sender; the account unless set.')),
			command: may(
				v.pipe(
					v.array(text('Program or argument.'), 'list'),
					v.description(
						'For mail: program and arguments that take a message (/usr/sbin/sendmail -t -i unless set).',
					),
				),
			),
			events: may(
				v.pipe(
					v.array(choice('An event.', ['finished', 'failed', 'overdue']), 'list'),
					v.description('Of what: finished, failed, overdue; all three unless set.'),
				),
			),
			enabled,
		}),
	),
	contacts: list(
		'Whom to call.',
		v.strictObject({
			name: text('Person or team; unique.'),
			role: may(text('Role.')),
			reach: may(text('Mail address, telephone or channel.')),
			respond_within: may(duration('Time to respond.')),
			enabled,
		}),
	),
	links: list(
		'Dashboards, logs and documents.',
		v.strictObject({
			title: text('What it shows; unique.'),
			url: may(address('Address.')),
			enabled,
		}),
	),
});

/** A validated file: durations in ms, sizes in bytes, everything optional. */
export type Config = v.InferOutput<typeof configSchema>;
