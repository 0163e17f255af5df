import {clean} from '../domain/clean.ts';
import type {Command, JsonValue, PlanDraft, Step} from '../domain/plan.ts';
import {ProblemError} from '../domain/problem.ts';
import {isObject, textOf} from '../domain/unknown.ts';
import {sayProblem} from '../words/say-problem.ts';
import {partsOfEverything} from './everything.ts';
import type {Look, Operation, StepCode, Tools} from './operation.ts';
import {fieldsOf} from './shared/request.ts';

/** More backups than anybody has in one place; each is a step. */
const maxParts = 500;
const dayMs = 86_400_000;

const stepIds = Array.from({length: maxParts}, (_, index) => `part-${index + 1}`);

function isJob(command: Command): command is Command & {kind: 'job'} {
	return command.kind === 'job';
}

async function plan(look: Look): Promise<PlanDraft> {
	const parts = (await partsOfEverything(look)).slice(0, maxParts);
	if (parts.length === 0) {
		throw new ProblemError({code: 'backup-all-nothing', params: {}, retry: 'rarely'});
	}

	const steps = parts.map(({name, operation, request}, index): Step => ({
		id: stepIds[index] ?? '',
		title: {code: 'step-backup-part', params: {name}},
		commands: [{kind: 'job', operation, request}],
		deadlineMs: dayMs,
	}));
	const title = {code: 'step-backup-sum'} as const;
	const sum: Step = {id: 'sum', title, commands: [], deadlineMs: 60_000};
	return {
		title: {code: 'title-backup-everything', params: {count: parts.length}},
		identity: {},
		risk: 'safe',
		steps: [...steps, sum],
		locks: [{resource: 'backup:everything', mode: 'exclusive'}],
		space: [],
		outages: [],
		deletes: [],
		warnings: [],
		undo: {code: 'undo-backup'},
	};
}

function nameOf({title}: Step): string {
	return String(title.params?.['name'] ?? '');
}

/** Starts one of the backups; one that fails is told and does not keep the others from being made. */
const part: StepCode = {
	async run(tools) {
		const {step} = tools;
		const command = step.commands.find(isJob);
		if (command === undefined) throw new Error('the plan starts nothing');
		const {id, outcome, exitStatus, problem} = await tools.job(command);
		tools.look.signal.throwIfAborted();
		const name = nameOf(step);
		await tools.keep(step.id, {
			name,
			outcome,
			exitStatus,
			...(id !== undefined && {id}),
			...(problem && {problem: problem.code}),
		});
		if (outcome === 'done' || outcome === 'warnings') {
			tools.note({code: 'note-backup-part', params: {name, id: id ?? ''}});
			return;
		}

		const cause = problem ? clean(sayProblem('en', problem).summary, 300) : '';
		tools.warn({code: 'warn-backup-part', params: {name, outcome, cause}});
	},
};

/** The ends that the steps before kept. */
function endsOf({plan: {steps}, kept}: Tools): readonly {name: string; isGood: boolean}[] {
	return steps.flatMap(({id}) => {
		const end = kept[id];
		if (!isObject(end)) return [];
		const outcome = textOf(end['outcome']);
		return [{name: textOf(end['name']), isGood: outcome === 'done' || outcome === 'warnings'}];
	});
}

const sumUp: StepCode = {
	async run(tools) {
		const {steps} = tools.plan;
		const backups = steps.flatMap(({id}): readonly JsonValue[] => {
			const end = tools.kept[id];
			return end === undefined ? [] : [end];
		});
		await tools.keep('result', {backups});
		const bad = endsOf(tools).filter(({isGood}) => !isGood);
		if (bad.length === 0) return;
		const names = clean(bad.map(({name}) => name).join(', '), 300);
		const params = {failed: bad.length, count: steps.length - 1, names};
		throw new ProblemError({code: 'backup-all-failed', params, retry: 'rarely'});
	},
};

/**
 * Every backup that can be made here, one after another, confirmed once. Each is a job of its own; closing the terminal
 * means nothing to any of them, and what was made stays where a later one fails.
 */
export const backupEverything: Operation = {
	id: 'backup-everything',
	title: {code: 'title-backup-everything-any'},
	parse(request) {
		fieldsOf(request, []);
		return {};
	},
	plan: look => plan(look),
	steps: {...Object.fromEntries(stepIds.map(id => [id, part])), sum: sumUp},
};
