import {clean} from '../src/domain/clean.ts';
import {parseCron} from '../src/domain/cron.ts';
import type {FileSetChoice} from '../src/domain/file-set.ts';
import type {Problem} from '../src/domain/problem.ts';
import type {
	Contact,
	ExpectedService,
	Objectives,
	RetentionPolicy,
	Schedule,
	Settings,
} from '../src/domain/settings.ts';
import {expect, type ConfigError} from './error.ts';
import type {Merged} from './merge.ts';
import {resolveNotification} from './resolve-notifications.ts';
import {resolveTargets} from './resolve-targets.ts';
import {provenanceOf, resolveRules} from './rules.ts';
import type {SecretSource} from './secrets.ts';

/** What the settings need besides the merged layers. */
export type Resolving = {
	readonly secrets: SecretSource;
	readonly language: Settings['language'];
	/** Because of a file that others can change. */
	readonly isReadOnly: boolean;
	readonly files: readonly string[];
};

/** Settings without any configuration: what holds on a bare host. */
export const defaultSettings = {
	environment: {kind: 'unknown', name: ''},
	refreshMs: 2000,
} as const satisfies Partial<Settings>;

/** Turns the merged layers into settings; mistakes that only the whole can show are in `errors`. */
export async function resolveSettings(
	merged: Merged,
	resolving: Resolving,
): Promise<{readonly settings: Settings; readonly errors: readonly ConfigError[]}> {
	const {single} = merged;
	const {secrets} = resolving;
	const targets = await resolveTargets(merged, secrets);
	const {rules, errors} = resolveRules(merged.thresholds);
	const services = merged.services.map(entry => resolveService(entry));
	const schedules = merged.schedules.flatMap(entry => resolveSchedule(entry, secrets.errors));
	const notifications = merged.notifications.flatMap(entry =>
		resolveNotification(entry, secrets.errors),
	);
	const isSecretOpen = secrets.problems.some(({code}) => code === 'config-secret-readable');
	const environment = typeof single.environment === 'object' ? single.environment : {};
	const {host, context, projects} = single.docker ?? {};
	const settings: Settings = {
		...(single.system !== undefined && {system: single.system}),
		...(single.title !== undefined && {title: clean(single.title, 200)}),
		environment: {
			kind: environment.kind ?? defaultSettings.environment.kind,
			name: clean(environment.name ?? '', 100),
		},
		language: single.language ?? resolving.language,
		refreshMs: single.refresh ?? defaultSettings.refreshMs,
		isReadOnly: (single.read_only ?? false) || resolving.isReadOnly || isSecretOpen,
		access: {
			...(single.access?.operators && {operators: single.access.operators}),
			...(single.access?.viewers && {viewers: single.access.viewers}),
		},
		docker: {
			...(host !== undefined && {host: clean(host, 400)}),
			...(context !== undefined && {context}),
			...(projects !== undefined && {projects}),
			isEnabled: single.docker?.enabled ?? true,
		},
		discovery: {isEnabled: single.discovery?.enabled ?? true},
		...(single.audit?.syslog === true && {audit: {isInSyslog: true}}),
		...(single.incidents?.keep !== undefined && {incidents: {keepMs: single.incidents.keep}}),
		services,
		...targets,
		rules,
		...resolveStorage(single.storage),
		...(merged.fileSets.length > 0 && {fileSets: merged.fileSets.map(entry => fileSetOf(entry))}),
		objectives: resolveObjectives(single.objectives ?? {}),
		schedules,
		notifications,
		contacts: merged.contacts.map(entry => resolveContact(entry)),
		links: merged.links.flatMap(({value: {title, url}, at}) => {
			if (url !== undefined) return [{title: clean(title, 200), url: clean(url, 2000)}];
			secrets.errors.push(missing(at, `links.${clean(title, 60)}.url`, 'url'));
			return [];
		}),
		files: resolving.files,
		problems: dedupe(secrets.problems),
	};
	return {settings, errors: [...merged.errors, ...errors, ...secrets.errors]};
}

