import {unwrap, type Via} from './in-front.ts';
import {shellTokens, type ShellToken} from './shell-tokens.ts';

/** One program with its words, as a shell would start it; quotes are off, nothing is expanded. */
export type Simple = {
	/** Without its folder; empty where only variables are set. */
	readonly program: string;
	/** As it is written, with its folder. */
	readonly path: string;
	readonly words: readonly string[];
	/** `NAME=value` in front of it. */
	readonly set: readonly string[];
	readonly via: readonly Via[];
	/** File that its output goes to. */
	readonly into?: string;
	readonly isAppended?: boolean;
	/** File that its input comes from. */
	readonly from?: string;
	/** Text that is fed to it (`<<<`). */
	readonly fed?: string;
};

/** One program with what stands around it. */
export type Call = Simple & {
	/** The whole pipeline and which part of it this is. */
	readonly pipeline: readonly Simple[];
	readonly at: number;
	/** What runs where it fails: `… || echo 0`. */
	readonly orElse?: Simple;
};

const maxNesting = 6;

/** Words of the shell that stand in front of a command. */
const keywords = new Set(
	'if then else elif fi while until do done esac { } ! time function'.split(' '),
);

/** Everything that a command text would start, also inside `$(…)`, `bash -c '…'` and after `xargs`. */
export function callsOf(text: string, via: readonly Via[] = [], depth = 0): readonly Call[] {
	if (depth > maxNesting) return [];
	const {tokens, inner} = shellTokens(text);
	const calls: Call[] = [];
	const lists = pipelinesOf(tokens);
	for (const [index, {stages}] of lists.entries()) {
		const pipeline = stages.flatMap(stage => simpleOf(stage, via) ?? []);
		const next = lists[index + 1];
		const alternative = next?.joinedBy === '||' ? simpleOf(next.stages[0] ?? [], via) : undefined;
		for (const [at, simple] of pipeline.entries()) {
			const orElse =
				alternative !== undefined && at === pipeline.length - 1 ? {orElse: alternative} : {};
			calls.push({...simple, pipeline, at, ...orElse});
			const script = scriptOf(simple);
			if (script !== undefined) calls.push(...callsOf(script, simple.via, depth + 1));
		}
	}

	return [...calls, ...inner.flatMap(part => callsOf(part, via, depth + 1))];
}

/** The text that a shell in a shell gets: `bash -c '…'`. */
function scriptOf({program, words}: Simple): string | undefined {
	if (program === 'eval') return words.join(' ');
	if (!/^(?:ba|da|z|a)?sh$/.test(program)) return undefined;
	const at = words.findIndex(word => /^-[a-z]*c$/.test(word));
	return at === -1 ? undefined : words[at + 1];
}

type Pipeline = {
	readonly stages: readonly (readonly ShellToken[])[];
	/** The operator before it. */
	readonly joinedBy: string;
};

function pipelinesOf(tokens: readonly ShellToken[]): readonly Pipeline[] {
	const pipelines: Pipeline[] = [];
	let stages: ShellToken[][] = [[]];
	let joinedBy = ';';
	let depth = 0;
	const close = (next: string): void => {
		const kept = stages.filter(stage => stage.length > 0);
		if (kept.length > 0) pipelines.push({stages: kept, joinedBy});
		stages = [[]];
		joinedBy = next;
	};
	for (const token of tokens) {
		const current = stages.at(-1) ?? [];
		if (token.kind === 'word' || /[<>]/.test(token.text)) {
			current.push(token);
		} else if (token.text === '(') {
			depth++;
			// `name() {`: the name is no command.
			if (current.length === 1) stages.pop();
			close(joinedBy);
		} else if (token.text === ')') {
			// The end of a pattern of `case`: what stands before it is no command.
			if (depth === 0) stages = [[]];
			else depth--;
			close(';');
		} else if (token.text === '|' || token.text === '|&') {
			stages.push([]);
		} else {
			close(token.text);
		}
	}

	close(';');
	return pipelines;
}

/** A stage without keywords, assignments and redirections, and without what only stands in front of the program. */
function simpleOf(tokens: readonly ShellToken[], outer: readonly Via[]): Simple | undefined {
	const words: string[] = [];
	const kept: {
		into?: string;
		isAppended?: boolean;
		from?: string;
		fed?: string;
	} = {};
	for (let at = 0; at < tokens.length; at++) {
		const token = tokens[at];
		if (!token) continue;
		if (token.kind === 'word') {
			words.push(token.text);
			continue;
		}

		if (/&\d?-?$|\d$/.test(token.text) && /[<>]&?\d/.test(token.text)) continue;
		const target = tokens[at + 1];
		if (target?.kind !== 'word') continue;
		at++;
		if (token.text.startsWith('2')) continue;
		if (token.text === '<<<') kept.fed = target.text;
		else if (token.text.startsWith('<<')) continue;
		else if (token.text.includes('<')) kept.from = target.text;
		else {
			kept.into = target.text;
			kept.isAppended = token.text.includes('>>');
		}
	}

	while (keywords.has(words[0] ?? '')) words.shift();
	if (/^(?:for|case|select)$/.test(words[0] ?? '')) return undefined;
	const set: string[] = [];
	while (/^[A-Za-z_]\w*\+?=/.test(words[0] ?? '')) set.push(words.shift() ?? '');
	if (words.length === 0 && set.length === 0) return undefined;
	const {program: path = '', rest, via} = unwrap(words);
	const program = path.slice(path.lastIndexOf('/') + 1);
	return {program, path, words: rest, set, via: [...outer, ...via], ...kept};
}
