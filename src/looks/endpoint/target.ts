import {ProblemError} from '../../domain/problem.ts';
import {targetId} from '../../domain/recognise.ts';
import type {EndpointTarget} from '../../domain/targets.ts';
import type {LookFacts} from '../reader.ts';

/** An address that nobody serves now: its container does not run. */
export type StoppedEndpoint = {readonly stopped: string};

/** The address of the scope. One that was found in a container is known only while that runs. */
export function endpointOf({
	targets,
	scope,
	containers,
}: Pick<LookFacts, 'targets' | 'scope' | 'containers'>): EndpointTarget | StoppedEndpoint {
	const {endpoint: id} = scope;
	const target = targets.endpoints.find(one => one.id === id);
	if (target !== undefined) return target;
	const missing = targets.missing.find(({area, name}) => area === 'endpoint' && name === id);
	const container = containers.find(one => targetId(one) === id && one.state !== 'running');
	if (container !== undefined) return {stopped: container.name};
	if (missing?.problem.code === 'discovery-stopped') {
		return {stopped: String(missing.problem.params['name'])};
	}

	const params = {subject: 'endpoint'};
	throw new ProblemError(missing?.problem ?? {code: 'look-nothing-here', params, retry: 'rarely'});
}
