import {clean} from '../../domain/clean.ts';
import {candidatePaths, type ComposePlace} from '../../domain/compose-place.ts';
import {timeOf} from '../../domain/container-facts.ts';
import {changesOf, countChanges, type ChangeFacts} from '../../domain/stack-changes.ts';
import {objectOf, withoutAbsent} from '../../domain/unknown.ts';
import {imageOf} from '../service/image.ts';
import {callName, secondsSince} from '../service/subject.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {lastCommits} from './git-log.ts';
import {isOfStack, membersOf, projectOf, type Member} from './members.ts';

const maxImages = 30;
const maxEntries = 200;
const maxBinds = 50;
const configuration =
	/\.(?:ya?ml|env|conf|cnf|toml|ini|json|cfg|properties|sh)$|^\.env|^Dockerfile|^Caddyfile/;

/** When an image was built or got its name here (`LastTagTime`), whichever is later. */
async function imageTime(facts: LookFacts, id: string): Promise<number | undefined> {
	const image = objectOf(await imageOf(facts, id));
	const times = [image['Created'], objectOf(image['Metadata'])['LastTagTime']].flatMap(
		value => timeOf(value) ?? [],
	);
	return times.length === 0 ? undefined : Math.max(...times);
}

/** The project's files: what Compose reads, settings beside it, and single files that are mounted. */
async function filesOf(
	{files}: LookFacts['io'],
	place: ComposePlace | undefined,
	members: readonly Member[],
): Promise<ChangeFacts['files']> {
	const folder = place?.folder ?? '';
	const named = [...(place?.files ?? []), ...(place?.environmentFiles ?? [])].flatMap(file =>
		candidatePaths(folder, file),
	);
	const mounted = members.flatMap(({binds}) => binds).filter(path => /[^/]\.\w+$/.test(path));
	const paths = [...new Set([...named, ...mounted])].slice(0, maxBinds);
	const [beside, others] = await Promise.all([
		folder.startsWith('/') ? files.list(folder, maxEntries).catch(() => []) : [],
		Promise.all(
			paths.map(async path => {
				const entry = await files.stat(path).catch(() => undefined);
				return entry?.kind === 'file' ? [{path, modifiedAtMs: entry.modifiedAtMs}] : [];
			}),
		),
	]);
	const own = beside
		.filter(({kind, name}) => kind === 'file' && configuration.test(name))
		.map(({name, modifiedAtMs}) => ({path: `${folder}/${name}`, modifiedAtMs}));
	const all = new Map([...own, ...others.flat()].map(file => [file.path, file]));
	return [...all.values()].map(({path, modifiedAtMs}) => ({path: clean(path, 300), modifiedAtMs}));
}

async function containersOf(
	facts: LookFacts,
	members: readonly Member[],
): Promise<ChangeFacts['containers']> {
	const ids = [...new Set(members.map(({container}) => container.imageId))].slice(0, maxImages);
	const times = new Map(
		await Promise.all(ids.map(async id => [id, await imageTime(facts, id)] as const)),
	);
	return members.map(({container}) =>
		withoutAbsent({
			name: callName(container),
			createdAtMs: container.createdAtMs,
			image: container.image,
			imageAtMs: times.get(container.imageId),
		}),
	);
}

/** What changed in the stack, and when. */
export const readStackChanges: LookReader<'stack.changes'> = async facts => {
	const {scope} = facts;
	const all = await membersOf(facts, scope.project);
	const members = all.filter(({container}) => isOfStack(scope, container.project));
	const place = projectOf(members, scope.project);
	const [containers, files, commits] = await Promise.all([
		containersOf(facts, members),
		filesOf(facts.io, place, members),
		place === undefined ? undefined : lastCommits(facts, place.folder).catch(() => undefined),
	]);
	facts.signal.throwIfAborted();
	const known = {containers, files, commits: commits ?? []};
	const nowMs = facts.io.clock.now();
	// A clock that was set back must not make the future the newest.
	const changes = changesOf(known).filter(({atMs}) => atMs <= nowMs + 60_000);
	const counts = countChanges(known, nowMs);
	const [last] = changes;
	return {
		values: {
			'last-change': secondsSince(facts.io, last?.atMs),
			kind: last?.kind ?? 'none',
			what: last?.what,
			changes: counts.containers + counts.files + counts.commits,
			'replaced-containers': counts.containers,
			'new-images': counts.images,
			'changed-files': files.length === 0 ? undefined : counts.files,
			commits: commits && counts.commits,
			'last-commit': commits?.[0]?.text,
			'is-unapplied': files.length === 0 ? undefined : counts.isUnapplied,
		},
		lines: changes
			.slice(0, 20)
			.map(({atMs, kind, what}) => `${new Date(atMs).toISOString()} ${kind}: ${what}`),
	};
};