/** Our own backups; absent where nothing is set, so that the defaults hold. */
function resolveStorage(storage: Merged['single']['storage'] = {}): Pick<Settings, 'storage'> {
	if (Object.keys(storage).length === 0) return {};
	const {backups, retention, hash_limit: hashLimit, max_age: maxAge} = storage;
	const {prove_within: proveWithin, assertions} = storage;
	return {
		storage: {
			...(backups !== undefined && {backups}),
			...(retention && {retention: retentionOf(retention)}),
			...(hashLimit !== undefined && {hashLimitBytes: hashLimit}),
			...(maxAge !== undefined && {maxAgeMs: maxAge}),
			...(proveWithin !== undefined && {proveWithinMs: proveWithin}),
			...(assertions && {assertions}),
		},
	};
}

function fileSetOf({value}: Merged['fileSets'][number]): FileSetChoice {
	const {id, folder, paths, exclude, max_bytes: maxBytes, secret: secrets} = value;
	return {
		id,
		...(folder !== undefined && {folder: folder.replace(/(?<=.)\/+$/, '')}),
		...(paths && {paths}),
		...(exclude && {exclude}),
		...(maxBytes !== undefined && {maxBytes}),
		...(secrets && {secrets}),
	};
}

type StorageConfig = NonNullable<Merged['single']['storage']>;

function retentionOf(retention: NonNullable<StorageConfig['retention']>): RetentionPolicy {
	const {keep_last: keepLast, daily, weekly, monthly} = retention;
	const {min_verified: minVerified, max_total: maxTotalBytes} = retention;
	return {
		...(keepLast !== undefined && {keepLast}),
		...(daily !== undefined && {daily}),
		...(weekly !== undefined && {weekly}),
		...(monthly !== undefined && {monthly}),
		...(minVerified !== undefined && {minVerified}),
		...(maxTotalBytes !== undefined && {maxTotalBytes}),
	};
}

function missing(
	at: {file: string; line: number; column: number},
	key: string,
	name: string,
): ConfigError {
	return {kind: 'missing-key', ...at, key, expected: expect('required', {name})};
}

function dedupe(problems: readonly Problem[]): readonly Problem[] {
	return [...new Map(problems.map(problem => [JSON.stringify(problem), problem])).values()];
}

function resolveService({value, at}: Merged['services'][number]): ExpectedService {
	return {
		name: value.name,
		...(value.title !== undefined && {title: clean(value.title, 200)}),
		...(value.port !== undefined && {port: value.port}),
		isCritical: value.critical ?? true,
		runtime: value.runtime ?? 'compose',
		provenance: clean(value.from ?? provenanceOf(at), 200),
	};
}

function resolveSchedule(
	{value, at}: Merged['schedules'][number],
	errors: ConfigError[],
): Schedule[] {
	if (value.cron === undefined) {
		errors.push(missing(at, `schedules.${value.id}.cron`, 'cron'));
		return [];
	}

	if (value.run !== undefined && parseCron(value.cron) === undefined) {
		const key = `schedules.${value.id}.cron`;
		errors.push({kind: 'invalid-value', ...at, key, expected: expect('cron')});
		return [];
	}

	return [
		{
			id: value.id,
			title: clean(value.title ?? value.id, 200),
			cron: value.cron.trim(),
			...(value.run !== undefined && {run: value.run}),
			...(value.owner !== undefined && {owner: clean(value.owner, 200)}),
			provenance: clean(value.from ?? provenanceOf(at), 200),
		},
	];
}

function resolveContact({value}: Merged['contacts'][number]): Contact {
	const respond = value.respond_within;
	return {
		name: clean(value.name, 200),
		role: clean(value.role ?? '', 200),
		reach: clean(value.reach ?? '', 200),
		...(respond !== undefined && {respondWithinMinutes: Math.round(respond / 60_000)}),
	};
}

function resolveObjectives(objectives: NonNullable<Merged['single']['objectives']>): Objectives {
	const percent = (text: string | undefined) =>
		text === undefined ? undefined : Number.parseFloat(text);
	const errorPercent = percent(objectives.error_rate);
	const availabilityPercent = percent(objectives.availability);
	return {
		...(objectives.p95 !== undefined && {p95Ms: objectives.p95}),
		...(errorPercent !== undefined && {errorPercent}),
		...(objectives.requests_per_second !== undefined && {
			requestsPerSecond: objectives.requests_per_second,
		}),
		...(availabilityPercent !== undefined && {availabilityPercent}),
		...(objectives.network_latency !== undefined && {networkLatencyMs: objectives.network_latency}),
		...(objectives.from !== undefined && {provenance: clean(objectives.from, 200)}),
	};
}
