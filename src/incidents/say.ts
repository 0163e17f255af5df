import {formatDateTime, formatMetric} from '../domain/format.ts';
import {everySubject, metrics, type Unit} from '../domain/metrics.ts';
import type {Language} from '../domain/settings.ts';
import type {Evidence} from '../runbooks/look.ts';
import type {Value} from '../runbooks/field.ts';
import {lookDeclarations} from '../runbooks/looks/index.ts';
import {sayValue} from '../runbooks/say.ts';
import {incidentWords} from '../words/incident-words.ts';
import {metricWords} from '../words/metrics.ts';
import {sayPhrase} from '../words/phrases/phrase.ts';
import {problems} from '../words/index.ts';
import {sayProblem} from '../words/say-problem.ts';
import {fill} from '../words/words.ts';
import type {LookDeclaration} from '../runbooks/look.ts';
import type {AlertFacts, IncidentEvent, OperationFacts, Origin} from './event.ts';

type Code = keyof typeof incidentWords;

/** A text of incidents in a language; a code of another version is shown as it is. */
export function sayIncident(
	language: Language,
	code: string,
	params?: Readonly<Record<string, string | number>>,
): string {
	const isKnown = (name: string): name is Code => Object.hasOwn(incidentWords, name);
	if (!isKnown(code)) return code;
	return fill(incidentWords[code][language], params).trim();
}

/** `sayIncident` in one language. */
export function sayer(language: Language) {
	return (code: string, params?: Readonly<Record<string, string | number>>) =>
		sayIncident(language, code, params);
}

const two = (value: number) => String(value).padStart(2, '0');

