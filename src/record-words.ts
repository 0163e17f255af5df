import {phases, rollbackSteps, severities} from './incidents/event.ts';
import {periodKinds, type PeriodKind} from './report/period/facts.ts';
import type {CommandFlags} from './work/command-table.ts';

/** Options of the commands about incidents and reports, beside those of all. */
export const recordOptions = {
	severity: {type: 'string'},
	symptom: {type: 'string'},
	cause: {type: 'string'},
	done: {type: 'string'},
	'follow-up': {type: 'string', multiple: true},
	html: {type: 'boolean'},
	days: {type: 'string'},
} as const;

/** What `opsconsole incident` can be asked, with the number of words behind it; more words are one text. */
const verbs = {
	start: {words: 1, isText: true},
	list: {words: 0, isText: false},
	show: {words: 1, isText: false},
	note: {words: 2, isText: true},
	ack: {words: 1, isText: false},
	severity: {words: 2, isText: false},
	phase: {words: 2, isText: false},
	rollback: {words: 3, isText: false},
	close: {words: 1, isText: false},
	report: {words: 1, isText: false},
	pack: {words: 1, isText: false},
} as const;

export type IncidentVerb = keyof typeof verbs;

/** What the command line asked for that concerns incidents or the reports of a period. */
export type RecordInvocation =
	| {readonly kind: 'incident'; readonly verb: IncidentVerb; readonly words: readonly string[]}
	| {readonly kind: 'report'; readonly report: PeriodKind; readonly days: number};

const choices: Readonly<Partial<Record<IncidentVerb, readonly (readonly string[])[]>>> = {
	severity: [[], severities],
	phase: [[], phases],
	rollback: [[], rollbackSteps, ['started', 'done']],
};

function isVerb(word: string): word is IncidentVerb {
	return Object.hasOwn(verbs, word);
}

/** Throws where a word is none of those that may stand there. */
function requireChoice(word: string | undefined, known: readonly string[]): void {
	if (known.length === 0 || known.some(one => one === word)) return;
	throw new Error(`unknown word "${word ?? ''}"; it is one of ${known.join(', ')}`);
}

/** Understands the words behind `incident`; throws an Error with one line about what is wrong. */
export function parseIncident([verb = 'list', ...more]: readonly string[], flags: CommandFlags) {
	if (!isVerb(verb)) {
		throw new Error(`unknown word "${verb}"; incident takes ${Object.keys(verbs).join(', ')}`);
	}

	const {words: count, isText} = verbs[verb];
	const words = isText
		? [...more.slice(0, count - 1), more.slice(count - 1).join(' ')].filter(word => word !== '')
		: more;
	if (words.length < count) throw new Error(`incident ${verb} needs ${missingOf(verb)}`);
	if (words.length > count) throw new Error(`unexpected argument "${words[count] ?? ''}"`);
	for (const [index, known] of (choices[verb] ?? []).entries()) requireChoice(words[index], known);
	if (typeof flags['severity'] === 'string') requireChoice(flags['severity'], severities);
	const hasEnd = typeof flags['cause'] === 'string' && typeof flags['done'] === 'string';
	if (verb === 'close' && !hasEnd) throw new Error('incident close needs --cause and --done');
	return {kind: 'incident', verb, words} as const satisfies RecordInvocation;
}

function missingOf(verb: IncidentVerb): string {
	if (verb === 'start') return 'a title';
	if (verb === 'note') return 'an id and a text';
	const more = choices[verb]?.slice(1).map(known => known.join('|')) ?? [];
	return ['an id', ...more].join(' and ');
}

/** Understands the word behind `report`; throws an Error with one line about what is wrong. */
export function parseReport(
	[word, ...more]: readonly string[],
	{days: given = '30'}: CommandFlags,
): RecordInvocation {
	const report = periodKinds.find(kind => kind === word);
	if (report === undefined) {
		throw new Error(`unknown word "${word ?? ''}"; report takes ${periodKinds.join(', ')}`);
	}

	if (more[0] !== undefined) throw new Error(`unexpected argument "${more[0]}"`);
	const days = typeof given === 'string' && /^\d{1,3}$/.test(given) ? Number(given) : 0;
	if (days < 1 || days > 400) throw new Error('--days is a number from 1 to 400');
	return {kind: 'report', report, days};
}
