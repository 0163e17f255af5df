import {clean, cleanLine} from './clean.ts';
import type {Container, ContainerState, Health, Port} from './containers.ts';
import {maskCommand, maskText} from './mask.ts';
import {listOf, numberOf, objectOf, textOf, textsOf, withoutAbsent, type Json} from './unknown.ts';

const states: readonly ContainerState[] = [
	'created',
	'running',
	'paused',
	'restarting',
	'removing',
	'exited',
	'dead',
];
const healths: readonly Health[] = ['none', 'starting', 'healthy', 'unhealthy'];

/** The engine's state word; a word of a future engine counts as dead, which is shown as trouble. */
export function stateOf(text: string): ContainerState {
	return states.find(state => state === text.toLowerCase()) ?? 'dead';
}

/** The engine's health word; anything else means that there is no health check. */
export function healthOf(text: string): Health {
	return healths.find(health => health === text) ?? 'none';
}

/** Health from the text of a list entry: `Up 2 hours (healthy)`, `Up 3 seconds (health: starting)`. */
export function healthFromStatus(status: string): Health {
	return healthOf(/\((?:health: )?(starting|healthy|unhealthy)\)/.exec(status)?.[1] ?? 'none');
}

/** Exit code from the text of a list entry: `Exited (137) 3 minutes ago`, `Restarting (3) 2 seconds ago`. */
export function exitCodeFromStatus(status: string): number | undefined {
	const found = /^(?:Exited|Restarting) \((\d+)\)/.exec(status)?.[1];
	return found === undefined ? undefined : Number(found);
}

/** A time of the engine in ms; its zero time (year 1) means never. */
export function timeOf(value: unknown): number | undefined {
	const time = Date.parse(textOf(value));
	return time > 0 ? time : undefined;
}

/** Label of every container that an operation starts beside the watched ones; its value is the id of the run. */
export const operationLabel = 'opsconsole.op';

