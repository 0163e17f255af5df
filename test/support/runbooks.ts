import {readRunbook} from '../../config/read-runbook.ts';
import type {Problem} from '../../src/domain/problem.ts';
import {
	judgeItem,
	levelOfItems,
	type Answer,
	type CheckResult,
} from '../../src/runbooks/checklist.ts';
import type {Diagnosis, Finding} from '../../src/runbooks/diagnosis.ts';
import {nothingSeen, valuesOf, withEvidence} from '../../src/runbooks/evidence.ts';
import type {Evidence} from '../../src/runbooks/look.ts';
import {ranked, weigh} from '../../src/runbooks/rank.ts';
import type {Checklist, Wizard} from '../../src/runbooks/runbook.ts';
import type {Scope} from '../../src/runbooks/scope.ts';
import {
	replay,
	type Activity,
	type Walk,
	type WalkEvent,
	type WalkMove,
} from '../../src/runbooks/walk.ts';
import type {ListedWalk} from '../../src/store/runbook-state.ts';
import type {Screen, State} from '../../src/store/state.ts';
import {shopWithOperations} from './dialogs.ts';
import type {ShopFacts} from './shop.ts';
import {nowMs} from './state.ts';

/** A wizard with every kind of step. It is about a container; all it looks at is the host. */
export const slowText = `id: app-slow
kind: wizard
title: {en: The application is slow, zh: 应用响应缓慢}
symptoms:
  - {en: pages take seconds to open, zh: 页面要几秒才能打开}
  - {en: users complain that nothing moves, zh: 用户反映操作没有反应}
covers: [H2-07, H4-10, H5-14]
on: container
alerts: [host.cpu, host.memory]
causes:
  cpu:
    title: {en: 'the processors are busy ({host.load.cpu})', zh: '处理器繁忙（{host.load.cpu}）'}
    when: host.load.cpu >= 90 %
    points: 3
    for:
      - if: host.load.load-per-core > 2
        says: {en: '{host.load.load-per-core} programs wait for each core', zh: '每核有 {host.load.load-per-core} 个程序在等待'}
    against:
      - if: host.load.swap > 50 %
        says: {en: 'swap is used as well ({host.load.swap}), so memory may be what is short', zh: '交换区也在使用（{host.load.swap}），可能是内存不足'}
    fix: restart
  swap:
    title: {en: 'memory is short and the host swaps', zh: '内存不足，主机正在换页'}
    when: host.load.swap >= 50 %
    for:
      - if: host.load.memory > 90 %
        says: {en: '{host.load.memory} of the memory is taken', zh: '内存已用 {host.load.memory}'}
    follows: [cpu]
    fix: tell
  disk:
    title: {en: 'the disk {host.load.fullest-mount} is full', zh: '磁盘 {host.load.fullest-mount} 已满'}
    when: host.load.disk >= 95 %
    fix: logs
start: see
nodes:
  see:
    look: [host.load]
    why: {en: 'Is the host itself short of something?', zh: 主机本身是否缺少资源？}
    means: {en: 'The processors do {host.load.cpu}, memory is at {host.load.memory}.', zh: '处理器 {host.load.cpu}，内存 {host.load.memory}。'}
    next: which
  which:
    rank: [cpu, swap, disk]
    why: {en: 'What explains it best?', zh: 哪个原因最能解释？}
    otherwise: ask
    unknown: ask
  ask:
    ask: {en: 'Is it slow for everybody, or only for some?', zh: 是所有人都慢，还是只有部分人？}
    why: {en: 'Nothing on the host is short, so the way to the users may be.', zh: 主机资源充足，问题可能在用户一侧。}
    choices:
      - label: {en: for everybody, zh: 所有人}
        next: tell
      - label: {en: only outside of the office, zh: 仅办公室以外}
        next: away
    unknown: blind
  restart:
    do: restart-service
    with: {services: [scope.container]}
    why: {en: 'A restart ends whatever keeps the processors busy.', zh: 重启可结束占用处理器的任务。}
    next: settle
    skip: tell
    failed: blind
  logs:
    do: clean-logs
    with: {days: 7}
    next: settle
    skip: tell
    failed: blind
  settle:
    wait: 30 s
    why: {en: 'A service needs a moment after its start.', zh: 服务启动后需要片刻。}
    next: again
  again: {look: [host.load], next: better}
  better:
    decide:
      - when: host.load.cpu < was.host.load.cpu - 10 %
        because: {en: 'the processors are down to {host.load.cpu}', zh: '处理器已降至 {host.load.cpu}'}
        next: solved
    otherwise: which
    unknown: blind
  tell:
    note: {en: 'Tell the users that it is slow, and look at the slowest queries in panel 4 (PostgreSQL).', zh: 告知用户系统缓慢，并在面板 4（PostgreSQL）查看最慢的查询。}
    next: fine
  fine: {end: healthy, says: {en: 'the host has what it needs', zh: 主机资源充足}}
  solved: {end: solved, says: {en: 'the processors are down to {host.load.cpu}', zh: '处理器已降至 {host.load.cpu}'}}
  away: {end: not-found, says: {en: 'the network between the office and the host comes next', zh: 接下来检查办公室与主机之间的网络}, continue: net-slow}
  blind: {end: escalate, says: {en: 'call the one on duty', zh: 请联系值班人员}}
`;

