import {readRunbookFile} from '../config/load-runbooks.ts';
import {formatConfigError} from '../config/error.ts';
import {clean} from './domain/clean.ts';
import {formatDateTime} from './domain/format.ts';
import {exitStatuses} from './domain/exit-status.ts';
import {print, printJson} from './print.ts';
import {foldersOf} from './own-state.ts';
import type {RunbookFacts} from './runbook-commands.ts';
import {runbooksHere} from './runbooks-here.ts';
import {lookDeclarations} from './runbooks/looks/index.ts';
import type {LookDeclaration} from './runbooks/look.ts';
import type {Runbook} from './runbooks/runbook.ts';
import {saySource} from './runbooks/say.ts';
import {isOver, waitsForPerson, type Walk} from './runbooks/walk.ts';
import {holderOf, listWalks, walkOf} from './work/walks.ts';
import {runbookWords, type RunbookWord} from './words/runbook-words.ts';
import {fill} from './words/words.ts';

/** What the commands about runbooks say. */
export function runbookSayer({settings}: Pick<RunbookFacts, 'settings'>) {
	return (word: RunbookWord, values: Readonly<Record<string, string | number>> = {}) =>
		fill(runbookWords[word][settings.language], values);
}

/** Tells on standard error what is wrong; gives the exit status. */
export function failWith(text: string, status: number = exitStatuses.usage): number {
	process.stderr.write(`opsconsole: ${text}\n`);
	return status;
}

/** Says which of the operator's own files are no runbooks; they are left out. */
export function warnOf(
	errors: readonly Parameters<typeof formatConfigError>[0][],
	facts: Pick<RunbookFacts, 'settings'>,
): void {
	for (const error of errors) {
		process.stderr.write(`${formatConfigError(error, facts.settings.language)}\n`);
	}
}

function document({id, kind, title, symptoms, covers, on, from}: Runbook) {
	return {id, kind, title, symptoms, covers, on, from};
}

type OpenWalk = {
	readonly walk: Walk;
	readonly state: 'held' | 'for' | 'person' | 'walk';
	readonly heldBy?: string;
};

/** The walks that are not over, and for whom they wait. */
async function openWalks(
	{io, settings}: RunbookFacts,
	runbooks: Readonly<Record<string, Runbook>>,
): Promise<readonly OpenWalk[]> {
	const kept = await listWalks(foldersOf(io, settings).root);
	const found = await Promise.all(
		kept.map(async (one): Promise<readonly OpenWalk[]> => {
			const walk = walkOf(one, runbooks)?.walk;
			if (!walk || isOver(walk)) return [];
			const holder = await holderOf(one.folder);
			if (holder) return [{walk, state: 'held', heldBy: clean(holder.by, 80)}];
			if (walk.status === 'handed-over') return [{walk, state: 'for'}];
			return [{walk, state: waitsForPerson(walk) ? 'person' : 'walk'}];
		}),
	);
	return found.flat();
}

/** `runbook list`: the walks that wait, every wizard and checklist with its symptoms. */
export async function listRunbooks(facts: RunbookFacts): Promise<number> {
	const {settings, flags} = facts;
	const {language} = settings;
	const say = runbookSayer(facts);
	const {runbooks, errors} = await runbooksHere();
	warnOf(errors, facts);
	const all = Object.values(runbooks);
	const walks = await openWalks(facts, runbooks);
	if (flags['json'] === true) {
		const kept = walks.map(({walk: {id, runbook, scope, by, at}, state}) => ({
			...{id, runbook, scope, by, at, state},
		}));
		await printJson({version: '1.0', runbooks: all.map(document), walks: kept});
		return exitStatuses.done;
	}

	const width = Math.max(...all.map(({id}) => id.length), 0) + 2;
	const lines = (kind: Runbook['kind']) =>
		all
			.filter(one => one.kind === kind)
			.map(({id, title, covers}) =>
				`  ${id.padEnd(width)}${title[language]}  ${covers.join(' ')}`.trimEnd(),
			);
	const waiting = walks.flatMap(({walk, state, heldBy}) => [
		`  ${walk.id}  ${runbooks[walk.runbook]?.title[language] ?? walk.runbook}`,
		`      ${say('list.walk', {
			state: say(`calendar.${state}`, {by: heldBy ?? walk.by}),
			...{by: walk.by, time: formatDateTime(walk.startedAtMs), runbook: walk.runbook},
		})}`,
	]);
	const text = [
		...(waiting.length === 0 ? [] : [say('list.walks'), ...waiting, '']),
		say('list.wizards'),
		...lines('wizard'),
		'',
		say('list.checklists'),
		...lines('checklist'),
		'',
	];
	await print(text.join('\n'));
	return exitStatuses.done;
}

