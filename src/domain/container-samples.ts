import type {Container, ContainersValue, ContainerUsageValue} from './containers.ts';
import type {MetricId, Sample} from './metrics.ts';
import {oomKillOf} from './oom-kill.ts';
import type {ExpectedService} from './settings.ts';

/** What the samples of containers need besides the value itself. */
export type SampleContext = {
	/** Services that the configuration expects; those of other runtimes than Compose are not judged here. */
	readonly services?: readonly ExpectedService[];
	/** The containers, to name the ones whose usage was measured. */
	readonly containers?: ContainersValue;
};

/** Whether a container belongs to an expected service, by Compose service or container name. */
function belongsTo(container: Container, service: ExpectedService): boolean {
	return container.service === service.name || container.name === service.name;
}

/** Whether the restart policy says that the container should run now. */
function shouldRestart(container: Container): boolean | undefined {
	const hasFailed = container.exitCode !== undefined && container.exitCode !== 0;
	switch (container.restartPolicy) {
		case undefined:
			return container.isInspected ? hasFailed : hasFailed || undefined;
		case 'always':
		case 'unless-stopped':
			return true;
		default:
			// `no` and `on-failure`: a one-shot container that ended with 0 did its work.
			return hasFailed;
	}
}

/**
 * Whether a container is down: not running while it should. That is: it exited with another code than 0; or its
 * restart policy is always or unless-stopped; or the configuration expects its service and no other container of the
 * service runs; or it is paused, restarting, or the dead container of a Compose service. `undefined` while the engine
 * was not asked for the details.
 */
export function isDown(container: Container, isExpected: boolean): boolean | undefined {
	switch (container.state) {
		case 'running':
		case 'removing':
			return false;
		case 'restarting':
		case 'paused':
			return true;
		case 'dead':
			return isExpected || container.service !== undefined ? true : shouldRestart(container);
		case 'created':
		case 'exited':
			return isExpected ? true : shouldRestart(container);
	}
}

/** A state metric of a yes, a no or a not known. */
function state(isBad: boolean | undefined): number | undefined {
	return isBad === undefined ? undefined : Number(isBad);
}

/** One sample of a container, with the other names that rules may use for it. */
function sampleOf(
	target: string,
	container: Container,
	metric: MetricId,
	{value, sinceMs}: Pick<Sample, 'value' | 'sinceMs'>,
): Sample {
	const aliases = [container.service, container.key].filter(
		(name): name is string => name !== undefined && name !== container.name,
	);
	return {
		metric,
		target,
		subject: container.name,
		...(aliases.length > 0 && {aliases}),
		value,
		...(sinceMs !== undefined && {sinceMs}),
	};
}

/** Whether a kill for lack of memory still counts (`oomKillOf`), with the moment at which it stops to. */
function oomSample(target: string, container: Container): Sample {
	const kill = oomKillOf(container);
	const {atMs: sinceMs, untilMs: heldUntilMs, isOver} = kill ?? {};
	return {
		...sampleOf(target, container, 'container.oom-killed', {
			value: state(kill !== undefined),
			...(sinceMs !== undefined && {sinceMs}),
		}),
		...(heldUntilMs !== undefined && {heldUntilMs}),
		...(isOver && {isOver}),
	};
}

/** State samples of all containers, and `container.down` for every critical service that has no container at all. */
export function containerSamples(
	target: string,
	value: ContainersValue,
	context: SampleContext,
): readonly Sample[] {
	// The system works without a service that is not critical; where it runs, its own restart policy judges it.
	const expected = (context.services ?? []).filter(
		service => service.runtime === 'compose' && service.isCritical,
	);
	const isMissed = (container: Container) =>
		expected.some(
			service =>
				belongsTo(container, service) &&
				!value.containers.some(
					other =>
						// The same service of another project is another system's.
						other.project === container.project &&
						belongsTo(other, service) &&
						other.state === 'running',
				),
		);
	// What helps an operation comes and goes with it.
	const watched = value.containers.filter(({operation}) => operation === undefined);
	const samples = watched.flatMap(container => {
		const {finishedAtMs, state: status} = container;
		const put = (metric: MetricId, figure: number | undefined, sinceMs?: number) =>
			sampleOf(target, container, metric, {value: figure, ...(sinceMs !== undefined && {sinceMs})});
		const stoppedAtMs = status === 'exited' || status === 'dead' ? finishedAtMs : undefined;
		const hasCheck = container.state === 'running' && container.health !== 'none';
		return [
			put('container.down', state(isDown(container, isMissed(container))), stoppedAtMs),
			...(hasCheck ? [put('container.unhealthy', state(container.health === 'unhealthy'))] : []),
			put('container.crash-loop', state(container.isCrashLooping)),
			oomSample(target, container),
			put('container.restarts', container.recentRestarts),
		];
	});
	const absent = expected
		.filter(service => !value.containers.some(container => belongsTo(container, service)))
		.map(service => ({
			metric: 'container.down' as const,
			target,
			subject: service.name,
			value: 1,
		}));
	return [...samples, ...absent];
}

/** Usage samples of the running containers; memory only where a limit is set. */
export function usageSamples(
	target: string,
	value: ContainerUsageValue,
	context: SampleContext,
): readonly Sample[] {
	const containers = context.containers?.containers ?? [];
	return containers.flatMap(container => {
		const usage = value.byId[container.id];
		if (usage === undefined || container.operation !== undefined) return [];
		const limit = usage.memoryLimitBytes;
		return [
			sampleOf(target, container, 'container.cpu', {value: usage.cpuPercent}),
			...(limit !== undefined && limit > 0
				? [
						sampleOf(target, container, 'container.memory', {
							value: (usage.memoryUsedBytes / limit) * 100,
						}),
					]
				: []),
		];
	});
}
