import {join} from 'node:path';
import {type BackupChoice} from './domain/backup-choice.ts';
import {proofOf} from './domain/catalogue.ts';
import type {Plan} from './domain/plan.ts';
import {ProblemError, type Problem} from './domain/problem.ts';
import type {Language, Settings} from './domain/settings.ts';
import {shellQuote} from './domain/shell-quote.ts';
import {type HandedOver, runOnTerminal} from './hand-over.ts';
import type {Io} from './io/io.ts';
import type {Operation} from './operations/operation.ts';
import {foldersOf, openState} from './own-state.ts';
import {readCatalogue} from './sources/catalogue.ts';
import type {Effect, Event} from './store/events.ts';
import {terminalProgram} from './terminal-programs.ts';
import {changeWords} from './words/change-words.ts';
import {fill} from './words/words.ts';
import {refusalOf} from './work/access.ts';
import {requestCancel} from './work/jobs.ts';
import {lookAround} from './work/look.ts';
import {makePlan} from './work/make-plan.ts';
import {problemOfError} from './work/perform.ts';
import {recoverJob} from './work/recover.ts';
import {isRunId} from './domain/run-id.ts';
import {objectOf} from './domain/unknown.ts';
import {readPlan} from './work/run-folder.ts';
import {type Launch, startOperation} from './work/start.ts';
import {stateSpaceProblem} from './work/state-space.ts';
import {auditTerminal} from './work/terminal-audit.ts';
import {watchJobs} from './work/watch-jobs.ts';
import {nameOfOperator, whoAmI} from './work/who.ts';

/** How often it is looked whether the state folder has space, in ms. */
const deniedEveryMs = 5000;

/** The effects that concern changes to the server. */
export type ChangeEffect = Extract<
	Effect,
	{
		readonly type:
			| 'plan'
			| 'stop-planning'
			| 'start'
			| 'cancel-job'
			| 'recover-job'
			| 'read-job-plan'
			| 'read-backups'
			| 'open-terminal';
	}
>;

/** What the screen needs to plan, start and follow operations. */
export type ScreenChanges = {
	carryOut(effect: ChangeEffect): void;
	/** Ends following and planning; operations that run go on. */
	stop(): void;
};

type Facts = {
	readonly io: Io;
	readonly settings: Settings;
	readonly operations: Readonly<Record<string, Operation>>;
	readonly launch: Launch;
	readonly send: (event: Event) => void;
	/** Gives the terminal away while something else uses it. */
	readonly handOver: <T>(use: () => Promise<T>) => Promise<T | undefined>;
	/** The language of the screen now. */
	readonly language: () => Language;
};

