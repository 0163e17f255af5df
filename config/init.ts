import {mkdir, open, rename, rm} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {clean} from '../src/domain/clean.ts';
import type {Container} from '../src/domain/containers.ts';
import type {
	BackupTarget,
	ContainerRef,
	EndpointTarget,
	PostgresTarget,
	RedisTarget,
	Targets,
} from '../src/domain/targets.ts';
import {formatDuration} from './units.ts';

/** What `init` says about the place and time of writing. */
export type InitFacts = {
	readonly hostname: string;
	/** Day of writing, for the first line: 2026-11-21. */
	readonly day: string;
};

/** A line of a file, or several; undefined ones are left out. */
type Lines = readonly (string | undefined)[];

/** A text as YAML: plain where that is safe, else in double quotes with references escaped. */
function quote(text: string): string {
	const shown = clean(text, 400).replaceAll('${', '$$${');
	const isPlain =
		/^[A-Za-z/][\w./-]*$/.test(shown) && !/^(?:true|false|null|off|yes|no|on)$/i.test(shown);
	return isPlain ? shown : JSON.stringify(shown);
}

/** A text as the id of an entry: only the characters that a name may have. */
function toId(text: string): string {
	const id = text
		.replace(/[^\w.-]+/g, '-')
		.replace(/^[^A-Za-z0-9]+/, '')
		.slice(0, 100);
	return id === '' ? 'unnamed' : id;
}

/** A comment that cannot break out of its line. */
function comment(text: string): string {
	return `# ${clean(text, 300)}`;
}

/** Entries of a list with ids made unique. */
function uniqueIds<T extends {readonly id: string}>(
	targets: readonly T[],
): readonly (T & {readonly id: string})[] {
	const seen = new Map<string, number>();
	return targets.map(target => {
		const id = toId(target.id);
		const count = (seen.get(id) ?? 0) + 1;
		seen.set(id, count);
		return {...target, id: count === 1 ? id : `${id}-${count}`};
	});
}

function section(key: string, head: string, entries: readonly Lines[]): string[] {
	const written = entries.map(entry => entry.filter(line => line !== undefined));
	if (written.length === 0) return ['', `# ${head}`, `# ${key}: none was found`];
	const lines = written.flatMap(entry => {
		let isFirst = true;
		return entry.map(line => {
			if (line.startsWith('#')) return `    ${line}`;
			const lead = isFirst ? '  - ' : '    ';
			isFirst = false;
			return lead + line;
		});
	});
	return ['', `# ${head}`, `${key}:`, ...lines];
}

/** The service of a container, where it is a Compose one and its name is one that the file may hold. */
function serviceOf(container: ContainerRef | undefined): readonly string[] | undefined {
	const {service, project} = container ?? {};
	if (service === undefined || toId(service) !== service) return undefined;
	const isNameable = project !== undefined && toId(project) === project;
	return [`service: ${quote(service)}`, ...(isNameable ? [`project: ${quote(project)}`] : [])];
}

function serverLines(target: PostgresTarget | RedisTarget, area: 'postgres' | 'redis'): Lines {
	const service = serviceOf(target.container);
	const variable = `OPSCONSOLE_${area}_${target.id}_PASSWORD_FILE`
		.toUpperCase()
		.replace(/[^A-Z\d]/g, '_');
	const credentials =
		service === undefined
			? `password_file: /etc/opsconsole/${target.id}.password # mode 0600; or the variable ${variable}`
			: 'The password is taken from the container and never written here.';
	return [
		`id: ${quote(target.id)}`,
		...(service ?? [`host: ${quote(target.host)}`, `port: ${target.port}`]),
		'database' in target ? `database: ${quote(target.database)}` : undefined,
		target.user === undefined || target.user === '' ? undefined : `user: ${quote(target.user)}`,
		target.tls === 'off' ? undefined : `tls: ${target.tls}`,
		comment(credentials),
	];
}

/** The port inside the container that an address leads to by a published port, else the port of the address. */
function containerPort(url: URL, container: Container | undefined): number {
	const port = Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port);
	return container?.ports.find(({hostPort}) => hostPort === port)?.containerPort ?? port;
}

function endpointLines(target: EndpointTarget, containers: readonly Container[]): Lines {
	const url = URL.parse(target.url);
	const service = serviceOf(target.container);
	if (!url || service === undefined) {
		const shown = url ? withoutCredentials(url) : target.url;
		return [`id: ${quote(target.id)}`, `url: ${quote(shown)}`];
	}

	const container = containers.find(({id}) => id === target.container?.containerId);
	return [
		`id: ${quote(target.id)}`,
		...service,
		url.protocol === 'https:' ? 'scheme: https' : undefined,
		`port: ${containerPort(url, container)}`,
		`path: ${quote(url.pathname)}`,
	];
}

