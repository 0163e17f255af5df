import {clean} from './domain/clean.ts';
import {exitStatuses} from './domain/exit-status.ts';
import {formatBytes, formatDuration} from './domain/format.ts';
import type {Operator} from './domain/operator.ts';
import {ProblemError} from './domain/problem.ts';
import type {Settings} from './domain/settings.ts';
import {clocksOf} from './incidents/clocks.ts';
import {htmlOf, markdownOf} from './incidents/document.ts';
import {
	phases,
	rollbackSteps,
	severities,
	type IncidentEvent,
	type Severity,
} from './incidents/event.ts';
import {sayClock} from './incidents/report.ts';
import {sayEvent, sayIncident, sayOrigin, utcTime} from './incidents/say.ts';
import type {Io} from './io/io.ts';
import {print, printJson} from './print.ts';
import {openState} from './own-state.ts';
import type {RecordInvocation} from './record-words.ts';
import {printProblem} from './show-jobs.ts';
import type {CommandFlags} from './work/command-table.ts';
import {packIncident} from './work/incident-pack.ts';
import {reportOfIncident} from './work/incident-report.ts';
import {
	appendIncident,
	closeIncident,
	findIncident,
	listIncidents,
	openIncident,
	type IncidentRecord,
} from './work/incidents.ts';
import type {StateFolders} from './work/state-folders.ts';
import {nameOfOperator, whoAmI} from './work/who.ts';
import {sayProblem} from './words/say-problem.ts';
import {writeReport} from './write-report.ts';

/** What such a command is given. */
export type RecordSurroundings = {
	readonly io: Io;
	readonly settings: Settings;
	readonly flags: CommandFlags;
};

type Facts = RecordSurroundings & {
	readonly state: StateFolders;
	readonly operator: Operator;
	readonly words: readonly string[];
};

/** Exit status where a file cannot be written (sysexits). */
const cannotWrite = 73;

