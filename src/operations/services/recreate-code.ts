import type {GatePace} from '../../domain/health-gate.ts';
import type {Step} from '../../domain/plan.ts';
import type {ServiceContainer} from '../../domain/service-facts.ts';
import type {StepCode, Tools} from '../operation.ts';
import {composeFor} from './compose.ts';
import {proveWorking} from './gate.ts';
import {nameOf} from './find.ts';
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

function aimOf({plan, step}: Pick<Tools, 'plan' | 'step'>): Aim {
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

function isWanted({hash, image}: Aim, {compose, container}: ServiceContainer): boolean {
	return compose?.hash.startsWith(hash) === true && shortImage(container.imageId) === image;
}

/** Refuses where the file has changed since the plan was made: the card would not be what is done. */
async function expectSameFile(tools: Tools, {name, project, service, hash}: Aim): Promise<void> {
	const [member] = await serviceNow(tools.look, {project, service});
	if (member?.compose === undefined) throw refuse('service-gone', {name});
	const {hashes} = await composeFor(tools.look, member.compose);
	if (hashes.get(service)?.startsWith(hash) === true) return;
	throw refuse('service-file-changed', {name});
}

function programOf(commands: Step['commands'] | undefined) {
	const command = commands?.find(each => each.kind === 'program');
	if (command === undefined) throw new Error('a step without its Compose command');
	return command;
}

async function isRecreated(tools: Tools): Promise<boolean> {
	const aim = aimOf(tools);
	const members = await serviceNow(tools.look, aim);
	return (
		members.length === aim.count &&
		members.every(member => isWanted(aim, member) && member.container.state === 'running')
	);
}

/** `up` for one service; Compose itself replaces only what differs, so doing it again does no harm. */
export const recreateCode: StepCode = {
	async run(tools) {
		const aim = aimOf(tools);
		await expectSameFile(tools, aim);
		await runUp(tools, programOf(tools.step.commands), aim.name);
	},
	/** The old container is gone, so the way back is forward: the service must at least run. */
	async undo(tools) {
		const aim = aimOf(tools);
		const isUp = ({container}: ServiceContainer) => container.state === 'running';
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
			const members = await serviceNow(tools.look, aim);
			const old = members.find(member => !isWanted(aim, member));
			if (old || members.length !== aim.count) {
				throw refuse('service-not-recreated', {
					name: old ? nameOf(old) : aim.name,
					count: members.length,
					wanted: aim.count,
				});
			}

			for (const member of members) {
				await proveWorking(tools, {id: member.container.id, name: nameOf(member), pace});
			}
		},
	};
}