const netText = `id: net-slow
kind: wizard
title: {en: The network is slow, zh: 网络缓慢}
symptoms: [{en: packets are lost, zh: 丢包}]
on: container
start: see
nodes:
  see: {look: [host.load], next: fine}
  fine: {end: healthy, says: {en: nothing, zh: 无}}
`;

const dailyText = `id: daily
kind: checklist
title: {en: Daily check, zh: 每日检查}
symptoms: [{en: every morning before nine, zh: 每天早上九点前}]
covers: [H1-06, H2-01]
on: stack
every: daily
at: '09:00'
owner: {en: operator on duty, zh: 值班人员}
method: {en: opsconsole check daily, zh: opsconsole check daily}
items:
  cpu:
    title: {en: the processors have room, zh: 处理器有余量}
    look: [host.load]
    pass: host.load.cpu < 80 %
    shows: {en: '{host.load.cpu} of the processors are used', zh: '处理器使用 {host.load.cpu}'}
  memory:
    title: {en: memory has room, zh: 内存有余量}
    look: [host.load]
    pass: host.load.memory < 95 %
    warn: host.load.memory >= 85 %
    shows: {en: '{host.load.memory} of the memory is taken', zh: '内存已用 {host.load.memory}'}
    fix: {runbook: app-slow}
  disk:
    title: {en: every disk has room, zh: 所有磁盘有余量}
    look: [host.load]
    pass: host.load.disk < 80 %
    shows: {en: '{host.load.fullest-mount} is {host.load.disk} full, {host.load.disk-free} are free', zh: '{host.load.fullest-mount} 已用 {host.load.disk}，剩余 {host.load.disk-free}'}
    fix: {do: clean-logs, with: {days: 7}}
  inodes:
    title: {en: there are inodes left, zh: inode 有剩余}
    look: [host.load]
    pass: host.load.inodes < 80 %
    shows: {en: '{host.load.inodes} of the inodes are used', zh: 'inode 已用 {host.load.inodes}'}
    fix: {runbook: app-slow}
  swap:
    title: {en: the host does not swap, zh: 主机未换页}
    look: [host.load]
    applies: host.load.swap > 0 %
    pass: host.load.swap < 10 %
    shows: {en: '{host.load.swap} of the swap is used', zh: '交换区已用 {host.load.swap}'}
  told:
    title: {en: the handover book was read, zh: 已阅读交接记录}
    by: person
  tape:
    title: {en: the tape was changed, zh: 已更换磁带}
    by: person
    fix: {runbook: app-slow}
`;

const weeklyText = dailyText
	.replace('id: daily', 'id: weekly')
	.replace('{en: Daily check, zh: 每日检查}', '{en: Weekly inspection, zh: 每周巡检}')
	.replace('every: daily', 'every: weekly')
	.replace("'09:00'", 'Mon 09:00');

function read(text: string, name: string) {
	const made = readRunbook(text, `${name}.yaml`, name);
	if (!made.ok) throw new Error(JSON.stringify(made.errors));
	return made.runbook;
}

/** A wizard from its text. */
export function wizardOf(text: string, name: string): Wizard {
	const runbook = read(text, name);
	if (runbook.kind !== 'wizard') throw new Error(`${name} is no wizard`);
	return runbook;
}

function checklistOf(text: string, name: string): Checklist {
	const runbook = read(text, name);
	if (runbook.kind !== 'checklist') throw new Error(`${name} is no checklist`);
	return runbook;
}

/** The wizard with every kind of step, one that goes on from it, a checklist of each outcome, and a weekly one. */
export const slow = wizardOf(slowText, 'app-slow');
export const net = wizardOf(netText, 'net-slow');
export const daily = checklistOf(dailyText, 'daily');
export const weekly = checklistOf(weeklyText, 'weekly');
export const someRunbooks = {'app-slow': slow, 'net-slow': net, daily, weekly} as const;

