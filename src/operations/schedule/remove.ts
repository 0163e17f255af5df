import {clean} from '../../domain/clean.ts';
import type {Command, PlanDraft, Step} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import {remove} from '../catalogue/place.ts';
import type {Look, Operation, Tools} from '../operation.ts';
import {runSystemctl} from './install.ts';
import {installedPlaces} from './place.ts';
import {parsePlace, type PlaceRequest} from './request.ts';

const quick = {deadlineMs: 60_000};

function systemctl(...words: readonly string[]): Command {
	return {kind: 'program', argv: ['systemctl', ...words]};
}

async function plan(look: Look, request: PlaceRequest): Promise<PlanDraft> {
	const places = await installedPlaces(look.io, request);
	const all = places.flatMap(({folder, form, files}) =>
		files.map(({name}) => ({form, name, path: `${folder}/${name}`})),
	);
	const [first, ...others] = all.map(({path}) => remove(path));
	if (first === undefined) {
		throw new ProblemError({code: 'schedule-none', params: {}, retry: 'rarely'});
	}

	const timers = all.flatMap(({form, name}) =>
		form === 'systemd' && name.endsWith('.timer') ? [name] : [],
	);
	const hasUnits = all.some(({form}) => form === 'systemd');
	const rest = [...others, ...(hasUnits ? [systemctl('daemon-reload')] : [])];
	const steps: Step[] = [];
	if (timers.length > 0) {
		steps.push({
			id: 'stop-timers',
			title: {code: 'step-schedule-stop'},
			commands: [systemctl('disable', '--now', ...timers)],
			undo: [systemctl('enable', '--now', ...timers)],
			...quick,
		});
	}

	steps.push({
		id: 'remove-schedule',
		title: {code: 'step-schedule-remove', params: {file: clean(first.path, 300)}},
		commands: [first],
		isCommitPoint: true,
		...quick,
	});
	if (rest.length > 0) {
		const title = {code: 'step-schedule-remove-rest'} as const;
		steps.push({id: 'remove-rest', title, commands: rest, ...quick});
	}

	return {
		title: {code: 'title-schedule-remove'},
		identity: {},
		risk: 'disruptive',
		steps,
		locks: places.map(({folder}) => ({resource: `schedule:${folder}`, mode: 'exclusive'})),
		space: [],
		outages: [],
		deletes: all.map(({path}) => ({name: clean(path, 300), why: {code: 'schedule-removed'}})),
		warnings: [{code: 'warn-schedule-remove'}],
		undo: {code: 'undo-schedule-remove'},
	};
}

async function carryOut(tools: Tools<PlaceRequest>, commands: readonly Command[]): Promise<void> {
	for (const command of commands) {
		if (command.kind === 'program') await runSystemctl(tools, command);
		else if (command.kind === 'file') await tools.file(command);
	}
}

/** Takes the installed schedule out again; only files that are ours. */
export const removeSchedule: Operation<PlaceRequest> = {
	id: 'remove-schedule',
	title: {code: 'title-schedule-remove'},
	parse: parsePlace,
	plan,
	steps: {
		'stop-timers': {
			run: tools => carryOut(tools, tools.step.commands),
			undo: tools => carryOut(tools, tools.step.undo ?? []),
		},
		'remove-schedule': {run: tools => carryOut(tools, tools.step.commands)},
		'remove-rest': {run: tools => carryOut(tools, tools.step.commands)},
	},
	async isCommitted({plan: {steps}, look}) {
		const step = steps.find(({isCommitPoint}) => isCommitPoint === true);
		const [command] = step?.commands ?? [];
		if (command?.kind !== 'file') return false;
		return look.io.files.lstat(command.path).then(
			() => false,
			() => true,
		);
	},
};
