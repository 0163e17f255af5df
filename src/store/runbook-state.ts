import type {Alert} from '../domain/alerts.ts';
import type {Problem} from '../domain/problem.ts';
import type {Answer, CheckResult} from '../runbooks/checklist.ts';
import type {Diagnosis, Finding} from '../runbooks/diagnosis.ts';
import {valuesOf} from '../runbooks/evidence.ts';
import type {Checklist, Node, Runbook, Wizard} from '../runbooks/runbook.ts';
import {isOpen} from '../incidents/incident.ts';
import {nameIn, type Scope} from '../runbooks/scope.ts';
import {scopesOf, type Here} from '../runbooks/scopes.ts';
import {sayText} from '../runbooks/say.ts';
import {isOver, nodeOf, rankingAt, type Activity, type Walk} from '../runbooks/walk.ts';
import {raisedAlerts} from './select-alerts.ts';
import {allContainerRows} from './select-containers.ts';
import {lostOf} from './select.ts';
import {runbookWords} from '../words/runbook-words.ts';
import type {State} from './state.ts';

/** A walk that is kept, for the list: somebody may have it open. */
export type ListedWalk = {
	readonly id: string;
	readonly wizard: Wizard;
	readonly walk: Walk;
	/** Who has it open on another console. */
	readonly heldBy?: string;
};

/** The walk on the screen. */
export type OpenWalk = {
	readonly wizard: Wizard;
	readonly walk: Walk;
	readonly activity: Activity;
	/** Who has it: then this console only looks on. */
	readonly heldBy?: string;
	/** An older walk about the same thing was not gone on with; when something happened in it last. */
	readonly olderAtMs?: number;
	/** Number of the selected choice or cause. */
	readonly selected: number;
	/** The operator reads earlier steps; otherwise the newest one is in sight. */
	readonly isScrolledBack?: true;
	/** The plan that was asked for at the present node, and the run that it became. */
	readonly planNumber?: number;
	readonly planId?: string;
};

/** The checklist on the screen. */
export type OpenCheck = {
	readonly checklist: Checklist;
	readonly scope: Scope;
	/** Absent while it is looked. */
	readonly result?: CheckResult;
	readonly answers: Readonly<Record<string, Answer>>;
	/** Id of the selected item. */
	readonly selected: string;
	readonly isSigned: boolean;
	readonly problem?: Problem;
};

/** What an alert is about: its metric, what it is on, and the target that was read. */
export type AlertRef = {
	readonly metric: string;
	readonly subject: string;
	readonly target: string;
};

/** Everything about runbooks that the screen knows. */
export type RunbookState = {
	/** Absent until they were read. */
	readonly runbooks?: Readonly<Record<string, Runbook>>;
	/** How many files are no valid runbooks. */
	readonly badFiles?: number;
	readonly walks?: readonly ListedWalk[];
	/** When each checklist was gone through last, in ms. */
	readonly lastChecks?: Readonly<Record<string, number>>;
	readonly diagnosis?: Diagnosis;
	readonly isDiagnosing: boolean;
	readonly walk?: OpenWalk;
	readonly check?: OpenCheck;
	/** The alert that was selected when "What is wrong?" was asked. */
	readonly wanted?: AlertRef;
	/** Key of the selected row of the diagnosis, and of the list of runbooks. */
	readonly selectedFinding?: string;
	readonly selectedRunbook?: string;
};

/** Nothing read yet. */
export const noRunbooks: RunbookState = {isDiagnosing: false};

/** A row of the diagnosis: a cause, or a wizard that fits a raised alert. */
export type FindingRow = {readonly key: string; readonly runbook: string} & (
	| {readonly kind: 'finding'; readonly scope: Scope; readonly finding: Finding}
	| {
			readonly kind: 'alert';
			/** Absent where the alert does not say which one its wizard is about. */
			readonly scope?: Scope;
			/** What leads to the wizard: the worst one, or the one that was asked about. */
			readonly alert: Alert;
			/** What else leads to it about the same thing. */
			readonly others: readonly Alert[];
	  }
);

/** Causes that could not be excluded are many where little can be seen. */
const maxPossible = 12;

/** What there is here, as the screen knows it: also the services whose container was removed. */
export function hereOf(state: State): Here {
	return {
		containers: [
			...allContainerRows(state.data).map(({container}) => container),
			// Without a container of its own: it can still be looked at, and made.
			...lostOf(state).map(({project, service, key}) => ({
				...{id: '', key, name: service, project, service},
			})),
		],
		targets: state.data.targets,
	};
}

