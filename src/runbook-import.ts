import {basename, resolve} from 'node:path';
import process from 'node:process';
import {writeInitFile} from '../config/init.ts';
import {clean} from './domain/clean.ts';
import {exitStatuses} from './domain/exit-status.ts';
import type {Io} from './io/io.ts';
import {print} from './print.ts';
import {draftId, importHandbook} from './runbooks/import/index.ts';
import type {RunbookFacts} from './runbook-commands.ts';
import {importWords, type ImportWord} from './words/import-words.ts';
import {fill} from './words/words.ts';

/** Exit statuses of sysexits: the handbook cannot be read, the draft cannot be written. */
const unreadable = 69;
const unwritable = 73;

const maxHandbookBytes = 1024 * 1024;

type Say = (word: ImportWord, values?: Readonly<Record<string, string | number>>) => string;

function sayer({settings}: RunbookFacts): Say {
	return (word, values) => fill(importWords[word][settings.language], values);
}

function fail(text: string, status: number): number {
	process.stderr.write(`opsconsole: ${text}\n`);
	return status;
}

/** `runbook import HANDBOOK.md`: the draft goes to a file or to standard output, what is to be said to standard error. */
export async function importFile(
	[path = '']: readonly string[],
	facts: RunbookFacts,
): Promise<number> {
	const {io, settings, flags} = facts;
	const say = sayer(facts);
	const shown = clean(path, 200);
	const output = typeof flags['output'] === 'string' ? resolve(flags['output']) : undefined;
	const text = await readHandbook(io, resolve(path));
	if (text.cause !== undefined) {
		return fail(say('unreadable', {path: shown, cause: text.cause}), unreadable);
	}

	if (text.isTooLarge) {
		return fail(say('too-large', {path: shown, limit: '1 MiB'}), unreadable);
	}

	const imported = importHandbook(text.markdown, {
		name: basename(path),
		id: draftId(basename(output ?? path)),
		language: settings.language,
	});
	if (imported.itemCount === 0) return fail(say('empty', {path: shown}), unreadable);
	if (output === undefined) await print(imported.yaml);
	else {
		const problem = await write(output, imported.yaml, flags['force'] === true);
		if (problem !== undefined)
			return fail(problem === '' ? say('exists', {path: output}) : problem, unwritable);
		process.stderr.write(`${say('written', {path: clean(output, 300)})}\n`);
	}

	const {itemCount: items, markedCount: marked} = imported;
	process.stderr.write(`${say('done', {items, marked})}\n`);
	return exitStatuses.done;
}

type Read =
	| {readonly cause: string}
	| {readonly cause?: undefined; readonly isTooLarge: boolean; readonly markdown: string};

async function readHandbook(io: Io, path: string): Promise<Read> {
	try {
		const {bytes} = await io.files.stat(path);
		const isTooLarge = bytes > maxHandbookBytes;
		return {
			isTooLarge,
			markdown: isTooLarge ? '' : await io.files.readText(path, maxHandbookBytes),
		};
	} catch (error) {
		return {cause: causeOf(error)};
	}
}

/** `ENOENT: no such file or directory`, without the path. */
function causeOf(error: unknown): string {
	const text = error instanceof Error ? error.message : String(error);
	return clean(text.split(',', 1)[0] ?? '', 300);
}

/** What went wrong with writing; an empty text where the file exists. */
async function write(path: string, text: string, isForced: boolean): Promise<string | undefined> {
	try {
		await writeInitFile(path, text, isForced);
		return undefined;
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return '';
		return causeOf(error);
	}
}
