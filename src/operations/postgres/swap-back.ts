import {clean} from '../../domain/clean.ts';
import type {PlanDraft} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {Look, Operation, Tools} from '../operation.ts';
import {onControl, statement, statementsOf} from './commands.ts';
import {databaseIdentity} from './identity.ts';
import {keptDatabases, type KeptDatabase} from './kept-databases.ts';
import {namesNow} from './names-now.ts';
import {judgeMove} from './pre-checks.ts';
import {maybeText, requestOf, wantedText} from './restore-request.ts';
import {allowConnections, clearSessions, commentOn, swapNames} from './restore-sql.ts';
import {controlDatabase, findServer, readServer} from './server.ts';
import {keptComment, sideNames, wayBackParams} from './side-names.ts';
import {clearUntilEmpty, requireOpen, swapInOne, waitForOwn} from './swap-names.ts';

/** Which kept database is put back, or deleted. */
export type KeptRequest = {readonly kept: string; readonly target?: string};

/** Checks a request that names a kept database. */
export function parseKeptRequest(value: unknown): KeptRequest {
	const request = requestOf(value);
	return {kept: wantedText(request, 'kept'), ...maybeText(request, 'target')};
}

/** The kept database that a request names, by exact name. */
export async function findKept(look: Look, request: KeptRequest): Promise<KeptDatabase> {
	const server = findServer(look, request.target);
	const control = await controlDatabase(look, server, request.kept);
	const all = await keptDatabases(
		look.io,
		{...server, id: `${server.id}/control/${control}`, database: control},
		look.signal,
	);
	const found = all.find(({name}) => name === request.kept);
	if (found === undefined) {
		const known = all.map(({name}) => clean(name, 80)).join(', ') || '-';
		const params = {name: clean(request.kept, 80), known};
		throw new ProblemError({code: 'kept-missing', params, retry: 'rarely'});
	}
	return found;
}

async function plan(look: Look, request: KeptRequest, id: string): Promise<PlanDraft> {
	const target = findServer(look, request.target);
	const found = await findKept(look, request);
	const database = found.note.of;
	const control = await controlDatabase(look, target, database);
	const server = await readServer(look, target, {control, database});
	const [problem] = judgeMove(server, database);
	if (problem !== undefined) {
		throw new ProblemError(problem);
	}
	const {live} = server;
	const {kept: aside} = sideNames(database, id);
	const on = (text: string) => onControl(control, text);
	const names = {database: clean(database, 100), kept: clean(found.name, 100)};
	const ours = {of: database, id, ...(live?.comment !== undefined && {comment: live.comment})};
	const renames = [
		...(live === undefined ? [] : [{from: database, to: aside}]),
		{from: found.name, to: database},
	];
	const comments = [
		...(live === undefined ? [] : [commentOn(aside, keptComment(ours, 0))]),
		commentOn(database, found.note.comment),
	];
	return {
		title: {code: 'swap-back-title', params: names},
		identity: {
			postgres: databaseIdentity(target, server, {database, oid: live?.oid ?? 0}),
		},
		risk: 'destructive',
		confirmName: database,
		steps: [
			...(live === undefined
				? []
				: [
						{
							id: 'gate',
							title: {code: 'restore-step-gate', params: names} as const,
							commands: [on(allowConnections(database, false))],
							undo: [on(allowConnections(database, true))],
							deadlineMs: 30_000,
						},
						{
							id: 'clear',
							title: {code: 'restore-step-clear'} as const,
							commands: [on(clearSessions([database, found.name]))],
							deadlineMs: 30_000,
						},
					]),
			{
				id: 'swap',
				title: {code: 'restore-step-swap', params: names},
				commands: [
					...swapNames(renames, comments).map(on),
					on('ROLLBACK'),
					on(clearSessions([database, found.name])),
				],
				isCommitPoint: true,
				deadlineMs: 60_000,
			},
			{
				id: 'open',
				title: {code: 'restore-step-open', params: names},
				commands: [on(allowConnections(database, true))],
				deadlineMs: 60_000,
			},
		],
		locks: [{resource: `pg:${server.systemIdentifier}:${database}`, mode: 'exclusive'}],
		space: [],
		outages: [{what: names.database, expectedMs: 300, basis: {code: 'restore-outage'}}],
		deletes: [],
		warnings: [
			{
				code: 'swap-back-lost',
				params: {...names, kept: clean(aside, 100), at: found.note.keptAt},
			},
		],
		undo: {code: 'swap-back-undo', params: wayBackParams(aside, id)},
	};
}

type KeptTools = Tools<KeptRequest>;

async function world(tools: KeptTools) {
	const {postgres} = tools.plan.identity;
	const [first] = tools.plan.steps.flatMap(step => statementsOf(step.commands));
	const database = postgres?.database ?? '';
	const control = first?.database ?? '';
	const found = await namesNow(tools.look, {target: postgres?.target, control}, [
		database,
		tools.request.kept,
	]);
	return {database, control, live: found.get(database), kept: found.get(tools.request.kept)};
}

/** Puts the old database of a restore back under its name, in the same way as the restore did. */
export const swapBackDatabase: Operation<KeptRequest> = {
	id: 'swap-back-database',
	title: {code: 'swap-back-name'},
	parse: parseKeptRequest,
	plan,
	steps: {
		gate: {
			run: async tools => {
				await tools.sql(statement(tools.step.commands, 'ALTER DATABASE'));
			},
			undo: async tools => {
				const {live} = await world(tools);
				if (live?.allowsConnections === false) {
					await tools.sql(statement(tools.step.undo, 'ALTER DATABASE'));
				}
			},
		},
		clear: {
			run: tools => clearUntilEmpty(tools, statement(tools.step.commands, 'SELECT count(*)')),
		},
		swap: {run: tools => swapInOne(tools, tools.step.commands)},
		open: {
			run: async tools => {
				await tools.sql(statement(tools.step.commands, 'ALTER DATABASE'));
				const {database} = await world(tools);
				const target = findServer(tools.look, tools.plan.identity.postgres?.target);
				await requireOpen(tools, target, database);
			},
		},
	},
	async isCommitted(tools) {
		const {control} = await world(tools);
		await waitForOwn(tools, control);
		const {kept, live} = await world(tools);
		return kept === undefined && live !== undefined;
	},
};
