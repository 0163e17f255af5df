import {clean} from './domain/clean.ts';
import {exitStatuses} from './domain/exit-status.ts';
import {formatDateTime} from './domain/format.ts';
import type {Level} from './domain/level.ts';
import type {Language} from './domain/settings.ts';
import {withEyes} from './headless-eyes.ts';
import {goThrough} from './go-through.ts';
import {print, printJson} from './print.ts';
import {foldersOf, openState} from './program.ts';
import type {RunbookFacts} from './runbook-commands.ts';
import {failWith, runbookSayer, warnOf} from './runbook-list.ts';
import {chooseScope} from './runbook-scope.ts';
import {runbooksHere} from './runbooks-here.ts';
import {type Answer, type CheckResult, type ItemResult} from './runbooks/checklist.ts';
import {nothingSeen, valuesOf, withEvidence} from './runbooks/evidence.ts';
import type {Checklist, Item} from './runbooks/runbook.ts';
import {sayText} from './runbooks/say.ts';
import {keepCheck} from './work/checks.ts';
import {problemOfError} from './work/perform.ts';
import {nameOfOperator, whoAmI} from './work/who.ts';
import {sayProblem} from './words/say-problem.ts';
import {say as sayScreen} from './words/screen.ts';

/** Exit statuses for cron, as `status` has them. */
const statuses: Readonly<Record<Level, number>> = {ok: 0, warn: 1, crit: 2, unknown: 3};

const values = {yes: 'yes', no: 'no', na: 'not-applicable'} as const;

/** The answers of the command line by item, or the one that cannot be understood. */
function answersOf(
	facts: RunbookFacts,
	checklist: Checklist,
	by: string,
): ReadonlyMap<string, Answer> | string {
	const answers = new Map<string, Answer>();
	for (const given of [facts.flags['answer'] ?? []].flat()) {
		const text = String(given);
		const [, item = '', word = ''] = /^([^=]+)=(yes|no|na)$/.exec(text) ?? [];
		const isPersonal = checklist.items.some(({id, by: who}) => id === item && who === 'person');
		if (!isPersonal || (word !== 'yes' && word !== 'no' && word !== 'na')) return text;
		answers.set(item, {value: values[word], by, atMs: facts.io.clock.now()});
	}

	return answers;
}

/** One line of a checklist in words, with its proof. */
function itemLines(item: Item, result: ItemResult, facts: RunbookFacts): readonly string[] {
	const say = runbookSayer(facts);
	const {language} = facts.settings;
	const head = `${say(`item.${result.outcome}`).padEnd(8)} ${item.title[language]}`;
	const isBad =
		result.outcome === 'fail' || result.outcome === 'unknown' || result.outcome === 'warn';
	const fix =
		isBad && item.fix
			? [
					item.fix.kind === 'runbook'
						? say('check.fix-runbook', {id: item.fix.runbook})
						: say('check.fix-do', {operation: item.fix.operation}),
				]
			: [];
	if (item.by === 'person') {
		const ask = result.outcome === 'open' ? [say('check.person', {item: item.id})] : [];
		return [head, ...[...ask, ...fix].map(line => `         ${line}`)];
	}

	const proof = ({outcome, evidence}: Pick<ItemResult, 'outcome' | 'evidence'>) => {
		if (outcome === 'not-applicable') return [];
		const shows = sayText(item.shows, valuesOf(withEvidence(nothingSeen, evidence)), language);
		const causes = evidence.flatMap(({problem}) =>
			problem && outcome === 'unknown'
				? [say('check.unknown-why', {cause: sayProblem(language, problem).summary})]
				: [],
		);
		return [shows, ...causes];
	};
	const proofs = result.parts
		? result.parts.flatMap(part => [
				say('check.part', {subject: part.subject, outcome: say(`item.${part.outcome}`)}),
				...proof(part).map(line => `  ${line}`),
			])
		: proof(result);
	return [head, ...[...proofs, ...fix].map(line => `         ${line}`)];
}

/** A checklist that was gone through as plain text. */
export function checkText(checklist: Checklist, result: CheckResult, facts: RunbookFacts): string {
	const say = runbookSayer(facts);
	const {language} = facts.settings;
	const {atMs, level, signed, items} = result;
	const head = say('check.head', {
		title: checklist.title[language],
		date: formatDateTime(atMs),
		level: levelWord(language, level),
	});
	const lines = checklist.items.flatMap(item => {
		const own = items.find(({id}) => id === item.id);
		return own ? itemLines(item, own, facts) : [];
	});
	const foot = signed ? say('check.signed', {by: signed.by}) : say('check.unsigned');
	return [head, '', ...lines, '', foot, ''].join('\n');
}

function levelWord(language: Language, level: Level): string {
	return sayScreen(language, `level.${level}`);
}

/** `opsconsole check daily`: goes through a checklist, keeps and shows it; for cron by its exit status. */
export async function runCheck([id]: readonly string[], facts: RunbookFacts): Promise<number> {
	const {io, settings, flags} = facts;
	const say = runbookSayer(facts);
	const {runbooks, errors} = await runbooksHere();
	warnOf(errors, facts);
	const checklists = Object.values(runbooks).filter(one => one.kind === 'checklist');
	const checklist = checklists.find(one => one.id === id);
	if (!checklist) {
		const names = checklists.map(one => one.id).join(', ');
		return failWith(say('check.not-a-checklist', {id: clean(id ?? '', 60), names}));
	}

	const by = nameOfOperator(await whoAmI());
	const answers = answersOf(facts, checklist, by);
	if (typeof answers === 'string') {
		return failWith(say('check.bad-answer', {got: clean(answers, 80)}));
	}

	return withEyes({io, settings, folders: foldersOf(io, settings)}, async eyes => {
		const scope = chooseScope(checklist, eyes.here(), facts);
		if (typeof scope === 'string') return failWith(scope);
		const nowMs = io.clock.now();
		const given = {eyes, scope, answers, by, nowMs};
		const gone = await goThrough(checklist, given, new AbortController().signal);
		const note = flags['sign'];
		const result: CheckResult =
			typeof note === 'string'
				? {...gone, signed: {by, atMs: nowMs, ...(note !== '' && {note: clean(note, 500)})}}
				: gone;
		try {
			const {root} = await openState(io, settings);
			await keepCheck(root, result);
		} catch (error) {
			const {summary} = sayProblem(settings.language, problemOfError(error, 'check'));
			process.stderr.write(`opsconsole: ${say('check.not-kept', {cause: summary})}\n`);
			if (typeof note === 'string') return exitStatuses.manual;
		}

		if (flags['json'] === true) await printJson(result);
		else await print(checkText(checklist, result, facts));
		return statuses[result.level];
	});
}
