import {clean} from '../../domain/clean.ts';
import {shellQuote} from '../../domain/shell-quote.ts';
import {objectOf, textOf} from '../../domain/unknown.ts';
import {maxNameBytes} from './quote.ts';

/** The names of one restore: the database that is loaded, and the old one after the swap. */
export type SideNames = {readonly fresh: string; readonly kept: string};

/** How long the old database is kept after a restore (issue 3), in ms. */
export const keptForMs = 72 * 3_600_000;

const encoder = new TextEncoder();

/** The last eight hexadecimal digits of a run's id. */
export function shortId(id: string): string {
	return /[0-9a-f]{8}$/.exec(id)?.[0] ?? id.replace(/[^0-9a-z]/gi, '').slice(-8);
}

/** The start of a text that takes at most so many bytes of UTF-8; never half a character. */
export function cutBytes(text: string, maxBytes: number): string {
	let bytes = 0;
	let cut = '';
	for (const character of text) {
		bytes += encoder.encode(character).length;
		if (bytes > maxBytes) {
			break;
		}
		cut += character;
	}
	return cut;
}

function withSuffix(database: string, suffix: string): string {
	return `${cutBytes(database, maxNameBytes - suffix.length)}${suffix}`;
}

/** The two names; at most 63 bytes, different for every run, whatever the database is called. */
export function sideNames(database: string, id: string): SideNames {
	const short = shortId(id);
	return {fresh: withSuffix(database, `__n_${short}`), kept: withSuffix(database, `__o_${short}`)};
}

/** The schema that one restored table or schema is put into. */
export function sideSchema(id: string): string {
	return `restored_${shortId(id)}`;
}

/** Whether a name is one that a restore gave to an old database; only such a database is ever dropped. */
export function isKeptName(name: string): boolean {
	return /__o_[0-9a-f]{8}$/.test(name);
}

/** Whether a name is one that a restore gave to a new or an old database. */
export function isSideName(name: string): boolean {
	return /__[no]_[0-9a-z]{8}$/.test(name);
}

/** What the comment of a kept database says: what it was, since when, and the comment that it had. */
export type KeptNote = {
	readonly of: string;
	readonly id: string;
	readonly keptAt: string;
	readonly until: string;
	readonly comment?: string;
};

const notePrefix = 'opsconsole kept ';

/** The start of a run from its id, in ms; undefined where the id has no time. */
export function timeOfId(id: string): number | undefined {
	const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(id);
	if (!found) {
		return undefined;
	}
	const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = found
		.slice(1)
		.map(Number);
	return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The comment of a kept database. It stays readable without opsconsole. */
export function keptComment(note: Omit<KeptNote, 'keptAt' | 'until'>, nowMs: number): string {
	const at = timeOfId(note.id) ?? nowMs;
	const until = new Date(at + keptForMs).toISOString();
	const full: KeptNote = {...note, keptAt: new Date(at).toISOString(), until};
	return `${notePrefix}${JSON.stringify(full)}`;
}

/** What an operator has to know to put a kept database back: its name, until when it is kept, and the command. */
export function wayBackParams(kept: string, id: string): Readonly<Record<string, string>> {
	const name = clean(kept, 100);
	const until = new Date((timeOfId(id) ?? 0) + keptForMs).toISOString();
	return {
		kept: name,
		until: `${until.slice(0, 16).replace('T', ' ')} UTC`,
		command: `opsconsole restore swap-back ${shellQuote(name)}`,
	};
}

/** Reads the comment of a kept database; undefined where it is not one of ours. */
export function parseKeptComment(comment: string): KeptNote | undefined {
	if (!comment.startsWith(notePrefix)) {
		return undefined;
	}
	try {
		const value = objectOf(JSON.parse(comment.slice(notePrefix.length)));
		const [of, id, keptAt, until] = ['of', 'id', 'keptAt', 'until'].map(name =>
			textOf(value[name]),
		);
		if (!of || !id || !keptAt || !until) {
			return undefined;
		}
		const before = value['comment'];
		return {of, id, keptAt, until, ...(typeof before === 'string' && {comment: before})};
	} catch {
		return undefined;
	}
}
