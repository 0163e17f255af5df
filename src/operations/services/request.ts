import {clean} from '../../domain/clean.ts';
import {ProblemError} from '../../domain/problem.ts';
import {signalName} from '../../domain/service-grace.ts';
import {isObject, type Json} from '../../domain/unknown.ts';
import {refuse} from './refuse.ts';

/** Which services: by name, or all of a project. */
export type ServiceRequest = {
	readonly services: readonly string[] | 'all';
	readonly project?: string;
};

/** As `ServiceRequest`, with the signal: `SIGKILL`, `SIGHUP`. */
export type KillRequest = ServiceRequest & {readonly signal: string};

/** One service and how many containers it shall have. */
export type ScaleRequest = {
	readonly service: string;
	readonly project?: string;
	readonly count: number;
};

/** One project, or the only one there is. */
export type ProjectRequest = {readonly project?: string};

/** More containers than this are a mistake, or more than one person can watch. */
export const maxContainers = 100;

function bad(what: string): ProblemError {
	return refuse('service-request', {what});
}

function objectWith(request: unknown, known: readonly string[]): Json {
	if (!isObject(request)) throw bad('object');
	const unknown = Object.keys(request).find(name => !known.includes(name));
	if (unknown !== undefined) throw bad(clean(unknown, 60));
	return request;
}

/** A name as it was typed; it is only ever compared with names that exist (SAFETY 3.0.6). */
function nameIn(value: unknown, what: string): string {
	if (typeof value !== 'string' || value === '' || value.length > 300) throw bad(what);
	return value;
}

function projectOf(request: Json): {readonly project?: string} {
	const {project} = request;
	return project === undefined ? {} : {project: nameIn(project, 'project')};
}

function servicesOf({services}: Json): ServiceRequest['services'] {
	if (services === 'all') return services;
	if (!Array.isArray(services) || services.length === 0) throw bad('services');
	return [...new Set(services.map(name => nameIn(name, 'services')))];
}

/** `{services: [names] | 'all', project?}` */
export function parseServices(request: unknown): ServiceRequest {
	const value = objectWith(request, ['services', 'project']);
	return {services: servicesOf(value), ...projectOf(value)};
}

/** `{services, project?, signal?}`; SIGKILL where no signal is given. */
export function parseKill(request: unknown): KillRequest {
	const value = objectWith(request, ['services', 'project', 'signal']);
	const text = value['signal'] === undefined ? 'SIGKILL' : nameIn(value['signal'], 'signal');
	const signal = signalName(text);
	if (signal === undefined) throw bad('signal');
	return {services: servicesOf(value), ...projectOf(value), signal};
}

/** `{service, count, project?}`; none is what `stop` is for. */
export function parseScale(request: unknown): ScaleRequest {
	const value = objectWith(request, ['service', 'count', 'project']);
	const {count} = value;
	const isCount = typeof count === 'number' && Number.isInteger(count);
	if (!isCount || count < 1 || count > maxContainers) throw bad('count');
	return {service: nameIn(value['service'], 'service'), count, ...projectOf(value)};
}

/** `{project?}` */
export function parseProject(request: unknown): ProjectRequest {
	return projectOf(objectWith(request, ['project']));
}
