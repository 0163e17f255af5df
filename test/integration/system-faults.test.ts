import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {MetricId} from '../../src/domain/metrics.ts';
import {valueOf} from '../../src/domain/reading.ts';
import type {Level} from '../../src/domain/level.ts';
import type {FaultName} from '../lab/fault.ts';
import {docker} from '../lab/docker.ts';
import {prepareEngine, startLab, type Lab} from '../support/lab.ts';
import {makePlace, type Place} from '../support/program.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {waitFor} from '../support/wait.ts';
import {settingsFrom, startWatch, type Watch} from '../support/watch.ts';

// Every fault that the lab can have, and what the program says about it: which service, and why.

const engine = await requireComponent('a Docker engine', prepareEngine);

/** What a fault must show: an alert at a subject, an error group of a service, or both; and what must clear again. */
type Sign = {
	readonly fault: FaultName;
	readonly alert?: readonly [metric: MetricId, subject: string, level: Level];
	readonly group?: readonly [service: string, text: string];
	/** Alerts that stay for longer by design (restarts within ten minutes) are not waited for. */
	readonly stays?: true;
	/** A further sign in the state. */
	readonly also?: (watch: Watch, lab: Lab) => boolean;
};

function activity(watch: Watch, lab: Lab) {
	return valueOf(watch.state().data.readings['postgres.activity'][`${lab.project}/db`]);
}

const signs: readonly Sign[] = [
	// The window of the percentile is 150 probes, so it remembers for a while.
	{fault: 'slow', alert: ['endpoint.p95', '/app', 'warn'], stays: true},
	{fault: 'errors', group: ['app', 'model answered with NaN']},
	{
		fault: 'leak',
		alert: ['postgres.connections', '/db', 'warn'],
		also: (watch, lab) => (activity(watch, lab)?.connections.used ?? 0) >= 40,
	},
	{fault: 'memory', alert: ['container.memory', '_app_', 'warn']},
	{
		fault: 'log-storm',
		alert: ['errors.per-minute', 'logs', 'crit'],
		group: ['app', 'refused: gateway timeout'],
		stays: true,
	},
	{
		fault: 'lock',
		alert: ['postgres.waiting', '/db', 'warn'],
		also: (watch, lab) =>
			activity(watch, lab)?.blocking[0]?.session.application === 'nightly-import',
	},
	{
		fault: 'deadlock',
		alert: ['postgres.deadlocks', '/db', 'warn'],
		group: ['db', 'deadlock detected'],
		stays: true,
	},
	{
		fault: 'slow-query',
		alert: ['postgres.longest-query', '/db', 'warn'],
		also: (watch, lab) => activity(watch, lab)?.longestQuery?.application === 'report',
	},
	{
		fault: 'idle-transaction',
		alert: ['postgres.idle-in-transaction', '/db', 'warn'],
		also: (watch, lab) => activity(watch, lab)?.idleInTransaction[0]?.application === 'forgotten',
	},
	{fault: 'redis-memory', alert: ['redis.memory', '/redis', 'crit']},
	{fault: 'cpu', alert: ['container.cpu', '_app_', 'warn']},
	{fault: 'unhealthy', alert: ['container.unhealthy', '_app_', 'crit']},
	{
		fault: 'crash',
		alert: ['container.crash-loop', '_app_', 'crit'],
		group: ['app', 'MODEL_PATH is missing'],
		stays: true,
	},
];

/** Thresholds for what has none built in, and lower ones for what would take minutes. */
const thresholds = `thresholds:
  container.cpu: {warn: 30}
  container.memory: {warn: 70}
  postgres.longest-query: {warn: 2s}
  postgres.idle-in-transaction: {warn: 2s}
`;

