import type {BackupSetValue} from '../../domain/backups.ts';
import type {Catalogue} from '../../domain/catalogue.ts';
import {ownSeriesOf, ownSeriesTarget} from '../../domain/own-series.ts';
import {ProblemError, type Problem} from '../../domain/problem.ts';
import type {BackupTarget} from '../../domain/targets.ts';
import {backupsSet} from '../../sources/backups.ts';
import {readCatalogue} from '../../sources/catalogue.ts';
import type {LookFacts} from '../reader.ts';

/** A set of backups as it is now, or why it cannot be read. */
export type ReadSet = {readonly target: BackupTarget} & (
	{readonly value: BackupSetValue} | {readonly problem: Problem}
);

/** Reads catalogues, each once however many of its series are asked for. */
function catalogueReader({io, signal}: LookFacts): (folder: string) => Promise<Catalogue> {
	const known = new Map<string, Promise<Catalogue>>();
	return folder => {
		const reading = known.get(folder) ?? readCatalogue(io, folder, signal);
		known.set(folder, reading);
		return reading;
	};
}

async function readSet(
	target: BackupTarget,
	facts: LookFacts,
	catalogueOf: (folder: string) => Promise<Catalogue>,
): Promise<ReadSet> {
	const {io, signal} = facts;
	try {
		if (target.isOwn !== true) {
			return {target, value: await backupsSet.open(io, target).read(signal)};
		}

		return {target, value: ownSeriesOf(target, await catalogueOf(target.folder), io.clock.now())};
	} catch (error) {
		signal.throwIfAborted();
		if (error instanceof ProblemError) return {target, problem: error.problem};
		const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
		const params = {path: target.folder, cause: code};
		return {target, problem: {code: 'look-unreadable', params, retry: 'soon'}};
	}
}

/** Reads one set as it is now. */
export function readOneSet(target: BackupTarget, facts: LookFacts): Promise<ReadSet> {
	return readSet(target, facts, catalogueReader(facts));
}

/** Reads all sets, with the series of our own catalogue that were begun since the targets were looked for. */
export async function readAllSets(facts: LookFacts): Promise<readonly ReadSet[]> {
	const {folders, settings, targets} = facts;
	const catalogueOf = catalogueReader(facts);
	const own = await catalogueOf(folders.backups).catch(() => undefined);
	const known = new Set(targets.backups.filter(({isOwn}) => isOwn).map(({pattern}) => pattern));
	const fresh = [...new Set((own?.backups ?? []).map(({series}) => series))]
		.filter(series => !known.has(series))
		.map(series => ownSeriesTarget(folders.backups, series, settings));
	return Promise.all(
		[...targets.backups, ...fresh].map(target => readSet(target, facts, catalogueOf)),
	);
}

/** Free bytes of a folder's file system; undefined where neither it nor a folder above can be read. */
export async function freeAt(facts: LookFacts, folder: string): Promise<number | undefined> {
	for (let path = folder; ; path = path.slice(0, path.lastIndexOf('/'))) {
		const space = await facts.io.files.statfs(path || '/').catch(() => undefined);
		if (space !== undefined) return space.blocksAvailable * space.blockBytes;
		if (path === '' || !path.startsWith('/')) return undefined;
	}
}
