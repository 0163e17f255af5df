import {clean} from './clean.ts';
import {composePlace, type ComposePlace} from './compose-place.ts';
import {containerFromInspect} from './container-facts.ts';
import type {Container} from './containers.ts';
import type {GateSample, HealthCheckTimes} from './health-gate.ts';
import {serverKind, serviceFacts} from './recognise.ts';
import {listOf, numberOf, objectOf, textOf, textsOf, withoutAbsent, type Json} from './unknown.ts';

/** What a service is, for how carefully it is ended. */
export type ServiceKind = 'postgres' | 'redis' | 'app';

/** A port that is bound on the host. */
export type PublishedPort = {
	readonly hostPort: number;
	readonly containerPort: number;
	readonly protocol: string;
};

/** Everything that an operation on a container has to know, from its inspection. */
export type ServiceContainer = {
	readonly container: Container;
	readonly kind: ServiceKind;
	/** The engine's own text of the start time, which tells one start from another. */
	readonly startedAt: string;
	/** When the run before ended, by the engine's wall clock, in ms; absent where there was none. */
	readonly finishedAtMs?: number;
	readonly restartPolicy: string;
	readonly stopSignal?: string;
	readonly stopTimeoutSeconds?: number;
	readonly isTerminal: boolean;
	/** `host`, a network's name, `container:<id>`. */
	readonly networkMode: string;
	readonly healthCheck?: HealthCheckTimes;
	readonly ports: readonly PublishedPort[];
	/** Whether a volume or a folder of the host holds its data. */
	readonly hasDataMount: boolean;
	/** The engine removes it when it ends (`--rm`). */
	readonly isRemovedAtEnd: boolean;
	/** What the engine said when it could not start it. */
	readonly error?: string;
	readonly compose?: ComposePlace;
};

const milliseconds = (nanoseconds: unknown) => Math.round((numberOf(nanoseconds) ?? 0) / 1e6);

/** Times of the health check with the engine's defaults (30 s, 30 s, 3); undefined where there is none. */
function healthCheckOf(config: Json): HealthCheckTimes | undefined {
	const check = objectOf(config['Healthcheck']);
	const [kind = 'NONE'] = textsOf(check['Test']);
	if (kind === 'NONE') return undefined;
	return {
		intervalMs: milliseconds(check['Interval']) || 30_000,
		timeoutMs: milliseconds(check['Timeout']) || 30_000,
		retries: numberOf(check['Retries']) || 3,
		startPeriodMs: milliseconds(check['StartPeriod']),
	};
}

function portsOf(hostConfig: Json, container: Container): readonly PublishedPort[] {
	// The running container knows the port that was chosen; a stopped one only what was asked for.
	const bound = container.ports.flatMap(({hostPort, containerPort, protocol}) =>
		hostPort !== undefined && hostPort > 0 ? [{hostPort, containerPort, protocol}] : [],
	);
	if (bound.length > 0) return bound;
	return Object.entries(objectOf(hostConfig['PortBindings'])).flatMap(([place, bindings]) => {
		const [port = '', protocol = 'tcp'] = place.split('/');
		return listOf(bindings)
			.map(binding => Number(textOf(objectOf(binding)['HostPort'])))
			.filter(hostPort => hostPort > 0)
			.map(hostPort => ({hostPort, containerPort: Number(port), protocol: clean(protocol, 10)}));
	});
}

/** Reads `GET /containers/{id}/json`. */
export function serviceContainer(inspection: unknown): ServiceContainer {
	const value = objectOf(inspection);
	const config = objectOf(value['Config']);
	const hostConfig = objectOf(value['HostConfig']);
	const state = objectOf(value['State']);
	const container = containerFromInspect(value, undefined);
	const error = clean(textOf(state['Error']), 300);
	// The engine's zero is in the year 1.
	const finishedAtMs = Date.parse(textOf(state['FinishedAt']));
	const stopSignal = clean(textOf(config['StopSignal']), 40);
	return withoutAbsent({
		container,
		kind: serverKind(serviceFacts(value, container)) ?? 'app',
		startedAt: clean(textOf(state['StartedAt']), 60),
		finishedAtMs: finishedAtMs > 0 ? finishedAtMs : undefined,
		restartPolicy: container.restartPolicy ?? 'no',
		stopSignal: stopSignal === '' ? undefined : stopSignal,
		stopTimeoutSeconds: numberOf(config['StopTimeout']),
		isTerminal: config['Tty'] === true,
		networkMode: clean(textOf(hostConfig['NetworkMode']), 200),
		healthCheck: healthCheckOf(config),
		ports: portsOf(hostConfig, container),
		hasDataMount: listOf(value['Mounts']).some(mount => objectOf(mount)['RW'] === true),
		isRemovedAtEnd: hostConfig['AutoRemove'] === true,
		error: error === '' ? undefined : error,
		compose: composePlace(objectOf(config['Labels'])),
	});
}

/** When the newest health check of an inspection began, by the engine's clock; 0 where there was none. */
export function lastCheckMs(inspection: unknown): number {
	const state = objectOf(objectOf(inspection)['State']);
	const log = listOf(objectOf(state['Health'])['Log']).map(objectOf);
	return Date.parse(textOf(log.at(-1)?.['Start'])) || 0;
}

/** Good checks in a row at the end of the health log that began after the start. The engine keeps five entries. */
function healthyInRow(state: Json, afterMs: number): number {
	const startedAtMs = Math.max(Date.parse(textOf(state['StartedAt'])), afterMs + 1);
	const log = listOf(objectOf(state['Health'])['Log']).map(objectOf);
	const lastBad = log.findLastIndex(
		entry => entry['ExitCode'] !== 0 || Date.parse(textOf(entry['Start'])) < startedAtMs,
	);
	return log.length - 1 - lastBad;
}

/** One look for the health gate, from an inspection; undefined means that the container is gone. */
export function gateSample(
	inspection: unknown,
	{
		lastCheckMs: afterMs = 0,
		...look
	}: {
		readonly atMs: number;
		readonly probe: GateSample['probe'];
		/** Health checks that began so early count for nothing; by the engine's clock. */
		readonly lastCheckMs?: number | undefined;
	},
): GateSample {
	const state = objectOf(objectOf(inspection)['State']);
	if (inspection === undefined) {
		const none = {startedAt: '', restartCount: 0, healthyInRow: 0, isOutOfMemory: false};
		return {...look, ...none, state: 'gone', health: 'none'};
	}

	const container = containerFromInspect(inspection, undefined);
	return {
		...look,
		state: container.state,
		startedAt: clean(textOf(state['StartedAt']), 60),
		restartCount: container.restartCount,
		health: container.health,
		healthyInRow: healthyInRow(state, afterMs),
		isOutOfMemory: container.oomKilled,
		...(container.exitCode !== undefined && {exitCode: container.exitCode}),
	};
}