/** What the walks and checks of the tests are about. */
export const appScope: Scope = {project: 'shop', container: 'shop/app/1'};

/** The load of the host as it was seen a minute ago; busy unless told otherwise. */
export function loadSeen(values: Evidence['values'] = busy, problem?: Problem): Evidence {
	const atMs = nowMs - 60_000;
	return {look: 'host.load', atMs, values, lines: [], ...(problem && {problem})};
}

export const busy = {
	cpu: 96.4,
	memory: 91,
	swap: 62,
	'load-per-core': 3.4,
	'fullest-mount': '/var/lib/docker',
	disk: 71,
	'disk-free': 9_876_543_210,
	'inode-mount': '/',
	inodes: 12,
	'disk-busy': 33,
} as const;

export const calmLoad = {...busy, cpu: 12, memory: 40, swap: 0, 'load-per-core': 0.2} as const;

/** Events that bring a walk of the slow application to each of its places. */
const looked = {type: 'looked', node: 'see', evidence: [loadSeen()]} as const;
const toFix = [looked, {type: 'decided', node: 'which', way: {cause: 'cpu'}}] as const;
const toAsk = [
	{type: 'looked', node: 'see', evidence: [loadSeen(calmLoad)]},
	{type: 'decided', node: 'which', way: {other: 'otherwise'}},
] as const;
const toWait = [
	...toFix,
	{type: 'began', at: 'restart', run: '20261120T115500Z-11112222'},
	{type: 'acted', node: 'restart', end: 'done', run: '20261120T115500Z-11112222'},
] as const;
const toAgain = [...toWait, {type: 'waited', node: 'settle'}] as const;
const still = {type: 'looked', node: 'again', evidence: [loadSeen({...busy, cpu: 95})]} as const;

/** Every place of a walk, by the moves that lead there. */
export const moves = {
	start: [],
	rank: [looked],
	do: toFix,
	running: toWait.slice(0, 3),
	ask: toAsk,
	wait: toWait,
	note: [...toAsk, {type: 'answered', node: 'ask', choice: 0}],
	again: toAgain,
	healthy: [
		...toAsk,
		{type: 'answered', node: 'ask', choice: 0},
		{type: 'remarked', text: '已告知用户', by: 'li'},
		{type: 'noted', node: 'tell', text: 'wrote to everybody'},
	],
	solved: [
		...toAgain,
		{type: 'looked', node: 'again', evidence: [loadSeen({...busy, cpu: 31, swap: 3})]},
		{type: 'decided', node: 'better', way: {branch: 0}},
	],
	'not-found': [...toAsk, {type: 'answered', node: 'ask', choice: 1}],
	escalate: [
		...toFix,
		{
			type: 'acted',
			node: 'restart',
			end: 'failed',
			problem: {code: 'action-gone', params: {name: 'shop_app_1'}, retry: 'rarely'},
		},
	],
	long: [
		...toAgain,
		still,
		{type: 'decided', node: 'better', way: {other: 'otherwise'}},
		{type: 'decided', node: 'which', way: {cause: 'cpu'}},
		{type: 'acted', node: 'restart', end: 'skipped', reason: 'not before the shop closes at 22:00'},
	],
	paused: [looked, {type: 'paused', by: 'li'}],
	'handed over': [looked, {type: 'handed-over', by: 'li', to: '王芳'}],
	circling: [looked, {type: 'abandoned', by: 'li', reason: 'circling'}],
} as const satisfies Readonly<Record<string, readonly WalkMove[]>>;

/** A walk after some moves, one second apart, that began ten minutes ago. */
export function walkOf(
	what: readonly WalkMove[],
	{
		wizard = slow,
		sha256 = wizard.sha256,
		scope = appScope,
	}: {
		readonly wizard?: Wizard;
		readonly sha256?: string;
		readonly scope?: Scope;
	} = {},
): Walk {
	const atMs = nowMs - 600_000;
	const id = '20261120T115000Z-0a1b2c3d';
	const started: WalkEvent = {
		type: 'started',
		atMs,
		id,
		runbook: wizard.id,
		sha256,
		scope,
		by: 'li',
	};
	const events = what.map((move, index): WalkEvent => ({...move, atMs: atMs + (index + 1) * 1000}));
	const walk = replay(wizard, [started, ...events]);
	if (!walk) throw new Error('no walk');
	return walk;
}

