import type {Alert, Recovery} from '../domain/alerts.ts';
import type {Container, Usage} from '../domain/containers.ts';
import type {EndpointValue} from '../domain/endpoint.ts';
import type {ErrorGroup} from '../domain/errors.ts';
import {compareLevels, type Level, worst} from '../domain/level.ts';
import {lostServices, type LostService} from '../domain/lost-services.ts';
import {type Reading, valueOf} from '../domain/reading.ts';
import type {SourceId, SourceValues} from '../domain/source-values.ts';
import {remember} from './remember.ts';
import {
	type ContainerSort,
	type Data,
	type PanelId,
	panels,
	type Screen,
	type State,
} from './state.ts';

/** The data that is on the screen: frozen if the operator froze it. */
export function shown(state: State): Data {
	return state.frozen ?? state.data;
}

/** The screen on top. */
export function currentScreen(state: State): Screen {
	return state.ui.screens.at(-1) ?? {kind: 'dashboard'};
}

/** The target of the sources that exist once. */
export const engineTarget = 'engine';
export const hostTarget = 'host';
export const logsTarget = 'logs';

/** The reading of a source that exists once on a host. */
export function single<Id extends SourceId>(
	data: Data,
	source: Id,
): Reading<SourceValues[Id]> | undefined {
	return Object.values(data.readings[source])[0];
}

/** The Compose services that should have a container and have none. */
export function lostOf({data, settings}: State): readonly LostService[] {
	const containers = valueOf(single(data, 'docker.containers'))?.containers ?? [];
	return lostServices({containers, seen: data.seenServices, expected: settings.services});
}

/** Which panels have something to show; one without a target takes no space. */
export function visiblePanels(data: Data): readonly PanelId[] {
	const {targets} = data;
	const found = (area: 'postgres' | 'redis') =>
		targets[area].length > 0 ||
		targets.missing.some(missing => missing.area === area && missing.name !== 'host');
	return panels.filter(panel => {
		if (panel === 'postgres') return found('postgres');
		if (panel === 'redis') return found('redis');
		return true;
	});
}

/** The raised alerts, worst first, then oldest. */
export const raisedAlerts: (data: Data) => readonly Alert[] = remember(
	data => [data.alerts],
	({alerts}) =>
		alerts
			.filter(alert => !alert.isPending && alert.level !== 'ok')
			.toSorted((a, b) => compareLevels(a.level, b.level) || a.sinceMs - b.sinceMs),
);

/** What crosses its threshold but not yet for its hold time, worst first, then oldest. */
export const pendingAlerts: (data: Data) => readonly Alert[] = remember(
	data => [data.alerts],
	({alerts}) =>
		alerts
			.filter(alert => alert.isPending && alert.level !== 'ok')
			.toSorted((a, b) => compareLevels(a.level, b.level) || a.sinceMs - b.sinceMs),
);

/** How many thresholds are crossed, but not yet for their hold time; what is only unknown is not counted. */
export function pendingCount(data: Data): number {
	return pendingAlerts(data).filter(({level}) => level !== 'unknown').length;
}

/** The raised alerts by what they are about, so that a view does not search all of them for each of its rows. */
export type AlertIndex = {
	/** Worst level of a metric of a target, over one subject or all of them. */
	levelOf(metric: string, target?: string, subject?: string): Level;
	/** Worst level of a container's own metrics, by the name of the container. */
	ofContainer(name: string): Level;
	/** Worst level of a container and of the addresses of its probes whose hold time is not over. */
	pendingOf(name: string, targets: readonly string[]): Level;
	/** Worst level of everything about a target. */
	ofTarget(target: string): Level;
};

/** Indexes the raised alerts; computed once for each set of alerts. */
export const alertIndex: (data: Data) => AlertIndex = remember(
	data => [data.alerts],
	data => {
		const levels = new Map<string, Level>();
		const add = (key: string, level: Level) => {
			levels.set(key, worst([level, levels.get(key) ?? 'ok']));
		};
		for (const {metric, target, subject, level} of raisedAlerts(data)) {
			add(`metric ${metric}`, level);
			add(`metric ${metric} ${target}`, level);
			add(`metric ${metric} ${target} ${subject}`, level);
			add(`target ${target}`, level);
			if (metric.startsWith('container.')) add(`container ${subject}`, level);
		}

		for (const {metric, target, subject, level} of pendingAlerts(data)) {
			if (metric.startsWith('container.')) add(`pending container ${subject}`, level);
			if (metric.startsWith('endpoint.')) add(`pending endpoint ${target}`, level);
		}

		const get = (...parts: readonly (string | undefined)[]) =>
			levels.get(parts.filter(part => part !== undefined).join(' ')) ?? 'ok';
		return {
			levelOf: (metric, target, subject) => get('metric', metric, target, subject),
			ofContainer: name => get('container', name),
			pendingOf: (name, targets) =>
				worst([
					get('pending', 'container', name),
					...targets.map(target => get('pending', 'endpoint', target)),
				]),
			ofTarget: target => get('target', target),
		};
	},
);

