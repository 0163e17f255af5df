import * as v from 'valibot';
import {scheduleRuns} from '../src/domain/schedule.ts';
import {
	backupSchema,
	endpointSchema,
	fileSetSchema,
	logSchema,
	postgresSchema,
	redisSchema,
	serviceSchema,
} from './entry-schemas.ts';
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
	text,
} from './scalars.ts';
import {enabled, from, list, may} from './schema-parts.ts';
import {storageSchema} from './storage-schema.ts';
import {systems} from './systems.ts';
import {thresholdEntries} from './threshold-schema.ts';

const mailAddress = (description: string) =>
	matching('mail-address', /^[^\s@<>,;:"()]+@[^\s@<>,;:"()]+$/, description);

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