/** The screen below which a runbook screen lies is the dashboard. */
export function withScreen(state: State, ...screens: readonly Screen[]): State {
	return {...state, ui: {...state.ui, screens: [{kind: 'dashboard'}, ...screens], scroll: 0}};
}

/** The shop with the runbooks read, none of them open. */
export function shopWithRunbooks(facts: ShopFacts = {}): State {
	const state = shopWithOperations(facts);
	const runbook = {...state.runbook, runbooks: someRunbooks, walks: [], lastChecks: {}};
	return {...state, runbook};
}

/** A walk on the screen. */
export function onWalk(
	facts: ShopFacts,
	what: readonly WalkMove[],
	more: {
		readonly activity?: Activity;
		readonly heldBy?: string;
		readonly selected?: number;
		readonly sha256?: string;
	} = {},
): State {
	const state = withScreen(shopWithRunbooks(facts), {kind: 'walk'});
	const {activity = {kind: 'nothing'}, selected = 0, heldBy, sha256} = more;
	const walk = walkOf(what, {...(sha256 !== undefined && {sha256})});
	const open = {wizard: slow, walk, activity, selected, ...(heldBy !== undefined && {heldBy})};
	return {...state, runbook: {...state.runbook, walk: open}};
}

/** Walks for the list: one open by somebody else, one that was handed over, one paused, one that is over. */
export function listedWalks(): readonly ListedWalk[] {
	const listed = (id: string, what: readonly WalkMove[], more: Partial<ListedWalk> = {}) => ({
		id,
		wizard: slow,
		walk: walkOf(what),
		...more,
	});
	const walks = [
		listed('20261120T115000Z-00000001', moves.rank, {heldBy: 'wang (sudo root)'}),
		listed('20261120T115000Z-00000002', moves['handed over']),
		listed('20261120T115000Z-00000003', moves.paused),
		listed('20261120T115000Z-00000004', moves.solved),
	];
	// The newest first, as the list shows them.
	return walks.map((one, index) => {
		const lastAtMs = nowMs - 541_000 - index * 1000;
		return {...one, walk: {...one.walk, lastAtMs}};
	});
}

/** What is wrong by some load of the host: the wizard's causes weighed for one container or several. */
export function diagnosisOf(
	evidence: Evidence,
	more: Partial<Diagnosis> = {},
	containers: readonly string[] = ['shop/app/1'],
): Diagnosis {
	const findings = containers.flatMap(subject =>
		Object.values(slow.causes).flatMap((cause): Finding[] => {
			const weighed = weigh(cause, valuesOf(withEvidence(nothingSeen, [evidence])));
			const scope = {...appScope, container: subject};
			return weighed ? [{...weighed, runbook: slow.id, scope, subject, evidence: [evidence]}] : [];
		}),
	);
	return {
		atMs: nowMs - 4000,
		tookMs: 1234,
		findings: ranked(findings),
		blind: [],
		excluded: 3 * containers.length - findings.length,
		...more,
	};
}

/** A checklist that was gone through, with a line of every outcome. */
export function checkOf(more: Partial<CheckResult> = {}): CheckResult {
	const answer: Answer = {value: 'yes', by: 'li', atMs: nowMs - 30_000, note: '全部已读'};
	const seen = loadSeen({
		cpu: 12,
		memory: 91,
		swap: 0,
		'fullest-mount': '/srv',
		disk: 97,
		'disk-free': 1e9,
	});
	const problem: Problem = {
		code: 'unexpected',
		params: {what: 'statfs', cause: 'permission denied'},
		retry: 'rarely',
	};
	const items = daily.items.map(item =>
		judgeItem(
			item,
			item.by === 'person' ? [] : [item.id === 'inodes' ? {...seen, problem} : seen],
			item.id === 'told' ? answer : undefined,
		),
	);
	return {
		version: 1,
		checklist: 'daily',
		sha256: daily.sha256,
		project: 'shop',
		atMs: nowMs - 30_000,
		by: 'li',
		items,
		level: levelOfItems(items),
		figures: {},
		...more,
	};
}

/** The daily checklist on the screen, with one line selected. */
export function onCheck(facts: ShopFacts, selected: string, result?: CheckResult): State {
	const state = withScreen(shopWithRunbooks(facts), {kind: 'check'});
	const isSigned = result?.signed !== undefined;
	const common = {checklist: daily, scope: {project: 'shop'}, answers: {}, selected, isSigned};
	const check = {...common, ...(result && {result})};
	return {...state, runbook: {...state.runbook, check}};
}
