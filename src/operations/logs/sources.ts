import {clean} from '../../domain/clean.ts';
import {globMatcher} from '../../domain/glob.ts';
import {rotatedLog} from '../../domain/rotated-log.ts';
import {objectOf, textOf} from '../../domain/unknown.ts';
import type {FileEntry} from '../../io/io.ts';
import type {Look} from '../operation.ts';

/** A log that is archived: of a container, or one file. */
export type LogSource = {
	/** For the operator, cleaned. */
	readonly name: string;
	/** Name of the compressed file in the backup. */
	readonly artefact: string;
} & (
	| {readonly kind: 'container'; readonly id: string; readonly isTerminal: boolean}
	| {readonly kind: 'file'; readonly path: string; readonly entry: FileEntry}
);

/** A log that cannot be archived, and why. */
export type LeftLog = {readonly name: string; readonly cause: string};

/** All logs of a period. */
export type LogSources = {
	readonly sources: readonly LogSource[];
	readonly left: readonly LeftLog[];
	/** Compose project that all containers belong to, where there is one. */
	readonly project?: string;
	/** What the logs take now, as far as it can be seen from here. */
	readonly bytes: number;
};

type Unnamed = LogSource extends infer Source
	? Source extends LogSource
		? Omit<Source, 'artefact'>
		: never
	: never;

/** Largest log file that is archived, in bytes; also the most of a container's log that is kept. */
export const maxLogBytes = 512 * 1024 * 1024;

/** The containers whose logs are meant: of the project, else of every Compose project, else all. */
function containersOf({containers}: Look, project: string | undefined): Look['containers'] {
	const chosen = containers.filter(one =>
		project === undefined ? one.project !== undefined : one.project === project,
	);
	return chosen.length > 0 || project !== undefined ? chosen : containers;
}

async function readContainer(
	{io, signal}: Look,
	{id, name}: Look['containers'][number],
): Promise<{readonly source: Unnamed; readonly bytes: number} | LeftLog> {
	const inspection = objectOf(await io.docker.get(`/containers/${id}/json`, signal));
	const driver = textOf(objectOf(objectOf(inspection['HostConfig'])['LogConfig'])['Type']);
	if (driver === 'none') return {name, cause: `log driver ${clean(driver, 60)}`};
	const isTerminal = objectOf(inspection['Config'])['Tty'] === true;
	const path = textOf(inspection['LogPath']);
	const file = path === '' ? undefined : await io.files.stat(path).catch(() => undefined);
	return {source: {kind: 'container', id, name, isTerminal}, bytes: file?.bytes ?? 0};
}

/** A configured log file and its rotated neighbours, as far as they were written in the period. */
async function filesOf({io}: Look, path: string, sinceMs: number): Promise<readonly Unnamed[]> {
	const cut = path.lastIndexOf('/');
	const [folder, base] = [path.slice(0, cut) || '/', path.slice(cut + 1)];
	const isFile = globMatcher(base);
	const stem = base.replace(/\.log$/, '');
	const isNeighbour = (name: string) =>
		name.startsWith(stem) && /^[.-]/.test(name.slice(stem.length)) && rotatedLog.test(name);
	const entries = await io.files.list(folder);
	return entries
		.filter(({kind, name}) => kind === 'file' && (isFile(name) || isNeighbour(name)))
		.filter(({name, modifiedAtMs}) => name === base || modifiedAtMs >= sinceMs)
		.toSorted((a, b) => (a.name < b.name ? -1 : 1))
		.map(entry => {
			const whole = `${folder === '/' ? '' : folder}/${entry.name}`;
			return {kind: 'file', name: clean(whole, 200), path: whole, entry};
		});
}

/** Letters, digits, dots and dashes of a name, with its number so that no two are equal. */
function artefactOf(name: string, index: number): string {
	const plain = name.replace(/[^\w.-]+/g, '-').replace(/^-+/, '');
	return `${String(index + 1).padStart(3, '0')}-${plain.slice(-80)}.gz`;
}

/** Finds the logs of the containers and the configured log files; what cannot be read is named. Changes nothing. */
export async function findLogs(
	look: Look,
	{project, sinceMs}: {readonly project?: string; readonly sinceMs: number},
): Promise<LogSources> {
	const found: Unnamed[] = [];
	const left: LeftLog[] = [];
	let bytes = 0;
	const containers = containersOf(look, project).toSorted((a, b) => (a.name < b.name ? -1 : 1));
	for (const container of containers) {
		const one = await readContainer(look, container);
		if ('cause' in one) left.push(one);
		else {
			found.push(one.source);
			bytes += one.bytes;
		}
	}

	for (const {from, service} of look.settings.logs) {
		if (from.kind === 'journal') {
			left.push({name: clean(from.unit ?? service, 100), cause: 'systemd journal'});
		} else if (from.kind === 'file') {
			const files = await filesOf(look, from.path, sinceMs).catch((error: unknown) => {
				look.signal.throwIfAborted();
				left.push({name: clean(from.path, 200), cause: codeOf(error)});
				return [];
			});
			found.push(...files);
		}
	}

	const sources: LogSource[] = [];
	for (const one of found) {
		if (one.kind === 'file' && sources.some(other => isSamePath(other, one.path))) continue;
		if (one.kind === 'file' && one.entry.bytes > maxLogBytes) {
			left.push({name: one.name, cause: 'too large'});
			continue;
		}

		if (one.kind === 'file') bytes += one.entry.bytes;
		sources.push({...one, artefact: artefactOf(one.name, sources.length)});
	}

	const projects = [...new Set(containers.map(one => one.project))];
	const [only] = projects;
	return {
		sources,
		left,
		bytes,
		...(projects.length === 1 && only !== undefined && {project: only}),
	};
}

function isSamePath(source: LogSource, path: string): boolean {
	return source.kind === 'file' && source.path === path;
}

function codeOf(error: unknown): string {
	if (error instanceof Error && 'code' in error) return String(error.code);
	return clean(error instanceof Error ? error.message : String(error), 100);
}
