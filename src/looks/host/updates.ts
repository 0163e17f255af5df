import {parseUpdates, type Updates} from '../../domain/apt-updates.ts';
import {secondsSince} from '../figures.ts';
import {maybe, within} from '../maybe.ts';
import type {LookFacts, LookReader} from '../reader.ts';

const aptMs = 30_000;
const shownCount = 20;
const lists = '/var/lib/apt/lists';
/** Something of these changes whenever the lists are fetched. */
const marks = [lists, `${lists}/partial`, '/var/lib/apt/periodic/update-success-stamp'];

async function changedAtMs({io}: LookFacts): Promise<number | undefined> {
	const times = await Promise.all(
		marks.map(path =>
			io.files.stat(path).then(
				({modifiedAtMs}) => modifiedAtMs,
				() => 0,
			),
		),
	);
	const newest = Math.max(...times);
	return newest > 0 ? newest : undefined;
}

/** What could be updated; undefined without apt, and without its lists, where it would say that nothing is new. */
async function readUpdates({io, signal}: LookFacts): Promise<Updates | undefined> {
	const entries = await io.files.names(lists).catch(() => []);
	const hasLists = entries.some(({name}) => /_(?:In)?Release$/.test(name));
	if (!hasLists || !(await io.processes.has('apt-get'))) return undefined;
	const argv = ['apt-get', '-s', '-o', 'Debug::NoLocking=1', 'dist-upgrade'] as const;
	const result = await maybe(io.processes.run(argv, within(aptMs, signal)), signal);
	return result?.exitCode === 0 ? parseUpdates(result.stdout) : undefined;
}

/** Updates that the package lists of this host know, and whether a restart is due. Known for apt only. */
export const readHostUpdates: LookReader<'host.updates'> = async facts => {
	const {io} = facts;
	const [updates, listsAtMs, required] = await Promise.all([
		readUpdates(facts),
		changedAtMs(facts),
		io.files.stat('/run/reboot-required').then(
			() => true,
			() => false,
		),
	]);
	const security = new Set(updates?.security);
	const others = (updates?.pending ?? []).filter(name => !security.has(name));
	return {
		values: {
			pending: updates?.pending.length,
			security: updates?.security.length,
			'first-security': updates?.security[0],
			held: updates?.held,
			// The file is one of apt's world: elsewhere its absence means nothing.
			'is-reboot-required': required || (updates === undefined ? undefined : false),
			'lists-age': secondsSince(listsAtMs, io.clock.now()),
		},
		lines: [...[...security].map(name => `${name} (security)`), ...others].slice(0, shownCount),
	};
};
