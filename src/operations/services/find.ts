import {cleanLine} from '../../domain/clean.ts';
import {serviceContainer, type ServiceContainer} from '../../domain/service-facts.ts';
import {pickServices, type ServiceUnit, type ServiceWish} from '../../domain/service-pick.ts';
import {expectedRuntime, runtimeCommand, type ServiceAction} from '../../domain/service-runtime.ts';
import {shellQuote} from '../../domain/shell-quote.ts';
import type {Look} from '../operation.ts';
import {isNotFound, refuse} from './refuse.ts';
import {maxContainers} from './request.ts';

/** A unit with what the engine says about its containers now. */
export type FoundUnit = ServiceUnit & {readonly members: readonly ServiceContainer[]};

/** A service of Compose with all its containers. */
export type ComposeUnit = FoundUnit & {readonly project: string; readonly service: string};

/** The inspection of a container; undefined where it is gone. */
export async function inspect(
	{io, signal}: Pick<Look, 'io' | 'signal'>,
	id: string,
): Promise<unknown> {
	try {
		return await io.docker.get(`/containers/${id}/json`, signal);
	} catch (error) {
		if (isNotFound(error)) return undefined;
		throw error;
	}
}

/** Why a name means nothing here: another runtime has it, or nobody. */
function unknownName(
	look: Look,
	{name, known}: {readonly name: string; readonly known: readonly string[]},
	action: ServiceAction,
): Error {
	const runtime = expectedRuntime(look.settings.services, name);
	if (runtime === undefined) {
		return refuse('service-unknown', {name, known: known.slice(0, 20).join(', ') || '-'});
	}

	const command = runtimeCommand(runtime, action).map(shellQuote).join(' ');
	return refuse('service-runtime', {name, runtime: runtime.kind, command: command || '-'});
}

async function found(look: Look, unit: ServiceUnit): Promise<FoundUnit> {
	const members = await Promise.all(
		unit.containers.map(async ({id, name}) => {
			const inspection = await inspect(look, id);
			if (inspection === undefined) throw refuse('service-gone', {name});
			const member = serviceContainer(inspection);
			const {state} = member.container;
			if (state === 'removing' || state === 'dead') {
				throw refuse('service-removing', {name, state});
			}

			return member;
		}),
	);
	return {...unit, members};
}

/** The units that a request means, as they are now. Rejects where a name is unknown, unclear, gone or not operated. */
export async function findUnits(
	look: Look,
	wish: ServiceWish,
	action: ServiceAction,
): Promise<readonly FoundUnit[]> {
	const pick = pickServices(look.containers, wish);
	if (pick.kind === 'unknown') throw unknownName(look, pick, action);
	if (pick.kind === 'ambiguous') {
		throw refuse('service-ambiguous', {name: pick.name, meant: pick.meant.join(', ')});
	}

	const count = pick.units.reduce((sum, unit) => sum + unit.containers.length, 0);
	if (count > maxContainers) throw refuse('service-too-many', {count, limit: maxContainers});
	return Promise.all(pick.units.map(unit => found(look, unit)));
}

/**
 * As `findUnits`, but always whole services: Compose works on a service, so that naming one container of several means
 * all of them. Rejects for what is not of Compose.
 */
export async function findServices(
	look: Look,
	wish: ServiceWish,
	action: ServiceAction,
): Promise<readonly ComposeUnit[]> {
	const units = (await findUnits(look, wish, action)).map(({name, project, service}) => {
		if (project === undefined || service === undefined) throw refuse('service-not-compose', {name});
		return {project, service};
	});
	const names = [...new Set(units.map(({project, service}) => `${project}/${service}`))];
	const whole = await findUnits(look, {services: names}, action);
	return whole.map(unit => {
		const {name, project, service} = unit;
		if (project === undefined || service === undefined) throw refuse('service-not-compose', {name});
		return {...unit, project, service};
	});
}

/** Name of a container for a sentence. */
export function nameOf({container}: ServiceContainer): string {
	return cleanLine(container.name, 100);
}