/** The names by which an alert may mean a thing: itself, its target, the container of that name. */
function namesOf({subject, target}: AlertRef, {containers}: Here): readonly string[] {
	const keys = containers.filter(({name}) => name === subject).map(({key}) => key);
	return [subject, target, ...keys];
}

/** Whether an alert is about a container and the wizard about a server, which lives in one. */
function isOfContainer({on}: Runbook, {metric}: AlertRef): boolean {
	const isServer = on === 'postgres' || on === 'redis' || on === 'endpoint';
	return isServer && metric.startsWith('container.');
}

/**
 * The scope that an alert is about, for a runbook on its kind of thing. Undefined where several could be meant, so that
 * nobody walks a wizard about another container than the one in trouble.
 */
export function scopeOfAlert(
	runbook: Runbook,
	alert: AlertRef,
	here: Here,
	scopes: readonly Scope[] = scopesOf(runbook.on, here),
): Scope | undefined {
	const names = namesOf(alert, here);
	const isNamed = (name: string | undefined) => name !== undefined && names.includes(name);
	const own = scopes.find(scope => isNamed(nameIn(scope, runbook.on)));
	if (own) return own;
	if (isOfContainer(runbook, alert)) return scopes.find(({container}) => isNamed(container));
	return scopes.length === 1 ? scopes[0] : undefined;
}

/** Whether a row is the one for an alert: its wizard is for such alerts, and about the same thing where it can be. */
function fits(state: State, row: FindingRow, alert: AlertRef): 'no' | 'kind' | 'thing' {
	const runbook = state.runbook.runbooks?.[row.runbook];
	if (!runbook?.alerts.some(metric => metric === alert.metric)) return 'no';
	const names = namesOf(alert, hereOf(state));
	const own = row.scope && nameIn(row.scope, runbook.on);
	const container = isOfContainer(runbook, alert) ? row.scope?.container : undefined;
	const isSame = [own, container].some(name => name !== undefined && names.includes(name));
	return isSame ? 'thing' : 'kind';
}

/** The raised alerts that rows are made of: the one that was asked about, then the others, worst first. */
function askedAlerts(state: State): readonly Alert[] {
	const {diagnosis, wanted} = state.runbook;
	const isWanted = (alert: AlertRef) =>
		alert.metric === wanted?.metric && alert.subject === wanted.subject;
	const raised = raisedAlerts(state.data);
	// Before everything was looked at, an alert that nobody asked about would be taken for the answer.
	const others = diagnosis ? raised.filter(alert => !isWanted(alert)) : [];
	return [...raised.filter(isWanted), ...others];
}

/**
 * The wizards for raised alerts: a row for each thing that a wizard would be about, with everything that leads to it.
 * What a likely cause answers already has none.
 */
function alertFindings(
	state: State,
	likely: readonly (FindingRow & {readonly kind: 'finding'})[],
): readonly FindingRow[] {
	const here = hereOf(state);
	const runbooks = Object.values(state.runbook.runbooks ?? {});
	const scopes = new Map(runbooks.map(({on}) => [on, scopesOf(on, here)]));
	const answered = new Set(
		likely.flatMap(({runbook, finding: {subject}}) => [runbook, `${runbook} ${subject}`]),
	);
	const rows = new Map<string, FindingRow & {readonly kind: 'alert'}>();
	for (const alert of askedAlerts(state)) {
		for (const runbook of runbooks) {
			const all = scopes.get(runbook.on) ?? [];
			if (!runbook.alerts.includes(alert.metric) || all.length === 0) continue;
			const scope = scopeOfAlert(runbook, alert, here, all);
			// That one container is down says nothing about a server in another one.
			if (!scope && isOfContainer(runbook, alert)) continue;
			const key = scope
				? `${runbook.id} ${nameIn(scope, runbook.on) ?? ''}`
				: `${runbook.id} ${alert.target} ${alert.subject}`;
			if (answered.has(scope ? key : runbook.id)) continue;
			const row = rows.get(key);
			const made = {kind: 'alert', key, runbook: runbook.id, alert, others: []} as const;
			rows.set(
				key,
				row ? {...row, others: [...row.others, alert]} : {...made, ...(scope && {scope})},
			);
		}
	}

	return [...rows.values()];
}

/** The rows of the diagnosis: likely causes, wizards for raised alerts, causes that could not be excluded. */
export function findingRows(state: State): readonly FindingRow[] {
	const findings = state.runbook.diagnosis?.findings ?? [];
	const rowOf = (finding: Finding) =>
		({
			kind: 'finding',
			key: `${finding.runbook} ${finding.cause.id} ${finding.subject}`,
			runbook: finding.runbook,
			scope: finding.scope,
			finding,
		}) as const;
	const likely = findings.filter(({likelihood}) => likelihood === 'likely').map(rowOf);
	const possible = findings.filter(({likelihood}) => likelihood === 'possible').map(rowOf);
	return [...likely, ...alertFindings(state, likely), ...possible.slice(0, maxPossible)];
}

