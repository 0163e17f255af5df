import type {State} from '../../src/store/state.ts';
import {pressSlowly} from './dialogs.ts';
import {jobOf} from './plans.ts';
import {
	busy,
	calmLoad,
	checkOf,
	diagnosisOf,
	listedWalks,
	loadSeen,
	moves,
	onCheck,
	onWalk,
	shopWithRunbooks,
	slow,
	withScreen,
} from './runbooks.ts';
import type {ShopFacts} from './shop.ts';
import {container, containerAlert, nowMs} from './state.ts';

type Made = Readonly<Record<string, (facts: ShopFacts) => State>>;

/** Looking at all looks of the first node. */
const looking = {kind: 'looking', looks: ['host.load'], sinceMs: nowMs - 1000} as const;

function withRun(state: State): State {
	return {...state, jobs: [jobOf()]};
}

/** Every kind of step of a walk, what its node waits for, and each end. */
export const walkScreens: Made = {
	'walk-opening': facts => withScreen(shopWithRunbooks(facts), {kind: 'walk'}),
	'walk-looking': facts => onWalk(facts, moves.start, {activity: looking}),
	'walk-rank': facts => onWalk(facts, moves.rank),
	'walk-rank-second': facts => onWalk(facts, moves.rank, {selected: 1}),
	'walk-ask': facts => onWalk(facts, moves.ask, {selected: 2}),
	'walk-offered': facts => onWalk(facts, moves.do),
	'walk-running': facts => withRun(onWalk(facts, moves.running)),
	'walk-wait': facts =>
		onWalk(facts, moves.wait, {activity: {kind: 'waiting', untilMs: nowMs + 12_300}}),
	'walk-note': facts => onWalk(facts, moves.note),
	'walk-long': facts => onWalk(facts, moves.long),
	'walk-healthy': facts => onWalk(facts, moves.healthy),
	'walk-solved': facts => onWalk(facts, moves.solved),
	'walk-not-found': facts => onWalk(facts, moves['not-found']),
	'walk-escalate': facts => onWalk(facts, moves.escalate),
	'walk-paused': facts => onWalk(facts, moves.paused),
	'walk-handed-over': facts => onWalk(facts, moves['handed over']),
	'walk-circling': facts => onWalk(facts, moves.circling),
	'walk-held': facts => onWalk(facts, moves.rank, {heldBy: 'wang (sudo root)', sha256: 'older'}),
	'walk-free': facts => onWalk(facts, moves.do, {heldBy: ''}),
	'words-skip': facts =>
		pressSlowly(onWalk(facts, moves.do), ['s', ...Array.from('not yet')]).state,
	'words-hand-over': facts =>
		pressSlowly(onWalk(facts, moves.do), ['H', ...Array.from('王芳')]).state,
	'words-remark': facts => pressSlowly(onWalk(facts, moves.do), ['n']).state,
};

function diagnosed(facts: ShopFacts, more: Partial<State['runbook']>, data = {}): State {
	const state = withScreen(shopWithRunbooks(facts), {kind: 'diagnosis'});
	return {
		...state,
		data: {...state.data, ...data},
		runbook: {...state.runbook, ...more},
	};
}

/** Two systems of one owner, each with the same two alerts: what tells them apart is the end of a long name. */
function alertsOfTwo(facts: ShopFacts): State {
	const containers = ['shop-production-one', 'shop-production-two'].map(project =>
		container('app', {
			...{project, id: project, key: `${project}/app/1`, name: `${project}_app_1`},
		}),
	);
	const alerts = containers.flatMap(({name}, index) => [
		containerAlert(name, {
			...{id: `memory ${name}`, metric: 'container.memory', value: 96 + index, threshold: 95},
		}),
		containerAlert(name, {
			...{id: `oom ${name}`, metric: 'container.oom-killed', level: 'warn'},
			recovery: {untilMs: nowMs + 180_000},
		}),
	]);
	const wizard = {...slow, alerts: ['container.memory', 'container.oom-killed']} as const;
	const title = {en: 'Memory is short', zh: '内存不足'};
	const runbooks = {[slow.id]: wizard, memory: {...wizard, id: 'memory', title}};
	return diagnosed(
		{...facts, containers},
		{diagnosis: diagnosisOf(loadSeen(calmLoad)), runbooks},
		{alerts},
	);
}

const blind = {
	...loadSeen(
		{},
		{
			code: 'unexpected',
			params: {what: '/proc/stat', cause: 'permission denied'},
			retry: 'rarely',
		},
	),
};

