import {cleanLine} from '../../domain/clean.ts';
import type {Container} from '../../domain/containers.ts';
import {maskArguments} from '../../domain/mask.ts';
import {serviceContainer, type PublishedPort} from '../../domain/service-facts.ts';
import {tcpListeners, type Listener} from '../../domain/tcp-listeners.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {callOther, isLocal, subjectOf} from './subject.ts';

const knockMs = 800;

/** Who has a port of the host. */
type Holder = {readonly kind?: 'container' | 'process'; readonly name?: string};

/** The listening sockets of a process' network; of this machine's for `self`. Undefined where they cannot be read. */
async function listeners(
	{io}: LookFacts,
	process: number | 'self',
): Promise<readonly Listener[] | undefined> {
	const read = (file: string) =>
		io.files.readText(`/proc/${process}/net/${file}`).catch(() => undefined);
	const [v4, v6] = await Promise.all([read('tcp'), read('tcp6')]);
	return v4 === undefined ? undefined : tcpListeners(`${v4}\n${v6 ?? ''}`);
}

/** Those inside a running container, where its process is on this machine. */
async function listenersInside(facts: LookFacts, {id, pid}: Container) {
	if (pid === undefined || !isLocal(facts.io)) return undefined;
	const groups = await facts.io.files.readText(`/proc/${pid}/cgroup`).catch(() => '');
	return groups.includes(id) ? await listeners(facts, pid) : undefined;
}

/** The process that listens on a port, as `ss` names it: `users:(("nginx",pid=7,fd=6))`. */
export function holderIn(ss: string): {readonly name: string; readonly pid: number} | undefined {
	const [, name, pid] = /users:\(\("((?:[^"\\]|\\.){1,60})",pid=(\d+)/.exec(ss) ?? [];
	return name === undefined ? undefined : {name: cleanLine(name, 60), pid: Number(pid)};
}

async function processAt(facts: LookFacts, port: number): Promise<Holder> {
	const {processes, files} = facts.io;
	if (!(await processes.has('ss'))) return {kind: 'process'};
	const {stdout} = await processes
		.run(['ss', '-H', '-l', '-t', '-n', '-p', 'sport', '=', `:${port}`], facts.signal)
		.catch(() => ({stdout: ''}));
	const holder = holderIn(stdout);
	if (holder === undefined) return {kind: 'process'};
	const argv = await files.readText(`/proc/${holder.pid}/cmdline`, 4096).catch(() => '');
	const words = maskArguments(argv.split('\0').filter(word => word !== '')).join(' ');
	const shown = words === '' ? '' : `: ${cleanLine(words, 120)}`;
	return {kind: 'process', name: `${holder.name} (${holder.pid})${shown}`};
}

/** Who else has a port that the container wants; undefined where it is free or nobody can tell. */
async function holderOf(
	facts: LookFacts,
	container: Container,
	{hostPort, protocol}: PublishedPort,
): Promise<Holder | undefined> {
	const other = facts.containers.find(
		({id, state, ports}) =>
			id !== container.id &&
			state === 'running' &&
			ports.some(port => port.hostPort === hostPort && port.protocol === protocol),
	);
	if (other) return {kind: 'container', name: callOther(container, other)};
	if (protocol !== 'tcp' || !isLocal(facts.io)) return undefined;
	const open = await listeners(facts, 'self');
	const isOpen = open?.some(({port}) => port === hostPort) === true;
	return isOpen ? await processAt(facts, hostPort) : undefined;
}

async function takenPort(facts: LookFacts, container: Container, ports: readonly PublishedPort[]) {
	for (const port of ports) {
		const holder = await holderOf(facts, container, port);
		if (holder) return {port: port.hostPort, holder};
	}

	return undefined;
}

/** Whether a container or its published port takes connections; undefined where there is no way to it. */
async function answersAt(
	facts: LookFacts,
	{addresses}: Container,
	ports: readonly number[],
): Promise<boolean | undefined> {
	const [host] = addresses;
	if (host === undefined || ports.length === 0 || !isLocal(facts.io)) return undefined;
	const open = await Promise.all(
		ports.slice(0, 10).map(async port => {
			try {
				const limited = AbortSignal.any([facts.signal, AbortSignal.timeout(knockMs)]);
				return await facts.io.tcp.knock({host, port}, limited);
			} catch {
				facts.signal.throwIfAborted();
				return 'unreachable';
			}
		}),
	);
	return open.every(state => state === 'open');
}

/** Who has the container's ports, and whether anything listens behind them. */
export const readServicePorts: LookReader<'service.ports'> = async facts => {
	const {container, inspection, key} = await subjectOf(facts);
	const nothing = {
		'is-taken': undefined,
		'taken-port': undefined,
		'taken-by': undefined,
		'taken-by-kind': undefined,
		'is-listening': undefined,
		'silent-port': undefined,
		'is-local-only': undefined,
		answers: undefined,
	};
	if (container === undefined) {
		return {values: {...nothing, published: undefined}, lines: [`${key}: no such container`]};
	}

	const {ports} = serviceContainer(inspection);
	const published = [...new Map(ports.map(port => [port.hostPort, port])).values()];
	const values = {...nothing, published: published.length};
	const isUp = container.state === 'running' || container.state === 'paused';
	if (!isUp) {
		const taken = await takenPort(facts, container, published);
		return {
			values: {
				...values,
				'is-taken': taken !== undefined || (isLocal(facts.io) ? false : undefined),
				'taken-port': taken?.port,
				'taken-by': taken?.holder.name,
				'taken-by-kind': taken?.holder.kind,
				'is-listening': false,
				answers: false,
			},
			lines: taken ? [`${taken.port}: ${taken.holder.name ?? 'a process of the host'}`] : [],
		};
	}

	const inside = await listenersInside(facts, container);
	const wanted = container.ports.filter(({protocol}) => protocol === 'tcp');
	const bound = published.filter(({protocol}) => protocol === 'tcp');
	const expected = (bound.length > 0 ? bound : wanted).map(({containerPort}) => containerPort);
	const at = (port: number) => inside?.filter(listener => listener.port === port) ?? [];
	const isWanted = (port: number) => expected.length === 0 || expected.includes(port);
	const localOnly = expected.filter(port => {
		const found = at(port);
		return found.length > 0 && found.every(({isLocalOnly}) => isLocalOnly);
	});
	return {
		values: {
			...values,
			// The engine holds the ports of what runs; nobody else can have them.
			'is-taken': false,
			'is-listening': inside?.some(({port}) => isWanted(port)),
			'silent-port': inside && expected.find(port => at(port).length === 0),
			'is-local-only': inside && localOnly.length > 0,
			answers: await answersAt(facts, container, expected),
		},
		lines: (inside ?? [])
			.slice(0, 20)
			.map(({port, isLocalOnly}) => `listens: ${isLocalOnly ? '127.0.0.1' : '*'}:${port}`),
	};
};