/** Areas of metric names that belong to each panel. */
const areasOf: Readonly<Record<PanelId, readonly string[]>> = {
	containers: ['container', 'endpoint'],
	host: ['host'],
	postgres: ['postgres'],
	redis: ['redis'],
	errors: ['errors'],
	backups: ['backup', 'schedule'],
};

/** The sources whose failure makes a panel's level unknown. */
const sourcesOf: Readonly<Record<PanelId, readonly SourceId[]>> = {
	containers: ['docker.containers'],
	host: ['host.load'],
	postgres: ['postgres.activity'],
	redis: ['redis.server'],
	errors: ['logs.errors'],
	backups: ['backups.set'],
};

/** The level of a panel: its worst raised alert, unknown where a reading is missing, old or failed. */
export function panelLevel(data: Data, panel: PanelId): Level {
	return panelLevels(data)[panel];
}

const panelLevels: (data: Data) => Readonly<Record<PanelId, Level>> = remember(
	data => [data.alerts, data.readings, data.targets],
	data => {
		const level = (panel: PanelId) => {
			const fromAlerts = raisedAlerts(data)
				.filter(alert => areasOf[panel].includes(alert.metric.split('.')[0] ?? ''))
				.map(alert => alert.level);
			const fromReadings = sourcesOf[panel].flatMap(source =>
				Object.values<Reading<unknown>>(data.readings[source]).map(reading =>
					readingLevel(source, reading),
				),
			);
			return worst([...fromAlerts, ...fromReadings, ...fromSilence(data, panel)]);
		};
		return {
			containers: level('containers'),
			host: level('host'),
			postgres: level('postgres'),
			redis: level('redis'),
			errors: level('errors'),
			backups: level('backups'),
		};
	},
);

/** What is watched and has no reading yet, or was looked for and not found, is no good news. */
function fromSilence(data: Data, panel: PanelId): readonly Level[] {
	const ids: Readonly<Record<PanelId, readonly string[]>> = {
		containers: [],
		host: [hostTarget],
		postgres: data.targets.postgres.map(target => target.id),
		redis: data.targets.redis.map(target => target.id),
		errors: [logsTarget],
		backups: data.targets.backups.map(target => target.id),
	};
	const [source] = sourcesOf[panel];
	const readings = source ? data.readings[source] : {};
	const isSilent = ids[panel].some(id => !Object.hasOwn(readings, id));
	const isMissed =
		(panel === 'postgres' || panel === 'redis') &&
		data.targets.missing.some(({area, name}) => area === panel && name !== hostTarget);
	return isSilent || isMissed ? ['unknown'] : [];
}

/** Sources that are a server: one that does not answer is bad news; anything else that cannot be read is unknown. */
const servers: ReadonlySet<SourceId> = new Set([
	'docker.containers',
	'postgres.activity',
	'redis.server',
	'http.endpoint',
]);

/** The level that a reading has by itself. A host that has no Docker lacks nothing. */
export function readingLevel(source: SourceId, reading: Reading<unknown> | undefined): Level {
	switch (reading?.kind) {
		case 'fresh':
			return 'ok';
		case 'waiting':
		case undefined:
			return 'unknown';
		case 'stale':
		case 'failed':
			if (reading.problem.code === 'docker-not-installed') return 'ok';
			// A database that is closed for its own restore is expected; how it is then is not known.
			if (reading.problem.code === 'postgres-restoring') return 'unknown';
			return servers.has(source) ? 'crit' : 'unknown';
	}
}

/** The worst level of all panels that are shown. */
export function overallLevel(data: Data): Level {
	return worst(visiblePanels(data).map(panel => panelLevel(data, panel)));
}

/** The recovery of a set of alerts: only where all of them fall back, until the last of them is over. */
function recoveryOfAll(alerts: readonly Alert[]): Recovery | undefined {
	const recoveries = alerts.map(({recovery}) => recovery);
	if (recoveries.length === 0 || recoveries.includes(undefined)) return undefined;
	const ends = recoveries.map(recovery => recovery?.untilMs);
	return ends.every(end => end !== undefined) ? {untilMs: Math.max(...ends)} : {};
}

