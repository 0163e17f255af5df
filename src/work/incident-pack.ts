import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {maskText} from '../domain/mask.ts';
import {isRunId} from '../domain/run-id.ts';
import {tarEnd, tarHeader, tarPadding} from '../domain/tar.ts';
import {htmlOf, markdownOf} from '../incidents/document.ts';
import {evidenceFile} from '../incidents/report-facts.ts';
import {sha256} from './canonical.ts';
import {incidentFiles} from './incident-file.ts';
import {surroundingsOf} from './incident-window.ts';
import {documentOf, type ReportSurroundings} from './incident-report.ts';
import type {IncidentRecord} from './incidents.ts';
import {runFiles} from './run-folder.ts';

/** Largest file that is packed, in bytes; a longer journal is named as left out. */
const maxFileBytes = 16 * 1024 * 1024;

/** A file of a pack: its name inside the pack's folder. */
export type PackedFile = {readonly name: string; readonly bytes: Buffer};

/** An evidence pack: one tar archive with one folder, whose MANIFEST `sha256sum -c` understands. */
export type EvidencePack = {
	/** Name of the folder inside: `incident-<id>`. */
	readonly folder: string;
	readonly files: readonly PackedFile[];
	readonly bytes: Buffer;
};

function textFile(name: string, text: string): PackedFile {
	return {name, bytes: Buffer.from(text)};
}

function jsonFile(name: string, value: unknown): PackedFile {
	const lines = JSON.stringify(value, undefined, '\t').split('\n');
	return textFile(name, `${lines.map(maskText).join('\n')}\n`);
}

/** One value a line; every text in it masked by itself, so that each line stays JSON. */
function linesFile(name: string, values: readonly unknown[]): PackedFile {
	const masked = (_key: string, value: unknown) =>
		typeof value === 'string' ? maskText(value) : value;
	return textFile(name, values.map(value => `${JSON.stringify(value, masked)}\n`).join(''));
}

/** A file as it is; where something in it looks like a secret, a masked copy under another name. Absent: not there. */
async function fileOf(path: string, name: string): Promise<readonly PackedFile[]> {
	const bytes = await readFile(path).catch(() => undefined);
	if (bytes === undefined) return [];
	if (bytes.length > maxFileBytes) {
		return [textFile(`${name}.left-out.txt`, `${bytes.length} bytes, sha256 ${sha256(bytes)}\n`)];
	}

	const text = bytes.toString('utf8');
	const masked = text.split('\n').map(maskText).join('\n');
	return masked === text ? [{name, bytes}] : [textFile(`${name}.redacted`, masked)];
}

/** Plan, confirmation and journal of a run. */
async function runFilesOf(runs: string, id: string): Promise<readonly PackedFile[]> {
	if (!isRunId(id)) return [];
	const names = [runFiles.plan, runFiles.confirm, runFiles.journal];
	const found = await Promise.all(
		names.map(name => fileOf(join(runs, id, name), `operations/${id}/${name}`)),
	);
	return found.flat();
}

/** One archive of these files in one folder; owner root, mode 0600, all of one time. */
function archive(folder: string, files: readonly PackedFile[], atMs: number): Buffer {
	const common = {userId: 0, groupId: 0, modifiedAtSeconds: Math.floor(atMs / 1000)};
	const member = ({name, bytes}: PackedFile) => [
		tarHeader({
			...common,
			path: `${folder}/${name}`,
			type: 'file',
			bytes: bytes.length,
			mode: 0o600,
		}),
		bytes,
		tarPadding(bytes.length),
	];
	const head = tarHeader({...common, path: folder, type: 'folder', bytes: 0, mode: 0o700});
	return Buffer.concat([head, ...files.flatMap(member), tarEnd()]);
}

/**
 * Packs everything about an incident: its events, the report in both forms and languages, everything that was seen, plans and
 * journals of its operations and of those nearby, and MANIFEST with the SHA-256 of each.
 */
export async function packIncident(
	record: IncidentRecord,
	facts: ReportSurroundings,
): Promise<EvidencePack> {
	const {state, settings, nowMs} = facts;
	const {id, incident} = record;
	const surroundings = await surroundingsOf(state, record, nowMs);
	const {nearby, operations} = surroundings;
	const reports = (['en', 'zh'] as const).flatMap(language => {
		const told = {nowMs, settings: {...settings, language}};
		const document = documentOf(record, surroundings, told);
		return [
			textFile(`report.${language}.md`, markdownOf(document)),
			textFile(`report.${language}.html`, htmlOf(document)),
		];
	});
	const ids = new Set([...incident.operations, ...nearby.operations].map(({job}) => job));
	const runs = await Promise.all([...ids].map(job => runFilesOf(state.runs, job)));
	const {events} = incidentFiles;
	const files = [
		...(await fileOf(join(record.folder, events), events)),
		...reports,
		linesFile(evidenceFile, incident.evidence),
		jsonFile('operations.json', {incident: operations, nearby: nearby.operations}),
		...runs.flat(),
	];
	const sums = files.map(({name, bytes}) => `${sha256(bytes)}  ${name}\n`);
	const all = [...files, textFile('MANIFEST', sums.join(''))];
	const folder = `incident-${id}`;
	return {folder, files: all, bytes: archive(folder, all, nowMs)};
}
