import {clean} from '../../domain/clean.ts';
import type {Container} from '../../domain/containers.ts';
import {objectOf, textOf, textsOf} from '../../domain/unknown.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {extraHosts, namedSo, needsOf, works, type Need} from './needs.ts';
import {inspect, isLocal, subjectOf} from './subject.ts';

const knockMs = 800;
const maxNeeds = 20;
const maxInspections = 40;

/** Networks of a container: name to its own address and the names by which others call it there. */
type Networks = ReadonlyMap<
	string,
	{readonly address: string; readonly aliases: readonly string[]}
>;

/** The networks that a container is in now. */
export function networksOf(inspection: unknown): Networks {
	const networks = objectOf(objectOf(objectOf(inspection)['NetworkSettings'])['Networks']);
	return new Map(
		Object.entries(networks).map(([name, value]) => {
			const {IPAddress, Aliases} = objectOf(value);
			return [clean(name, 200), {address: textOf(IPAddress), aliases: textsOf(Aliases)}];
		}),
	);
}

type Finding = {
	readonly need: Need;
	readonly problem?: 'unresolved' | 'not-running' | 'separated' | 'unreachable';
	readonly isUnhealthy: boolean;
};

type Neighbour = {readonly container: Container; readonly networks: Networks};

/** Who answers to a name: by Compose's rules, else by an alias in a network that it is in itself. */
async function candidates(
	facts: LookFacts,
	host: string,
	own: {readonly container: Container; readonly networks: Networks},
): Promise<readonly Neighbour[]> {
	const look = async (containers: readonly Container[]): Promise<readonly Neighbour[]> => {
		const found = await Promise.all(
			containers.slice(0, maxInspections).map(async container => {
				const inspection = await inspect(facts, container.id);
				return inspection === undefined ? [] : [{container, networks: networksOf(inspection)}];
			}),
		);
		return found.flat();
	};

	const named = await look(namedSo(facts.containers, host, own.container.project));
	if (named.length > 0) return named;
	return (await look(facts.containers)).filter(({networks}) =>
		[...networks].some(([name, {aliases}]) => own.networks.has(name) && aliases.includes(host)),
	);
}

async function isOpen({io, signal}: LookFacts, host: string, port: number): Promise<boolean> {
	try {
		const limited = AbortSignal.any([signal, AbortSignal.timeout(knockMs)]);
		return (await io.tcp.knock({host, port}, limited)) === 'open';
	} catch {
		signal.throwIfAborted();
		return false;
	}
}

/** A name that is no container's: with dots it is a machine elsewhere, which is asked itself. */
async function judgeOutside(facts: LookFacts, need: Need, extra: ReadonlySet<string>) {
	const {host, connection} = need;
	const isElsewhere = host.includes('.') || host.includes(':') || extra.has(host);
	if (!isElsewhere) return 'unresolved';
	const port = connection?.port ?? 0;
	if (port === 0 || extra.has(host) || !isLocal(facts.io)) return undefined;
	return (await isOpen(facts, host.replace(/^\[|\]$/g, ''), port)) ? undefined : 'unreachable';
}

async function judge(
	facts: LookFacts,
	own: {
		readonly container: Container;
		readonly networks: Networks;
		readonly extra: ReadonlySet<string>;
	},
	need: Need,
): Promise<Finding> {
	const found = await candidates(facts, need.host, own);
	if (found.length === 0) {
		const problem = await judgeOutside(facts, need, own.extra);
		return {need, isUnhealthy: false, ...(problem && {problem})};
	}

	const running = found.filter(({container}) => works(container, need.isJob));
	if (running.length === 0) return {need, isUnhealthy: false, problem: 'not-running'};
	const isUnhealthy = running.every(({container}) => container.health === 'unhealthy');
	if (need.connection === undefined) return {need, isUnhealthy};
	const shared = running.flatMap(({networks}) =>
		[...networks].filter(([name]) => own.networks.has(name)).map(([, {address}]) => address),
	);
	// In the network of the host or of another container names are looked up elsewhere.
	const hasOwn = own.networks.size > 0 && !own.networks.has('host');
	if (shared.length === 0) return {need, isUnhealthy, ...(hasOwn && {problem: 'separated'})};
	const [address = ''] = shared.filter(one => one !== '');
	if (address === '' || need.connection.port === 0 || !isLocal(facts.io)) {
		return {need, isUnhealthy};
	}

	const isAnswering = await isOpen(facts, address, need.connection.port);
	return {need, isUnhealthy, ...(!isAnswering && {problem: 'unreachable'})};
}

/** What a need is called, with its port where that is known. */
function nameOf({host, connection}: Need): string {
	const port = connection?.port ?? 0;
	return clean(port > 0 ? `${host}:${port}` : host, 260);
}

/** Whether what the container needs is there, runs, shares a network with it and takes connections. */
export const readServiceDependencies: LookReader<'service.dependencies'> = async facts => {
	const {container, inspection, key} = await subjectOf(facts);
	const isThere = container !== undefined;
	const own = {networks: networksOf(inspection), extra: extraHosts(inspection)};
	const needs = needsOf(inspection, facts.containers).slice(0, maxNeeds);
	const findings = isThere
		? await Promise.all(needs.map(need => judge(facts, {...own, container}, need)))
		: [];
	const having = (problem: Finding['problem']) =>
		findings.filter(finding => finding.problem === problem).map(({need}) => need);
	const unresolved = having('unresolved');
	const notRunning = having('not-running');
	const separated = having('separated');
	const unreachable = having('unreachable');
	const unhealthy = findings.filter(({isUnhealthy}) => isUnhealthy).map(({need}) => need);
	const count = (list: readonly unknown[]) => (isThere ? list.length : undefined);
	return {
		values: {
			count: count(needs),
			unresolved: count(unresolved),
			'first-unresolved': unresolved[0] && clean(unresolved[0].host, 253),
			'not-running': count(notRunning),
			'first-not-running': notRunning[0] && clean(notRunning[0].host, 253),
			unhealthy: count(unhealthy),
			'first-unhealthy': unhealthy[0] && clean(unhealthy[0].host, 253),
			separated: count(separated),
			'first-separated': separated[0] && clean(separated[0].host, 253),
			unreachable: count(unreachable),
			'first-unreachable': unreachable[0] && nameOf(unreachable[0]),
		},
		lines: isThere
			? findings
					.toSorted((a, b) => Number(b.problem !== undefined) - Number(a.problem !== undefined))
					.map(
						({need, problem, isUnhealthy}) =>
							`${nameOf(need)}: ${problem ?? (isUnhealthy ? 'unhealthy' : 'ok')}`,
					)
			: [`${key}: no such container`],
	};
};