/** Whether everything that makes the worst level falls back, and until when it is held; undefined where something does not. */
export const overallRecovery: (data: Data) => Recovery | undefined = remember(
	data => [data.alerts, data.readings, data.targets],
	data => {
		const level = overallLevel(data);
		if (level !== 'warn' && level !== 'crit') return undefined;
		const isSilent = visiblePanels(data)
			.flatMap(panel => sourcesOf[panel])
			.some(source =>
				Object.values<Reading<unknown>>(data.readings[source]).some(
					reading => readingLevel(source, reading) === level,
				),
			);
		return isSilent
			? undefined
			: recoveryOfAll(raisedAlerts(data).filter(alert => alert.level === level));
	},
);

/** Age of the oldest fast reading on the screen in ms; absent before the first. */
export function dataAgeMs(data: Data): number | undefined {
	const fast = ['docker.containers', 'host.load', 'postgres.activity', 'redis.server'] as const;
	const ages = fast.flatMap(source =>
		source === 'docker.containers'
			? []
			: Object.values<Reading<unknown>>(data.readings[source]).flatMap(reading =>
					reading.kind === 'fresh' || reading.kind === 'stale' ? [data.nowMs - reading.atMs] : [],
				),
	);
	return ages.length > 0 ? Math.max(0, ...ages) : undefined;
}

/** One row of the container list. */
export type ContainerRow = {
	readonly container: Container;
	readonly usage: Usage | undefined;
	readonly level: Level;
	/** Worst level that is about to be raised. */
	readonly pending: Level;
	/** Probes of this service. */
	readonly endpoints: readonly EndpointValue[];
	/** What makes its level falls back. */
	readonly recovery?: Recovery;
};

/** Whether a text passes the filter; `!text` inverts it, case does not matter. */
export function passes(filter: string, ...texts: readonly string[]): boolean {
	if (filter === '' || filter === '!') return true;
	const isInverse = filter.startsWith('!');
	const wanted = (isInverse ? filter.slice(1) : filter).toLowerCase();
	return texts.some(text => text.toLowerCase().includes(wanted)) !== isInverse;
}

/** Whether a container does nothing now: that is a cause, while what runs and is unhealthy may only follow from it. */
export function isStopped({state, isCrashLooping}: Container): boolean {
	return isCrashLooping || (state !== 'running' && state !== 'removing');
}

/**
 * How bad a row is for the order of the list. That a container stopped, is unhealthy or does not answer is a fact at
 * once, whatever the hold time of its alert; any other pending figure may be a peak.
 */
export function urgencyOf({container, level, pending, endpoints}: ContainerRow): Level {
	const isFact =
		isStopped(container) ||
		container.health === 'unhealthy' ||
		endpoints.some(endpoint => !endpoint.isUp);
	return isFact && pending !== 'unknown' ? worst([level, pending]) : level;
}

function compareRows(sort: ContainerSort): (a: ContainerRow, b: ContainerRow) => number {
	const byName = (a: ContainerRow, b: ContainerRow) =>
		a.container.key < b.container.key ? -1 : a.container.key > b.container.key ? 1 : 0;
	const stopped = (row: ContainerRow) => Number(isStopped(row.container));
	const by = (figure: (row: ContainerRow) => number) => (a: ContainerRow, b: ContainerRow) =>
		figure(b) - figure(a) || byName(a, b);
	switch (sort) {
		case 'trouble':
			return (a, b) =>
				compareLevels(urgencyOf(a), urgencyOf(b)) ||
				(urgencyOf(a) === 'ok' ? 0 : stopped(b) - stopped(a)) ||
				byName(a, b);
		case 'name':
			return byName;
		case 'cpu':
			return by(row => row.usage?.cpuPercent ?? -1);
		case 'memory':
			return by(row => row.usage?.memoryUsedBytes ?? -1);
		case 'restarts':
			return by(row => row.container.restartCount);
		case 'uptime':
			return by(row => row.container.startedAtMs ?? 0);
	}
}

/** The raised alerts about a container and the addresses that are probed in it. */
function alertsOf(data: Data, name: string, probes: readonly Probe[]): readonly Alert[] {
	return raisedAlerts(data).filter(({metric, target, subject}) =>
		metric.startsWith('container.') ? subject === name : probes.some(({id}) => id === target),
	);
}

