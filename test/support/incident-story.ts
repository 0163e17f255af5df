import type {IncidentEvent, IncidentLine} from '../../src/incidents/event.ts';
import {incidentEventsOfWalk} from '../../src/incidents/walk-events.ts';
import type {WalkEvent} from '../../src/runbooks/walk.ts';
import {minute, opened} from './incidents.ts';
import {phrase} from './plans.ts';
import {appScope, slow} from './runbooks.ts';

const calm = {
	...{cpu: 12, memory: 41, swap: 0, 'load-per-core': 0.3, disk: 40, inodes: 3, 'disk-busy': 2},
	...{'fullest-mount': '/', 'inode-mount': '/', 'disk-free': 6e10},
};
const busy = {...calm, cpu: 97, 'load-per-core': 4.2, memory: 42};
const load = (minutes: number, values: Readonly<Record<string, number | string>>) => ({
	...{look: 'host.load', atMs: minute(minutes), values, lines: ['shop-app 93 % cpu']},
});

const walked: readonly WalkEvent[] = [
	{
		type: 'started',
		...{atMs: minute(-1), id: 'w', runbook: slow.id, sha256: slow.sha256, scope: appScope},
		by: 'li@10.0.0.8',
	},
	{type: 'looked', atMs: minute(1), node: 'see', evidence: [load(1, busy)]},
	{type: 'decided', atMs: minute(2), node: 'which', way: {cause: 'cpu'}},
	{type: 'remarked', atMs: minute(3), text: 'since the release', by: 'wang@10.0.0.9'},
	{type: 'acted', atMs: minute(6), node: 'restart', end: 'done', run: 'r'},
	{type: 'waited', atMs: minute(7), node: 'settle'},
	{type: 'looked', atMs: minute(8), node: 'again', evidence: [load(8, calm)]},
	{type: 'decided', atMs: minute(9), node: 'better', way: {branch: 0}},
];

const operation: IncidentEvent = {
	kind: 'operation',
	operation: {
		...{job: '20261120T120400Z-0a1b2c3e', operation: 'restart-service', target: 'prod/shop'},
		...{title: phrase('Restart shop/app'), operator: 'li@10.0.0.8'},
		...{startedAtMs: minute(4), endedAtMs: minute(5), outcome: 'done', exitStatus: 0},
		commands: [{text: 'docker restart shop-app-1', step: 'restart', state: 'done'}],
	},
};

/** An incident as a console writes it down: a walk over the slow application, its operation, what proved it. */
export function storyLines(): readonly IncidentLine[] {
	const events: readonly (readonly [number, string, IncidentEvent])[] = [
		[0, 'li@10.0.0.8', opened({project: 'shop', severity: 'critical'})],
		...incidentEventsOfWalk(slow, walked).map(event => [10, 'opsconsole', event] as const),
		[10, 'opsconsole', operation],
		[12, 'li@10.0.0.8', {kind: 'closed', cause: 'a busy loop', done: 'restarted', followUps: []}],
	];
	return events.map(([at, by, event], index) => ({
		...{v: 1, seq: index + 1, t: new Date(minute(at)).toISOString(), by, event, prev: ''},
	}));
}
