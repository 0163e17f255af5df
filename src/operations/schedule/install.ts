import {clean} from '../../domain/clean.ts';
import type {Command, PlanDraft, Step} from '../../domain/plan.ts';
import {ProblemError, type Problem} from '../../domain/problem.ts';
import {
	calendarOf,
	cronFile,
	cronFileName,
	jobsOf,
	unitFiles,
	type ScheduledJob,
	type ScheduleFile,
} from '../../domain/schedule.ts';
import {createSha256} from '../../domain/sha256.ts';
import {remove} from '../catalogue/place.ts';
import {writeWhole} from '../catalogue/publish.ts';
import type {Look, Operation, Tools} from '../operation.ts';
import {choosePlace, refuseForeign, type SchedulePlace} from './place.ts';
import {parseInstall, type InstallRequest} from './request.ts';

type FileCommand = Command & {kind: 'file'};
type WriteCommand = FileCommand & {action: 'write'};
type InstallTools = Tools<InstallRequest>;

/** What a request leads to now: the jobs, and the files that hold them. */
export function filesFor(
	look: Pick<Look, 'settings'>,
	form: SchedulePlace['form'],
	program: InstallRequest,
): {readonly jobs: readonly ScheduledJob[]; readonly files: readonly ScheduleFile[]} {
	const jobs = jobsOf(look.settings);
	const files =
		form === 'cron'
			? [{name: cronFileName, text: cronFile(jobs, program)}]
			: unitFiles(jobs, program);
	return {jobs, files};
}

/** The beginning of a text's SHA-256. */
function signOf(text: string): string {
	const sha256 = createSha256();
	sha256.add(new TextEncoder().encode(text));
	return sha256.hex().slice(0, 8);
}

function refuse(code: Problem['code'], params: Problem['params'] = {}): ProblemError {
	return new ProblemError({code, params, retry: 'rarely'});
}

/** The file while it is written; the name binds its content to the plan, and neither cron nor systemd reads it. */
function partOf(folder: string, {name, text}: ScheduleFile): string {
	return `${folder}/.${name}.${signOf(text)}`;
}

function isRenamed(command: Command): command is FileCommand & {to: string} {
	return command.kind === 'file' && command.to !== undefined;
}

const quick = {deadlineMs: 60_000};

async function plan(look: Look, request: InstallRequest): Promise<PlanDraft> {
	const place = await choosePlace(look.io, request);
	const {form, folder, groupId} = place;
	const {jobs, files} = filesFor(look, form, request);
	if (jobs.length === 0) throw refuse('schedule-nothing');
	const wrong = jobs.find(job => calendarOf(job.cron) === undefined);
	if (wrong) throw refuse('schedule-cron', {id: wrong.id, cron: clean(wrong.cron, 60)});
	refuseForeign(
		place,
		files.map(({name}) => name),
	);
	const wanted = new Set(files.map(({name}) => name));
	const stale = place.files.filter(file => file.isOurs && !wanted.has(file.name));
	const attributes = {mode: 0o644, userId: look.io.host.userId(), groupId};
	const writes = files.map(file => ({
		kind: 'file' as const,
		action: 'write' as const,
		path: partOf(folder, file),
		attributes,
	}));
	const renames = files.map((file): FileCommand => ({
		kind: 'file',
		action: place.files.some(({name}) => name === file.name) ? 'replace' : 'move',
		path: partOf(folder, file),
		to: `${folder}/${file.name}`,
	}));
	const [first, ...others] = renames;
	if (first === undefined) throw refuse('schedule-nothing');
	const rest = [...others, ...afterwards(place, stale, files)];
	const list = jobs.map(({cron, run}) => `${cron} ${run}`).join('; ');
	const steps: Step[] = [
		{
			id: 'write-schedule',
			title: {code: 'step-schedule-write', params: {jobs: clean(list, 500)}},
			commands: writes,
			undo: writes.map(({path}) => remove(path)),
			...quick,
		},
		{
			id: 'place-schedule',
			title: {code: 'step-schedule-place', params: {file: clean(first.to ?? '', 300)}},
			commands: [first],
			isCommitPoint: true,
			...quick,
		},
	];
	if (rest.length > 0) {
		const title = {code: 'step-schedule-enable'} as const;
		steps.push({id: 'enable-schedule', title, commands: rest, ...quick});
	}

	steps.push({
		id: 'check-schedule',
		title: {code: 'step-schedule-check'},
		// A crash between the two halves of a rename leaves the first name.
		commands: writes.map(({path}) => remove(path)),
		...quick,
	});
	return {
		title: {code: 'title-schedule-install', params: {count: jobs.length}},
		identity: {},
		risk: 'safe',
		steps,
		locks: [{resource: `schedule:${folder}`, mode: 'exclusive'}],
		space: [],
		outages: [],
		deletes: stale.map(({name}) => ({
			name: clean(`${folder}/${name}`, 300),
			why: {code: 'schedule-stale'},
		})),
		warnings: [],
		undo: {code: 'undo-schedule-install'},
	};
}