/** A row for every container, not filtered, in the order of the engine. */
export const allContainerRows: (data: Data) => readonly ContainerRow[] = remember(
	data => [
		data.readings['docker.containers'],
		data.readings['docker.usage'],
		data.readings['http.endpoint'],
		data.targets.endpoints,
		data.alerts,
	],
	data => {
		const containers = valueOf(single(data, 'docker.containers'))?.containers ?? [];
		const usage = valueOf(single(data, 'docker.usage'))?.byId ?? {};
		const probes = probesByContainer(data);
		const index = alertIndex(data);
		return containers.map(container => {
			const own = probes.get(container.name) ?? [];
			const level = worst([
				index.ofContainer(container.name),
				...own.map(probe => index.ofTarget(probe.id)),
			]);
			const recovery =
				level === 'ok' || level === 'unknown'
					? undefined
					: recoveryOfAll(alertsOf(data, container.name, own).filter(one => one.level === level));
			return {
				container,
				usage: usage[container.id],
				level,
				...(recovery && {recovery}),
				pending: index.pendingOf(
					container.name,
					own.map(probe => probe.id),
				),
				endpoints: own.flatMap(probe => probe.value ?? []),
			};
		});
	},
);

/** The rows of the container list as filtered and sorted. */
export const containerRows: (state: State) => readonly ContainerRow[] = remember(
	state => {
		const {filter, isTroubleOnly, sort, isReversed} = state.ui;
		return [allContainerRows(shown(state)), filter, isTroubleOnly, sort, isReversed];
	},
	state => {
		const {filter, isTroubleOnly, sort, isReversed} = state.ui;
		const rows = allContainerRows(shown(state))
			.filter(row => !isTroubleOnly || urgencyOf(row) !== 'ok')
			.filter(({container}) =>
				passes(filter, container.name, container.key, container.image, container.state),
			)
			.toSorted(compareRows(sort));
		return isReversed ? rows.toReversed() : rows;
	},
);

/** One probed address with what is known about it. */
export type Probe = {
	readonly id: string;
	readonly url: string;
	readonly containerName: string | undefined;
	readonly reading: Reading<EndpointValue> | undefined;
	readonly value: EndpointValue | undefined;
	readonly level: Level;
};

/** Every probed address, those in trouble first. */
export const probeRows: (data: Data) => readonly Probe[] = remember(
	data => [data.readings['http.endpoint'], data.targets.endpoints, data.alerts],
	data => {
		const index = alertIndex(data);
		return data.targets.endpoints
			.map((target): Probe => {
				const reading = data.readings['http.endpoint'][target.id];
				const value = valueOf(reading);
				return {
					id: target.id,
					url: value?.url ?? target.id,
					containerName: target.container?.containerName,
					reading,
					value,
					level: worst([
						index.ofTarget(target.id),
						value && !value.isUp ? 'warn' : 'ok',
						value ? 'ok' : 'unknown',
					]),
				};
			})
			.toSorted((a, b) => compareLevels(a.level, b.level));
	},
);

function probesByContainer(data: Data): ReadonlyMap<string, readonly Probe[]> {
	const result = new Map<string, Probe[]>();
	for (const probe of probeRows(data)) {
		if (probe.containerName === undefined) continue;
		result.set(probe.containerName, [...(result.get(probe.containerName) ?? []), probe]);
	}

	return result;
}

const severityOrder: Readonly<Record<ErrorGroup['severity'], number>> = {
	fatal: 0,
	error: 1,
	warning: 2,
};

/** Whether containers of several Compose projects are watched: then the name of a service alone says too little. */
export function hasSeveralProjects(data: Data): boolean {
	const projects = allContainerRows(data).flatMap(({container}) => container.project ?? []);
	return new Set(projects).size > 1;
}

/** The error groups as filtered: fatal ones, errors, then warnings, each with the newest first. */
export const errorRows: (state: State) => readonly ErrorGroup[] = remember(
	state => [single(shown(state), 'logs.errors'), state.ui.filter, state.ui.isTroubleOnly],
	state =>
		(valueOf(single(shown(state), 'logs.errors'))?.groups ?? [])
			.filter(group => !state.ui.isTroubleOnly || group.severity !== 'warning')
			.filter(({example, signature, project = '', services}) =>
				passes(state.ui.filter, example, signature, project, ...services),
			)
			.toSorted(
				(a, b) => severityOrder[a.severity] - severityOrder[b.severity] || b.lastAtMs - a.lastAtMs,
			),
);

/**
 * The alerts as filtered. Of the figures of one target that are not known only the first is a row, so that a server
 * that does not answer does not push real alerts away; a backup set that cannot be read has its own line.
 */
export const alertRows: (state: State) => readonly Alert[] = remember(
	state => {
		const data = shown(state);
		return [raisedAlerts(data), data.readings['backups.set'], state.ui.filter];
	},
	state => {
		const data = shown(state);
		const seen = new Set<string>();
		return raisedAlerts(data)
			.filter(({level, target}) => {
				if (level !== 'unknown') return true;
				if (data.readings['backups.set'][target]?.kind === 'failed' || seen.has(target))
					return false;
				seen.add(target);
				return true;
			})
			.filter(alert => passes(state.ui.filter, alert.metric, alert.subject, alert.target));
	},
);

