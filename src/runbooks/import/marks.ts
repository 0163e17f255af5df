import type {DangerId} from '../../words/dangers/index.ts';
import type {Command, Script} from './commands.ts';
import {scriptOf} from './commands.ts';
import type {DangerRule, Instead} from './rule.ts';
import {containerRules} from './rules/containers.ts';
import {databaseRules, sqlOf} from './rules/database.ts';
import {filesRules} from './rules/files.ts';
import {redisRules} from './rules/redis.ts';
import {systemRules} from './rules/system.ts';
import {statementsOf} from './sql.ts';

/** A command that would do something else than it seems, or more. */
export type Mark = {
	readonly id: DangerId;
	readonly line: number;
	readonly endLine: number;
	readonly instead: readonly Instead[];
	/** For `script-of-this-handbook`: the lines where that script stands. */
	readonly lines?: string;
};

/** Every danger that a handbook's command is looked through for, in the order of the report. */
export const dangerRules: readonly DangerRule[] = [
	...containerRules,
	...databaseRules,
	...redisRules,
	...filesRules,
	...systemRules,
];

type Extent = {readonly line: number; readonly endLine: number};

function markOf(rule: DangerRule, {line, endLine}: Extent): Mark {
	return {id: rule.id, line, endLine, instead: rule.instead ?? []};
}

/** The marks of one command of a script. */
export function marksOfCommand(command: Command, script: Script): readonly Mark[] {
	const where = {script, command};
	const found = dangerRules.filter(rule => command.calls.some(call => rule.call?.(call, where)));
	const sent = command.calls.flatMap(call => [
		...sqlOf(call),
		...(call.program === 'psql' && command.here ? [command.here.text] : []),
	]);
	const said = sent.flatMap(text => marksOfSql(text, command.line).map(({id}) => id));
	const asSql = dangerRules.filter(({id}) => said.includes(id));
	const asText = dangerRules.filter(({text}) => text && isAnyLine(text, command.text));
	const all = [...new Set([...found, ...asSql, ...asText])];
	return all.map(rule => markOf(rule, command));
}

/** The marks of a script that is written by a command (`cat > x.sh << EOF`). */
export function scriptInside({calls, here}: Command): Script | undefined {
	if (!here || !calls.some(call => /^(?:cat|tee|ssh|(?:ba|da|z)?sh)$/.test(call.program))) {
		return undefined;
	}

	return scriptOf(here.text.split('\n'), here.line);
}

/** The marks of SQL; `line` is the handbook's line of its first. */
export function marksOfSql(sql: string, line: number): readonly Mark[] {
	return statementsOf(sql, line).flatMap(statement =>
		dangerRules.filter(rule => rule.sql?.(statement.bare)).map(rule => markOf(rule, statement)),
	);
}

/** The marks of lines that are no commands: settings and configuration. */
export function marksOfText(lines: readonly string[], line: number): readonly Mark[] {
	return lines.flatMap((text, index) => {
		const extent = {line: line + index, endLine: line + index};
		return dangerRules
			.filter(rule => rule.text?.test(text.slice(0, 2000)))
			.map(rule => markOf(rule, extent));
	});
}

function isAnyLine(pattern: RegExp, text: string): boolean {
	return text.split('\n').some(line => pattern.test(line.slice(0, 2000)));
}
