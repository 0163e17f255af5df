import {readdir} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {clean} from '../src/domain/clean.ts';
import type {Runbook} from '../src/runbooks/runbook.ts';
import {expect, type ConfigError} from './error.ts';
import {checkTrust, nodeFiles, type FileAccess} from './files.ts';
import {maxFileBytes} from './guard.ts';
import {usualPlaces} from './load.ts';
import {readRunbook} from './read-runbook.ts';

/** All runbooks by id, and what is wrong with the files that are none. */
export type Runbooks = {
	readonly runbooks: Readonly<Record<string, Runbook>>;
	readonly errors: readonly ConfigError[];
};

/** Most runbooks of one folder. */
const maxFiles = 500;

/** The folders of an operator's own runbooks: `runbooks` beside each place of opsconsole.yaml. The later one wins. */
export function runbookFolders(
	environment: Readonly<Record<string, string | undefined>>,
	files: FileAccess = nodeFiles,
): readonly string[] {
	return usualPlaces(environment, files).map(place => join(dirname(place), 'runbooks'));
}

/** The names of a folder's runbooks in order; none where there is no folder. */
async function namesIn(folder: string): Promise<readonly string[]> {
	try {
		const names = await readdir(folder);
		return names
			.filter(name => name.endsWith('.yaml'))
			.toSorted()
			.slice(0, maxFiles);
	} catch {
		return [];
	}
}

/** Reads one file; a file that others can write is not obeyed, whatever is in it. */
export async function readRunbookFile(path: string, files: FileAccess = nodeFiles) {
	const refuse = (expected: ConfigError['expected']) =>
		({
			ok: false,
			errors: [{kind: 'unreadable-file', file: path, line: 0, column: 0, key: '', expected}],
		}) as const;
	try {
		const file = await files.read(path, maxFileBytes);
		const trust = await checkTrust(file, files);
		if (!trust.isSafe) {
			const command = clean(trust.command ?? `ls -l ${path}`, 400);
			return refuse(expect('only-ours', {culprit: clean(trust.culprit ?? path, 400), command}));
		}

		return readRunbook(file.text, path, basename(path, '.yaml'));
	} catch (error) {
		const cause = files.causeOf(error);
		return refuse(expect('readable-file', {name: clean(path, 400), cause}));
	}
}

/**
 * Reads the runbooks that come with the program and the operator's own, which replace shipped ones of the same id. A file
 * with a mistake is left out and told; the others stay.
 */
export async function loadRunbooks(
	folders: readonly string[],
	files: FileAccess = nodeFiles,
): Promise<Runbooks> {
	const paths: string[] = [];
	for (const folder of new Set(folders)) {
		for (const name of await namesIn(folder)) paths.push(join(folder, name));
	}

	const read = await Promise.all(paths.map(async path => readRunbookFile(path, files)));
	const runbooks: Record<string, Runbook> = {};
	for (const one of read) {
		if (one.ok) runbooks[one.runbook.id] = one.runbook;
	}

	return {
		runbooks,
		errors: [...read.flatMap(one => (one.ok ? [] : one.errors)), ...strayNames(runbooks)],
	};
}

/** Names of other runbooks and causes that there are not. */
export function strayNames(runbooks: Readonly<Record<string, Runbook>>): readonly ConfigError[] {
	const causes = new Set(
		Object.values(runbooks).flatMap(one => (one.kind === 'wizard' ? Object.keys(one.causes) : [])),
	);
	const stray = (runbook: Runbook, key: string, name: string): ConfigError => ({
		kind: 'invalid-value',
		file: runbook.from,
		line: 0,
		column: 0,
		key,
		expected: expect('runbook', {name}),
	});
	return Object.values(runbooks).flatMap(runbook => {
		if (runbook.kind === 'checklist') {
			return runbook.items.flatMap(({id, fix}) =>
				fix?.kind === 'runbook' && !Object.hasOwn(runbooks, fix.runbook)
					? [stray(runbook, `items.${id}.fix.runbook`, fix.runbook)]
					: [],
			);
		}

		const ends = Object.entries(runbook.nodes).flatMap(([name, node]) =>
			node.kind === 'end' && node.go !== undefined && !Object.hasOwn(runbooks, node.go)
				? [stray(runbook, `nodes.${name}.continue`, node.go)]
				: [],
		);
		const follows = Object.values(runbook.causes).flatMap(cause =>
			cause.follows
				.filter(id => !causes.has(id))
				.map(id => stray(runbook, `causes.${cause.id}.follows`, id)),
		);
		return [...ends, ...follows];
	});
}
