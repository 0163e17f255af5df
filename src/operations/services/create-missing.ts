import {cleanLine} from '../../domain/clean.ts';
import type {ComposePlace} from '../../domain/compose-place.ts';
import type {PlanDraft, Step} from '../../domain/plan.ts';
import {serviceContainer} from '../../domain/service-facts.ts';
import {pickServices} from '../../domain/service-pick.ts';
import type {Look, StepCode, Tools} from '../operation.ts';
import {composeFor} from './compose.ts';
import {inspect, type ComposeUnit} from './find.ts';
import {
	aimOf,
	isSameAim,
	programOf,
	recreateCode,
	shortImage,
	shownDigits,
} from './recreate-code.ts';
import {recreationOf, type Recreation} from './recreate-plan.ts';
import {refuse} from './refuse.ts';
import type {ServiceRequest} from './request.ts';
import {runUp, serviceNow, upCommand} from './up.ts';

/** How long the engine may take to make and start a container, in ms. */
const engineMs = 120_000;

/** How long its proof may take, in ms: how its health is checked is known when it is there, and ends the proof before. */
const proveMs = 900_000;

/** Most containers of a project that are asked for their files. */
const mostAsked = 30;

/** Where the files of a project are, as the labels of its containers say; it may be made of several sets of files. */
async function placesOf(look: Look, project: string): Promise<readonly ComposePlace[]> {
	const beside = look.containers.filter(
		({key, project: own, service}) =>
			own === project && service !== undefined && !key.includes('/run/'),
	);
	const inspections = await Promise.all(
		beside.slice(0, mostAsked).map(({id}) => inspect(look, id)),
	);
	const places = inspections.flatMap(found => serviceContainer(found).compose ?? []);
	return [...new Map(places.map(one => [JSON.stringify([one.folder, one.files]), one])).values()];
}

function isExpected({settings}: Look, service: string): boolean {
	return settings.services.some(({name, runtime}) => name === service && runtime === 'compose');
}

/** The files of a project that have a service; undefined where none has. Files that cannot be read have none. */
async function placeWith(
	look: Look,
	{project, service}: {readonly project: string; readonly service: string},
): Promise<ComposePlace | undefined> {
	for (const place of await placesOf(look, project)) {
		const compose = await composeFor(look, place).catch((error: unknown) => {
			look.signal.throwIfAborted();
			// Of a name that nobody knows it would be no answer that Compose is not installed.
			if (isExpected(look, service)) throw error;
			return undefined;
		});
		if (compose?.services.has(service)) return place;
	}

	return undefined;
}

/** Project and service of the only name that is asked for. */
function wanted(look: Look, {services, project}: ServiceRequest) {
	const [name, ...others] = services === 'all' ? [] : services;
	if (name === undefined || others.length > 0) return undefined;
	const slash = name.indexOf('/');
	if (slash > 0) return {project: name.slice(0, slash), service: name.slice(slash + 1)};
	const known = [...new Set(look.containers.flatMap(one => one.project ?? []))];
	const only = project ?? (known.length === 1 ? known[0] : undefined);
	return only === undefined ? undefined : {project: only, service: name};
}

async function readMissing(look: Look, place: ComposePlace, service: string): Promise<Recreation> {
	const {project} = place;
	const unit: ComposeUnit = {
		...{name: `${project}/${service}`, project, service},
		...{containers: [], members: []},
	};
	return recreationOf(look, unit, await composeFor(look, place));
}

/**
 * A service that is asked for, has no container at all, and is in the Compose file of a project that has others; undefined
 * for every other request. Rejects where its project cannot be read or its image is not here.
 */
export async function missingService(
	look: Look,
	request: ServiceRequest,
): Promise<Recreation | undefined> {
	if (pickServices(look.containers, request).kind !== 'unknown') return undefined;
	const aim = wanted(look, request);
	const place = aim && (await placeWith(look, aim));
	return place && readMissing(look, place, aim.service);
}

function stepsOf({unit, compose, hash, imageId}: Recreation): readonly Step[] {
	const {name} = unit;
	const params = {name, hash: hash.slice(0, shownDigits), image: shortImage(imageId), count: 1};
	return [
		{
			id: 'act-1',
			title: {code: 'service-step-create', params},
			commands: [upCommand(compose, unit, 1, ['--no-recreate'])],
			isCommitPoint: true,
			deadlineMs: engineMs,
		},
		{
			id: 'prove-1',
			title: {code: 'service-step-prove', params: {name}},
			commands: [],
			deadlineMs: proveMs,
		},
	];
}

/** The plan that makes the container of a missing service from its Compose file, and proves that it works. */
export function planMissing(found: Recreation): PlanDraft {
	const {unit, compose} = found;
	const {name, project, service} = unit;
	return {
		title: {code: 'service-plan-create', params: {name}},
		identity: {project, folder: compose.project.folder, containers: []},
		risk: 'safe',
		steps: stepsOf(found),
		locks: [
			{resource: `stack:${project}`, mode: 'shared'},
			{resource: `service:${project}/${service}`, mode: 'exclusive'},
		],
		space: [],
		outages: [],
		deletes: [],
		warnings: [{code: 'service-create-data', params: {name}}],
		undo: {code: 'service-undo-start', params: {names: name}},
	};
}

/** Whether a step belongs to a plan of `planMissing`. */
export function isCreation({plan}: Pick<Tools, 'plan'>): boolean {
	return plan.steps.some(({title}) => title.code === 'service-step-create');
}

/** `up` for the one service; refuses where it has a container meanwhile, or its file has changed. */
export const createCode: StepCode = {
	async run(tools) {
		const {look} = tools;
		const aim = aimOf(tools);
		const {name, service} = aim;
		if ((await serviceNow(look, aim)).length > 0) {
			throw refuse('service-runs-already', {names: cleanLine(name, 200)});
		}

		const place = await placeWith(look, aim);
		if (!place || !isSameAim(aim, await readMissing(look, place, service))) {
			throw refuse('service-file-changed', {name});
		}

		await runUp(tools, programOf(tools.step.commands), name);
	},
	async holds(tools) {
		const made = await serviceNow(tools.look, aimOf(tools));
		return made.length > 0 && (await recreateCode.holds?.(tools)) === true;
	},
};
