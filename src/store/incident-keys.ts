import type {CommandId} from '../../config/keymap.ts';
import {alertFactsOf} from '../domain/alert-facts.ts';
import type {Alert} from '../domain/alerts.ts';
import {
	phases,
	type IncidentLine,
	type Origin,
	type Phase,
	type Severity,
} from '../incidents/event.ts';
import {severityOfAlert} from '../incidents/follow.ts';
import {causeOf, isOpen, type Incident} from '../incidents/incident.ts';
import {sayAlert, sayIncident} from '../incidents/say.ts';
import type {Problem} from '../domain/problem.ts';
import {sayProblem} from '../words/say-problem.ts';
import {sayPhrase} from '../words/phrases/phrase.ts';
import {isOfProject, projectInTrouble, projectOfAlert} from './alert-project.ts';
import type {WordsDialog} from './dialog.ts';
import type {Effect, Update} from './events.ts';
import {only, withDialog} from './open-dialog.ts';
import {pushScreen} from './runbook-open.ts';
import {raisedAlerts} from './select-alerts.ts';
import {allContainerRows} from './select-containers.ts';
import {alertRows, selectedKey} from './select-lists.ts';
import {currentScreen} from './select.ts';
import type {State} from './state.ts';

/** An incident as the screen knows it. */
export type KnownIncident = {
	readonly id: string;
	readonly incident: Incident;
	readonly lines: readonly IncidentLine[];
	/** Its record is damaged; the report says where. */
	readonly isDamaged: boolean;
	/** Folder of its report, where one was written. */
	readonly reportedIn?: string;
};

/** What the screen knows of incidents: the open ones first, then the newest. */
export type IncidentState = {
	readonly list?: readonly KnownIncident[];
	readonly selected?: string;
};

/** Nothing read yet. */
export const noIncidents: IncidentState = {};

/** The incident that is open, the newest where several are. */
export function openIncidentOf(state: State): KnownIncident | undefined {
	return state.incident.list?.find(({incident}) => isOpen(incident));
}

/** The incident that the screen shows: the chosen one, else the open one, else the last. */
export function shownIncident(state: State): KnownIncident | undefined {
	const {list = [], selected} = state.incident;
	return list.find(({id}) => id === selected) ?? openIncidentOf(state) ?? list[0];
}

/**
 * The alert that an incident would be opened for: the selected one where alerts have the focus, else the worst of what is
 * looked at, of its project, of everything; an alert of another project says nothing about this one.
 */
function alertNow(state: State): Alert | undefined {
	const screen = currentScreen(state);
	const panel = screen.kind === 'panel' ? screen.panel : state.ui.focus;
	const selected = panel === 'backups' ? selectedKey(state, 'backups') : undefined;
	const project = projectInTrouble(state);
	const name = containerInSight(state);
	const isOwn = (alert: Alert) => isOfProject(state, project, alert);
	const raised = raisedAlerts(state.data).filter(isOwn);
	const known = raised.filter(({level}) => level !== 'unknown');
	const pending = state.data.alerts.find(alert => alert.isPending && isOwn(alert));
	return (
		alertRows(state).find(({id}) => id === selected) ??
		known.find(({subject}) => name !== undefined && subject === name) ??
		known.find(alert => project !== undefined && projectOfAlert(state, alert) === project) ??
		known[0] ??
		raised[0] ??
		pending
	);
}

/** Name of the container that the operator looks at or has chosen. */
function containerInSight(state: State): string | undefined {
	const screen = currentScreen(state);
	const isList = screen.kind === 'dashboard' && state.ui.focus === 'containers';
	const key = screen.kind === 'container' ? screen.key : isList && state.ui.selected.containers;
	return allContainerRows(state.data).find(({container}) => container.key === key)?.container.name;
}

/** Opens the screen of incidents; where none is open, asks for the title of a new one. */
export function openIncidents(state: State): Update {
	const next = pushScreen(state, {kind: 'incident'});
	return only(next, {type: 'read-incidents'});
}

/** One key starts an incident: its title is proposed from the alert that it is for. */
export function askForIncident(state: State): Update {
	const alert = alertNow(state);
	const proposal = alert ? {proposal: proposalOf(state, alert)} : {};
	return only(withDialog(state, {kind: 'words', what: 'incident', text: '', ...proposal}));
}

