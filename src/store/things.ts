import type {Container} from '../domain/containers.ts';
import {allContainerRows} from './select-containers.ts';
import {containerOfErrors, evidenceOf} from './select-evidence.ts';
import {alertRows, errorRows, selectedKey} from './select-lists.ts';
import {chosenTarget} from './select-look.ts';
import {currentScreen, shown} from './select.ts';
import type {PanelId, Screen, State} from './state.ts';

/** What an action is done to, by what identifies it: a menu stays with it while lists change. */
export type Thing =
	| {
			readonly kind: 'container';
			readonly key: string;
			/** The very container; another one under the same name is another thing. */
			readonly id: string;
			readonly name: string;
			readonly project?: string;
			readonly service?: string;
	  }
	| {readonly kind: 'postgres'; readonly id: string}
	| {readonly kind: 'redis'; readonly id: string}
	| {
			readonly kind: 'backups';
			/** The backup set that was selected, where one was. */
			readonly set?: string;
	  }
	| {readonly kind: 'host'}
	| {
			readonly kind: 'stack';
			/** Compose project. */
			readonly project: string;
	  };

/** The container of a thing, if it is still the very one. */
export function containerOf(
	state: State,
	thing: Thing & {readonly kind: 'container'},
): Container | undefined {
	return allContainerRows(state.data).find(({container}) => container.id === thing.id)?.container;
}

function containerThing(state: State, key: string | undefined): readonly Thing[] {
	const row = allContainerRows(shown(state)).find(({container}) => container.key === key);
	if (!row) return [];
	const {container} = row;
	const {targets} = state.data;
	const isIn = (target: {readonly container?: {readonly containerId: string}}) =>
		target.container?.containerId === container.id;
	return [
		{
			kind: 'container',
			key: container.key,
			id: container.id,
			name: container.name,
			...(container.project === undefined ? {} : {project: container.project}),
			...(container.service === undefined ? {} : {service: container.service}),
		},
		...targets.postgres.filter(isIn).map(({id}): Thing => ({kind: 'postgres', id})),
		...targets.redis.filter(isIn).map(({id}): Thing => ({kind: 'redis', id})),
	];
}

/** The Compose projects that run here. */
export function projectsHere(state: State): readonly string[] {
	return [
		...new Set(allContainerRows(state.data).flatMap(({container}) => container.project ?? [])),
	].sort();
}

/** Everything at once: each Compose project, the backups and the host. */
export function stackThings(state: State): readonly Thing[] {
	return [
		...projectsHere(state).map((project): Thing => ({kind: 'stack', project})),
		{kind: 'backups'},
		{kind: 'host'},
	];
}

function serverThing(state: State, kind: 'postgres' | 'redis'): readonly Thing[] {
	const id = chosenTarget(state, kind);
	if (id !== undefined) return [{kind, id}];
	// A server whose container is stopped is no target; what can be done about that is done to the container.
	const stopped = state.data.targets.missing
		.filter(({area, problem}) => area === kind && problem.code === 'discovery-stopped')
		.map(({problem}) => problem.params['name']);
	return allContainerRows(shown(state))
		.filter(({container}) => stopped.includes(container.name))
		.flatMap(({container}) => containerThing(state, container.key));
}

function ofEvidence(state: State, screen: Screen | undefined): readonly Thing[] {
	if (screen?.kind === 'container') return containerThing(state, screen.key);
	if (screen?.kind !== 'panel') return [];
	if (screen.panel === 'postgres' || screen.panel === 'redis')
		return serverThing(state, screen.panel);
	return screen.panel === 'host' ? [{kind: 'host'}] : [];
}

function ofPanel(state: State, panel: PanelId): readonly Thing[] {
	const data = shown(state);
	const selected = selectedKey(state, panel);
	switch (panel) {
		case 'containers':
			return containerThing(state, selected);
		case 'host':
			return [{kind: 'host'}];
		case 'postgres':
		case 'redis':
			return serverThing(state, panel);
		case 'errors': {
			const group = errorRows(state).find(({id}) => id === selected);
			return ofEvidence(state, group && containerOfErrors(data, group));
		}

		case 'backups': {
			const alert = alertRows(state).find(({id}) => id === selected);
			const set = data.targets.backups.find(({id}) => id === alert?.target)?.id;
			return [
				{kind: 'backups', ...(set === undefined ? {} : {set})},
				...ofEvidence(state, alert && evidenceOf(data, alert)),
			];
		}
	}
}

/** What `a` is about: the selected thing, what lives in it, and last the stack it belongs to. */
export function thingsHere(state: State): readonly Thing[] {
	const screen = currentScreen(state);
	const own =
		screen.kind === 'container'
			? containerThing(state, screen.key)
			: ofPanel(state, screen.kind === 'panel' ? screen.panel : state.ui.focus);
	const projects = own.flatMap(thing => (thing.kind === 'container' ? (thing.project ?? []) : []));
	return [...own, ...[...new Set(projects)].map((project): Thing => ({kind: 'stack', project}))];
}

/** What tells one thing from another. */
export function thingId(thing: Thing): string {
	switch (thing.kind) {
		case 'container':
		case 'postgres':
		case 'redis':
			return `${thing.kind}:${thing.id}`;
		case 'stack':
			return `stack:${thing.project}`;
		case 'backups':
		case 'host':
			return thing.kind;
	}
}
