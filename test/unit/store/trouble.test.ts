import {expect, test} from 'vitest';
import type {Container} from '../../../src/domain/containers.ts';
import {oomHoldMs} from '../../../src/domain/oom-kill.ts';
import {pendingCount} from '../../../src/store/select-alerts.ts';
import {containerRows} from '../../../src/store/select-containers.ts';
import {plainReport} from '../../../src/report/plain.ts';
import type {State} from '../../../src/store/state.ts';
import {makeLook} from '../../../hooks/use-look.ts';
import {whyText} from '../../../views/panels/container-words.ts';
import {calmShop} from '../../support/shop.ts';
import {container, containerAlert, nowMs, stateWith} from '../../support/state.ts';

const stopped: Partial<Container> = {
	state: 'exited',
	exitCode: 0,
	health: 'none',
	finishedAtMs: nowMs - 120_000,
};

function services(state: State): readonly (string | undefined)[] {
	return containerRows(state).map(row => row.container.service);
}

test('what does not run at all comes before what is unhealthy because of it, else the order stays', () => {
	const containers = [
		container('app', {health: 'unhealthy'}),
		container('done', {...stopped, restartPolicy: 'no'}),
		container('loop', {isCrashLooping: true}),
		container('new', {state: 'created', health: 'none'}),
		container('redis', stopped),
		container('web', {health: 'unhealthy'}),
		container('warned'),
	];
	const alerts = [
		...['shop_app_1', 'shop_web_1', 'shop_loop_1', 'shop_new_1', 'shop_redis_1'].map(name =>
			containerAlert(name),
		),
		containerAlert('shop_warned_1', {level: 'warn', metric: 'container.memory'}),
	];
	expect(services(stateWith({containers, alerts}))).toEqual([
		...['loop', 'new', 'redis', 'app', 'web', 'warned', 'done'],
	]);
});

test('a container that stopped is on top before the hold time of its alert is over', () => {
	const containers = [container('app'), container('busy'), container('redis', stopped)];
	const pending = {isPending: true};
	const alerts = [
		containerAlert('shop_redis_1', pending),
		containerAlert('shop_busy_1', {...pending, metric: 'container.cpu', id: 'busy'}),
	];
	const state = stateWith({containers, alerts});
	expect(services(state)).toEqual(['redis', 'app', 'busy']);
	expect(services({...state, ui: {...state.ui, isTroubleOnly: true}})).toEqual(['redis']);
	expect(pendingCount(state.data)).toBe(2);
});

test.each([
	[0, 'stopped: exit 0, 2 m ago', '已停止：退出码 0，2 分前'],
	[1, 'failed: exit 1, 2 m ago', '异常退出：退出码 1，2 分前'],
	[137, 'killed: SIGKILL, 2 m ago', '被强制结束：SIGKILL，2 分前'],
	[139, 'crashed: SIGSEGV, 2 m ago', '崩溃：SIGSEGV，2 分前'],
	[143, 'stopped: SIGTERM, 2 m ago', '被停止：SIGTERM，2 分前'],
])('why a container that should run does not: exit %i', (exitCode, en, zh) => {
	const containers = [container('redis', {...stopped, exitCode})];
	const alerts = [containerAlert('shop_redis_1')];
	const [row] = containerRows(stateWith({containers, alerts}));
	expect(row && whyText(row, makeLook('en', false), nowMs)).toBe(en);
	expect(row && whyText(row, makeLook('zh', false), nowMs)).toBe(zh);
});

test('out of memory is said as such, and a job that ended well needs no reason', () => {
	const oom = container('app', {...stopped, exitCode: 137, oomKilled: true});
	const state = stateWith({
		containers: [oom, container('job', stopped)],
		alerts: [containerAlert('shop_app_1')],
	});
	const look = makeLook('en', false);
	expect(containerRows(state).map(row => whyText(row, look, nowMs))).toEqual([
		'killed: out of memory, 2 m ago',
		'',
	]);
});

test('a kill for lack of memory is said while it counts, with its age once the container runs again', () => {
	const restarted = (minutesAgo: number) => {
		const oomKilledAtMs = nowMs - minutesAgo * 60_000;
		const app = container('app', {oomKilled: true, oomKilledAtMs});
		const recovery = {untilMs: oomKilledAtMs + oomHoldMs};
		const oom = {metric: 'container.oom-killed', level: 'warn', recovery} as const;
		const [row] = containerRows(
			stateWith({
				containers: [app],
				alerts: minutesAgo < 15 ? [containerAlert('shop_app_1', oom)] : [],
			}),
		);
		return row && whyText(row, makeLook('en', false), nowMs);
	};

	expect(restarted(12)).toMatch(
		/^killed: out of memory, 12 m ago, recovering, held until \d\d:\d\d$/,
	);
	expect(restarted(16)).toBe('');
});

test('a crash loop that runs just now does not claim the exit code of this run', () => {
	const loop: Partial<Container> = {isCrashLooping: true, recentRestarts: 5};
	const containers = [
		container('app', {...loop, exitCode: 0}),
		container('web', {...loop, state: 'restarting', exitCode: 3}),
	];
	const look = makeLook('en', false);
	expect(containerRows(stateWith({containers})).map(row => whyText(row, look, nowMs))).toEqual([
		'5 restarts in 10 min',
		'5 restarts in 10 min, exit code 3',
	]);
});

test('the plain report says what waits for the end of its hold time', () => {
	const alerts = [
		containerAlert('shop_app_1', {isPending: true, metric: 'container.cpu', value: 95}),
	];
	const calm = calmShop({alerts});
	const text = plainReport(calm);
	expect(text.split('\n')[0]).toMatch(/: PENDING 1$/);
	expect(text).toMatch(/^ {2}pending shop_app_1: /m);
	expect(plainReport({...calm, ui: {...calm.ui, language: 'zh'}})).toMatch(/: 待定 1$/m);
	const held = [containerAlert('shop_app_1', {metric: 'container.oom-killed', recovery: {}})];
	expect(plainReport(calmShop({alerts: held}))).toContain('killed: out of memory, recovering, 1 m');
	expect(plainReport(calmShop()).split('\n')[0]).toMatch(/: OK$/);
});
