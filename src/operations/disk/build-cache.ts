import {clean} from '../../domain/clean.ts';
import {formatBytes} from '../../domain/format.ts';
import {maskCommand} from '../../domain/mask.ts';
import type {PlanDraft} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import {listOf, numberOf, objectOf, textOf, textsOf} from '../../domain/unknown.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import type {Look, Operation, Tools} from '../operation.ts';
import {
	dayMs,
	nothingToClean,
	oneByOne,
	oneByOneDraft,
	parseDays,
	type EngineCommand,
} from './one-by-one.ts';

/** `days`: how long ago a record must have been used last, 7 unless told. */
export type CleanBuildCacheRequest = {readonly days?: number};

/** One record of BuildKit's cache. */
export type CacheRecord = {
	readonly id: string;
	readonly parents: readonly string[];
	readonly type: string;
	readonly description: string;
	readonly bytes: number;
	readonly usedAtMs: number;
	/** A build uses it now, or an image consists of it. */
	readonly isNeeded: boolean;
};

/** Records of one run; what is left is for the next one. */
const mostRecords = 200;
/** Ids of BuildKit: 25 random digits and letters, so that none is a part of another (identity.NewID, 125 bits in base 36). */
const idPattern = /^[0-9a-z]{25}$/;

/** Reads the build cache of `GET /system/df`; `Parent` until API 1.41, `Parents` from 1.42 on. */
export function cacheRecords(answer: unknown): readonly CacheRecord[] {
	return listOf(objectOf(answer)['BuildCache'])
		.map(objectOf)
		.map(record => ({
			id: textOf(record['ID']),
			parents: [textOf(record['Parent']), ...textsOf(record['Parents'])].filter(id => id !== ''),
			type: textOf(record['Type']),
			description: clean(maskCommand(textOf(record['Description'])), 120),
			bytes: numberOf(record['Size']) ?? 0,
			usedAtMs: Date.parse(textOf(record['LastUsedAt']) || textOf(record['CreatedAt'])),
			isNeeded: record['InUse'] === true || record['Shared'] === true,
		}));
}

/**
 * The records that are old enough and that neither an image, a build nor a kept record needs, each before those that it
 * was made from: the engine keeps a record as long as another one is made from it.
 */
export function chooseRecords(
	records: readonly CacheRecord[],
	oldestMs: number,
): readonly CacheRecord[] {
	const isOld = ({id, type, isNeeded, usedAtMs}: CacheRecord) =>
		idPattern.test(id) &&
		!isNeeded &&
		usedAtMs < oldestMs &&
		type !== 'internal' &&
		type !== 'frontend';
	let left = records;
	const chosen: CacheRecord[] = [];
	for (;;) {
		const used = new Set(left.flatMap(({parents}) => parents));
		const free = left.filter(record => isOld(record) && !used.has(record.id));
		if (free.length === 0) return chosen;
		chosen.push(...free.toSorted((a, b) => b.bytes - a.bytes));
		left = left.filter(record => !free.includes(record));
	}
}

async function readRecords({io, signal}: Look): Promise<readonly CacheRecord[]> {
	return cacheRecords(await io.docker.get('/system/df?type=build-cache', signal));
}

function nameOf({id, type, description}: CacheRecord): string {
	return `${id.slice(0, 12)} ${clean(description || type, 120)}`;
}

/**
 * Prunes one record by its id. Without `all` the engine itself leaves out what has come into use since: records that an
 * image consists of or a build uses.
 */
function deletionOf({id}: CacheRecord): EngineCommand {
	const filters = encodeURIComponent(JSON.stringify({id: [id]}));
	return {
		kind: 'engine',
		method: 'POST',
		path: `/build/prune?filters=${filters}`,
		say: `docker builder prune --force --filter id=${id}`,
	};
}

function idOf({say}: EngineCommand): string {
	return say.slice(say.lastIndexOf('=') + 1);
}

function planClean(records: readonly CacheRecord[], left: number, nowMs: number): PlanDraft {
	const bytes = records.reduce((sum, record) => sum + record.bytes, 0);
	const warnings: readonly Phrase[] =
		left > 0 ? [{code: 'warn-cache-left', params: {count: left, limit: mostRecords}}] : [];
	return {
		title: {
			code: 'op-clean-build-cache',
			params: {count: records.length, bytes: formatBytes(bytes)},
		},
		...oneByOneDraft('build-cache', records.map(deletionOf)),
		deletes: records.map(record => ({
			name: nameOf(record),
			bytes: record.bytes,
			why: {
				code: 'why-cache-unused',
				params: {days: Math.floor((nowMs - record.usedAtMs) / dayMs)},
			},
		})),
		warnings,
		undo: {code: 'undo-clean-build-cache'},
	};
}

async function deleteOne(tools: Tools, command: EngineCommand): Promise<void> {
	const id = idOf(command);
	const name = id.slice(0, 12);
	const {status, json} = await tools.engine(command);
	const answer = objectOf(json);
	const deleted = textsOf(answer['CachesDeleted']);
	const isRight = status === 200 && deleted.every(each => each === id);
	if (!isRight) {
		const said = clean(textOf(answer['message']), 200) || `status ${status}`;
		const cause = deleted.length > 0 ? `CachesDeleted: ${clean(deleted.join(', '), 300)}` : said;
		throw new ProblemError({code: 'disk-not-removed', params: {name, cause}, retry: 'rarely'});
	}

	const bytes = formatBytes(numberOf(answer['SpaceReclaimed']) ?? 0);
	if (deleted.length > 0) tools.note({code: 'note-deleted', params: {name, bytes}});
	else tools.note({code: 'note-cache-stays', params: {name}});
}

/** Deletes records of the build cache that nothing needs, one by one by their ids; never what an image consists of. SAFETY 3.10. */
export const cleanBuildCache: Operation<CleanBuildCacheRequest> = {
	id: 'clean-build-cache',
	title: {code: 'title-clean-build-cache'},
	parse: parseDays,
	async plan(look, {days = 7}) {
		const nowMs = look.io.clock.now();
		const all = chooseRecords(await readRecords(look), nowMs - days * dayMs);
		if (all.length === 0) throw nothingToClean(`build cache, ${days} d`);
		const records = all.slice(0, mostRecords);
		return planClean(records, all.length - records.length, nowMs);
	},
	steps: oneByOne(deleteOne),
};