describe.skipIf(engine.missing !== undefined)(titleWith(engine, 'faults of a real stack'), () => {
	let lab: Lab;
	let place: Place;
	let watch: Watch;

	beforeAll(async () => {
		[lab, place] = await Promise.all([startLab(), makePlace()]);
		const config = await place.write(
			'faults.yaml',
			`docker: {projects: [${lab.project}]}\n${thresholds}`,
		);
		watch = startWatch(await settingsFrom(config));
		await waitFor(
			() =>
				watch.state().data.readings['http.endpoint'][`${lab.project}/app`]?.kind === 'fresh' ||
				undefined,
			{deadlineMs: 30_000, what: 'the first reading'},
		);
	});
	afterAll(async () => {
		await watch.stop();
		await Promise.all([lab.down(), place.remove()]);
	});

	it.each(signs)('$fault', async ({fault, alert, group, stays, also}) => {
		const raised = () => (alert ? watch.alert(alert[0], alert[1]) : undefined);
		await lab.fault(fault, true);
		try {
			await waitFor(
				() => {
					const seen = raised();
					const isRaised = !alert || (seen !== undefined && seen.level === alert[2]);
					const isLogged = !group || watch.group(group[0], group[1]) !== undefined;
					return (isRaised && isLogged && (also?.(watch, lab) ?? true)) || undefined;
				},
				{deadlineMs: 40_000, what: `the signs of ${fault}`},
			);
		} finally {
			await lab.fault(fault, false);
		}

		if (!stays && alert) {
			await waitFor(() => (raised() === undefined ? true : undefined), {
				deadlineMs: 45_000,
				what: `the end of ${fault}`,
			});
		}
	});

	it('oom: the killed container by name', async () => {
		await lab.ready();
		await lab.fault('oom', true);
		await waitFor(() => watch.alert('container.oom-killed', '_app_'), {
			deadlineMs: 45_000,
			what: 'the kill',
		});
		await lab.ready();
	});

	it('a stopped database: its container, and back within five seconds of its return', async () => {
		const id = `${lab.project}/db`;
		const kind = () => watch.state().data.readings['postgres.activity'][id]?.kind;
		const container = await lab.containerId('db');
		await waitFor(() => kind() === 'fresh' || undefined);
		await lab.compose(['stop', '-t', '1', 'db']);
		await waitFor(() => watch.alert('container.down', '_db_'), {
			what: 'the alert of the container',
		});
		await waitFor(() => watch.alert('endpoint.down', '/app'), {
			deadlineMs: 20_000,
			what: 'the alert of the application',
		});
		const missing = watch.state().data.targets.missing.find(item => item.name === id);
		expect(missing?.problem.code).toBe('discovery-stopped');
		// Its last figures stay on the screen beside that (row D05).
		const known = watch.state().data.lastKnown.postgres[id];
		expect(known?.value.version).toMatch(/^\d/);
		expect(known?.atMs).toBeLessThan(watch.state().data.nowMs);
		await lab.compose(['start', 'db']);
		await waitFor(
			async () => {
				const format = '{{.State.Health.Status}}';
				return (
					(await docker(['inspect', '--format', format, container])) === 'healthy' || undefined
				);
			},
			{deadlineMs: 30_000, everyMs: 50, what: 'a healthy database'},
		);
		await waitFor(() => kind() === 'fresh' || undefined, {deadlineMs: 20_000, what: 'its return'});
		await waitFor(() => (watch.alert('container.down', '_db_') ? undefined : true));
		await lab.ready();
	});

	it('keeps what a service is when its container is replaced, scaled or renamed', async () => {
		const rows = () =>
			valueOf(Object.values(watch.state().data.readings['docker.containers'])[0])?.containers ?? [];
		const worker = () => rows().find(row => row.key === `${lab.project}/worker/1`);
		const before = worker()?.id;
		await lab.compose(['up', '-d', '--no-build', '--force-recreate', '--no-deps', 'worker']);
		await waitFor(() => {
			const now = worker();
			return (now?.state === 'running' && now.id !== before) || undefined;
		});
		expect(rows().filter(row => row.service === 'worker')).toHaveLength(1);
		await lab.compose(['up', '-d', '--no-build', '--no-deps', '--scale', 'worker=3', 'worker']);
		const numbers = () =>
			rows()
				.filter(row => row.service === 'worker')
				.map(row => row.number);
		await waitFor(() => numbers().join() === '1,2,3' || undefined);
		await lab.compose(['up', '-d', '--no-build', '--no-deps', '--scale', 'worker=1', 'worker']);
		await waitFor(() => numbers().join() === '1' || undefined);
		const id = worker()?.id ?? '';
		await docker(['rename', id, `${lab.project}-renamed`]);
		await waitFor(() => worker()?.name === `${lab.project}-renamed` || undefined);
		await docker(['pause', id]);
		await waitFor(() => worker()?.state === 'paused' || undefined);
		await waitFor(() => watch.alert('container.down', '_renamed'));
		await docker(['unpause', id]);
		await waitFor(() => worker()?.state === 'running' || undefined);
	});
});
