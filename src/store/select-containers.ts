import type {Alert, Recovery} from '../domain/alerts.ts';
import type {Container, Usage} from '../domain/containers.ts';
import type {EndpointValue} from '../domain/endpoint.ts';
import {compareLevels, type Level, worst} from '../domain/level.ts';
import {valueOf} from '../domain/reading.ts';
import {passes} from './filter.ts';
import {remember} from './remember.ts';
import {alertIndex, raisedAlerts, recoveryOfAll} from './select-alerts.ts';
import {type Probe, probesByContainer} from './select-probes.ts';
import {shown, single} from './select.ts';
import type {ContainerSort, Data, State} from './state.ts';

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

/** Whether containers of several Compose projects are watched: then the name of a service alone says too little. */
export function hasSeveralProjects(data: Data): boolean {
	const projects = allContainerRows(data).flatMap(({container}) => container.project ?? []);
	return new Set(projects).size > 1;
}
