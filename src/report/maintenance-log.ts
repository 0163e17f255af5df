import type {AuditLine} from '../domain/audit.ts';
import {formatLatency} from '../domain/format.ts';
import type {Operator} from '../domain/operator.ts';
import type {Language} from '../domain/settings.ts';
import {changeWords} from '../words/change-words.ts';
import {incidentWords} from '../words/incident-words.ts';
import {type Phrase, sayPhrase} from '../words/phrases/phrase.ts';
import {sayProblem} from '../words/say-problem.ts';
import {fill} from '../words/words.ts';

const columns = ['time', 'who', 'what', 'target', 'result', 'duration', 'evidence'] as const;

function cell(text: string): string {
	return text.replaceAll('|', String.raw`\|`).replace(/\s+/g, ' ');
}

function whoWas({user, login, sudoUser, ssh}: Operator): string {
	const person = sudoUser ?? login ?? user;
	const as = person === user ? '' : ` (${user})`;
	return `${person}${ssh === undefined ? '' : `@${ssh}`}${as}`;
}

/** How a terminal in a container ended; undefined where a line is about none, or only about its opening. */
export function terminalResult(
	{kind, exitStatus}: AuditLine,
	language: Language,
): string | undefined {
	if (kind !== 'terminal-end') return undefined;
	const status = exitStatus ?? '?';
	return fill(changeWords['terminal-ended'][language], {status});
}

function resultOf(line: AuditLine, language: Language): string {
	const {kind, outcome, problem, incident} = line;
	if (kind === 'incident') return incidentWords['log.open'][language];
	if (kind === 'incident-end') {
		const {cause = '', done = ''} = incident ?? {};
		return fill(incidentWords['log.closed'][language], {cause, done});
	}

	if (kind === 'terminal') return changeWords['terminal-open'][language];
	if (kind === 'terminal-end') return terminalResult(line, language) ?? '';
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
 * for every terminal that was opened in a container, and for every incident, oldest first.
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
	const ends = ['terminal-end', 'incident-end'];
	const ended = new Set(lines.flatMap(({kind, op}) => (ends.includes(kind) ? [op] : [])));
	// A terminal and an incident have one row: that of the end, or of the opening where there was none yet.
	const isShown = ({kind, op}: AuditLine) =>
		kind === 'terminal' || kind === 'incident'
			? !ended.has(op)
			: ['end', 'refused', ...ends].includes(kind);
	const whatOf = ({operation, incident}: AuditLine): string =>
		incident === undefined
			? titleOf(operation)
			: fill(incidentWords['log.what'][language], {title: incident.title});
	const rows = lines
		.filter(isShown)
		.map(line =>
			row([
				(line.since ?? line.t).replace('T', ' ').replace(/\.\d+Z$/, ''),
				whoWas(line.operator),
				whatOf(line),
				line.target,
				resultOf(line, language),
				line.durationMs === undefined ? '' : formatLatency(line.durationMs, language),
				line.op,
			]),
		);
	const heads = columns.map(name => changeWords[name][language]);
	return [row(heads), row(heads.map(() => '---')), ...rows, ''].join('\n');
}