/** `runbook show ID`: what it is about, and its steps or items. */
export async function showRunbook([id = '']: readonly string[], facts: RunbookFacts) {
	const {settings, flags} = facts;
	const {language} = settings;
	const say = runbookSayer(facts);
	const {runbooks} = await runbooksHere();
	const runbook = Object.hasOwn(runbooks, id) ? runbooks[id] : undefined;
	if (!runbook) return failWith(say('unknown-runbook', {id: clean(id, 60)}));
	if (flags['json'] === true) {
		await printJson({version: '1.0', runbook});
		return exitStatuses.done;
	}

	const head = [
		`${runbook.id}: ${runbook.title[language]}`,
		`  ${say(`subject.${runbook.on}`)}; ${say('list.covers')}: ${runbook.covers.join(' ')}`,
		...runbook.symptoms.map(symptom => `  ${say('list.symptoms')}: ${symptom[language]}`),
		'',
	];
	const body =
		runbook.kind === 'checklist'
			? runbook.items.map(({id: item, title}) => `  ${item}: ${title[language]}`)
			: Object.values(runbook.causes).map(
					({id: cause, title, when}) => `  ${cause}: ${title[language]}\n      ${when.text}`,
				);
	await print([...head, ...body, ''].join('\n'));
	return exitStatuses.done;
}

/** `runbook check FILE…`: every mistake with file, line and column; 0 where there is none. */
export async function checkRunbooks(paths: readonly string[], facts: RunbookFacts) {
	const {settings, flags} = facts;
	const say = runbookSayer(facts);
	const read = await Promise.all(
		paths.map(async path => ({path, read: await readRunbookFile(path)})),
	);
	const errors = read.flatMap(({read: one}) => (one.ok ? [] : one.errors));
	if (flags['json'] === true) {
		await printJson({
			version: '1.0',
			errors: errors.map(({file, line, column, key, expected, nearest}) => ({
				file,
				line,
				column,
				key,
				expected: expected[settings.language],
				...(nearest !== undefined && {nearest}),
			})),
		});
	} else {
		for (const {path, read: one} of read) {
			if (!one.ok) continue;
			const {runbook} = one;
			const count =
				runbook.kind === 'wizard' ? Object.keys(runbook.nodes).length : runbook.items.length;
			await print(`${say('check.good', {file: clean(path, 300), id: runbook.id, count})}\n`);
		}

		await print(errors.map(error => `${formatConfigError(error, settings.language)}\n`).join(''));
	}

	return errors.length > 0 ? exitStatuses.failed : exitStatuses.done;
}

/** `runbook looks`: everything that a runbook can look at, with its fields. */
export async function listLooks(facts: RunbookFacts): Promise<number> {
	const {settings, flags} = facts;
	const {language} = settings;
	const all: readonly (readonly [string, LookDeclaration])[] = Object.entries(lookDeclarations);
	if (flags['json'] === true) {
		await printJson({version: '1.0', looks: Object.fromEntries(all)});
		return exitStatuses.done;
	}

	const lines = all.flatMap(([id, {title, on, fields}]) => [
		`${id}  ${title[language]} (${on}; ${saySource(id, language)})`,
		...Object.entries(fields).map(([name, field]) => {
			const type =
				field.type === 'number'
					? field.unit
					: field.type === 'text' && field.values
						? field.values.join('|')
						: field.type;
			return `    ${name}  ${type}  ${field.title[language]}`;
		}),
	]);
	await print(`${lines.join('\n')}\n`);
	return exitStatuses.done;
}