/** Takes out what is no longer wanted and lets systemd know; cron looks by itself. */
function afterwards(
	{form, folder}: SchedulePlace,
	stale: SchedulePlace['files'],
	files: readonly ScheduleFile[],
): readonly Command[] {
	if (form === 'cron') return [];
	const timers = (all: readonly {name: string}[]) =>
		all.map(({name}) => name).filter(name => name.endsWith('.timer'));
	const systemctl = (words: readonly string[]): Command => ({
		kind: 'program',
		argv: ['systemctl', ...words],
	});
	const old = timers(stale);
	return [
		...(old.length > 0 ? [systemctl(['disable', '--now', ...old])] : []),
		...stale.map(({name}) => remove(`${folder}/${name}`)),
		systemctl(['daemon-reload']),
		systemctl(['enable', '--now', ...timers(files)]),
	];
}

async function isThere({look}: Pick<Tools, 'look'>, path: string): Promise<boolean> {
	return look.io.files.lstat(path).then(
		() => true,
		() => false,
	);
}

/** Runs a planned `systemctl`; rejects with what it said where it failed. */
export async function runSystemctl(
	tools: Pick<InstallTools, 'program'>,
	command: Command & {kind: 'program'},
): Promise<void> {
	const {exitCode, stderr} = await tools.program(command);
	if (exitCode === 0) return;
	const params = {command: command.argv.join(' '), cause: clean(stderr.trim(), 300)};
	throw refuse('schedule-systemctl', params);
}

async function carryOut(tools: InstallTools): Promise<void> {
	for (const command of tools.step.commands) {
		if (command.kind === 'program') {
			await runSystemctl(tools, command);
		} else if (command.kind === 'file') {
			// After a crash some may be in place already.
			if (isRenamed(command) && !(await isThere(tools, command.path))) continue;
			await tools.file(command);
		}
	}
}

/** Whether the file that a rename puts in place is there with the content that the plan was made for. */
async function holds({look}: InstallTools, command: FileCommand & {to: string}): Promise<boolean> {
	const text = await look.io.files.readText(command.to, 100_000).catch(() => '');
	return command.path.endsWith(`.${signOf(text)}`);
}

/** Lets this machine run backups, verification and checks by itself: timers of systemd, or one file for cron. */
export const installSchedule: Operation<InstallRequest> = {
	id: 'install-schedule',
	title: {code: 'title-schedule-install-any'},
	parse: parseInstall,
	plan,
	steps: {
		'write-schedule': {
			async run(tools) {
				const {form} = await choosePlace(tools.look.io, tools.request);
				const {files} = filesFor(tools.look, form, tools.request);
				for (const command of tools.step.commands) {
					if (!isWrite(command)) continue;
					const file = files.find(each => command.path.endsWith(partOf('', each)));
					if (file === undefined) throw refuse('plan-changed', {what: 'schedules'});
					await writeWhole(tools, command, file.text);
				}
			},
			async undo(tools) {
				for (const command of tools.step.undo ?? []) {
					if (command.kind === 'file') await tools.file(command);
				}
			},
		},
		'place-schedule': {run: carryOut},
		'enable-schedule': {run: carryOut},
		'check-schedule': {
			async run(tools) {
				await carryOut(tools);
				const renames = tools.plan.steps.flatMap(step => step.commands).filter(isRenamed);
				for (const command of renames) {
					if (await holds(tools, command)) continue;
					throw refuse('schedule-not-there', {file: clean(command.to, 300)});
				}

				const {jobs} = filesFor(tools.look, 'cron', tools.request);
				await tools.keep('result', {
					files: renames.map(({to}) => to),
					jobs: jobs.map(({id, cron, run}) => ({id, cron, run})),
				});
			},
		},
	},
	async isCommitted(tools) {
		const step = tools.plan.steps.find(({isCommitPoint}) => isCommitPoint === true);
		const command = step?.commands.find(isRenamed);
		return command !== undefined && holds(tools, command);
	},
};

function isWrite(command: Command): command is WriteCommand {
	return command.kind === 'file' && command.action === 'write';
}
