import {join} from 'node:path';
import type {AlertFacts} from '../domain/alert-facts.ts';
import type {Job} from '../domain/job.ts';
import type {JournalLine} from '../domain/journal.ts';
import type {Plan} from '../domain/plan.ts';
import {showCommand} from '../domain/show-command.ts';
import type {AuditLine} from '../domain/audit.ts';
import type {OperationCommand, OperationFacts} from '../incidents/event.ts';
import type {Nearby, RecordDamage} from '../incidents/report-facts.ts';
import {safeText} from '../incidents/redact.ts';
import {readAudit} from './audit.ts';
import {sha256} from './canonical.ts';
import {readFigures} from './figures.ts';
import type {IncidentRecord} from './incidents.ts';
import {readJournalFile} from './journal-file.ts';
import {listJobs, readJob} from './jobs.ts';
import {readPlan, runFiles} from './run-folder.ts';
import type {StateFolders} from './state-folders.ts';
import {nameOfOperator} from './who.ts';

/** How long before an incident something may have happened that belongs to it, in ms. */
const beforeMs = 30 * 60_000;
/** Most commands of one operation that are remembered. */
const maxCommands = 100;
/** How many of the newest runs are looked at. */
const jobCount = 500;

type StepState = OperationCommand['state'];

function stepStates(lines: readonly JournalLine[]): ReadonlyMap<string, StepState> {
	const states = new Map<string, StepState>();
	for (const line of lines) {
		if (line.st === 'start') states.set(line.step, 'running');
		if (line.st === 'done') states.set(line.step, 'done');
		if (line.st === 'fail') states.set(line.step, 'failed');
		if (line.st === 'undo') states.set(line.step, 'undoing');
		if (line.st === 'undone') states.set(line.step, 'undone');
	}

	return states;
}

/** Commands of the steps that were begun, and of the taking back of those that were taken back. */
function commandsOf({steps}: Plan, lines: readonly JournalLine[]): readonly OperationCommand[] {
	const states = stepStates(lines);
	return steps.flatMap(({id, commands, undo = []}) => {
		const state = states.get(id);
		if (state === undefined) return [];
		const all = state === 'undoing' || state === 'undone' ? [...commands, ...undo] : commands;
		return all.map(command => ({text: safeText(showCommand(command)), step: id, state}));
	});
}

/**
 * An operation as an incident remembers it, from the folder of its run: who, on what, when, its exact commands and how it
 * ended. What of its folder cannot be read is left out.
 */
export async function operationFactsOf(job: Job): Promise<OperationFacts> {
	const {id, operation, title, target, operator, sinceMs, endedAtMs} = job;
	const {outcome, exitStatus, problem, folder} = job;
	const read = await Promise.all([
		readPlan(folder),
		readJournalFile(join(folder, runFiles.journal)),
	]).catch(() => undefined);
	const all = read === undefined ? undefined : commandsOf(read[0].plan, read[1].lines);
	const left = Math.max(0, (all?.length ?? 0) - maxCommands);
	return {
		job: id,
		...{operation, title, target},
		operator: nameOfOperator(operator),
		startedAtMs: sinceMs,
		...(endedAtMs !== undefined && {endedAtMs}),
		...(outcome !== undefined && {outcome}),
		...(exitStatus !== undefined && {exitStatus}),
		...(problem !== undefined && {problem: problem.code}),
		...(all && {commands: all.slice(0, maxCommands)}),
		...(left > 0 && {moreCommands: left}),
	};
}

type Window = {readonly fromMs: number; readonly untilMs: number};

/** From half an hour before there was trouble until the incident was closed, or now. */
export function windowOf({incident}: IncidentRecord, nowMs: number): Window {
	const {sinceMs, closed} = incident;
	return {fromMs: sinceMs - beforeMs, untilMs: closed?.atMs ?? nowMs};
}

function isWithin({sinceMs, endedAtMs = Infinity}: Job, {fromMs, untilMs}: Window): boolean {
	return sinceMs <= untilMs && endedAtMs >= fromMs;
}

