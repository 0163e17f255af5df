import {usualPace, gateRules, type GatePace} from '../../domain/health-gate.ts';
import type {Step} from '../../domain/plan.ts';
import {graceSeconds} from '../../domain/service-grace.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import type {Look, Operation, StepCode, Tools} from '../operation.ts';
import {composeFor, type Compose} from './compose.ts';
import {identityOf, serviceLocks} from './ending.ts';
import {evidenceCode, evidenceFile, evidenceFolder, evidenceStep} from './evidence.ts';
import {findServices, nameOf, type ComposeUnit} from './find.ts';
import {proveWorking} from './gate.ts';
import {refuse} from './refuse.ts';
import {parseScale, type ScaleRequest} from './request.ts';
import {runUp, serviceNow, upCommand} from './up.ts';

const engineMs = 120_000;

/** Refuses what cannot have several containers: its file says why. */
function expectScalable(unit: ComposeUnit, compose: Compose, count: number): void {
	const {name, service, members} = unit;
	const wanted = compose.services.get(service);
	if (wanted === undefined) {
		throw refuse('service-not-in-file', {name, files: compose.project.files.join(', ')});
	}

	if (members.length === count) throw refuse('service-scale-same', {name, count});
	const data = members.find(({kind}) => kind !== 'app');
	if (data) throw refuse('service-scale-data', {name, kind: data.kind});
	if (count === 1) return;
	if (wanted.containerName !== undefined) {
		throw refuse('service-scale-name', {name, container: wanted.containerName});
	}

	const [port] = wanted.fixedPorts;
	if (port !== undefined) throw refuse('service-scale-port', {name, port});
}

type Aim = {readonly name: string; readonly project: string; readonly service: string};

function aimOf(name: string): Aim {
	const slash = name.indexOf('/');
	return {name, project: name.slice(0, slash), service: name.slice(slash + 1)};
}

function aimOfStep({step}: Pick<Tools, 'step'>): Aim & {readonly count: number} {
	const {name = '', count = 0} = step.title.params ?? {};
	return {...aimOf(String(name)), count: Number(count)};
}

function programOf(commands: Step['commands'] | undefined) {
	const command = commands?.find(each => each.kind === 'program');
	if (command === undefined) throw new Error('a step without its Compose command');
	return command;
}

async function expectCount(look: Look, aim: Aim, count: number): Promise<void> {
	const members = await serviceNow(look, aim);
	if (members.length === count) return;
	throw refuse('service-scale-count', {name: aim.name, count: members.length, wanted: count});
}

const scaleCode: StepCode = {
	async run(tools) {
		const {name} = aimOfStep(tools);
		await runUp(tools, programOf(tools.step.commands), name);
	},
	async undo(tools) {
		const aim = aimOfStep(tools);
		const before = (tools.plan.identity.containers ?? []).length;
		const now = await serviceNow(tools.look, aim);
		if (now.length !== before) await runUp(tools, programOf(tools.step.undo), aim.name);
		await expectCount(tools.look, aim, before);
	},
};

/** The wanted number of containers, all of them working. */
function proveScaled(pace: GatePace): StepCode {
	return {
		async run(tools) {
			const aim = aimOfStep(tools);
			await expectCount(tools.look, aim, aim.count);
			const members = await serviceNow(tools.look, aim);
			const before = new Set(tools.plan.identity.containers?.map(({id}) => id));
			for (const [index, member] of members.entries()) {
				const {id, restartCount} = member.container;
				const isJudged = !before.has(id);
				await proveWorking(tools, {id, name: nameOf(member), pace, restartCount, isJudged});
				tools.progress({done: index + 1, total: aim.count, unit: 'containers'});
			}
		},
	};
}

/**
 * Gives a service another number of containers (H4-16) and leaves the existing ones alone. Where a new one does not work,
 * the number is set back.
 */
export function createScaleService(pace: GatePace = usualPace): Operation<ScaleRequest> {
	return {
		id: 'scale-service',
		title: {code: 'service-title-scale'},
		parse: parseScale,
		async plan(look, request, id) {
			const {service, count, project} = request;
			const wish = {services: [service], ...(project !== undefined && {project})};
			const [found] = await findServices(look, wish, 'scale');
			const [first] = found?.members ?? [];
			if (found === undefined || first?.compose === undefined) {
				throw refuse('service-not-compose', {name: service});
			}

			const compose = await composeFor(look, first.compose);
			expectScalable(found, compose, count);
			const {members, name} = found;
			const command = upCommand(compose, found, count, ['--no-recreate']);
			const back = upCommand(compose, found, members.length, ['--no-recreate']);
			const removed = members.slice(count);
			const isChanged = compose.hashes.get(found.service) !== first.compose.hash;
			const warnings: readonly Phrase[] = isChanged
				? [{code: 'service-scale-mixed', params: {name}}]
				: [];
			const longest = Math.max(count, members.length);
			const {deadlineMs} = gateRules(pace, first.healthCheck);
			return {
				title: {code: 'service-plan-scale', params: {name, before: members.length, count}},
				confirmName: name,
				identity: identityOf(members),
				risk: removed.length > 0 ? 'disruptive' : 'safe',
				steps: [
					evidenceStep(look, id, members),
					{
						id: 'scale',
						title: {code: 'service-step-scale', params: {name, count}},
						commands: [command],
						undo: [back],
						deadlineMs: longest * graceSeconds(first) * 1000 + engineMs,
					},
					{
						id: 'prove',
						title: {code: 'service-step-prove-scale', params: {name, count}},
						commands: [evidenceFile(evidenceFolder(look, id), name, 'after')],
						deadlineMs: count * deadlineMs + engineMs,
					},
				],
				locks: serviceLocks(members),
				space: [],
				outages: [],
				deletes: removed.map(member => ({
					name: nameOf(member),
					why: {code: 'service-scale-removed', params: {count}},
				})),
				warnings,
				undo: {code: 'service-undo-scale', params: {name, before: members.length}},
			};
		},
		steps: {evidence: evidenceCode, scale: scaleCode, prove: proveScaled(pace)},
	};
}

/** `scale-service` as it is registered. */
export const scaleService: Operation<ScaleRequest> = createScaleService();
