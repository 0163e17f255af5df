import type {AuditLine} from '../domain/audit.ts';
import {formatLatency} from '../domain/format.ts';
import type {Operator} from '../domain/operator.ts';
import type {Language} from '../domain/settings.ts';
import {changeWords} from '../words/change-words.ts';
import {type Phrase, sayPhrase} from '../words/phrases/phrase.ts';
import {sayProblem} from '../words/say-problem.ts';

const columns = ['time', 'who', 'what', 'target', 'result', 'duration', 'evidence'] as const;

function cell(text: string): string {
	return text.replaceAll('|', String.raw`\|`).replace(/\s+/g, ' ');
}

function whoWas({user, login, sudoUser, ssh}: Operator): string {
	const person = sudoUser ?? login ?? user;
	const as = person === user ? '' : ` (${user})`;
	return `${person}${ssh === undefined ? '' : `@${ssh}`}${as}`;
}

function resultOf({outcome, problem}: AuditLine, language: Language): string {
	const said = changeWords[outcome ?? 'refused'][language];
	return problem === undefined ? said : `${said}: ${sayProblem(language, problem).summary}`;
}

/** Language of the log, and the operations by id, whose titles are told in it. */
type LogFacts = {
	readonly language: Language;
	readonly operations: Readonly<Record<string, {readonly title: Phrase}>>;
};

/**
 * The maintenance log (handbook row H2-23) as rows of a Markdown table: one row for every change that ended or was refused,
 * oldest first.
 */
export function maintenanceLog(
	lines: readonly AuditLine[],
	{language, operations}: LogFacts,
): string {
	const titleOf = (id: string): string => {
		const title = operations[id]?.title;
		return title === undefined ? id : `${sayPhrase(language, title)} (${id})`;
	};
	const row = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
	const rows = lines
		.filter(({kind}) => kind === 'end' || kind === 'refused')
		.map(line =>
			row([
				line.t.replace('T', ' ').replace(/\.\d+Z$/, ''),
				whoWas(line.operator),
				titleOf(line.operation),
				line.target,
				resultOf(line, language),
				line.durationMs === undefined ? '' : formatLatency(line.durationMs, language),
				line.op,
			]),
		);
	const heads = columns.map(name => changeWords[name][language]);
	return [row(heads), row(heads.map(() => '---')), ...rows, ''].join('\n');
}