/** Who a container is, from its labels: Compose v1 and v2 use the same ones. */
export function identityOf(
	labels: Json,
	rawName: string,
): Pick<Container, 'key' | 'name' | 'project' | 'service' | 'number' | 'operation'> {
	const name = clean(rawName.replace(/^\//, ''), 200);
	const project = clean(textOf(labels['com.docker.compose.project']), 200);
	const service = clean(textOf(labels['com.docker.compose.service']), 200);
	const operation = clean(textOf(labels[operationLabel]), 100);
	if (project === '' || service === '' || operation !== '') {
		return {key: name, name, ...(operation !== '' && {operation})};
	}

	const isOneOff = textOf(labels['com.docker.compose.oneoff']).toLowerCase() === 'true';
	const number = Number(textOf(labels['com.docker.compose.container-number'])) || 1;
	// `compose run` makes containers beside the service's own ones, with numbers of their own.
	const key = isOneOff ? `${project}/${service}/run/${name}` : `${project}/${service}/${number}`;
	return {key, name, project, service, number};
}

/** The name proper among link aliases (`/a/b`). */
function nameOf(names: readonly string[]): string {
	return names.find(name => name.lastIndexOf('/') === 0) ?? names[0] ?? '';
}

/** A port as both the list and the inspection give it; the IPv6 twin of an IPv4 publication is left out. */
function distinctPorts(ports: readonly Port[]): readonly Port[] {
	const byPlace = new Map<string, Port>();
	for (const port of ports) {
		const place = `${port.containerPort}/${port.protocol}/${port.hostPort ?? ''}`;
		if (!byPlace.has(place) || byPlace.get(place)?.hostAddress?.includes(':') === true) {
			byPlace.set(place, port);
		}
	}

	return [...byPlace.values()].sort(
		(a, b) => a.containerPort - b.containerPort || (a.hostPort ?? 0) - (b.hostPort ?? 0),
	);
}

function portFromList(value: unknown): Port {
	const port = objectOf(value);
	const hostAddress = clean(textOf(port['IP']), 60);
	return withoutAbsent({
		containerPort: numberOf(port['PrivatePort']) ?? 0,
		protocol: clean(textOf(port['Type']) || 'tcp', 10),
		hostPort: numberOf(port['PublicPort']),
		hostAddress: hostAddress === '' ? undefined : hostAddress,
	});
}

function portsFromInspect(value: unknown): readonly Port[] {
	return Object.entries(objectOf(value)).flatMap(([place, bindings]): readonly Port[] => {
		const [port = '', protocol = 'tcp'] = clean(place, 30).split('/');
		const containerPort = Number(port) || 0;
		const published = listOf(bindings).map(objectOf);
		return published.length === 0
			? [{containerPort, protocol}]
			: published.map(binding => ({
					containerPort,
					protocol,
					hostPort: Number(textOf(binding['HostPort'])) || 0,
					hostAddress: clean(textOf(binding['HostIp']), 60),
				}));
	});
}

/** Addresses in every network, IPv4 first. */
function addressesOf(networks: unknown): readonly string[] {
	const all = Object.values(objectOf(networks)).map(objectOf);
	return [
		...all.map(network => network['IPAddress']),
		...all.map(network => network['GlobalIPv6Address']),
	]
		.map(address => clean(textOf(address), 60))
		.filter(address => address !== '');
}

/** A container from one entry of `GET /containers/json`: enough to be shown, without the details of an inspection. */
export function containerFromList(value: unknown): Container {
	const entry = objectOf(value);
	const status = textOf(entry['Status']);
	return withoutAbsent({
		id: textOf(entry['Id']),
		...identityOf(objectOf(entry['Labels']), nameOf(textsOf(entry['Names']))),
		image: clean(textOf(entry['Image']), 300),
		imageId: clean(textOf(entry['ImageID']), 100),
		command: cleanLine(maskCommand(textOf(entry['Command'])), 300),
		state: stateOf(textOf(entry['State'])),
		health: healthFromStatus(status),
		restartCount: 0,
		recentRestarts: 0,
		isCrashLooping: false,
		exitCode: exitCodeFromStatus(status),
		oomKilled: false,
		createdAtMs: (numberOf(entry['Created']) ?? 0) * 1000,
		ports: distinctPorts(listOf(entry['Ports']).map(portFromList)),
		addresses: addressesOf(objectOf(entry['NetworkSettings'])['Networks']),
		isInspected: false,
	});
}

/** Output of the last failed check, on one line. */
function healthOutputOf(health: Json): string | undefined {
	const failed = listOf(health['Log'])
		.map(objectOf)
		.filter(entry => entry['ExitCode'] !== 0);
	const output = textOf(failed.at(-1)?.['Output'])
		.trim()
		.replace(/\s*\n\s*/g, ' | ');
	return output === '' ? undefined : cleanLine(maskText(output), 300);
}

/** The command line as the list prints it. */
function commandOf(inspection: Json): string {
	return cleanLine(
		maskCommand([textOf(inspection['Path']), ...textsOf(inspection['Args'])].join(' ')),
		300,
	);
}

/** A container from `GET /containers/{id}/json`; what only the history or the image knows is taken from `before`. */
export function containerFromInspect(value: unknown, before: Container | undefined): Container {
	const inspection = objectOf(value);
	const config = objectOf(inspection['Config']);
	const state = objectOf(inspection['State']);
	const hostConfig = objectOf(inspection['HostConfig']);
	const network = objectOf(inspection['NetworkSettings']);
	const health = objectOf(state['Health']);
	const status = stateOf(textOf(state['Status']));
	const isUp = status === 'running' || status === 'paused';
	const finishedAtMs = timeOf(state['FinishedAt']);
	const pid = numberOf(state['Pid']);
	const restartPolicy = clean(textOf(objectOf(hostConfig['RestartPolicy'])['Name']), 40);
	const cgroupParent = clean(textOf(hostConfig['CgroupParent']), 200);
	return withoutAbsent({
		id: textOf(inspection['Id']),
		...identityOf(objectOf(config['Labels']), textOf(inspection['Name'])),
		image: clean(textOf(config['Image']), 300),
		imageId: clean(textOf(inspection['Image']), 100),
		digest: before?.digest,
		command: commandOf(inspection),
		state: status,
		// The engine keeps the last health of a container that has ended; that is no longer a fact.
		health: isUp ? healthOf(textOf(health['Status'])) : 'none',
		healthOutput: healthOutputOf(health),
		restartCount: numberOf(inspection['RestartCount']) ?? 0,
		recentRestarts: before?.recentRestarts ?? 0,
		isCrashLooping: before?.isCrashLooping ?? false,
		exitCode: finishedAtMs === undefined ? undefined : numberOf(state['ExitCode']),
		oomKilled: state['OOMKilled'] === true,
		oomKilledAtMs: before?.oomKilledAtMs,
		restartPolicy: restartPolicy === '' ? undefined : restartPolicy,
		createdAtMs: timeOf(inspection['Created']) ?? 0,
		startedAtMs: timeOf(state['StartedAt']),
		finishedAtMs,
		ports: distinctPorts(portsFromInspect(network['Ports'])),
		addresses: addressesOf(network['Networks']),
		pid: pid === 0 ? undefined : pid,
		cgroupParent: cgroupParent === '' ? undefined : cgroupParent,
		isInspected: true,
	});
}

/** What a newer list says about a container that was inspected before: its details stay. */
export function mergeList(listed: Container, before: Container | undefined): Container {
	if (before?.isInspected !== true) {
		return listed;
	}

	const {state, health, image, ports, addresses, key, name, exitCode} = listed;
	return {
		...before,
		...{state, health, image, ports, addresses, key, name},
		...(exitCode !== undefined && {exitCode}),
	};
}

/** Order of the list: plain containers first, then by project, service, number, name. */
export function compareContainers(a: Container, b: Container): number {
	return (
		compareText(a.project ?? '', b.project ?? '') ||
		compareText(a.service ?? '', b.service ?? '') ||
		(a.number ?? 0) - (b.number ?? 0) ||
		compareText(a.name, b.name) ||
		compareText(a.id, b.id)
	);
}

function compareText(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
