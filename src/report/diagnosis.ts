import type {Language} from '../words/language.ts';
import type {Diagnosis, Finding} from '../runbooks/diagnosis.ts';
import {nothingSeen, valuesOf, withEvidence} from '../runbooks/evidence.ts';
import {sayUnseen} from '../runbooks/say-condition.ts';
import {declarationOf, sayText} from '../runbooks/say.ts';
import {runbookWords, type RunbookWord} from '../words/runbook-words.ts';
import {sayProblem} from '../words/say-problem.ts';
import {fill} from '../words/words.ts';

/** Causes that could not be excluded are listed up to this many: they are many where little can be seen. */
const maxPossible = 8;

/** What could not be seen of what would decide about a cause, or speak for or against it. */
function unseenOf({cause, unseen, evidence}: Finding, language: Language): readonly string[] {
	const valueOf = valuesOf(withEvidence(nothingSeen, evidence));
	const open = [cause.when, ...unseen.map(argument => argument.if)];
	return sayUnseen(
		open.map(({expression}) => expression),
		valueOf,
		language,
	);
}

/** One finding in words: its title, where, and what speaks for and against it. */
export function findingLines(
	finding: Finding,
	all: readonly Finding[],
	language: Language,
): readonly string[] {
	const say = (word: RunbookWord, values = {}) => fill(runbookWords[word][language], values);
	const {cause, subject, evidence, consequenceOf, runbook} = finding;
	const valueOf = valuesOf(withEvidence(nothingSeen, evidence));
	const colon = language === 'zh' ? '：' : ': ';
	const side = (word: RunbookWord, list: Finding['for']) =>
		list.map(({says}) => `     ${say(word)}${colon}${sayText(says, valueOf, language)}`);
	const origins = all.filter(({cause: {id}}) => id === consequenceOf);
	const origin = origins.find(one => one.scope.project === finding.scope.project) ?? origins[0];
	const originText =
		origin &&
		sayText(origin.cause.title, valuesOf(withEvidence(nothingSeen, origin.evidence)), language);
	return [
		`${subject}: ${sayText(cause.title, valueOf, language)}`,
		...(originText === undefined
			? []
			: [`     ${say('diagnosis.consequence', {cause: originText})}`]),
		...side('diagnosis.for', finding.for),
		...side('diagnosis.against', finding.against),
		...unseenOf(finding, language).map(what => `     ${say('diagnosis.unseen')}${colon}${what}`),
		`     ${say('diagnosis.wizard', {id: runbook})}`,
	];
}

/** What a look that saw nothing is called. */
export function blindTitle(look: string, language: Language): string {
	return declarationOf(look)?.title[language] ?? look;
}

/** The whole diagnosis as plain text. */
export function diagnosisText(diagnosis: Diagnosis, language: Language): string {
	const say = (word: RunbookWord, values = {}) => fill(runbookWords[word][language], values);
	const {findings, blind, excluded, tookMs} = diagnosis;
	const of = (likelihood: Finding['likelihood']) =>
		findings.filter(finding => finding.likelihood === likelihood);
	const section = (word: RunbookWord, list: readonly Finding[]) =>
		list.length === 0
			? []
			: [
					`${say(word)}:`,
					...list.flatMap((finding, index) => {
						const [first = '', ...rest] = findingLines(finding, findings, language);
						return [`${String(index + 1).padStart(3)}. ${first}`, ...rest];
					}),
					'',
				];
	const blindLines = blind.map(({look, problem}) => {
		const cause = problem ? sayProblem(language, problem).summary : '';
		return `  ${blindTitle(look, language)}${language === 'zh' ? '：' : ': '}${cause}`;
	});
	return [
		...(findings.length === 0 ? [say('diagnosis.none', {excluded}), ''] : []),
		...section('diagnosis.likely', of('likely')),
		...section('diagnosis.possible', of('possible').slice(0, maxPossible)),
		...(blindLines.length > 0 ? [say('diagnosis.blind'), ...new Set(blindLines), ''] : []),
		say('diagnosis.took', {seconds: (tookMs / 1000).toFixed(1)}),
		'',
	].join('\n');
}

/** The diagnosis as `diagnose --json` prints it. */
export function diagnosisDocument(diagnosis: Diagnosis, language: Language) {
	const {atMs, tookMs, findings, blind, excluded} = diagnosis;
	return {
		version: '1.0',
		at: new Date(atMs).toISOString(),
		took_ms: Math.round(tookMs),
		excluded,
		findings: findings.map(finding => {
			const {cause, subject, scope, likelihood, points, runbook, consequenceOf, evidence} = finding;
			const valueOf = valuesOf(withEvidence(nothingSeen, evidence));
			const side = (list: Finding['for']) => list.map(({says}) => sayText(says, valueOf, language));
			return {
				cause: cause.id,
				title: sayText(cause.title, valueOf, language),
				subject,
				scope,
				likelihood,
				points,
				runbook,
				...(consequenceOf !== undefined && {consequence_of: consequenceOf}),
				for: side(finding.for),
				against: side(finding.against),
				not_seen: unseenOf(finding, language),
			};
		}),
		blind: blind.map(({look, problem}) => ({
			look,
			...(problem && {problem: {code: problem.code, ...sayProblem(language, problem)}}),
		})),
	};
}
