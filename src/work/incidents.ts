import {mkdir, open, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {AuditEntry} from '../domain/audit.ts';
import {clean} from '../domain/clean.ts';
import type {Operator} from '../domain/operator.ts';
import {ProblemError} from '../domain/problem.ts';
import {isRunId} from '../domain/run-id.ts';
import type {IncidentEvent, IncidentLine} from '../incidents/event.ts';
import {incidentOf, isOpen, type Incident} from '../incidents/incident.ts';
import {safeText} from '../incidents/redact.ts';
import type {RecordDamage} from '../incidents/report-facts.ts';
import {appendAudit} from './audit.ts';
import {sha256} from './canonical.ts';
import {appendEvents, readEventFile, type ReadEvents} from './incident-file.ts';
import {newId} from './make-plan.ts';
import type {StateFolders} from './state-folders.ts';
import {nameOfOperator} from './who.ts';

/** The part of the state folders that incidents need; they are in `incidents/<id>` of its root. */
export type IncidentPlace = Pick<StateFolders, 'root' | 'audit'>;

/** Who writes into an incident, and when (wall-clock ms). `undefined` as operator: the console itself saw it. */
export type Writer = {readonly operator?: Operator; readonly nowMs: number};

/** An incident as it lies on the disk. */
export type IncidentRecord = {
	readonly id: string;
	readonly folder: string;
	readonly incident: Incident;
	readonly lines: readonly IncidentLine[];
	readonly damage?: RecordDamage;
};

/** What an incident is opened with. */
export type Opening = Omit<IncidentEvent & {readonly kind: 'opened'}, 'kind'>;

/** What ends one. */
export type Closing = Omit<IncidentEvent & {readonly kind: 'closed'}, 'kind'>;

/** From this size on, in bytes, an incident takes no more of what nobody asked for. */
const maxBytes = 16 * 1024 * 1024;

/** Who wrote what the console saw by itself. */
export const itself = 'opsconsole';

/** Folder of all incidents of a state folder. */
export function incidentsFolder({root}: Pick<StateFolders, 'root'>): string {
	return join(root, 'incidents');
}

function missing(id: string): ProblemError {
	const params = {id: clean(id, 60)};
	return new ProblemError({code: 'incident-missing', params, retry: 'rarely'});
}

function folderOf(place: IncidentPlace, id: string): string {
	if (!isRunId(id)) throw missing(id);
	return join(incidentsFolder(place), id);
}

function unwritable(folder: string, error: unknown): ProblemError {
	if (error instanceof ProblemError) return error;
	const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
	const params = {folder: clean(folder), cause: clean(code, 60)};
	return new ProblemError({code: 'incident-unwritable', params, retry: 'rarely'}, {cause: error});
}

function nameOf({operator}: Writer): string {
	return operator === undefined ? itself : safeText(nameOfOperator(operator), 100);
}

async function syncFolder(folder: string): Promise<void> {
	const handle = await open(folder, 'r');
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}

/** The row of an incident in the audit, from which the maintenance log is made (handbook row H2-23). */
function auditEntry({id, folder, incident, lines}: IncidentRecord, operator: Operator): AuditEntry {
	const {title, environment, project, hostname, opened, closed} = incident;
	const entry = {
		op: id,
		operation: 'incident',
		operator,
		hostname,
		target: clean(`${environment}/${project ?? hostname}`, 200),
		evidence: folder,
		// Fixes what was written so far: the chain of the events ends in this line.
		eventsSha256: sha256(JSON.stringify(lines.at(-1) ?? '')),
	};
	if (closed === undefined) return {...entry, kind: 'incident', incident: {title}};
	return {
		...entry,
		kind: 'incident-end',
		since: new Date(opened.atMs).toISOString(),
		durationMs: Math.max(0, closed.atMs - opened.atMs),
		incident: {title, cause: closed.cause, done: closed.done},
	};
}

/** Tells the audit; the incident's own record counts, so that a full disk of the audit does not stop a responder. */
async function tellAudit(
	place: IncidentPlace,
	record: IncidentRecord,
	{operator, nowMs}: Writer,
): Promise<void> {
	if (operator === undefined) return;
	await appendAudit(place.audit, auditEntry(record, operator), nowMs).catch(() => undefined);
}

/** Opens an incident; gives it as it was written. Rejects with `incident-unwritable`. */
export async function openIncident(
	place: IncidentPlace,
	opening: Opening,
	writer: Writer,
): Promise<IncidentRecord> {
	const all = incidentsFolder(place);
	const id = newId(writer.nowMs);
	const folder = join(all, id);
	try {
		await mkdir(all, {mode: 0o700, recursive: true});
		await mkdir(folder, {mode: 0o700});
		const event = {kind: 'opened', ...opening} as const;
		await appendEvents(folder, () => [{event, by: nameOf(writer), atMs: writer.nowMs}]);
		await syncFolder(folder);
		await syncFolder(all);
	} catch (error) {
		throw unwritable(folder, error);
	}

	const record = await readIncident(place, id);
	await tellAudit(place, record, writer);
	return record;
}

/** What consoles add by themselves, which may come without end while an incident is forgotten. */
const unasked: readonly IncidentEvent['kind'][] = [
	...(['alert-raised', 'alert-cleared', 'evidence', 'operation', 'change'] as const),
];

/** An incident that is closed only takes notes; one that is very long only what a person says. */
function throwIfRefused(id: string, before: ReadEvents, event: IncidentEvent): void {
	const {lines, goodBytes} = before;
	if (goodBytes > maxBytes && unasked.includes(event.kind)) {
		throw Object.assign(new Error('EFBIG'), {code: 'EFBIG'});
	}

	const incident = incidentOf(lines);
	if (incident === undefined) throw missing(id);
	if (isOpen(incident) || event.kind === 'note') return;
	throw new ProblemError({code: 'incident-closed', params: {id}, retry: 'rarely'});
}

/**
 * Appends an event to an incident; it is on the disk when this resolves, cleaned and without secrets. Several consoles may
 * do so at once. Rejects with `incident-missing`, `incident-closed` (only notes are taken then) or `incident-unwritable`.
 */
export async function appendIncident(
	place: IncidentPlace,
	id: string,
	event: Exclude<IncidentEvent, {readonly kind: 'opened' | 'closed'}>,
	writer: Writer,
): Promise<IncidentLine> {
	return append(place, id, event, writer);
}

async function append(
	place: IncidentPlace,
	id: string,
	event: IncidentEvent,
	writer: Writer,
): Promise<IncidentLine> {
	const folder = folderOf(place, id);
	// Its folder is never made here, so that a typing error makes no incident.
	await readIncident(place, id);
	try {
		const [line] = await appendEvents(folder, before => {
			throwIfRefused(id, before, event);
			return [{event, by: nameOf(writer), atMs: writer.nowMs}];
		});
		if (line === undefined) throw new Error('nothing was written');
		return line;
	} catch (error) {
		throw unwritable(folder, error);
	}
}

/** What follows on an incident as it stands; asked twice, and must give the same for the same incident. */
export type Follow = (
	incident: Incident,
	lines: readonly IncidentLine[],
) => readonly Exclude<IncidentEvent, {readonly kind: 'opened' | 'closed'}>[];

/**
 * Appends what an incident has not heard of yet, so that several consoles that see the same write it down once: `follow`
 * is asked without a lock first, and again under it. Gives what was written; nothing for an incident that is closed or too
 * long. Rejects with `incident-missing` or `incident-unwritable`.
 */
export async function followIncident(
	place: IncidentPlace,
	id: string,
	follow: Follow,
	writer: Writer,
): Promise<readonly IncidentLine[]> {
	const {folder, incident, lines} = await readIncident(place, id);
	if (!isOpen(incident) || follow(incident, lines).length === 0) return [];
	try {
		return await appendEvents(folder, before => {
			const now = incidentOf(before.lines);
			if (now === undefined || !isOpen(now) || before.goodBytes > maxBytes) return [];
			const item = {by: nameOf(writer), atMs: writer.nowMs};
			return follow(now, before.lines).map(event => ({event, ...item}));
		});
	} catch (error) {
		throw unwritable(folder, error);
	}
}

/** Closes an incident and tells the maintenance log; gives it as it is then. Rejects as `appendIncident`. */
export async function closeIncident(
	place: IncidentPlace,
	id: string,
	closing: Closing,
	writer: Writer,
): Promise<IncidentRecord> {
	await append(place, id, {kind: 'closed', ...closing}, writer);
	const record = await readIncident(place, id);
	await tellAudit(place, record, writer);
	return record;
}

/** Reads an incident by its whole id. Rejects with `incident-missing`. */
export async function readIncident(place: IncidentPlace, id: string): Promise<IncidentRecord> {
	const folder = folderOf(place, id);
	const read = await readEventFile(folder).catch(() => undefined);
	const incident = incidentOf(read?.lines ?? []);
	if (read === undefined || incident === undefined) throw missing(id);
	const {lines, damage} = read;
	return {id, folder, incident, lines, ...(damage && {damage})};
}

/** Every incident that can be read: open ones first, then the newest. */
export async function listIncidents(place: IncidentPlace): Promise<readonly IncidentRecord[]> {
	const names = await readdir(incidentsFolder(place)).catch(() => []);
	const ids = names.filter(isRunId).toSorted().toReversed();
	const records = await Promise.all(ids.map(id => readIncident(place, id).catch(() => undefined)));
	const rank = ({incident}: IncidentRecord) => (isOpen(incident) ? 0 : 1);
	return records.filter(record => record !== undefined).toSorted((a, b) => rank(a) - rank(b));
}

/**
 * The incident that a word of the command line means: its id, the last eight characters of one, or `open` for the only
 * open one. Rejects with `incident-missing` or `incident-several`.
 */
export async function findIncident(place: IncidentPlace, word: string): Promise<IncidentRecord> {
	if (isRunId(word)) return readIncident(place, word);
	const all = await listIncidents(place);
	const found = all.filter(({id, incident}) =>
		word === 'open' ? isOpen(incident) : /^[0-9a-f]{8}$/.test(word) && id.endsWith(word),
	);
	const [only, second] = found;
	if (only === undefined) throw missing(word);
	if (second === undefined) return only;
	const ids = found.map(({id}) => id).join(', ');
	throw new ProblemError({
		code: 'incident-several',
		params: {count: found.length, ids},
		retry: 'rarely',
	});
}