/** How many figures of a target are not known. */
export function unknownCount(data: Data, target: string): number {
	return raisedAlerts(data).filter(alert => alert.level === 'unknown' && alert.target === target)
		.length;
}

/** The keys of a panel's list in the order shown; empty for a panel without a list. */
export function listKeys(state: State, panel: PanelId): readonly string[] {
	switch (panel) {
		case 'containers':
			return containerRows(state).map(row => row.container.key);
		case 'errors':
			return errorRows(state).map(group => group.id);
		case 'backups':
			return alertRows(state).map(alert => alert.id);
		case 'host':
		case 'postgres':
		case 'redis':
			return [];
	}
}

/** The selected key of a list: the chosen one where it is still there, else the first. */
export function selectedKey(state: State, panel: PanelId): string | undefined {
	const keys = listKeys(state, panel);
	const chosen = state.ui.selected[panel];
	return chosen !== undefined && keys.includes(chosen) ? chosen : keys[0];
}

/** The targets between which `[` and `]` switch in a panel. */
export function targetIds(data: Data, panel: PanelId): readonly string[] {
	if (panel === 'postgres') return data.targets.postgres.map(target => target.id);
	if (panel === 'redis') return data.targets.redis.map(target => target.id);
	return [];
}

/** The target that a panel shows: the chosen one, else the one in the worst state. */
export function chosenTarget(state: State, panel: 'postgres' | 'redis'): string | undefined {
	const data = shown(state);
	const ids = targetIds(data, panel);
	const chosen = state.ui.chosen[panel];
	if (chosen !== undefined && ids.includes(chosen)) return chosen;
	const source = panel === 'postgres' ? 'postgres.activity' : 'redis.server';
	const index = alertIndex(data);
	const level = (id: string): Level => {
		const reading: Reading<unknown> | undefined = data.readings[source][id];
		return worst([readingLevel(source, reading), index.ofTarget(id)]);
	};
	return ids.toSorted((a, b) => compareLevels(level(a), level(b)))[0];
}

/** What the operator looks at in depth, beyond what is always read. */
export type Look =
	| {readonly kind: 'nothing'}
	| {readonly kind: 'container'; readonly key: string}
	| {readonly kind: 'host'}
	| {readonly kind: 'redis'; readonly id: string};

/** What has to be read on demand for the screen on top. */
export function lookOf(state: State): Look {
	const screen = currentScreen(state);
	if (screen.kind === 'container') return {kind: 'container', key: screen.key};
	if (screen.kind === 'panel' && screen.panel === 'host') return {kind: 'host'};
	if (screen.kind === 'panel' && screen.panel === 'redis') {
		const id = chosenTarget(state, 'redis');
		if (id !== undefined) return {kind: 'redis', id};
	}

	return {kind: 'nothing'};
}

/** The container of a name, as a screen. */
function containerScreen(data: Data, name: string | undefined): Screen | undefined {
	const found = allContainerRows(data).find(row => row.container.name === name);
	return found && {kind: 'container', key: found.container.key};
}

/** Where the evidence of an alert is: its container, else the panel of its area. */
export function evidenceOf(data: Data, alert: Alert): Screen {
	const area = alert.metric.split('.')[0] ?? '';
	const target = data.targets.endpoints.find(endpoint => endpoint.id === alert.target);
	const name = area === 'container' ? alert.subject : target?.container?.containerName;
	const panel = panels.find(candidate => areasOf[candidate].includes(area)) ?? 'backups';
	return containerScreen(data, name) ?? {kind: 'panel', panel};
}

/** The container whose log an error group comes from; absent where its service is none. */
export function containerOfErrors(data: Data, group: ErrorGroup): Screen | undefined {
	const {project} = group;
	const names = data.targets.logs.flatMap(log =>
		log.from.kind === 'container' &&
		group.services.includes(log.service) &&
		log.from.container.project === project
			? [log.from.container.containerName]
			: [],
	);
	// A log of the host may be that of a service of any project; a group of a project is of no other.
	const rows = allContainerRows(data).filter(
		({container}) => project === undefined || container.project === project,
	);
	const row =
		rows.find(({container}) => names.includes(container.name)) ??
		rows.find(
			({container: {service, name}}) =>
				group.services.includes(name) ||
				(service !== undefined && group.services.includes(service)),
		);
	return row && {kind: 'container', key: row.container.key};
}
