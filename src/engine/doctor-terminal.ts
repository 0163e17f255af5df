import {clean} from '../domain/clean.ts';
import {words, type DoctorCheck} from './doctor-check.ts';

/** What is known of the terminal and the program itself. */
export type TerminalFacts = {
	readonly isTerminal: boolean;
	readonly columns: number;
	readonly rows: number;
	/** Bits per colour, as Node's `getColorDepth` tells: 1 is none. */
	readonly colourDepth: number;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly nodeVersion: string;
};

/** The smallest screen that the console draws on. */
export const minColumns = 60;
export const minRows = 15;

/** The oldest Node that runs the program. */
const minNodeMajor = 20;

/** Size, cursor movement and colours of the terminal. */
function checkScreen(facts: TerminalFacts): DoctorCheck {
	const head = {id: 'terminal', title: words('terminal-title')};
	const {columns, rows, colourDepth} = facts;
	const term = clean(facts.environment['TERM'] ?? '', 60);
	if (!facts.isTerminal) return {...head, outcome: 'skipped', found: words('terminal-none')};
	if (term === '' || term === 'dumb') {
		const found = words('terminal-dumb', {term});
		return {...head, outcome: 'missing', found, command: 'export TERM=xterm-256color'};
	}

	if (columns < minColumns || rows < minRows) {
		const found = words('terminal-small', {columns, rows, minColumns, minRows});
		return {...head, outcome: 'missing', found};
	}

	const colours = colourDepth <= 1 ? 0 : 2 ** colourDepth;
	return {...head, outcome: 'ok', found: words('terminal-ok', {columns, rows, colours, term})};
}

/** The locale is one of UTF-8, by the order of locale(7). */
function checkLocale({environment}: TerminalFacts): DoctorCheck {
	const head = {id: 'locale', title: words('locale-title')};
	const set = [environment['LC_ALL'], environment['LC_CTYPE'], environment['LANG']];
	const locale = clean(set.find(value => value !== undefined && value !== '') ?? 'C', 60);
	return /utf-?8/i.test(locale)
		? {...head, outcome: 'ok', found: words('locale-ok', {locale})}
		: {
				...head,
				outcome: 'missing',
				found: words('locale-missing', {locale}),
				command: 'export LC_ALL=C.UTF-8',
			};
}

/** Node is new enough. */
function checkNode({nodeVersion}: TerminalFacts): DoctorCheck {
	const head = {id: 'node', title: words('node-title')};
	const version = clean(nodeVersion, 60);
	return Number.parseInt(nodeVersion, 10) >= minNodeMajor
		? {...head, outcome: 'ok', found: words('node-ok', {version})}
		: {
				...head,
				outcome: 'missing',
				found: words('node-old', {version, minimum: minNodeMajor}),
				command: 'npm ci',
			};
}

/** The checks of the terminal, the characters and the program. Pure. */
export function checkTerminal(facts: TerminalFacts): readonly DoctorCheck[] {
	return [checkScreen(facts), checkLocale(facts), checkNode(facts)];
}