/** The alert in words; where its threshold comes from is no part of a title. */
function proposalOf(state: State, alert: Alert): string {
	const said = sayAlert(state.ui.language, alertFactsOf(alert));
	return said.replace(/ ?[[［].*$/, '').slice(0, 120);
}

/** What only might become an alert is not critical yet. */
function severityNow(alert: Alert | undefined): Severity {
	if (!alert || alert.isPending) return 'major';
	return severityOfAlert(alert);
}

function origin(alert: Alert | undefined): Origin {
	return alert ? {kind: 'alert', alert: alertFactsOf(alert)} : {kind: 'person'};
}

/** What was written in answer to a question about an incident. */
export function incidentWordsGiven(
	state: State,
	what: Extract<WordsDialog['what'], `incident${string}`>,
	text: string,
): Update {
	const shown = shownIncident(state);
	if (what === 'incident') {
		// Nothing typed and nothing proposed: it is asked again rather than forgotten.
		if (text === '') return askForIncident(state);
		const alert = alertNow(state);
		const isProposed = alert !== undefined && text === proposalOf(state, alert);
		const next = pushScreen(state, {kind: 'incident'});
		const project = projectInTrouble(state);
		return only(next, {
			type: 'open-incident',
			...(project !== undefined && {project}),
			title: text,
			severity: severityNow(alert),
			from: origin(isProposed ? alert : undefined),
		});
	}

	if (!shown || text === '') return only(state);
	const {id} = shown;
	if (what === 'incident-note') return only(state, append(id, {kind: 'note', text}));
	if (what === 'incident-cause') {
		const proposal = doneProposal(state, shown.incident);
		const dialog = {kind: 'words', what: 'incident-done', text: '', cause: text} as const;
		return only(withDialog(state, {...dialog, ...(proposal !== '' && {proposal})}));
	}

	return only(state);
}

/** What was carried out, as a proposal for what was done. */
function doneProposal(state: State, {operations}: Incident): string {
	const {language} = state.ui;
	const done = operations
		.filter(({outcome}) => outcome === 'done' || outcome === 'warnings')
		.map(({title, target}) => `${sayPhrase(language, title)} (${target})`);
	return [...new Set(done)].join('; ').slice(0, 200);
}

/** The incident is closed with its cause and what was done. */
export function closeWith(state: State, cause: string, done: string): Update {
	const shown = shownIncident(state);
	if (!shown || cause === '' || done === '') return only(state);
	return only(state, {type: 'close-incident', id: shown.id, cause, done});
}

function append(id: string, event: Extract<Effect, {type: 'incident-append'}>['event']): Effect {
	return {type: 'incident-append', id, event};
}

/** What an open incident hears of an operation that was refused before it began, so that it stands in the report. */
export function refusedInIncident(
	state: State,
	operation: string,
	problem: Problem,
): readonly Effect[] {
	const open = openIncidentOf(state);
	const {language} = state.ui;
	const reason = sayProblem(language, problem).summary;
	const text = sayIncident(language, 'turn.refused', {operation, reason});
	return open ? [append(open.id, {kind: 'note', text})] : [];
}

/** The phase after the present one; undefined after the last. */
export function nextPhase({phase}: Incident): Phase | undefined {
	return phases[phases.indexOf(phase) + 1];
}

/** A key on the screen of incidents; undefined where it means nothing of its own there. */
export function pressOnIncident(state: State, command: CommandId): Update | undefined {
	const shown = shownIncident(state);
	if (command === 'incident-start') return askForIncident(state);
	if (!shown) return undefined;
	const {id, incident} = shown;
	const ask = (what: WordsDialog['what']) =>
		only(withDialog(state, {kind: 'words', what, text: ''}));
	if (command === 'incident-note') return ask('incident-note');
	if (command === 'incident-report') return only(state, {type: 'report-incident', id});
	if (command === 'incident-next') return only(otherIncident(state));
	if (!isOpen(incident)) return undefined;
	if (command === 'incident-acknowledge') {
		return incident.acknowledged ? undefined : only(state, append(id, {kind: 'acknowledged'}));
	}

	if (command === 'incident-phase') {
		const phase = nextPhase(incident);
		return phase ? only(state, append(id, {kind: 'phase-entered', phase})) : undefined;
	}

	if (command !== 'incident-close') return undefined;
	const proposal = causeOf(incident)?.[state.ui.language];
	const dialog = {kind: 'words', what: 'incident-cause', text: ''} as const;
	return only(withDialog(state, {...dialog, ...(proposal !== undefined && {proposal})}));
}

function otherIncident(state: State): State {
	const {list = []} = state.incident;
	const at = list.findIndex(({id}) => id === shownIncident(state)?.id);
	const next = list[(at + 1) % Math.max(1, list.length)];
	return next ? {...state, incident: {...state.incident, selected: next.id}} : state;
}

/** Facts about incidents. */
export type IncidentFact =
	| {readonly type: 'incidents-arrived'; readonly list: readonly KnownIncident[]}
	| {readonly type: 'incident-reported'; readonly id: string; readonly path: string};

/** What a fact about incidents does to the state. */
export function updateIncidents(state: State, event: IncidentFact): Update {
	const {incident} = state;
	if (event.type === 'incident-reported') {
		const list = incident.list?.map(one =>
			one.id === event.id ? {...one, reportedIn: event.path} : one,
		);
		return only({...state, incident: {...incident, ...(list && {list})}});
	}

	return only({...state, incident: {...incident, list: event.list}});
}
