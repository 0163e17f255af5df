import type {Alert} from '../../src/domain/alerts.ts';
import type {Container} from '../../src/domain/containers.ts';
import type {Settings} from '../../src/domain/settings.ts';
import {noTargets} from '../../src/domain/targets.ts';
import {engineTarget, hostTarget, logsTarget} from '../../src/store/select.ts';
import {type Data, initialState, type State} from '../../src/store/state.ts';

/** The moment at which the states of the tests are: noon, UTC. */
export const nowMs = Date.UTC(2026, 10, 20, 12, 0, 0);

/** Settings for tests: nothing configured, a test environment. */
export const testSettings: Settings = {
	title: 'shop',
	environment: {kind: 'test', name: 'test'},
	language: 'en',
	refreshMs: 2000,
	isReadOnly: false,
	docker: {isEnabled: true},
	discovery: {isEnabled: true},
	services: [],
	postgres: [],
	redis: [],
	endpoints: [],
	logs: [],
	backups: [],
	rules: [],
	schedules: [],
	contacts: [],
	links: [],
	files: [],
	problems: [],
};

/** A running container of a Compose project, with any of its facts replaced. */
export function container(service: string, more: Partial<Container> = {}): Container {
	return {
		id: service.padEnd(64, '0'),
		key: `shop/${service}/1`,
		name: `shop_${service}_1`,
		project: 'shop',
		service,
		number: 1,
		image: `shop/${service}:1.4`,
		imageId: 'sha256:0',
		command: `run ${service}`,
		state: 'running',
		health: 'healthy',
		restartCount: 0,
		recentRestarts: 0,
		isCrashLooping: false,
		oomKilled: false,
		createdAtMs: nowMs - 7_200_000,
		startedAtMs: nowMs - 7_200_000,
		ports: [],
		addresses: ['172.18.0.2'],
		isInspected: true,
		...more,
	};
}

/** A raised alert on a container. */
export function containerAlert(name: string, more: Partial<Alert> = {}): Alert {
	return {
		id: `container.down ${name}`,
		ruleId: 'container.down',
		metric: 'container.down',
		target: engineTarget,
		subject: name,
		level: 'crit',
		isPending: false,
		value: 1,
		threshold: 1,
		sinceMs: nowMs - 60_000,
		provenance: 'built in',
		...more,
	};
}

/** A state with data, as the program would have it after its first readings. */
export function stateWith(
	data: Partial<Data> & {readonly containers?: readonly Container[]},
	size: {readonly columns?: number; readonly rows?: number; readonly isAscii?: boolean} = {},
): State {
	const {containers = [], ...rest} = data;
	const {columns = 80, rows = 24, isAscii = false} = size;
	const start = initialState({
		settings: testSettings,
		hostname: 'web-1',
		nowMs,
		columns,
		rows,
		isAscii,
	});
	const readings = {
		...start.data.readings,
		'docker.containers': {
			[engineTarget]: {
				kind: 'fresh',
				atMs: nowMs,
				value: {
					engine: {
						version: '28.0.0',
						apiVersion: '1.48',
						name: 'web-1',
						operatingSystem: 'Debian GNU/Linux 12',
					},
					containers,
				},
			},
		},
		...rest.readings,
	} as const;
	return {
		...start,
		data: {...start.data, isDiscovered: true, targets: noTargets, ...rest, readings},
	};
}

export {engineTarget, hostTarget, logsTarget};