function auditedIn(lines: readonly AuditLine[], {fromMs, untilMs}: Window): Nearby['audited'] {
	const ends = new Set(lines.flatMap(({kind, op}) => (kind === 'terminal-end' ? [op] : [])));
	return lines.flatMap(({kind, op, t, since, operator, operation, target, problem}) => {
		const atMs = Date.parse(since ?? t);
		const isTerminal = kind === 'terminal-end' || (kind === 'terminal' && !ends.has(op));
		if (atMs < fromMs || atMs > untilMs || !(isTerminal || kind === 'refused')) return [];
		const what = kind === 'refused' ? `${operation} (refused)` : operation;
		const by = nameOfOperator(operator);
		return [{atMs, by, what, target, ...(kind === 'refused' && problem && {problem})}];
	});
}

/** What Compose calls a container: `project_service_1`. */
const composeName = /^(.+?)[_-][^_]+[_-]\d+$/;

/** Whether a remembered alert names another project; what names none may belong to any. */
function isOfOther({metric, subject, target}: AlertFacts, project: string | undefined): boolean {
	if (project === undefined) return false;
	const isContainer = metric.startsWith('container.');
	const name = isContainer ? subject : target;
	if (['_', '-', '/'].some(sign => name.startsWith(`${project}${sign}`))) return false;
	if (isContainer) return composeName.test(name);
	return /^(?:postgres|redis|endpoint)\./.test(metric) && /^[\w.-]+\/[\w.-]+$/.test(name);
}

async function alertsIn(
	place: Pick<StateFolders, 'root'>,
	window: Window,
	{known, project}: {readonly known: ReadonlySet<string>; readonly project: string | undefined},
): Promise<Nearby['alerts']> {
	const found = new Map<string, Nearby['alerts'][number]>();
	for (const {atMs, alerts} of await readFigures(place, window)) {
		for (const alert of alerts) {
			if (known.has(alert.id) || isOfOther(alert, project)) continue;
			const before = found.get(alert.id);
			found.set(alert.id, {alert, firstAtMs: before?.firstAtMs ?? atMs, lastAtMs: atMs});
		}
	}

	return [...found.values()];
}

/** The audit remembers how the record ended at its opening and closing; what it lacks was taken away since. */
function cutOff({id, lines, damage}: IncidentRecord, audit: readonly AuditLine[]) {
	if (damage !== undefined) return damage;
	const sums = new Set(lines.map(line => sha256(JSON.stringify(line))));
	const isMissing = audit.some(
		({op, eventsSha256}) => op === id && eventsSha256 !== undefined && !sums.has(eventsSha256),
	);
	if (!isMissing) return undefined;
	return {line: lines.length + 1, cause: 'events that the audit knows are missing'};
}

/** What other records say about the time of an incident, and what became of the operations that are written down in it. */
export type Surroundings = {
	readonly nearby: Nearby;
	/** Runs that the incident names, as their folders say now; newer than its events. */
	readonly operations: readonly OperationFacts[];
	readonly damage?: RecordDamage;
};

/**
 * Collects what happened around an incident: jobs, refusals and terminals from the audit, alerts from the record of
 * readings. Records that cannot be read give nothing. Never rejects for them.
 */
export async function surroundingsOf(
	state: Pick<StateFolders, 'root' | 'runs' | 'audit'>,
	record: IncidentRecord,
	nowMs: number,
): Promise<Surroundings> {
	const {incident} = record;
	const window = windowOf(record, nowMs);
	const [jobs, audit] = await Promise.all([
		listJobs(state.runs, jobCount).catch(() => []),
		readAudit(state.audit).catch(() => ({lines: []})),
	]);
	const named = new Set(incident.operations.map(({job}) => job));
	const missed = [...named].filter(id => !jobs.some(job => job.id === id));
	const older = await Promise.all(
		missed.map(id => readJob(join(state.runs, id)).catch(() => undefined)),
	);
	const own = [...jobs.filter(({id}) => named.has(id)), ...older.filter(job => job !== undefined)];
	const others = jobs.filter(job => !named.has(job.id) && isWithin(job, window));
	const known = new Set(incident.alerts.map(({alert}) => alert.id));
	const damage = cutOff(record, audit.lines);
	return {
		nearby: {
			operations: (await Promise.all(others.map(operationFactsOf))).toSorted(
				(a, b) => a.startedAtMs - b.startedAtMs,
			),
			alerts: await alertsIn(state, window, {known, project: incident.project}).catch(() => []),
			audited: auditedIn(audit.lines, window).map(({by, what, target, ...rest}) => ({
				...rest,
				by: safeText(by, 100),
				what: safeText(what, 200),
				target: safeText(target, 200),
			})),
		},
		operations: await Promise.all(own.map(operationFactsOf)),
		...(damage && {damage}),
	};
}
