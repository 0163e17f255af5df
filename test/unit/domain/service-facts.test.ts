import {expect, test} from 'vitest';
import {gateSample, lastCheckMs, serviceContainer} from '../../../src/domain/service-facts.ts';

const inspection = {
	Id: 'a'.repeat(64),
	Name: '/shop-db-1',
	Image: 'sha256:1',
	RestartCount: 2,
	State: {
		Status: 'running',
		StartedAt: '2026-11-21T10:00:00.123456789Z',
		Health: {
			Status: 'healthy',
			Log: [
				{Start: '2026-11-21T09:59:59Z', ExitCode: 0},
				{Start: '2026-11-21T10:00:01Z', ExitCode: 0},
				{Start: '2026-11-21T10:00:02Z', ExitCode: 0},
			],
		},
	},
	Config: {
		Image: 'postgres:15',
		StopSignal: 'SIGINT',
		StopTimeout: 7,
		Healthcheck: {Test: ['CMD', 'pg_isready'], Interval: 5e9, StartPeriod: 2e9},
		Labels: {'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'db'},
	},
	HostConfig: {
		NetworkMode: 'shop_default',
		AutoRemove: true,
		RestartPolicy: {Name: 'always'},
		PortBindings: {'5432/tcp': [{HostIp: '', HostPort: '5433'}], '80/tcp': [{HostPort: ''}]},
	},
	Mounts: [{Type: 'volume', RW: true}],
	NetworkSettings: {Ports: {}},
};

test('an inspection tells how a service is ended, checked and stored', () => {
	expect(serviceContainer(inspection)).toMatchObject({
		kind: 'postgres',
		stopSignal: 'SIGINT',
		stopTimeoutSeconds: 7,
		restartPolicy: 'always',
		healthCheck: {intervalMs: 5000, timeoutMs: 30_000, retries: 3, startPeriodMs: 2000},
		ports: [{hostPort: 5433, containerPort: 5432, protocol: 'tcp'}],
		hasDataMount: true,
		isRemovedAtEnd: true,
		compose: {project: 'shop', service: 'db'},
	});
	const empty = serviceContainer({});
	expect(empty).toMatchObject({kind: 'app', restartPolicy: 'no', hasDataMount: false, ports: []});
	expect(empty.healthCheck).toBeUndefined();
});

test('only health checks since the start count, and only in a row', () => {
	const look = {atMs: 5, probe: 'none'} as const;
	expect(gateSample(inspection, look)).toMatchObject({
		atMs: 5,
		state: 'running',
		health: 'healthy',
		healthyInRow: 2,
		restartCount: 2,
	});
	const log = [...inspection.State.Health.Log, {Start: '2026-11-21T10:00:03Z', ExitCode: 1}];
	const Health = {Status: 'healthy', Log: log};
	const worse = {...inspection, State: {...inspection.State, Health}};
	expect(gateSample(worse, look).healthyInRow).toBe(0);
	expect(gateSample(undefined, look)).toMatchObject({state: 'gone'});
});

test('of a container that goes on after a pause, only later health checks count', () => {
	const {Log} = inspection.State.Health;
	const look = {atMs: 5, probe: 'none', lastCheckMs: lastCheckMs(inspection)} as const;
	expect(gateSample(inspection, look).healthyInRow).toBe(0);
	const Health = {Status: 'healthy', Log: [...Log, {Start: '2026-11-21T10:00:09Z', ExitCode: 0}]};
	const later = {...inspection, State: {...inspection.State, Health}};
	expect(gateSample(later, look).healthyInRow).toBe(1);
	expect(lastCheckMs({})).toBe(0);
});