/** Starts following the operations of this machine, and carries out what the screen asks for. */
export function createScreenChanges(facts: Facts): ScreenChanges {
	const {io, settings, operations, launch, send, handOver, language} = facts;
	const folders = foldersOf(io, settings);
	const planning = new Map<number, AbortController>();
	const end = new AbortController();
	const watch = watchJobs(folders.runs, jobs => send({type: 'jobs-arrived', jobs}));
	const ids = Object.keys(operations);
	send({type: 'operations-found', ids});
	let wasDenied = JSON.stringify('');
	/** Says why nothing can be changed here, or that it can again; what it says is looked at again and again. */
	const look = async () => {
		const denied = (await refusalOf(settings)) ?? (await stateSpaceProblem(io, folders.root));
		const said = JSON.stringify(denied ?? '');
		if (end.signal.aborted || said === wasDenied) return;
		wasDenied = said;
		send({type: 'operations-found', ids, ...(denied && {denied})});
	};
	const looking = setInterval(() => void look().catch(() => undefined), deniedEveryMs);
	looking.unref();
	void look().catch(() => undefined);

	const fail = (problem: Problem) => {
		send({type: 'action-failed', problem});
	};
	/** Whether nothing may be changed here; says why. */
	const isDenied = async () => {
		const problem = await refusalOf(settings);
		if (problem) fail(problem);
		return problem !== undefined;
	};
	const attempt = (what: string, work: () => Promise<void>) => {
		work().catch((error: unknown) => {
			if (!end.signal.aborted) fail(problemOfError(error, what));
		});
	};

	function runFolder(id: string): string {
		if (isRunId(id)) return join(folders.runs, id);
		throw new ProblemError({code: 'job-missing', params: {id}, retry: 'rarely'});
	}

	async function plan({number, operation, request}: ChangeEffect & {readonly type: 'plan'}) {
		const own = new AbortController();
		planning.set(number, own);
		const signal = AbortSignal.any([own.signal, end.signal]);
		try {
			const state = await openState(io, settings);
			const look = await lookAround(io, settings, state, signal);
			const made = await makePlan({look, operations}, operation, request);
			signal.throwIfAborted();
			send({type: 'planned', number, plan: made, atMs: performance.now()});
		} catch (error) {
			if (signal.aborted) return;
			send({type: 'plan-refused', number, problem: problemOfError(error, operation)});
		} finally {
			planning.delete(number);
		}
	}

	async function start(confirmed: Plan, typed: string | undefined): Promise<void> {
		if (await isDenied()) return;
		const started = await startOperation({
			plan: confirmed,
			state: await openState(io, settings),
			launch,
			confirmation: {
				operator: await whoAmI(),
				atMs: io.clock.now(),
				...(typed !== undefined && {typed}),
			},
		});
		watch.now();
		if ('refused' in started) fail(started.refused);
		else send({type: 'job-started', id: started.id});
	}

	async function cancel(id: string): Promise<void> {
		if (await isDenied()) return;
		await requestCancel(runFolder(id), nameOfOperator(await whoAmI()));
		watch.now();
	}

	async function recover(id: string): Promise<void> {
		if (await isDenied()) return;
		const state = await openState(io, settings);
		const result = await recoverJob(runFolder(id), {state, launch, signal: end.signal});
		if (result.refused) fail(result.refused);
	}

	async function readBackups(): Promise<void> {
		try {
			const {backups} = await readCatalogue(io, folders.backups, end.signal);
			const choices = backups.map(({id, series, manifest, bytes, startedAtMs, verifications}) => {
				const {level, failure} = proofOf(verifications);
				const tables = manifest.database?.tables.map(({schema, name}) => `${schema}.${name}`);
				return {
					id,
					series,
					kind: manifest.kind,
					atMs: startedAtMs,
					bytes,
					...(level !== undefined && {proof: level}),
					...(failure && {isBad: true}),
					...(tables && {tables}),
				} satisfies BackupChoice;
			});
			send({type: 'backups-arrived', backups: {kind: 'ready', backups: choices}});
		} catch (error) {
			if (end.signal.aborted) return;
			const problem = problemOfError(error, 'catalogue');
			send({type: 'backups-arrived', backups: {kind: 'failed', problem}});
		}
	}

	async function isUp(id: string): Promise<boolean> {
		const path = `/containers/${id}/json`;
		const signal = AbortSignal.any([end.signal, AbortSignal.timeout(5000)]);
		const inspected = await io.docker.get(path, signal).catch(() => undefined);
		return objectOf(objectOf(inspected)['State'])['Running'] === true;
	}

	async function openTerminal(wish: ChangeEffect & {readonly type: 'open-terminal'}) {
		if (await isDenied()) return;
		const {argv, container, leave} = await terminalProgram(io, settings, wish);
		const {audit} = await openState(io, settings);
		const opening = {
			program: wish.program,
			container: {id: wish.containerId, name: container},
			operator: await whoAmI(),
			hostname: io.host.hostname(),
			environment: settings.environment,
		};
		const close = await auditTerminal(audit, opening, () => io.clock.now());
		let ended: HandedOver | undefined;
		try {
			const how = fill(changeWords[leave][language()], {container});
			ended = await handOver(() => runOnTerminal(argv, how));
		} finally {
			await close(ended?.exitCode);
		}

		if (ended?.cause === undefined) return;
		// docker attach ends with status 1 when it is left by its keys, also soon after its start.
		if (leave === 'leave-attached' && ended.exitCode === 1 && (await isUp(wish.containerId)))
			return;
		const program = argv.map(shellQuote).join(' ');
		const params = {program, cause: ended.cause};
		fail({code: 'terminal-failed', params, retry: 'soon'});
	}

	return {
		carryOut(effect) {
			switch (effect.type) {
				case 'plan':
					void plan(effect);
					return;
				case 'stop-planning':
					planning.get(effect.number)?.abort();
					return;
				case 'start':
					attempt(effect.plan.operation, () => start(effect.plan, effect.confirm));
					return;
				case 'cancel-job':
					attempt('cancel', () => cancel(effect.id));
					return;
				case 'recover-job':
					attempt('recover', () => recover(effect.id));
					return;
				case 'read-job-plan':
					attempt('plan.json', async () => {
						send({type: 'job-plan-arrived', plan: (await readPlan(runFolder(effect.id))).plan});
					});
					return;
				case 'read-backups':
					void readBackups();
					return;
				case 'open-terminal':
					attempt(effect.program, () => openTerminal(effect));
			}
		},
		stop() {
			end.abort();
			clearInterval(looking);
			watch.stop();
		},
	};
}
