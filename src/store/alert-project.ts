import type {Alert} from '../domain/alerts.ts';
import type {ContainerRef} from '../domain/targets.ts';
import type {Scope} from '../runbooks/scope.ts';
import {raisedAlerts} from './select-alerts.ts';
import {allContainerRows, containerRows} from './select-containers.ts';
import {containerOfErrors} from './select-evidence.ts';
import {alertRows, errorRows, selectedKey} from './select-lists.ts';
import {currentScreen, logsTarget} from './select.ts';
import {selectedFinding} from './runbook-state.ts';
import type {Screen, State} from './state.ts';
import {projectsHere} from './things.ts';

type AlertPlace = Pick<Alert, 'metric' | 'target' | 'subject'>;

/** A container by its name or its key. */
function containerNamed(state: State, name: string | undefined) {
	return allContainerRows(state.data).find(
		({container}) => container.name === name || container.key === name,
	)?.container;
}

/** Targets of servers and addresses by the area of the metrics that are read from them. */
function refOf({data: {targets}}: State, {metric, target}: AlertPlace): ContainerRef | undefined {
	const [area] = metric.split('.');
	const known: readonly {readonly id: string; readonly container?: ContainerRef}[] =
		area === 'postgres' ? targets.postgres : area === 'redis' ? targets.redis : targets.endpoints;
	return known.find(({id}) => id === target)?.container;
}

/** The Compose project of what an alert is about; undefined for the host, and for what is no part of a project. */
export function projectOfAlert(state: State, alert: AlertPlace): string | undefined {
	const [area] = alert.metric.split('.');
	if (area === 'container') return containerNamed(state, alert.subject)?.project;
	if (area === 'errors') return projectsHere(state).find(project => project === alert.subject);
	if (area === 'host' || area === 'backup' || area === 'schedule' || area === 'checklist') {
		return undefined;
	}

	const ref = refOf(state, alert);
	return ref?.project ?? containerNamed(state, ref?.containerName)?.project;
}

function projectOfScreen(state: State, screen: Screen | undefined): string | undefined {
	return screen?.kind === 'container' ? containerNamed(state, screen.key)?.project : undefined;
}

/** Whether one of the errors that are counted now comes from a project. */
function hasErrorsOf(state: State, project: string): boolean {
	return errorRows({...state, ui: {...state.ui, filter: '', isTroubleOnly: false}}).some(
		group => projectOfScreen(state, containerOfErrors(state.data, group)) === project,
	);
}

/** Whether an alert may belong to trouble in a project: it is about a part of it, or about the host that all share. */
export function isOfProject(state: State, project: string | undefined, alert: AlertPlace): boolean {
	if (project === undefined) return true;
	const own = projectOfAlert(state, alert);
	if (own !== undefined) return own === project;
	const [area] = alert.metric.split('.');
	// The logs of the only project, and those of none, are counted together.
	if (area === 'errors' && alert.target === logsTarget) return hasErrorsOf(state, project);
	return area !== 'container' || containerNamed(state, alert.subject) === undefined;
}

/** The project of a scope; undefined where it is about none. */
export function projectOfScope(state: State, scope: Scope | undefined): string | undefined {
	return scope?.project ?? containerNamed(state, scope?.container)?.project;
}

function projectOfRow(state: State): string | undefined {
	const chosen = state.ui.selected.containers;
	const rows = containerRows(state);
	const row = rows.find(({container}) => container.key === chosen) ?? rows[0];
	return row?.container.project;
}

/** The project that the operator looks at: that of the walk, of the cause, of the container, of the alert; else the worst. */
export function projectInTrouble(state: State): string | undefined {
	const screen = currentScreen(state);
	if (screen.kind === 'walk') return projectOfScope(state, state.runbook.walk?.walk.scope);
	if (screen.kind === 'diagnosis') return projectOfScope(state, selectedFinding(state)?.scope);
	if (screen.kind === 'container') return projectOfScreen(state, screen);
	const panel = screen.kind === 'panel' ? screen.panel : state.ui.focus;
	if (panel === 'containers') {
		const isChosen = state.ui.selected.containers !== undefined;
		const [worst] = raisedAlerts(state.data);
		const ofAlert = worst && projectOfAlert(state, worst);
		return isChosen ? projectOfRow(state) : (ofAlert ?? projectOfRow(state));
	}

	if (panel === 'backups') {
		const selected = selectedKey(state, 'backups');
		const alert = alertRows(state).find(({id}) => id === selected);
		return alert && projectOfAlert(state, alert);
	}

	const [only, ...others] = projectsHere(state);
	return others.length === 0 ? only : undefined;
}
