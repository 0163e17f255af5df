import * as v from 'valibot';
import {configSchema} from './schema.ts';
import {isList, isMap, type Tree} from './tree.ts';
import {shapeOf} from './validate.ts';

/** One good value for every key; the descriptions around them come from the schema. */
const exampleValues: Tree = {
	system: 'football-prediction',
	title: 'Football Prediction (eu-1)',
	environment: {kind: 'production', name: 'prod-eu-1'},
	language: 'en',
	refresh: '2s',
	read_only: false,
	access: {operators: ['ops'], viewers: ['support']},
	docker: {enabled: true, host: 'unix:///var/run/docker.sock', projects: ['football']},
	discovery: {enabled: true},
	audit: {syslog: true},
	incidents: {keep: '365d'},
	services: [{name: 'app', title: 'FastAPI', port: 8000, critical: true, runtime: 'compose'}],
	postgres: [
		{id: 'db', service: 'db', database: 'football_prediction', user: 'monitor'},
		{
			id: 'reports',
			host: 'db.example.com',
			port: 5432,
			database: 'reports',
			user: 'monitor',
			password: '${REPORTS_DB_PASSWORD:-unset}',
			tls: 'verify',
		},
	],
	redis: [{id: 'redis', service: 'redis'}],
	endpoints: [
		{id: 'app', service: 'app', port: 8000, path: '/health', facts: ['status', 'version']},
		{id: 'site', url: 'https://www.example.com/health', expect_status: 200, timeout: '5s'},
	],
	logs: [
		{id: 'app', service: 'app', format: 'json'},
		{id: 'access', service: 'nginx', path: '/var/log/nginx/access.log', format: 'nginx'},
	],
	backups: [
		{
			id: 'database',
			kind: 'database',
			folder: '/opt/football-prediction/backups',
			pattern: 'db_backup_*.sql.gz',
			schedule: '0 2 * * *',
			max_age: '26h',
			keep: '30d',
		},
	],
	file_sets: [{id: 'web', folder: '/srv/web', paths: ['.env*', 'nginx/'], max_bytes: '100MB'}],
	storage: {
		backups: '/var/backups/opsconsole',
		retention: {keep_last: 3, daily: 7, weekly: 4, monthly: 6, min_verified: 2, max_total: '50GB'},
		max_age: '26h',
		assertions: [{database: 'shop', sql: 'SELECT count(*) FROM public.users', expect: '>0'}],
	},
	thresholds: {
		'host.cpu': {warn: 80, crit: 95, for: '10m'},
		'host.disk': [
			{warn: 80, crit: 90},
			{subject: '/backup*', warn: 90, crit: 97},
		],
		'endpoint.p95': {warn: '200ms', crit: '2s', for: '5m'},
		'redis.memory-used': {warn: '1GB', crit: '2GB'},
		'redis.evictions': 'off',
	},
	objectives: {p95: '200ms', error_rate: '1%', requests_per_second: 100, availability: '99.9%'},
	schedules: [
		{id: 'daily-check', title: 'Daily check', cron: '0 9 * * *', owner: 'DevOps'},
		{id: 'nightly', title: 'Nightly backup', cron: '0 2 * * *', run: 'backup database'},
		{id: 'proof', title: 'Restore for proof', cron: '0 4 * * 0', run: 'verify latest'},
	],
	notifications: [
		{
			id: 'chat',
			kind: 'webhook',
			url: '${OPS_WEBHOOK:-https://hooks.example.com/unset}',
			events: ['failed', 'overdue'],
		},
		{id: 'mail', kind: 'mail', to: 'ops@example.com', command: ['/usr/sbin/sendmail', '-t', '-i']},
	],
	contacts: [{name: 'On call', role: 'level 2', reach: '+1 555 0100', respond_within: '1h'}],
	links: [{title: 'Grafana', url: 'http://localhost:3000'}],
};

/** A scalar or a small collection on one line. */
function inline(value: Tree): string {
	if (isList(value)) return `[${value.map(item => inline(item)).join(', ')}]`;
	if (isMap(value)) {
		return `{${Object.entries(value)
			.map(([key, item]) => `${key}: ${inline(item)}`)
			.join(', ')}}`;
	}

	if (typeof value !== 'string') return String(value);
	return /^[A-Za-z0-9/][\w./-]*$/.test(value) ? value : JSON.stringify(value);
}

function describe(schema: unknown): string {
	const inner: unknown =
		typeof schema === 'object' && schema !== null && 'wrapped' in schema ? schema.wrapped : schema;
	return isSchema(inner) ? (v.getDescription(inner) ?? '') : '';
}

function isSchema(value: unknown): value is v.GenericSchema {
	return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'schema';
}

function block(key: string, value: Tree, schema: unknown): string[] {
	const lines = [`# ${describe(schema)}`];
	if (isList(value)) {
		lines.push(`${key}:`);
		for (const item of value) {
			if (!isMap(item)) continue;
			const entries = Object.entries(item).map(([name, inner]) => `${name}: ${inline(inner)}`);
			lines.push(...entries.map((entry, index) => `${index === 0 ? '  - ' : '    '}${entry}`));
		}
	} else if (isMap(value)) {
		const entries = shapeOf(schema)?.entries ?? {};
		lines.push(`${key}:`);
		for (const [name, inner] of Object.entries(value)) {
			const description = describe(entries[name]);
			if (description !== '') lines.push(`  # ${description}`);
			lines.push(`  ${name}: ${inline(inner)}`);
		}
	} else {
		lines.push(`${key}: ${inline(value)}`);
	}

	return lines;
}

/** config/opsconsole.example.yaml: one good value for every key, described by the schema. */
export function renderExample(): string {
	const lines = [
		'# yaml-language-server: $schema=./opsconsole.schema.json',
		'# Every key of opsconsole.yaml with an example; all of them may be left out. docs/settings.md says more.',
		'# Made from config/schema.ts by config/generate.ts.',
	];
	for (const [key, schema] of Object.entries(configSchema.entries)) {
		const value = isMap(exampleValues) ? exampleValues[key] : undefined;
		if (value !== undefined) lines.push('', ...block(key, value, schema));
	}

	return `${lines.join('\n')}\n`;
}

/** Description of a schema, through its optional wrapper. */
export {describe as describeSchema};