/** Wall time in UTC to the second: `2026-11-21 14:03:09`. */
export function utcTime(atMs: number): string {
	if (!Number.isFinite(new Date(atMs).getTime())) return '—';
	return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** Wall time in the zone of this process with its offset: `2026-11-21 15:03:09 +01:00`. */
export function localTime(atMs: number): string {
	const date = new Date(atMs);
	if (!Number.isFinite(date.getTime())) return '—';
	const east = -date.getTimezoneOffset();
	const offset = `${east < 0 ? '-' : '+'}${two(Math.floor(Math.abs(east) / 60))}:${two(Math.abs(east) % 60)}`;
	return `${formatDateTime(atMs)}:${two(date.getSeconds())} ${offset}`;
}

function unitOf(metric: string): Unit | undefined {
	const known: Readonly<Record<string, Unit>> = metrics;
	return Object.hasOwn(known, metric) ? known[metric] : undefined;
}

/** A value of a metric in its unit; as a plain number where the metric is not known to this version. */
export function sayMetric(language: Language, metric: string, value: number | undefined): string {
	const unit = unitOf(metric);
	if (unit === undefined) return value === undefined ? '—' : String(value);
	return formatMetric(value, unit, language);
}

/** An alert in one line: its subject, metric, value, limit and where the limit comes from. */
export function sayAlert(language: Language, alert: AlertFacts): string {
	const {metric, subject, target, level, value, threshold, provenance} = alert;
	// Its whole source is silent: the name of one of its figures would be taken for the trouble.
	if (level === 'unknown' && subject === everySubject) {
		const silent = sayIncident(language, 'alert.silent', {target});
		return `${silent} [${provenance}]`;
	}

	const name = metricWords[metric]?.[language] ?? metric;
	const isFigure = unitOf(metric) !== 'state' && value !== undefined;
	const limit =
		threshold === undefined
			? ''
			: sayIncident(language, 'alert.limit', {limit: sayMetric(language, metric, threshold)});
	const figures = isFigure
		? ` ${sayMetric(language, metric, value)}${limit === '' ? '' : language === 'zh' ? limit : ` ${limit}`}`
		: '';
	const at = subject === '*' || subject === '' ? target : subject;
	const said = level === 'unknown' ? `, ${sayIncident(language, 'unknown')}` : '';
	return `${at}: ${name}${figures}${said} [${metric}, ${provenance}]`;
}

/** How an operation ended, with its exit status. */
export function sayOutcome(
	language: Language,
	{outcome, exitStatus, problem}: OperationFacts,
): string {
	const said = sayIncident(language, `outcome.${outcome ?? 'none'}`);
	const status =
		exitStatus === undefined
			? said
			: sayIncident(language, 'exit', {outcome: said, status: exitStatus});
	return problem === undefined ? status : `${status} [${problem}]`;
}

/** What an incident was opened for. */
export function sayOrigin(language: Language, from: Origin): string {
	if (from.kind === 'alert')
		return sayIncident(language, 'from.alert', {text: sayAlert(language, from.alert)});
	if (from.kind === 'person') return sayIncident(language, 'from.person');
	const text = from.runbook === undefined ? from.text : `${from.text} (${from.runbook})`;
	return sayIncident(language, 'from.symptom', {text});
}

const declared: Readonly<Record<string, LookDeclaration>> = lookDeclarations;

/** A look by its title; by its id where this version does not know it. */
export function sayLookTitle(language: Language, look: string): string {
	return (Object.hasOwn(declared, look) ? declared[look]?.title[language] : undefined) ?? look;
}

/** A value of a look's field in its unit. */
export function sayField(
	language: Language,
	{look, field: name}: {readonly look: string; readonly field: string},
	value: Value | undefined,
): {readonly title: string; readonly value: string} {
	const field = Object.hasOwn(declared, look) ? declared[look]?.fields[name] : undefined;
	const said = value === undefined ? sayIncident(language, 'unknown') : undefined;
	return {title: field?.title[language] ?? name, value: said ?? sayValue(field, value, language)};
}

/** Why a look saw nothing, or not everything; undefined where it saw all. */
export function sayBlind(language: Language, {problem}: Evidence): string | undefined {
	if (problem === undefined) return undefined;
	return Object.hasOwn(problems, problem.code)
		? sayProblem(language, problem).summary
		: problem.code;
}

/** One event in one line, for the timeline. */
export function sayEvent(language: Language, event: IncidentEvent): string {
	const say = (code: string, params?: Readonly<Record<string, string | number>>) =>
		sayIncident(language, code, params);
	switch (event.kind) {
		case 'opened': {
			const severity = say(`severity.${event.severity}`);
			return say('event.opened', {title: event.title, severity});
		}

		case 'alert-raised':
		case 'alert-cleared':
			return say(`event.${event.kind}`, {text: sayAlert(language, event.alert)});
		case 'evidence': {
			const {evidence, runbook, node = ''} = event;
			const look = sayLookTitle(language, evidence.look);
			const problem = sayBlind(language, evidence);
			const said =
				runbook === undefined
					? say('event.evidence', {look})
					: say('event.evidence-of', {look, runbook, node});
			return problem === undefined ? said : `${said}: ${problem}`;
		}

		case 'walk-started':
			return say('event.walk-started', {title: event.title[language]});
		case 'walk-decided': {
			const verdict = say(`verdict.${event.verdict}`);
			return say('event.walk-decided', {title: event.title[language], verdict});
		}

		case 'walk-turned': {
			const {says, runbook, node} = event;
			return say('event.walk-turned', {says: says[language], runbook, node});
		}

		case 'walk-ended': {
			const {runbook, outcome, says} = event;
			const said = says?.[language] ?? '';
			return say('event.walk-ended', {runbook, outcome: say(`walk.${outcome}`), says: said});
		}

		case 'operation': {
			const {operation} = event;
			const {title, target, outcome} = operation;
			const said = {title: sayPhrase(language, title), target};
			if (outcome === undefined) return say('event.operation-begun', said);
			return say('event.operation', {...said, outcome: sayOutcome(language, operation)});
		}

		case 'change': {
			const {change, text} = event;
			return say('event.change', {what: say(`change.${change}`), text});
		}

		case 'note':
			return say('event.note', {text: event.text});
		case 'acknowledged':
			return say('event.acknowledged');
		case 'severity-changed': {
			const {severity, why = ''} = event;
			return say('event.severity-changed', {severity: say(`severity.${severity}`), why});
		}

		case 'phase-entered':
			return say('event.phase-entered', {phase: say(`phase.${event.phase}`)});
		case 'rollback': {
			const {step, state} = event;
			const params = {step: say(`rollback.${step}`), state: say(`rollback.${state}`)};
			return say('event.rollback', params);
		}

		case 'closed':
			return say('event.closed', {cause: event.cause, done: event.done});
	}
}