/** "What is wrong?" with and without findings. */
export const diagnosisScreens: Made = {
	'diagnosis-looking': facts => diagnosed(facts, {isDiagnosing: true}),
	'diagnosis-several': facts =>
		diagnosed(
			facts,
			{diagnosis: diagnosisOf(loadSeen({...busy, disk: 98}), {}, ['shop/app/1', 'shop/web/1'])},
			{alerts: [containerAlert('shop_db_1', {metric: 'host.cpu', id: 'host.cpu', value: 96.4})]},
		),
	'diagnosis-consequence': facts =>
		diagnosed(facts, {
			diagnosis: diagnosisOf(loadSeen({...busy, disk: 98})),
			selectedFinding: 'app-slow swap shop/app/1',
		}),
	'diagnosis-alert': facts =>
		diagnosed(
			facts,
			{diagnosis: diagnosisOf(loadSeen(calmLoad)), isDiagnosing: true},
			{alerts: [containerAlert('shop_app_1', {metric: 'host.memory', id: 'm', value: 97})]},
		),
	'diagnosis-alerts': alertsOfTwo,
	'diagnosis-again': facts => {
		const before = {atMs: nowMs - 245_000};
		return diagnosed(facts, {
			diagnosis: diagnosisOf(loadSeen(), before),
			isDiagnosing: true,
		});
	},
	'diagnosis-possible': facts =>
		diagnosed(facts, {
			diagnosis: diagnosisOf(loadSeen({cpu: 12, memory: 40}), {blind: [blind]}),
		}),
	'diagnosis-nothing': facts => diagnosed(facts, {diagnosis: diagnosisOf(loadSeen(calmLoad))}),
	'diagnosis-blind': facts =>
		diagnosed(facts, {diagnosis: diagnosisOf(loadSeen(calmLoad), {blind: [blind]})}),
};

const day = 86_400_000;

function listed(facts: ShopFacts, more: Partial<State['runbook']> = {}): State {
	const state = withScreen(shopWithRunbooks(facts), {kind: 'runbooks'});
	const walks = listedWalks();
	const lastChecks = {daily: nowMs - 2 * day, weekly: nowMs - 2 * day};
	return {...state, runbook: {...state.runbook, walks, lastChecks, badFiles: 2, ...more}};
}

/** The list of wizards, checklists and open walks. */
export const listScreens: Made = {
	'runbooks-walks': facts => listed(facts),
	'runbooks-handed-over': facts => pressSlowly(listed(facts), ['down']).state,
	'runbooks-wizard': facts => listed(facts, {selectedRunbook: 'app-slow'}),
	'runbooks-checklist': facts => listed(facts, {selectedRunbook: 'daily', walks: [], badFiles: 0}),
	'dashboard-walks': facts => withScreen(listed(facts, {})),
	'runbooks-unread': facts => {
		const {runbooks: _none, ...runbook} = listed(facts, {walks: []}).runbook;
		return {...listed(facts), runbook};
	},
};

const signed = {by: 'li', atMs: nowMs - 10_000, note: '磁盘明天扩容'};

/** A checklist with a line of each outcome. */
export const checkScreens: Made = {
	'check-looking': facts => onCheck(facts, 'cpu'),
	'check-pass': facts => onCheck(facts, 'cpu', checkOf()),
	'check-warn': facts => onCheck(facts, 'memory', checkOf()),
	'check-fail': facts => onCheck(facts, 'disk', checkOf()),
	'check-unknown': facts => onCheck(facts, 'inodes', checkOf()),
	'check-not-applicable': facts => onCheck(facts, 'swap', checkOf()),
	'check-answered': facts => onCheck(facts, 'told', checkOf()),
	'check-person': facts => onCheck(facts, 'tape', checkOf()),
	'check-signed': facts => onCheck(facts, 'disk', checkOf({signed})),
	'check-failed': facts => {
		const state = onCheck(facts, 'cpu');
		const {check} = state.runbook;
		const problem = {code: 'action-gone', params: {name: 'shop'}, retry: 'soon'} as const;
		return {...state, runbook: {...state.runbook, ...(check && {check: {...check, problem}})}};
	},
	'words-sign': facts => pressSlowly(onCheck(facts, 'cpu', checkOf()), ['S']).state,
	scopes: facts =>
		pressSlowly(listed(facts, {selectedRunbook: 'app-slow'}), ['return', 'down']).state,
};

/** Every screen of runbooks. */
export const runbookScreens: Made = {
	...walkScreens,
	...diagnosisScreens,
	...listScreens,
	...checkScreens,
};
