import type {GatePace} from '../../domain/health-gate.ts';
import type {Step} from '../../domain/plan.ts';
import type {ServiceContainer} from '../../domain/service-facts.ts';
import type {StepCode, Tools} from '../operation.ts';
import {composeFor} from './compose.ts';
import {proveWorking} from './gate.ts';
import {nameOf} from './find.ts';
import {recreationOf, type Recreation} from './recreate-plan.ts';
import {refuse} from './refuse.ts';
import {runUp, serviceNow} from './up.ts';

/** What a pair of steps is about; it stands in the title of the step that acts, so that card and code agree. */
type Aim = {
	readonly name: string;
	readonly project: string;
	readonly service: string;
	readonly hash: string;
	readonly image: string;
	readonly count: number;
};

/** Digits of a hash or an image id that are shown and compared. */
export const shownDigits = 12;

/** What a pair of steps is about, by its number. */
export function aimOf({plan, step}: Pick<Tools, 'plan' | 'step'>): Aim {
	const number = step.id.slice(step.id.lastIndexOf('-') + 1);
	const params = plan.steps.find(({id}) => id === `act-${number}`)?.title.params ?? {};
	const text = (name: string) => String(params[name] ?? '');
	const name = text('name');
	const slash = name.indexOf('/');
	return {
		name,
		project: name.slice(0, slash),
		service: name.slice(slash + 1),
		hash: text('hash'),
		image: text('image'),
		count: Number(params['count'] ?? 1),
	};
}

/** The first digits of an image id. */
export function shortImage(imageId: string): string {
	return imageId.replace(/^sha256:/, '').slice(0, shownDigits);
}

/** The service as it is now against its file as it is now. */
async function compareNow(tools: Tools, aim: Aim): Promise<Recreation> {
	const members = await serviceNow(tools.look, aim);
	const place = members[0]?.compose;
	if (place === undefined) throw refuse('service-gone', {name: aim.name});
	const {name, project, service} = aim;
	const containers = members.map(({container}) => container);
	const compose = await composeFor(tools.look, place);
	return recreationOf(tools.look, {name, project, service, members, containers}, compose);
}

/** Whether all of it is new and as planned: no container of before, and nothing left to change. */
function isAsPlanned({plan}: Pick<Tools, 'plan'>, aim: Aim, now: Recreation): boolean {
	const old = new Set(plan.identity.containers?.map(({id}) => id));
	const {members} = now.unit;
	return (
		isSameAim(aim, now) &&
		now.changes.length === 0 &&
		members.length === aim.count &&
		members.every(({container}) => !old.has(container.id))
	);
}

/** Whether configuration and image are still the ones of the plan. */
export function isSameAim(aim: Aim, {hash, imageId}: Recreation): boolean {
	return hash.startsWith(aim.hash) && shortImage(imageId) === aim.image;
}

/** The planned Compose command of a step. */
export function programOf(commands: Step['commands'] | undefined) {
	const command = commands?.find(each => each.kind === 'program');
	if (command === undefined) throw new Error('a step without its Compose command');
	return command;
}

async function isRecreated(tools: Tools): Promise<boolean> {
	const aim = aimOf(tools);
	const now = await compareNow(tools, aim);
	const {members} = now.unit;
	return isAsPlanned(tools, aim, now) && members.every(isUp);
}

function isUp({container}: ServiceContainer): boolean {
	return container.state === 'running';
}

/** `up` for one service; Compose itself replaces only what differs, so doing it again does no harm. */
export const recreateCode: StepCode = {
	async run(tools) {
		const aim = aimOf(tools);
		// The card would not be what is done, where the file has changed since.
		if (!isSameAim(aim, await compareNow(tools, aim))) {
			throw refuse('service-file-changed', {name: aim.name});
		}

		await runUp(tools, programOf(tools.step.commands), aim.name);
	},
	/** The old container is gone, so the way back is forward: the service must at least run. */
	async undo(tools) {
		const aim = aimOf(tools);
		const now = await serviceNow(tools.look, aim);
		if (now.length >= aim.count && now.every(isUp)) return;
		await runUp(tools, programOf(tools.step.undo), aim.name);
		const after = await serviceNow(tools.look, aim);
		if (after.length < aim.count || !after.every(isUp)) {
			throw refuse('service-left-broken', {
				name: aim.name,
				state: after[0]?.container.state ?? '-',
			});
		}
	},
	holds: isRecreated,
};

/** Every container of the service must be of the planned configuration and image, and work. */
export function proveRecreated(pace: GatePace): StepCode {
	return {
		async run(tools) {
			const aim = aimOf(tools);
			const now = await compareNow(tools, aim);
			const {members} = now.unit;
			if (!isAsPlanned(tools, aim, now)) {
				const {name, count: wanted} = aim;
				throw refuse('service-not-recreated', {name, count: members.length, wanted});
			}

			for (const member of members) {
				await proveWorking(tools, {id: member.container.id, name: nameOf(member), pace});
			}
		},
	};
}