function textFlag({flags}: Pick<Facts, 'flags'>, name: string): string | undefined {
	const value = flags[name];
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The last eight characters of an id, which the commands understand as well. */
function shortId(id: string): string {
	return id.slice(-8);
}

function iso(atMs: number | undefined): string | null {
	return atMs === undefined ? null : new Date(atMs).toISOString();
}

/** An incident for programs; `isWhole` adds every event. */
function incidentDocument(
	{id, folder, incident, lines, damage}: IncidentRecord,
	nowMs: number,
	isWhole = false,
) {
	const {title, severity, phase, environment, project, hostname} = incident;
	const {opened, sinceMs, acknowledged, closed} = incident;
	return {
		...{id, folder, title, severity, phase, environment, project: project ?? null, hostname},
		state: closed === undefined ? 'open' : 'closed',
		from: incident.from.kind,
		sinceAt: iso(sinceMs),
		openedAt: iso(opened.atMs),
		openedBy: opened.by,
		acknowledgedAt: iso(acknowledged?.atMs),
		acknowledgedBy: acknowledged?.by ?? null,
		closedAt: iso(closed?.atMs),
		cause: closed?.cause ?? null,
		done: closed?.done ?? null,
		followUps: closed?.followUps ?? [],
		clocks: clocksOf(incident, nowMs).map(clock => ({
			...clock.about,
			...{state: clock.state, source: clock.source},
			startedAt: iso(clock.startedAtMs),
			dueAt: iso(clock.dueAtMs),
			endedAt: iso(clock.endedAtMs),
			limitSeconds: clock.limitMs / 1000,
			tookSeconds: clock.tookMs / 1000,
		})),
		isRecordWhole: damage === undefined,
		...(damage && {damage}),
		...(isWhole && {events: lines}),
	};
}

/** Tells of an incident after a change to it. */
async function tell(facts: Facts, record: IncidentRecord, code: string): Promise<number> {
	const {flags, settings, operator, io} = facts;
	const {id} = record;
	if (flags['json'] === true) {
		await printJson({version: '1.0', incident: incidentDocument(record, io.clock.now())});
	} else {
		const params = {id, short: shortId(id), who: nameOfOperator(operator)};
		await print(`${sayIncident(settings.language, code, params)}\n`);
	}

	return exitStatuses.done;
}

async function start(facts: Facts): Promise<number> {
	const {io, settings, state, operator, words, flags} = facts;
	const {environment, docker} = settings;
	const symptom = textFlag(facts, 'symptom');
	const projects = flags['project'] === undefined ? docker.projects : [flags['project']].flat();
	const [project] = projects ?? [];
	const record = await openIncident(
		state,
		{
			title: words[0] ?? '',
			severity: severityOf(textFlag(facts, 'severity')) ?? 'major',
			from: symptom === undefined ? {kind: 'person'} : {kind: 'symptom', text: symptom},
			environment: environment.name === '' ? environment.kind : environment.name,
			hostname: clean(io.host.hostname(), 64),
			...(typeof project === 'string' && {project}),
		},
		{operator, nowMs: io.clock.now()},
	);
	return tell(facts, record, 'cli.opened');
}

function severityOf(word: string | undefined): Severity | undefined {
	return severities.find(known => known === word);
}

/** An incident in one line of the list. */
function listLine({settings, io}: Facts, {id, incident}: IncidentRecord): string {
	const {language} = settings;
	const say = (code: string) => sayIncident(language, code);
	const {title, severity, sinceMs, closed, acknowledged} = incident;
	const until = closed?.atMs ?? io.clock.now();
	return [
		id,
		say(closed === undefined ? 'state.open' : 'state.closed'),
		say(`severity.${severity}`),
		`${utcTime(sinceMs)} UTC`,
		formatDuration(Math.max(0, until - sinceMs) / 1000, language),
		acknowledged?.by ?? say(closed === undefined ? 'nobody' : 'nobody-closed'),
		title,
	].join('  ');
}

async function list(facts: Facts): Promise<number> {
	const {state, settings, flags, io} = facts;
	const all = await listIncidents(state);
	if (flags['json'] === true) {
		const incidents = all.map(record => incidentDocument(record, io.clock.now()));
		await printJson({version: '1.0', incidents});
	} else {
		const none = sayIncident(settings.language, 'cli.none');
		await print(
			`${(all.length === 0 ? [none] : all.map(one => listLine(facts, one))).join('\n')}\n`,
		);
	}

	return exitStatuses.done;
}

function showText(facts: Facts, record: IncidentRecord): string {
	const {settings, io} = facts;
	const {language} = settings;
	const {incident, lines, damage} = record;
	const span = (ms: number) => formatDuration(ms / 1000, language);
	const clocks = clocksOf(incident, io.clock.now()).map(clock => {
		const state = sayIncident(language, `clock.${clock.state}`);
		return `  ${state}  ${sayClock(language, clock)}: ${span(clock.tookMs)} / ${span(clock.limitMs)} [${clock.source}]`;
	});
	const events = lines.map(
		({t, by, event}) => `${utcTime(Date.parse(t))}  ${by}  ${sayEvent(language, event)}`,
	);
	return [
		listLine(facts, record),
		...(damage === undefined ? [] : [sayIncident(language, 'report.damage', damage)]),
		`  ${sayIncident(language, `phase.${incident.phase}`)}, ${sayOrigin(language, incident.from)}`,
		...clocks,
		'',
		...events,
		'',
	].join('\n');
}

async function show(facts: Facts, record: IncidentRecord): Promise<number> {
	const {flags, io} = facts;
	if (flags['json'] === true) {
		await printJson({version: '1.0', incident: incidentDocument(record, io.clock.now(), true)});
	} else {
		await print(showText(facts, record));
	}

	return exitStatuses.done;
}

/** The event that a command appends. */
function eventOf(
	verb: 'note' | 'ack' | 'severity' | 'phase' | 'rollback',
	[, second = '', third = '']: readonly string[],
): Exclude<IncidentEvent, {readonly kind: 'opened' | 'closed'}> {
	switch (verb) {
		case 'note':
			return {kind: 'note', text: second};
		case 'ack':
			return {kind: 'acknowledged'};
		case 'severity':
			return {kind: 'severity-changed', severity: severityOf(second) ?? 'major'};
		case 'phase': {
			const phase = phases.find(known => known === second) ?? 'identify';
			return {kind: 'phase-entered', phase};
		}

		case 'rollback': {
			const step = rollbackSteps.find(known => known === second) ?? 'decide';
			return {kind: 'rollback', step, state: third === 'done' ? 'done' : 'started'};
		}
	}
}

async function append(
	facts: Facts,
	{id}: IncidentRecord,
	verb: 'note' | 'ack' | 'severity' | 'phase' | 'rollback',
): Promise<number> {
	const {state, operator, io, words} = facts;
	await appendIncident(state, id, eventOf(verb, words), {operator, nowMs: io.clock.now()});
	const code = verb === 'ack' ? 'cli.acknowledged' : 'cli.written';
	return tell(facts, await findIncident(state, id), code);
}

async function close(facts: Facts, {id}: IncidentRecord): Promise<number> {
	const {state, operator, io, flags} = facts;
	const followUps = [flags['follow-up'] ?? []].flat().filter(text => typeof text === 'string');
	const closing = {
		cause: textFlag(facts, 'cause') ?? '',
		done: textFlag(facts, 'done') ?? '',
		followUps,
	};
	const writer = {operator, nowMs: io.clock.now()};
	return tell(facts, await closeIncident(state, id, closing, writer), 'cli.closed');
}

async function report(facts: Facts, record: IncidentRecord): Promise<number> {
	const {state, settings, io, flags} = facts;
	const document = await reportOfIncident(record, {state, settings, nowMs: io.clock.now()});
	const text = flags['html'] === true ? htmlOf(document) : markdownOf(document);
	const output = textFlag(facts, 'output');
	if (output === undefined) {
		if (flags['json'] === true) await printJson({version: '1.0', report: document});
		else await print(text);
		return exitStatuses.done;
	}

	const path = await writeReport(output, text, flags['force'] === true);
	if (flags['json'] === true) await printJson({version: '1.0', path});
	else await print(`${sayIncident(settings.language, 'cli.file', {path: clean(path)})}\n`);
	return exitStatuses.done;
}

async function pack(facts: Facts, record: IncidentRecord): Promise<number> {
	const {state, settings, io, flags} = facts;
	const packed = await packIncident(record, {state, settings, nowMs: io.clock.now()});
	const {folder, files, bytes} = packed;
	const output = textFlag(facts, 'output') ?? `${folder}.tar`;
	const path = await writeReport(output, bytes, flags['force'] === true);
	if (flags['json'] === true) {
		const names = files.map(({name}) => name);
		await printJson({version: '1.0', path, folder, sizeBytes: bytes.length, files: names});
	} else {
		const size = formatBytes(bytes.length);
		const said = {path: clean(path), count: files.length, size, folder};
		await print(`${sayIncident(settings.language, 'cli.pack', said)}\n`);
	}

	return exitStatuses.done;
}

async function runVerb(
	facts: Facts,
	{verb}: Extract<RecordInvocation, {readonly kind: 'incident'}>,
): Promise<number> {
	if (verb === 'start') return start(facts);
	if (verb === 'list') return list(facts);
	const record = await findIncident(facts.state, facts.words[0] ?? '');
	switch (verb) {
		case 'show':
			return show(facts, record);
		case 'close':
			return close(facts, record);
		case 'report':
			return report(facts, record);
		case 'pack':
			return pack(facts, record);
		case 'note':
		case 'ack':
		case 'severity':
		case 'phase':
		case 'rollback':
			return append(facts, record, verb);
	}
}

/** Tells why a command about records could not be carried out; gives the exit status. */
export async function tellRecordProblem(
	error: unknown,
	{settings, flags}: Pick<RecordSurroundings, 'settings' | 'flags'>,
): Promise<number> {
	if (!(error instanceof ProblemError)) throw error;
	const {problem} = error;
	const exitStatus = problem.code === 'report-unwritable' ? cannotWrite : exitStatuses.refused;
	if (flags['json'] === true) {
		const said = {code: problem.code, ...sayProblem(settings.language, problem)};
		await printJson({version: '1.0', exitStatus, problem: said});
	} else {
		printProblem(problem, settings.language);
	}

	return exitStatus;
}

/** Carries out `opsconsole incident …`; resolves with the exit status: 3 where it could not. */
export async function runIncident(
	invocation: Extract<RecordInvocation, {readonly kind: 'incident'}>,
	surroundings: RecordSurroundings,
): Promise<number> {
	const {io, settings} = surroundings;
	try {
		const state = await openState(io, settings);
		const operator = await whoAmI();
		return await runVerb({...surroundings, state, operator, words: invocation.words}, invocation);
	} catch (error) {
		return tellRecordProblem(error, surroundings);
	}
}
