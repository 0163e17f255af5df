import type {Alert} from '../domain/alerts.ts';
import type {BackupChoices} from '../domain/backup-choice.ts';
import type {Job} from '../domain/job.ts';
import type {SeenService} from '../domain/lost-services.ts';
import type {Plan} from '../domain/plan.ts';
import type {PostgresActivity} from '../domain/postgres.ts';
import type {Problem} from '../domain/problem.ts';
import type {Reading} from '../domain/reading.ts';
import type {RedisValue} from '../domain/redis.ts';
import type {Language, Settings} from '../domain/settings.ts';
import type {SourceId, SourceValues} from '../domain/source-values.ts';
import type {Targets} from '../domain/targets.ts';
import {noTargets} from '../domain/targets.ts';
import type {Dialog} from './dialog.ts';
import {noIncidents, type IncidentState} from './incident-keys.ts';
import {noRunbooks, type RunbookState} from './runbook-state.ts';

/** The last reading of every source, by target id. */
export type Readings = {
	readonly [Id in SourceId]: Readonly<Record<string, Reading<SourceValues[Id]>>>;
};

/** Values that are not read any more, with the wall-clock time of their reading. */
export type LastKnown<T> = Readonly<Record<string, {readonly value: T; readonly atMs: number}>>;

/** What is known about the server: everything that `z` freezes. */
export type Data = {
	/** Wall-clock time of the last change, for ages. */
	readonly nowMs: number;
	readonly targets: Targets;
	/** False until discovery ran once. */
	readonly isDiscovered: boolean;
	readonly readings: Readings;
	/** The Compose services that had a container since the console runs. */
	readonly seenServices: readonly SeenService[];
	readonly alerts: readonly Alert[];
	/** The last figures of servers that are not there to be read, by target id; forgotten after a day. */
	readonly lastKnown: {
		readonly postgres: LastKnown<PostgresActivity>;
		readonly redis: LastKnown<RedisValue>;
	};
	/** Recent values for sparklines, oldest first, by `series` name such as `host.cpu@host`. */
	readonly history: Readonly<Record<string, readonly number[]>>;
};

/** The panels of the dashboard, in the order of their number keys. */
export const panels = ['containers', 'host', 'postgres', 'redis', 'errors', 'backups'] as const;

export type PanelId = (typeof panels)[number];

export type Screen =
	| {readonly kind: 'dashboard'}
	| {readonly kind: 'panel'; readonly panel: PanelId}
	| {readonly kind: 'container'; readonly key: string}
	| {readonly kind: 'jobs'}
	| {readonly kind: 'job'; readonly id: string}
	/** What is wrong? */
	| {readonly kind: 'diagnosis'}
	| {readonly kind: 'runbooks'}
	/** The open walk, and the open checklist. */
	| {readonly kind: 'walk'}
	| {readonly kind: 'check'}
	| {readonly kind: 'incident'};

/** Columns by which the container list can be sorted. */
export const containerSorts = ['trouble', 'name', 'cpu', 'memory', 'restarts', 'uptime'] as const;

export type ContainerSort = (typeof containerSorts)[number];

/** One line of a container's log, cleaned. */
export type TailLine = {
	readonly atMs: number;
	readonly severity: 'debug' | 'info' | 'warning' | 'error' | 'fatal';
	readonly text: string;
};

export type Tail = {
	readonly key: string;
	readonly lines: readonly TailLine[];
	/** Lines that were dropped from the front of the ring. */
	readonly dropped: number;
	readonly isFollowing: boolean;
	readonly problem?: string;
};

