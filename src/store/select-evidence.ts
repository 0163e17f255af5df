import type {Alert} from '../domain/alerts.ts';
import type {ErrorGroup} from '../domain/errors.ts';
import {allContainerRows} from './select-containers.ts';
import {areasOf} from './select-levels.ts';
import {type Data, panels, type Screen} from './state.ts';

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
