import {
	serviceContainer,
	type PublishedPort,
	type ServiceContainer,
} from '../../domain/service-facts.ts';
import type {Look} from '../operation.ts';
import {endpointOf} from './probe.ts';
import {targetOf} from './servers.ts';

const answerMs = 2000;

type Access = Pick<Look, 'io' | 'targets' | 'signal'>;

/** The ports of a container that are asked in their own language: `SELECT 1`, `PING`, a GET. */
function knownPorts({targets}: Pick<Look, 'targets'>, member: ServiceContainer): readonly number[] {
	const servers = [
		...(member.kind === 'postgres' ? [targetOf(targets.postgres, member)] : []),
		...(member.kind === 'redis' ? [targetOf(targets.redis, member)] : []),
	];
	const url = endpointOf({targets}, member)?.url ?? '';
	const {port = '', protocol = ''} = URL.canParse(url) ? new URL(url) : {};
	const usual = protocol === 'https:' ? 443 : 80;
	return [
		...servers.flatMap(server => server?.port ?? []),
		...(protocol === '' ? [] : [port === '' ? usual : Number(port)]),
	];
}

/** Published TCP ports of which nothing else is known than that they are published. */
function unknownPorts(look: Access, member: ServiceContainer): readonly PublishedPort[] {
	const known = knownPorts(look, member);
	return member.ports.filter(
		({protocol, hostPort, containerPort}) =>
			protocol === 'tcp' && !known.includes(hostPort) && !known.includes(containerPort),
	);
}

/** The machine on which ports of containers are published. */
export function publishedHost({io}: Pick<Look, 'io'>): string {
	const {address} = io.docker;
	return URL.canParse(address) ? new URL(address).hostname || '127.0.0.1' : '127.0.0.1';
}

/** Knocks with a deadline of two seconds; silence is `unreachable`. */
export async function knock(
	{io, signal}: Pick<Look, 'io' | 'signal'>,
	place: {readonly host: string; readonly port: number},
): Promise<'open' | 'refused' | 'unreachable'> {
	try {
		return await io.tcp.knock(place, AbortSignal.any([signal, AbortSignal.timeout(answerMs)]));
	} catch {
		signal.throwIfAborted();
		return 'unreachable';
	}
}

/**
 * The container itself is asked, because the engine's proxy accepts connections on the host for ports behind which
 * nobody listens. Only where the container cannot be reached (another machine, rootless) the host's port must do.
 */
async function answers(
	look: Access,
	member: ServiceContainer,
	port: PublishedPort,
): Promise<boolean> {
	const [host] = member.container.addresses;
	const own =
		host === undefined || !look.io.docker.address.startsWith('unix:')
			? 'unreachable'
			: await knock(look, {host, port: port.containerPort});
	if (own !== 'unreachable') return own === 'open';
	return (await knock(look, {host: publishedHost(look), port: port.hostPort})) === 'open';
}

/** Published TCP ports of a running container, without those of known servers and endpoints, behind which nobody listens. */
export async function silentPorts(
	look: Access,
	inspection: unknown,
): Promise<readonly PublishedPort[]> {
	const member = serviceContainer(inspection);
	if (member.container.state !== 'running') return [];
	const ports = unknownPorts(look, member);
	const distinct = [...new Map(ports.map(port => [port.hostPort, port])).values()];
	const open = await Promise.all(distinct.map(port => answers(look, member, port)));
	return distinct.filter((_, index) => open[index] === false);
}
