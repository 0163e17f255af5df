import type {IncidentEvent, IncidentLine} from '../../src/incidents/event.ts';
import {incidentOf} from '../../src/incidents/incident.ts';
import type {KnownIncident} from '../../src/store/incident-keys.ts';
import type {State} from '../../src/store/state.ts';
import {moves, onWalk, shopWithRunbooks, withScreen} from './runbooks.ts';
import type {ShopFacts} from './shop.ts';
import {nowMs} from './state.ts';

const minuteMs = 60_000;

const opened: IncidentEvent = {
	kind: 'opened',
	title: '结账失败: checkout fails for everybody since the release',
	severity: 'critical',
	from: {kind: 'person'},
	environment: 'production',
	hostname: 'web-1',
	sinceMs: nowMs - 22 * minuteMs,
};

/** An incident of these events, one each minute, the last one now. */
export function incidentWith(...events: readonly IncidentEvent[]): KnownIncident {
	const all = [opened, ...events];
	const lines = all.map((event, index): IncidentLine => ({
		v: 1,
		seq: index + 1,
		t: new Date(nowMs - (all.length - index) * minuteMs).toISOString(),
		by: index % 2 === 0 ? 'li' : 'opsconsole',
		event,
		prev: '',
	}));
	const incident = incidentOf(lines);
	if (!incident) throw new Error('events without an opening');
	return {id: '20261121T100000Z-0011aabb', incident, lines, isDamaged: false};
}

const happened: readonly IncidentEvent[] = [
	{kind: 'change', change: 'image', text: 'shop/app/1: app:1.4 1111 -> app:1.5 2222'},
	{kind: 'acknowledged'},
	{kind: 'phase-entered', phase: 'locate'},
	{kind: 'note', text: '已通知客服 told the support'},
	{
		kind: 'walk-decided',
		runbook: 'error-rate-up',
		cause: 'code-fails',
		title: {en: 'the application itself fails (5xx)', zh: '应用自身报错（5xx）'},
		verdict: 'likely',
		for: [{en: '78% of the 5xx come from POST /checkout', zh: '78% 的 5xx 来自 POST /checkout'}],
		against: [],
	},
	{kind: 'rollback', step: 'decide', state: 'started'},
];

const codeFails = {en: 'the application itself fails (5xx)', zh: '应用自身报错（5xx）'};

const solved: readonly IncidentEvent[] = [
	{
		kind: 'walk-started',
		walk: 'w',
		runbook: 'error-rate-up',
		title: {en: 'Errors rise', zh: '错误增多'},
	},
	{
		kind: 'walk-turned',
		...{walk: 'w', runbook: 'error-rate-up', node: 'which', basis: [], atMs: nowMs - 2 * minuteMs},
		says: {en: `taken as the cause: ${codeFails.en}`, zh: `采用的原因：${codeFails.zh}`},
		...{by: 'li', cause: codeFails},
	},
	{
		kind: 'walk-ended',
		...{walk: 'w', runbook: 'error-rate-up', outcome: 'solved', by: 'li'},
		says: {en: 'errors are down to 0.1%', zh: '错误率已降至 0.1%'},
	},
];

function on(facts: ShopFacts, list: readonly KnownIncident[]) {
	const state = withScreen(shopWithRunbooks(facts), {kind: 'incident'});
	return {...state, incident: {list}};
}

/** The screens of incidents. */
export const incidentScreens: Readonly<Record<string, (facts: ShopFacts) => State>> = {
	'incident-none': facts => on(facts, []),
	'incident-new': facts => on(facts, [incidentWith()]),
	'incident-long': facts => on(facts, [incidentWith(...happened, ...happened, ...happened)]),
	'incident-solved': facts => on(facts, [incidentWith(...happened, ...solved)]),
	'incident-closed': facts =>
		on(facts, [
			{
				...incidentWith(...happened, {
					kind: 'closed',
					cause: 'release 1.5',
					done: '回滚到 1.4 rolled back',
					followUps: [],
				}),
				isDamaged: true,
				reportedIn: '/var/lib/opsconsole/incidents/20261121T100000Z-0011aabb',
			},
		]),
	'walk-solved-incident': facts => ({
		...onWalk(facts, moves.solved),
		incident: {list: [incidentWith(...happened)]},
	}),
	'dashboard-incident': facts => withScreen(on(facts, [incidentWith()])),
};
