import {clean} from '../domain/clean.ts';
import type {Command, JsonValue} from '../domain/plan.ts';
import {ProblemError} from '../domain/problem.ts';
import {showCommand} from '../domain/show-command.ts';
import type {Fill} from '../operations/operation.ts';
import {canonical} from './canonical.ts';

/** Values that may stand in a statement or an address: no quotes, blanks or control characters. */
const plainValue = /^[\w.:@%+=,/-]{1,300}$/;

type Place = 'statement' | 'address' | 'data';

/** How the places of a command's text are filled, by where it stands. */
function placeOf(kind: Command['kind'], key: string): Place {
	if (kind === 'sql' && key === 'text') return 'statement';
	if ((kind === 'engine' && key === 'path') || (kind === 'http' && key === 'url')) return 'address';
	return 'data';
}

function fillText(text: string, values: Fill, place: Place): string {
	return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
		const value = Object.hasOwn(values, name) ? values[name] : undefined;
		if (value === undefined) return whole;
		const said = String(value);
		if (said.includes('\0') || (place === 'statement' && !plainValue.test(said))) {
			throw new Error(name);
		}

		return place === 'address' ? encodeURIComponent(said) : said;
	});
}

function fillValue(value: JsonValue, values: Fill, place: Place): JsonValue {
	if (typeof value === 'string') {
		// A value that is nothing but a place keeps the type of what fills it.
		const whole = /^\{(\w+)\}$/.exec(value)?.[1];
		const given = whole !== undefined && Object.hasOwn(values, whole) ? values[whole] : undefined;
		if (given !== undefined && place === 'data' && typeof given === 'number') return given;
		return fillText(value, values, place);
	}

	if (Array.isArray(value)) {
		return value.map((item: JsonValue) => fillValue(item, values, place));
	}

	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, item]) => [name, fillValue(item, values, place)]),
	);
}

/** The command with its `{name}` places filled. Throws an Error that names the place whose value must not stand there. */
export function fillCommand<C extends Command>(command: C, values: Fill): C {
	const entries = Object.entries(command).map(([key, value]) => {
		if (key === 'kind' || key === 'session' || key === 'server' || key === 'action') {
			return [key, value];
		}

		const filled = fillValue(value, values, placeOf(command.kind, key));
		// An argument is a text, also where a number fills it.
		return [key, key === 'argv' ? (filled as readonly JsonValue[]).map(String) : filled];
	});
	return Object.fromEntries(entries) as C;
}

/** The commands that a step may carry out, compared by their texts: made once, since a step may have thousands. */
export type Allowed = {
	readonly texts: ReadonlySet<string>;
	/** Those with places to fill, whose text follows from the values. */
	readonly open: readonly Command[];
};

/** Prepares the planned commands of a step for `checkedCommand`. */
export function allowedCommands(planned: readonly Command[]): Allowed {
	const texts = planned.map(command => canonical(command));
	const open = planned.filter((_, index) => /\{\w+\}/.test(texts[index] ?? ''));
	return {texts: new Set(texts), open: structuredClone(open)};
}

/**
 * The command as it is to be carried out. Refuses what is not among the planned commands of the step: neither as it
 * stands in the plan nor with its places filled by these values.
 */
export function checkedCommand<C extends Command>(
	command: C,
	{texts, open}: Allowed,
	facts: {readonly step: string; readonly values: Fill},
): C {
	const {step, values} = facts;
	const refuse = (code: 'road-not-planned' | 'road-bad-fill', params: Record<string, string>) =>
		new ProblemError({code, params: {step, ...params}, retry: 'rarely'});
	try {
		const text = canonical(command);
		const isPlanned =
			texts.has(text) || open.some(candidate => canonical(fillCommand(candidate, values)) === text);
		if (isPlanned) return fillCommand(command, values);
	} catch (error) {
		if (error instanceof ProblemError) throw error;
		throw refuse('road-bad-fill', {name: clean(error instanceof Error ? error.message : '', 60)});
	}

	throw refuse('road-not-planned', {command: clean(showCommand(command), 300)});
}
