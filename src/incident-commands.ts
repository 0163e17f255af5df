import {clean} from './domain/clean.ts';
import {exitStatuses} from './domain/exit-status.ts';
import {formatBytes} from './domain/format.ts';
import type {Operator} from './domain/operator.ts';
import {htmlOf, markdownOf} from './incidents/document.ts';
import {
	phases,
	rollbackSteps,
	severities,
	type IncidentEvent,
	type Severity,
} from './incidents/event.ts';
import {sayIncident} from './incidents/say.ts';
import {incidentDocument, incidentLine, incidentText} from './incident-text.ts';
import {print, printJson} from './print.ts';
import {openState} from './own-state.ts';
import {tellRecordProblem, type RecordSurroundings} from './record-problem.ts';
import type {RecordInvocation} from './record-words.ts';
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
import {pruneIncidents} from './work/prune-incidents.ts';
import type {StateFolders} from './work/state-folders.ts';
import {nameOfOperator, whoAmI} from './work/who.ts';
import {writeReport} from './write-report.ts';

type Facts = RecordSurroundings & {
	readonly state: StateFolders;
	readonly operator: Operator;
	readonly words: readonly string[];
};

function textFlag({flags}: Pick<Facts, 'flags'>, name: string): string | undefined {
	const value = flags[name];
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The last eight characters of an id, which the commands understand as well. */
function shortId(id: string): string {
	return id.slice(-8);
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
	const [only, ...others] = projects ?? [];
	const project = others.length === 0 ? only : undefined;
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

async function list(facts: Facts): Promise<number> {
	const {state, settings, flags, io} = facts;
	const all = await listIncidents(state);
	if (flags['json'] === true) {
		const incidents = all.map(record => incidentDocument(record, io.clock.now()));
		await printJson({version: '1.0', incidents});
	} else {
		const none = sayIncident(settings.language, 'cli.none');
		await print(
			`${(all.length === 0 ? [none] : all.map(one => incidentLine(one, settings.language, io.clock.now()))).join('\n')}\n`,
		);
	}

	return exitStatuses.done;
}

async function show(facts: Facts, record: IncidentRecord): Promise<number> {
	const {flags, io, settings} = facts;
	if (flags['json'] === true) {
		await printJson({version: '1.0', incident: incidentDocument(record, io.clock.now(), true)});
	} else {
		await print(incidentText(record, settings.language, io.clock.now()));
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
	const {state, operator, io, flags, settings} = facts;
	const followUps = [flags['follow-up'] ?? []].flat().filter(text => typeof text === 'string');
	const closing = {
		cause: textFlag(facts, 'cause') ?? '',
		done: textFlag(facts, 'done') ?? '',
		followUps,
	};
	const nowMs = io.clock.now();
	const record = await closeIncident(state, id, closing, {operator, nowMs});
	const keepMs = settings.incidents?.keepMs;
	await pruneIncidents(state, {nowMs, keepMs}).catch(() => undefined);
	return tell(facts, record, 'cli.closed');
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
