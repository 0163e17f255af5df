import {isCutOff, lostServers} from '../domain/lost-servers.ts';
import type {Problem} from '../domain/problem.ts';
import {objectOf, textOf} from '../domain/unknown.ts';
import type {LookFacts} from './reader.ts';
import {subjectOf} from './service/subject.ts';

type ServerKind = 'postgres' | 'redis';
type Facts = Pick<LookFacts, 'io' | 'containers' | 'targets' | 'scope' | 'signal'>;

/** Whether the server of the scope is one that nobody could connect to when it was searched for last. */
export function isLost(
	{targets, scope}: Pick<Facts, 'targets' | 'scope'>,
	kind: ServerKind,
): boolean {
	return lostServers(targets, kind).some(({id}) => id === scope[kind]);
}

/**
 * Why nobody can connect to a server whose container is stopped, paused or cut off, asked of the engine now. Undefined
 * where the container runs in a network: then the server is found in a moment, and nothing is known of it until then.
 */
export async function absenceOf(facts: Facts, kind: ServerKind): Promise<Problem | undefined> {
	const {targets, containers, scope} = facts;
	const lost = lostServers(targets, kind).find(({id}) => id === scope[kind]);
	if (lost === undefined) return undefined;
	const {containerId, containerName} = lost.container;
	const name = containerName;
	const known = containers.find(({id}) => id === containerId);
	const at = {...scope, container: known?.key ?? name};
	const {container, inspection} = await subjectOf({...facts, scope: at});
	if (container?.state !== 'running') {
		return {code: 'discovery-stopped', params: {name}, retry: 'soon'};
	}

	const networkMode = textOf(objectOf(objectOf(inspection)['HostConfig'])['NetworkMode']);
	return isCutOff({container, networkMode}) ? lost.problem : undefined;
}
