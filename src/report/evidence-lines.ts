import {formatClock} from '../domain/format.ts';
import type {Language} from '../words/language.ts';
import type {Evidence} from '../runbooks/look.ts';
import {declarationOf, sayValue} from '../runbooks/say.ts';
import {runbookWords} from '../words/runbook-words.ts';
import {sayProblem} from '../words/say-problem.ts';
import {fill} from '../words/words.ts';

/** Raw lines of a look that are shown where only what counts is. */
const shortLines = 3;

/**
 * What one look saw: time and source, then a line for each field that is known, with its unit. With `only`, just these
 * fields (`look.field`) and the first raw lines.
 */
export function evidenceLines(
	evidence: Evidence,
	language: Language,
	only?: ReadonlySet<string>,
): readonly string[] {
	const {look, atMs, values, lines, problem} = evidence;
	const declaration = declarationOf(look);
	const head = fill(runbookWords['walk.looked'][language], {
		look: declaration?.title[language] ?? look,
		from: declaration?.from ?? look,
	});
	const shown = Object.entries(values).filter(([name]) => only?.has(`${look}.${name}`) ?? true);
	const fields = shown.map(([name, value]) => {
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
		...lines.slice(0, only ? shortLines : lines.length).map(line => `  | ${line}`),
	];
}
