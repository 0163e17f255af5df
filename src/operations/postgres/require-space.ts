import {clean} from '../../domain/clean.ts';
import type {PlanDraft} from '../../domain/plan.ts';
import {formatBytes} from '../../domain/format.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import type {Look} from '../operation.ts';
import {dataPlaces, freeAt} from './free-space.ts';
import type {ServerFacts} from './server-facts.ts';
import {isKeptName, parseKeptComment} from './side-names.ts';
import {neededBytes, reserveBytes} from './space.ts';

const mebibyte = 1024 ** 2;

/** What deleting would make room: the old databases that restores have kept. */
function keptIn({databases}: ServerFacts): string {
	const kept = databases.filter(
		({name, comment}) => isKeptName(name) && parseKeptComment(comment) !== undefined,
	);
	const said = kept.map(({name, sizeBytes}) => `${clean(name, 80)} (${formatBytes(sizeBytes)})`);
	return said.join(', ') || '-';
}

/**
 * The space that loading needs: on the server's disks, where they can be seen from here, and in our own folder for the
 * copy of the dump. Rejects where it is not there: a database is never dropped to make room for its restore, since a load
 * that fails would then leave none at all.
 */
export async function requireSpace(
	look: Look,
	target: PostgresTarget,
	need: {
		readonly server: ServerFacts;
		readonly databaseBytes: number;
		readonly copyBytes: number;
	},
): Promise<PlanDraft['space']> {
	const {server, databaseBytes, copyBytes} = need;
	const [places, scratch] = await Promise.all([
		dataPlaces(look, target, server.dataFolder),
		freeAt(look, look.folders.scratch),
	]);
	const {maxWalBytes} = server;
	const all = [
		...places.map(({path, totalBytes, freeBytes}) => ({
			folder: path,
			neededBytes: neededBytes({databaseBytes, maxWalBytes, totalBytes}),
			reserveBytes: Math.ceil(reserveBytes(totalBytes)),
			freeBytes,
		})),
		...(scratch === undefined
			? []
			: [{folder: scratch.path, neededBytes: copyBytes, freeBytes: scratch.freeBytes}]),
	];
	const short = all.find(place => place.freeBytes < place.neededBytes);
	if (short !== undefined) {
		throw new ProblemError({
			code: 'restore-no-space',
			params: {
				folder: clean(short.folder, 200),
				neededMiB: Math.ceil(short.neededBytes / mebibyte),
				freeMiB: Math.floor(short.freeBytes / mebibyte),
				kept: keptIn(server),
			},
			retry: 'rarely',
		});
	}
	return all;
}
