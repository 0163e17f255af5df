import {clean, cleanLine} from '../../domain/clean.ts';
import {maskCommand, maskText} from '../../domain/mask.ts';
import {dangers} from '../../words/dangers/index.ts';
import {importWords, type ImportWord} from '../../words/import-words.ts';
import type {Language} from '../../words/language.ts';
import {fill} from '../../words/words.ts';
import {declarationOf} from '../say.ts';
import type {Draft} from './draft.ts';
import type {DraftCommand, DraftItem} from './draft-walk.ts';
import type {Mark} from './marks.ts';

/** What a draft is called, and in which language its comments are. */
export type DraftNames = {
	/** File name of the handbook. */
	readonly name: string;
	/** Id of the draft, kebab-case: the name of its file without `.yaml`. */
	readonly id: string;
	readonly language: Language;
};

/** A runbook file may have so many lines, commas and opening brackets (config/guard.ts has a little more). */
const most = {lines: 4500, commas: 4500, brackets: 1800, bytes: 240 * 1024, depth: 20} as const;

const longestTitle = 120;
const longestLine = 400;
const longestCommand = 60;

/** The text of the draft: a checklist whose items a person answers, with everything else as comments. */
export function draftYaml(draft: Draft, names: DraftNames): string {
	const say = (word: ImportWord, values: Readonly<Record<string, string | number>> = {}): string =>
		fill(importWords[word][names.language], values);
	const title = shown(draft.title === '' ? names.name : draft.title, longestTitle);
	const {items} = draft;
	const sheet = new Sheet();
	sheet.comment('', say('head', {name: shown(names.name, 120), lines: draft.lineCount}));
	sheet.comment('', say('head-counts', {items: items.length, marked: markedCount(draft)}));
	sheet.comment('', say('head-next'));
	sheet.line(`id: ${names.id}`);
	sheet.line('kind: checklist');
	// One text stands for both languages.
	sheet.line(`title: ${quote(title)}`);
	sheet.line('on: stack');
	sheet.line('every: on demand');
	sheet.line('items:');
	let path = '';
	const used = new Set<string>();
	for (const item of items) {
		if (sheet.isFull) {
			sheet.comment('  ', say('too-long', {line: item.line}), true);
			break;
		}

		const here = item.section.join(' / ');
		if (here !== path) {
			sheet.line('');
			sheet.comment('  ', `===== ${shown(here, longestLine)} =====`);
		}

		path = here;
		writeItem(item, idOf(item, used), {sheet, say, language: names.language});
	}

	return sheet.text();
}

/** How many commands of a draft are marked. */
export function markedCount({items}: Draft): number {
	return items.flatMap(({commands}) => commands).filter(({marks}) => marks.length > 0).length;
}

type Pen = {
	readonly sheet: Sheet;
	readonly say: (word: ImportWord, values?: Readonly<Record<string, string | number>>) => string;
	readonly language: Language;
};

function idOf({line}: DraftItem, used: Set<string>): string {
	let id = `line-${line}`;
	for (let count = 2; used.has(id); count++) id = `line-${line}-${count}`;
	used.add(id);
	return id;
}

function writeItem(item: DraftItem, id: string, pen: Pen): void {
	const {sheet, say} = pen;
	const title = shown(item.title, longestTitle);
	const words = quote(title === '' ? say('untitled', {line: item.line}) : title);
	sheet.line(`  ${id}:`);
	sheet.line(`    title: ${words}`);
	sheet.line('    by: person');
	for (const note of item.notes.slice(0, 20)) {
		sheet.comment('    ', say('note', {text: shown(note, longestLine)}));
	}

	for (const command of item.commands) writeCommand(command, pen);
}

function writeCommand(command: DraftCommand, {sheet, say, language}: Pen): void {
	const {line, endLine, text, marks, looks} = command;
	sheet.comment('    ', say('lines', {lines: line === endLine ? line : `${line}-${endLine}`}));
	const lines = text.split('\n').slice(0, longestCommand);
	for (const part of lines) sheet.comment('    ', `  ${masked(part)}`);
	for (const mark of marks) {
		const {really, instead} = dangers[mark.id];
		sheet.comment('    ', say('really', {text: fill(really[language], valuesOf(mark))}));
		const commands = mark.instead.map(each => `opsconsole ${each.command}`).join(', ');
		const word = commands === '' ? 'instead-nothing' : 'instead';
		sheet.comment('    ', say(word, {commands, text: instead[language]}));
	}

	if (looks.length === 0) return;
	const named = looks.map(id => `${id} (${titleOf(id, language)})`).join(', ');
	sheet.comment('    ', say('looks', {looks: named}));
}

function valuesOf({lines}: Mark): Readonly<Record<string, string>> {
	return lines === undefined ? {} : {lines};
}

function titleOf(id: string, language: Language): string {
	return declarationOf(id)?.title[language] ?? '';
}

function shown(text: string, longest: number): string {
	return clean(maskText(text).replace(/\s+/g, ' ').trim(), longest);
}

/** A line of a command as it may be shown: no secrets, no control characters. */
function masked(line: string): string {
	return cleanLine(maskCommand(line), longestLine).trimEnd();
}

/**
 * A YAML text in single quotes. Brackets become round ones: `{` would be taken for a place of a look's field, and the
 * reader counts both kinds.
 */
function quote(text: string): string {
	const round = text.replace(/[[{]/g, '(').replace(/[\]}]/g, ')');
	return `'${round.replaceAll("'", "''")}'`;
}

/** The lines of the draft, counted as the reader of runbooks counts them. */
class Sheet {
	readonly #lines: string[] = [];
	#bytes = 0;
	#commas = 0;
	#brackets = 0;
	#depth = 0;

	/** No more than a note fits. */
	get isFull(): boolean {
		return (
			this.#lines.length > most.lines ||
			this.#bytes > most.bytes ||
			this.#commas > most.commas ||
			this.#brackets > most.brackets
		);
	}

	line(text: string): void {
		this.#lines.push(text);
		this.#bytes += text.length * 3 + 1;
		for (const character of text) this.#count(character);
	}

	/** A comment; left out where the draft is full. */
	comment(indent: string, text: string, isLast = false): void {
		if (this.isFull && !isLast) return;
		const opens = this.#depth >= most.depth;
		// The reader counts brackets in comments too, and refuses a text that opens too many.
		this.line(`${indent}# ${opens ? text.replace(/[[{]/g, '(') : text}`.trimEnd());
	}

	#count(character: string): void {
		if (character === ',') this.#commas++;
		else if (character === '[' || character === '{') {
			this.#brackets++;
			this.#depth++;
		} else if (character === ']' || character === '}') {
			this.#depth = Math.max(0, this.#depth - 1);
		}
	}

	text(): string {
		return `${this.#lines.join('\n')}\n`;
	}
}
