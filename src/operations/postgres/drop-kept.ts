import {clean} from '../../domain/clean.ts';
import type {PlanDraft} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {Look, Operation} from '../operation.ts';
import {onControl, runAll, statementsOf} from './commands.ts';
import {databaseIdentity} from './identity.ts';
import {dropDatabase, endBeforeDrop} from './restore-sql.ts';
import {controlDatabase, findServer, readServer} from './server.ts';
import {findKept, parseKeptRequest, type KeptRequest} from './swap-back.ts';
import {waitForOwn} from './swap-names.ts';

async function plan(look: Look, request: KeptRequest): Promise<PlanDraft> {
	const target = findServer(look, request.target);
	const found = await findKept(look, request);
	const control = await controlDatabase(look, target, found.name);
	const server = await readServer(look, target, {control, database: found.name});
	const {of, keptAt, until} = found.note;
	const kept = clean(found.name, 100);
	const isEarly = Date.parse(until) > look.io.clock.now();
	return {
		title: {code: 'drop-kept-title', params: {kept}},
		identity: {
			postgres: databaseIdentity(target, server, {database: found.name, oid: found.oid}),
		},
		risk: 'destructive',
		confirmName: found.name,
		steps: [
			{
				id: 'drop',
				title: {code: 'drop-kept-step'},
				commands: [
					...endBeforeDrop(found.name, server.versionNumber).map(text => onControl(control, text)),
					onControl(control, dropDatabase(found.name, server.versionNumber)),
				],
				isCommitPoint: true,
				deadlineMs: 5 * 60_000,
			},
		],
		locks: [{resource: `pg:${server.systemIdentifier}:${of}`, mode: 'exclusive'}],
		space: [],
		outages: [],
		deletes: [
			{
				name: kept,
				bytes: found.sizeBytes,
				why: {code: 'drop-kept-why', params: {database: clean(of, 100), at: keptAt, until}},
			},
		],
		warnings: isEarly ? [{code: 'drop-kept-early', params: {until}}] : [],
		undo: {code: 'undo-never'},
	};
}

/** Deletes the old database that a restore has kept: only one that carries our name and comment, and is the one shown. */
export const dropKeptDatabase: Operation<KeptRequest> = {
	id: 'drop-kept-database',
	title: {code: 'drop-kept-name'},
	parse: parseKeptRequest,
	plan: (look, request) => plan(look, request),
	steps: {
		drop: {
			async run(tools) {
				const found = await findKept(tools.look, tools.request);
				if (found.oid !== tools.plan.identity.postgres?.oid) {
					throw new ProblemError({
						code: 'kept-changed',
						params: {name: clean(found.name, 80)},
						retry: 'rarely',
					});
				}
				await runAll(tools, statementsOf(tools.step.commands));
			},
		},
	},
	async isCommitted(tools) {
		const {postgres} = tools.plan.identity;
		const target = findServer(tools.look, postgres?.target);
		const control = await controlDatabase(tools.look, target, tools.request.kept);
		// The server finishes what it has begun, also for a worker that is dead.
		await waitForOwn(tools, control);
		const {databases} = await readServer(tools.look, target, {
			control,
			database: tools.request.kept,
		});
		return !databases.some(({oid}) => oid === postgres?.oid);
	},
};
