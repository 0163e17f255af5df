import {formatClock} from '../domain/format.ts';
import type {Language} from '../words/language.ts';
import type {Evidence} from '../runbooks/look.ts';
import {declarationOf, saySource, sayValue} from '../runbooks/say.ts';
import {runbookWords} from '../words/runbook-words.ts';
import {sayProblem} from '../words/say-problem.ts';
import {fill} from '../words/words.ts';

/** What one look saw: time and source, then a line for each field that is known, with its unit. */
export function evidenceLines(evidence: Evidence, language: Language): readonly string[] {
	const {look, atMs, values, lines, problem} = evidence;
	const declaration = declarationOf(look);
	const head = fill(runbookWords['walk.looked'][language], {
		look: declaration?.title[language] ?? look,
		from: saySource(look, language),
	});
	const fields = Object.entries(values).map(([name, value]) => {
		const field = declaration?.fields[name];
		return `  ${field?.title[language] ?? name}: ${sayValue(field, value, language)}`;
	});
	const failure = problem
		? [
				`  ${fill(runbookWords['walk.problem'][language], {cause: sayProblem(language, problem).summary})}`,
			]
		: [];
	return [
		`${formatClock(atMs)} ${head}`,
		...failure,
		...fields,
		...lines.map(line => `  | ${line}`),
	];
}