/** The address without a name and password, and without a query, which can hold a token. */
function withoutCredentials(url: URL): string {
	return `${url.protocol}//${url.host}${url.pathname}`;
}

function backupLines(target: BackupTarget): Lines {
	return [
		`id: ${quote(target.id)}`,
		`kind: ${target.kind}`,
		`folder: ${quote(target.folder)}`,
		`pattern: ${quote(target.pattern)}`,
		target.schedule === undefined ? undefined : `schedule: ${quote(target.schedule)}`,
		`max_age: ${formatDuration(target.maxAgeMs)}`,
		target.keepDays === undefined ? undefined : `keep: ${target.keepDays}d`,
	];
}

function serviceLines(containers: readonly Container[]): Lines[] {
	const services = new Map<string, Container>();
	for (const container of containers) {
		if (container.service !== undefined && toId(container.service) === container.service) {
			services.set(container.service, container);
		}
	}

	return [...services].map(([service, container]) => {
		const port = container.ports.find(({hostPort}) => hostPort !== undefined)?.containerPort;
		return [`name: ${quote(service)}`, port === undefined ? undefined : `port: ${port}`];
	});
}

/**
 * A commented opsconsole.yaml for what discovery found. It never holds a secret: passwords stay in their containers,
 * or are named as a file to make. It validates as it is; comments say what to fill in.
 */
export function renderInitFile(
	targets: Targets,
	containers: readonly Container[],
	facts: InitFacts,
): string {
	const projects = [...new Set(containers.map(({project}) => project))].filter(
		project => project !== undefined && toId(project) === project,
	);
	const logs = targets.logs.filter(({format}) => format !== 'auto');
	const lines = [
		comment(
			`Written by \`opsconsole init\` on ${facts.hostname}, ${facts.day}, from what was found there.`,
		),
		'# Every key is optional: what is not here is still found by itself. docs/settings.md describes them all.',
		'',
		'# A shipped profile brings services, thresholds, backups and contacts of a known system:',
		'# system: football-prediction',
		'',
		'# Say where this is: production, staging, test or development. Unknown counts as production.',
		'environment:',
		'  kind: unknown',
		`  name: ${quote(facts.hostname)}`,
		...(projects.length === 0
			? []
			: [
					'',
					'# Only these Compose projects are shown.',
					'docker:',
					`  projects: [${projects.map(project => quote(project ?? '')).join(', ')}]`,
				]),
		...section('services', 'Services that are expected to run.', serviceLines(containers)),
		...section(
			'postgres',
			'PostgreSQL servers.',
			uniqueIds(targets.postgres).map(target => serverLines(target, 'postgres')),
		),
		...section(
			'redis',
			'Redis and Valkey servers.',
			uniqueIds(targets.redis).map(target => serverLines(target, 'redis')),
		),
		...section(
			'endpoints',
			'HTTP addresses that are probed.',
			uniqueIds(targets.endpoints).map(target => endpointLines(target, containers)),
		),
		...section(
			'logs',
			'Logs whose format is not found out line by line.',
			uniqueIds(logs).map(({id, service, format, from}) => [
				`id: ${quote(id)}`,
				`service: ${quote(toId(service))}`,
				from.kind === 'file' ? `path: ${quote(from.path)}` : undefined,
				from.kind === 'journal' && from.unit !== undefined
					? `unit: ${quote(toId(from.unit))}`
					: undefined,
				`format: ${format}`,
			]),
		),
		...section(
			'backups',
			'Sets of backups in folders.',
			uniqueIds(targets.backups).map(target => backupLines(target)),
		),
		'',
		'# Thresholds besides the built-in ones, for example:',
		'# thresholds:',
		'#   host.cpu: {warn: 80, crit: 95, for: 10m}',
		...(targets.missing.length === 0 ? [] : ['', '# Looked for and not found:']),
		...targets.missing.map(({area, name, problem}) =>
			comment(`  ${area} ${name}: ${problem.code}`),
		),
	];
	return `${lines.join('\n')}\n`;
}

/**
 * Writes the file with mode 0600 and makes its folder (0700) where it is absent. Without `overwrite` an existing file
 * (or link) is refused with Node's EEXIST; with it the new file replaces the old one in one step.
 */
export async function writeInitFile(path: string, text: string, overwrite = false): Promise<void> {
	await mkdir(dirname(path), {recursive: true, mode: 0o700});
	if (!overwrite) {
		await writeNew(path, text);
		return;
	}

	const staged = join(dirname(path), `.opsconsole-${process.pid}.tmp`);
	try {
		await writeNew(staged, text);
		await rename(staged, path);
	} finally {
		await rm(staged, {force: true});
	}
}

async function writeNew(path: string, text: string): Promise<void> {
	const handle = await open(path, 'wx', 0o600);
	try {
		await handle.writeFile(text);
		await handle.sync();
	} finally {
		await handle.close();
	}
}