/** What the operator has done with the screen. */
export type Ui = {
	readonly language: Language;
	/** Draw with ASCII only: the terminal or locale cannot do better. */
	readonly isAscii: boolean;
	readonly columns: number;
	readonly rows: number;
	/** The screens opened on top of each other; the last one is shown. Never empty. */
	readonly screens: readonly Screen[];
	readonly focus: PanelId;
	readonly isHelpOpen: boolean;
	readonly filter: string;
	readonly isFilterOpen: boolean;
	readonly sort: ContainerSort;
	readonly isReversed: boolean;
	readonly isTroubleOnly: boolean;
	/** Key of the selected row of each list. */
	readonly selected: Readonly<Partial<Record<PanelId, string>>>;
	/** Which server each panel shows, where there are several. */
	readonly chosen: Readonly<Partial<Record<PanelId, string>>>;
	/** What the container view shows: facts above the log, or one of them on the whole screen. */
	readonly detailPart: 'both' | 'facts' | 'log';
	/** Long log lines go on in the next row instead of being cut. */
	readonly isWrapped: boolean;
	/** First row shown of the text on a facts, detail or help screen. */
	readonly scroll: number;
	/** First row shown of the screen below a dialog, for when it is closed. */
	readonly scrollBelow: number;
	/** Id of the selected operation in the list of them. */
	readonly selectedJob?: string;
	/** Rows that the shown text has and that fit, as measured by the view. */
	readonly contentRows: number;
	readonly pageRows: number;
};

/** The whole program. */
export type State = {
	readonly settings: Settings;
	readonly hostname: string;
	readonly data: Data;
	/** The data as it was when the screen was frozen. */
	readonly frozen?: Data;
	readonly ui: Ui;
	readonly tail?: Tail;
	/** Ids of the operations that there are. */
	readonly operations: readonly string[];
	/** Why this user may start none of them. */
	readonly denied?: Problem;
	/** What has the keyboard instead of the screen below. */
	readonly dialog?: Dialog;
	/** How many plans were asked for so far. */
	readonly planCount: number;
	/** Plans whose start was asked for: one plan starts once. */
	readonly started: readonly string[];
	/** Every operation that is remembered; absent until they were read. */
	readonly jobs?: readonly Job[];
	/** Why the operations could not be read. */
	readonly jobsProblem?: Problem;
	/** The plan of the operation that is looked at. */
	readonly jobPlan?: Plan;
	/** The catalogue of backups, once it was asked for. */
	readonly backups?: BackupChoices;
	readonly runbook: RunbookState;
	readonly incident: IncidentState;
};

const noReadings: Readings = {
	'docker.containers': {},
	'docker.usage': {},
	'docker.detail': {},
	'host.load': {},
	'host.processes': {},
	'postgres.activity': {},
	'postgres.storage': {},
	'redis.server': {},
	'redis.keys': {},
	'http.endpoint': {},
	'logs.errors': {},
	'backups.set': {},
	'schedule.runs': {},
	'checks.runs': {},
};

/** The state at start: nothing is known yet. */
export function initialState(facts: {
	readonly settings: Settings;
	readonly hostname: string;
	readonly nowMs: number;
	readonly columns: number;
	readonly rows: number;
	readonly isAscii: boolean;
	/** Ids of the operations that there are. */
	readonly operations?: readonly string[];
}): State {
	return {
		settings: facts.settings,
		hostname: facts.hostname,
		operations: facts.operations ?? [],
		planCount: 0,
		started: [],
		runbook: noRunbooks,
		incident: noIncidents,
		data: {
			nowMs: facts.nowMs,
			targets: noTargets,
			isDiscovered: false,
			readings: noReadings,
			seenServices: [],
			alerts: [],
			lastKnown: {postgres: {}, redis: {}},
			history: {},
		},
		ui: {
			language: facts.settings.language,
			isAscii: facts.isAscii,
			columns: facts.columns,
			rows: facts.rows,
			screens: [{kind: 'dashboard'}],
			focus: 'containers',
			isHelpOpen: false,
			filter: '',
			isFilterOpen: false,
			sort: 'trouble',
			isReversed: false,
			isTroubleOnly: false,
			selected: {},
			chosen: {},
			detailPart: 'both',
			isWrapped: false,
			scroll: 0,
			scrollBelow: 0,
			contentRows: 0,
			pageRows: 0,
		},
	};
}
