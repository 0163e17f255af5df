import {existsSync} from 'node:fs';
import {join} from 'node:path';
import type {Command} from '../../src/domain/plan.ts';
import {ProblemError} from '../../src/domain/problem.ts';
import {isObject, textOf} from '../../src/domain/unknown.ts';
import type {Operation, StepCode} from '../../src/operations/operation.ts';

/** What the mover is asked: which folder, and whether a step is to fail. */
export type MoverRequest = {
	readonly folder: string;
	readonly failIn?: string;
	/** Waits in `load` until this file is there. */
	readonly waitFor?: string;
	/** Runs `sleep` for so many seconds in `load`. */
	readonly hold?: string;
	readonly risk?: 'safe' | 'destructive';
};

type Make = Command & {kind: 'file'};

function file(action: Make['action'], path: string, to?: string): Make {
	return {kind: 'file', action, path, ...(to !== undefined && {to})};
}

function paths({folder}: MoverRequest) {
	return {
		live: join(folder, 'live'),
		fresh: join(folder, 'new'),
		old: join(folder, 'old'),
		part: join(folder, 'new', 'part'),
		flag: join(folder, 'flag'),
	};
}

function sleeps({hold}: MoverRequest): readonly (Command & {kind: 'program'})[] {
	return hold === undefined ? [] : [{kind: 'program', argv: ['sleep', hold]}];
}

const sentence = {code: 'step-check'} as const;

function failing(request: MoverRequest, step: string): void {
	if (request.failIn !== step) return;
	throw new ProblemError({
		code: 'unexpected',
		params: {what: step, cause: 'asked to fail'},
		retry: 'soon',
	});
}

/** Only what exists is moved or removed, so that every step can be begun again. */
async function ifThere(path: string, work: () => Promise<void>): Promise<void> {
	if (existsSync(path)) await work();
}

function step(code: StepCode<MoverRequest>): StepCode<MoverRequest> {
	return {
		...code,
		async run(tools) {
			await code.run(tools);
			failing(tools.request, tools.step.id);
		},
	};
}

/**
 * A small operation on files that is shaped as a restore: `live` is replaced by a new folder with one rename, and the old
 * one is kept. For tests of the road; it knows no server.
 */
export const mover: Operation<MoverRequest> = {
	id: 'mover',
	title: sentence,
	parse(request) {
		if (!isObject(request)) throw new Error('no request');
		const {failIn, waitFor, hold, risk} = request;
		return {
			folder: textOf(request['folder']),
			...(typeof failIn === 'string' && {failIn}),
			...(typeof waitFor === 'string' && {waitFor}),
			...(typeof hold === 'string' && {hold}),
			...((risk === 'safe' || risk === 'destructive') && {risk}),
		};
	},
	plan(_look, request) {
		const {live, fresh, old, part, flag} = paths(request);
		const base = {title: sentence, deadlineMs: 20_000};
		return Promise.resolve({
			title: sentence,
			identity: {project: 'mover', folder: request.folder},
			risk: request.risk ?? 'destructive',
			confirmName: 'mover',
			locks: [{resource: `files:${request.folder}`, mode: 'exclusive'}],
			space: [],
			outages: [],
			deletes: [],
			warnings: [],
			undo: sentence,
			steps: [
				{...base, id: 'make', commands: [file('make', fresh)], undo: [file('remove', fresh)]},
				{
					...base,
					id: 'load',
					commands: [file('write', part), ...sleeps(request)],
					undo: [file('remove', part)],
				},
				{
					...base,
					id: 'aside',
					commands: [file('move', live, old)],
					undo: [file('move', old, live)],
				},
				{...base, id: 'swap', commands: [file('move', fresh, live)], isCommitPoint: true},
				{...base, id: 'mark', commands: [file('make', flag)]},
			],
		});
	},
	steps: {
		make: step({
			run: tools => tools.file(file('make', paths(tools.request).fresh)),
			undo: tools => tools.file(file('remove', paths(tools.request).fresh)),
		}),
		load: step({
			async run(tools) {
				const {request, look} = tools;
				const command = {kind: 'file', action: 'write', path: paths(request).part} as const;
				const writer = await tools.write(command);
				await writer.write(new TextEncoder().encode('new'));
				const {sha256} = await writer.finish();
				tools.progress({done: 3, total: 3, unit: 'bytes'});
				await tools.keep('sha256', sha256);
				for (const sleep of sleeps(request)) await tools.program(sleep);
				const {waitFor} = request;
				while (waitFor !== undefined && !existsSync(waitFor)) {
					await look.io.clock.sleep(20, look.signal);
				}
			},
			undo: tools => tools.file(file('remove', paths(tools.request).part)),
		}),
		aside: step({
			run(tools) {
				const {live, old} = paths(tools.request);
				return ifThere(live, () => tools.file(file('move', live, old)));
			},
			undo(tools) {
				const {live, old} = paths(tools.request);
				return ifThere(old, () => tools.file(file('move', old, live)));
			},
		}),
		swap: step({
			run(tools) {
				const {fresh, live} = paths(tools.request);
				return tools.file(file('move', fresh, live));
			},
		}),
		mark: step({
			async run(tools) {
				await tools.file(file('make', paths(tools.request).flag));
				await tools.keep('result', {id: tools.plan.id});
			},
			holds: ({request}) => Promise.resolve(existsSync(paths(request).flag)),
		}),
	},
	isCommitted: ({request}) => Promise.resolve(existsSync(join(paths(request).live, 'part'))),
};
