import type {Problem} from '../domain/problem.ts';
import type {Words} from '../words/words.ts';
import type {Field, Value, ValueOf} from './field.ts';
import type {Subject} from './scope.ts';

/** Something that a runbook can look at: declared here, read in `src/looks`. Reading it never changes the server. */
export type LookDeclaration = {
	readonly title: Words;
	/** What it is about: it can be looked at where the scope has one. */
	readonly on: Subject;
	/**
	 * Where its values come from, as an operator would look it up. Names of commands, views and files alone are the same in
	 * every language: `docker inspect`, `pg_stat_activity`; anything else is in both.
	 */
	readonly from: Words | string;
	/** Takes more than a second or puts load on a server: left out of "what is wrong". */
	readonly isHeavy?: true;
	/** By name in kebab-case; conditions call one `<look>.<field>`. */
	readonly fields: Readonly<Record<string, Field>>;
};

/** What a reader gives: every field, `undefined` where it is not known. */
export type Seen<D extends LookDeclaration = LookDeclaration> = {
	readonly values: {readonly [Name in keyof D['fields']]: ValueOf<D['fields'][Name]> | undefined};
	/** What else was seen, for people: cleaned, without secrets, the most telling first, at most 20 lines. */
	readonly lines?: readonly string[];
};

/** What a look saw and when, as it is kept. Values that are not known are absent. */
export type Evidence = {
	readonly look: string;
	/** Wall-clock time at which it was read. */
	readonly atMs: number;
	readonly values: Readonly<Record<string, Value>>;
	readonly lines: readonly string[];
	/** Why nothing, or not everything, could be seen. */
	readonly problem?: Problem;
};
