import type {Mark} from './marks.ts';

/** A command of a handbook with what was found out about it. It is only ever shown. */
export type DraftCommand = {
	readonly line: number;
	readonly endLine: number;
	readonly text: string;
	readonly marks: readonly Mark[];
	/** Looks that see what it is typed for. */
	readonly looks: readonly string[];
	/** Scripts of the handbook that it starts, by name. */
	readonly starts: readonly string[];
};

/** One line of the checklist. */
export type DraftItem = {
	readonly line: number;
	readonly title: string;
	/** The headings above it, outermost first. */
	readonly section: readonly string[];
	readonly notes: readonly string[];
	readonly commands: readonly DraftCommand[];
};

/** An item that may still get notes and commands. */
export type Growing = {
	line: number;
	title: string;
	section: readonly string[];
	notes: string[];
	commands: DraftCommand[];
};

/** What is known while a handbook is gone through. */
export type Walk = {
	readonly items: Growing[];
	readonly headings: {line: number; level: number; text: string}[];
	/** Line of the document's title. */
	readonly titleLine: number;
	/** What was said since the last item and belongs to the next. */
	notes: string[];
	/** Lines of each script of the handbook, by file name. */
	readonly scripts: Map<string, {line: number; endLine: number}>;
};

function section({headings, titleLine}: Walk): readonly string[] {
	// The title of the document stands over all of it.
	return headings.filter(({line}) => line !== titleLine).map(({text}) => text);
}

/** Begins an item below the present headings; what was noted before belongs to it. */
export function begin(walk: Walk, line: number, title: string): Growing {
	const item = {line, title, section: section(walk), notes: walk.notes, commands: []};
	walk.notes = [];
	walk.items.push(item);
	return item;
}

/** The nearest heading. */
export function heading({headings}: Walk): string {
	return headings.at(-1)?.text ?? '';
}
