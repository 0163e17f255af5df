import type {Recovery} from '../domain/alerts.ts';
import {type Level, worst} from '../domain/level.ts';
import type {Reading} from '../domain/reading.ts';
import type {SourceId} from '../domain/source-values.ts';
import {remember} from './remember.ts';
import {raisedAlerts, recoveryOfAll} from './select-alerts.ts';
import {hostTarget, logsTarget, visiblePanels} from './select.ts';
import type {Data, PanelId} from './state.ts';

/** Areas of metric names that belong to each panel. */
export const areasOf: Readonly<Record<PanelId, readonly string[]>> = {
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