/** The selected row of the diagnosis: the chosen one, else the one for the alert that was asked about, else the first. */
export function selectedFinding(state: State): FindingRow | undefined {
	const rows = findingRows(state);
	const {selectedFinding: chosen, wanted} = state.runbook;
	const row = rows.find(({key}) => key === chosen);
	if (row || !wanted) return row ?? rows[0];
	const how = rows.map(candidate => [candidate, fits(state, candidate, wanted)] as const);
	const best = how.find(([, fit]) => fit === 'thing') ?? how.find(([, fit]) => fit === 'kind');
	return best?.[0] ?? rows[0];
}

/** A row of the list of runbooks: a walk to take up, a wizard or a checklist. */
export type RunbookRow = {readonly key: string} & (
	| {readonly kind: 'walk'; readonly walk: ListedWalk}
	| {readonly kind: 'runbook'; readonly runbook: Runbook}
);

/** Walks that are not over first, the one in which something happened last on top; then wizards, then checklists. */
export function runbookRows(state: State): readonly RunbookRow[] {
	const {walks = [], runbooks = {}} = state.runbook;
	const all = Object.values(runbooks);
	const of = (kind: Runbook['kind']) =>
		all
			.filter(runbook => runbook.kind === kind)
			.map((runbook): RunbookRow => ({kind: 'runbook', key: runbook.id, runbook}));
	return [
		...walks
			.filter(({walk}) => !isOver(walk))
			.toSorted((a, b) => b.walk.lastAtMs - a.walk.lastAtMs)
			.map((walk): RunbookRow => ({kind: 'walk', key: walk.id, walk})),
		...of('wizard'),
		...of('checklist'),
	];
}

/** A walk that was left longer ago waits for nobody any more, unless its incident is open; in ms. */
const waitsForMs = 12 * 3_600_000;

/** How many walks wait for somebody: neither over, nor open here or on another console, nor forgotten. */
export function waitingWalks(state: State): number {
	const {runbook, incident, data} = state;
	const {walks = [], walk: open} = runbook;
	const inOpen = new Set(
		(incident.list ?? [])
			.filter(known => isOpen(known.incident))
			.flatMap(known => known.incident.walks.map(({walk}) => walk)),
	);
	return walks.filter(
		({id, walk, heldBy}) =>
			!isOver(walk) &&
			heldBy === undefined &&
			id !== open?.walk.id &&
			(data.nowMs - walk.lastAtMs <= waitsForMs || inOpen.has(id)),
	).length;
}

/** The selected row of the list of runbooks. */
export function selectedRunbook(state: State): RunbookRow | undefined {
	const rows = runbookRows(state);
	return rows.find(({key}) => key === state.runbook.selectedRunbook) ?? rows[0];
}

/** What the operator can choose from at the present node, in words. */
export type WalkChoice = {
	readonly title: string;
	/** Of a cause: it could not be excluded, or it follows from another one. */
	readonly note?: {readonly kind: 'possible'} | {readonly kind: 'follows'; readonly cause: string};
};

/** The choices of the node that a walk is at, "I do not know" last; none where there is nothing to choose. */
export function walkChoices(state: State, open: OpenWalk): readonly WalkChoice[] {
	const {wizard, walk} = open;
	if (walk.status !== 'walking') return [];
	const node = nodeOf(wizard, walk.at);
	const {language} = state.ui;
	const valueOf = valuesOf(walk.seen);
	if (node.kind === 'ask') {
		return [
			...node.choices.map(({label}) => ({title: sayText(label, valueOf, language)})),
			{title: runbookWords['walk.not-known'][language]},
		];
	}

	if (node.kind !== 'rank') return [];
	const titleOf = (id: string) => {
		const cause = Object.hasOwn(wizard.causes, id) ? wizard.causes[id] : undefined;
		return cause ? sayText(cause.title, valueOf, language) : id;
	};
	return rankingAt(wizard, node, walk.seen).map(
		({cause, likelihood, consequenceOf}): WalkChoice => {
			const title = titleOf(cause.id);
			if (likelihood === 'possible') return {title, note: {kind: 'possible'}};
			if (consequenceOf === undefined) return {title};
			return {title, note: {kind: 'follows', cause: titleOf(consequenceOf)}};
		},
	);
}

/** The node that a walk is at. */
export function nodeAt({wizard, walk}: OpenWalk): Node {
	return nodeOf(wizard, walk.at);
}
