import type {Command, JsonValue} from '../../domain/plan.ts';
import {namedTableProofSql, type ProofKind} from '../../domain/table-proof.ts';
import type {Tools} from '../operation.ts';

/** A statement as a command. */
export type SqlCommand = Command & {kind: 'sql'};

/** A statement on the database from which others are changed. */
export function onControl(control: string, text: string): SqlCommand {
	return {kind: 'sql', session: 'control', database: control, text};
}

/** A statement inside a database that is being made; its session is ended before the names are swapped. */
export function inside(database: string, text: string): SqlCommand {
	return {kind: 'sql', session: 'inside', database, text};
}

/** Proves a table inside a database that is being made; to be filled with `schema` and `name` of each table. */
export function proveInside(database: string, kind: ProofKind): SqlCommand {
	return {...inside(database, namedTableProofSql(kind)), values: ['{schema}', '{name}']};
}

/** The statements of the running step (or of its way back), in the order of the plan. */
export function statementsOf(commands: readonly Command[] = []): readonly SqlCommand[] {
	return commands.filter(command => command.kind === 'sql');
}

/** Carries out statements one after the other. */
export async function runAll<R extends JsonValue>(
	tools: Tools<R>,
	statements: readonly SqlCommand[],
): Promise<void> {
	for (const statement of statements) {
		await tools.sql(statement);
	}
}

/** The step's statement that starts with this text; it is in the plan, so its absence is a fault of the program. */
export function statement(commands: readonly Command[] | undefined, start: string): SqlCommand {
	const found = statementsOf(commands).find(({text}) => text.startsWith(start));
	if (found === undefined) {
		throw new Error(`the plan has no statement ${start}`);
	}
	return found;
}
