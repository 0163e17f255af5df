import type {JsonValue, Risk} from '../../domain/plan.ts';
import type {ScreenWord} from '../../words/screen.ts';
import {busy, firstOf, type Obstacle, readOnly, server} from '../availability.ts';
import type {Field} from '../fields.ts';
import type {Thing} from '../things.ts';

/** What was given for the fields of an action, by their ids. */
export type Values = Readonly<Record<string, string>>;

/** One thing that an operator can do, for the menu. The operation itself plans, refuses and acts. */
export type Action = {
	/** Id of the operation, or of the way into a container. */
	readonly id: string;
	readonly title: ScreenWord;
	/** Kinds of things that it can be done to. */
	readonly on: readonly Thing['kind'][];
	/** What to expect; the card has the risk of the plan itself. */
	readonly risk: Risk;
	readonly fields?: readonly Field[];
	/** Why it is not possible now. */
	readonly obstacle: Obstacle;
	/** What the operation is asked for. */
	readonly request: (thing: Thing, values: Values) => JsonValue;
	/** Not an operation: the terminal is handed over to a program in the container. */
	readonly terminal?: 'shell' | 'attach';
};

/** Whatever needs a server that answers, and nothing else going on with it. */
export const onServer = firstOf(readOnly, busy, server('answer'));

/** The same for one that takes writes. */
export const onPrimary = firstOf(readOnly, busy, server('writes'));

/** The server that is meant: the thing itself, or the one that was chosen. */
export function serverOf(thing: Thing, values: Values): string {
	return thing.kind === 'postgres' || thing.kind === 'redis' ? thing.id : (values['server'] ?? '');
}

/** A field as a number; 0 where nothing was given. */
export function number(values: Values, id: string): number {
	return Number(values[id] ?? '');
}
