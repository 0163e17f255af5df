import {fileURLToPath} from 'node:url';
import {exitStatuses} from '../src/domain/exit-status.ts';
import {operations} from '../src/operations/index.ts';
import {commandTable} from '../src/work/command-table.ts';
import {problems, type ProblemCode} from '../src/words/index.ts';
import {sayPhrase} from '../src/words/phrases/phrase.ts';
import {readOperationFacts} from './operation-facts.ts';

const meanings: Readonly<Record<keyof typeof exitStatuses, string>> = {
	done: 'done and verified',
	failed: 'failed; rolled back, or nothing was changed',
	usage: 'the command line or the configuration is wrong, or nothing confirms the operation',
	refused: 'refused before anything was changed',
	manual: 'failed, and a person must act',
	warnings: 'done, with warnings',
	backupMissing: 'there is no such backup',
	verificationFailed: 'a backup did not pass its verification',
	busy: 'somebody else is at it; the message says who, since when and how far',
	cancelled: 'cancelled and taken back',
};

const riskWords: Readonly<Record<string, string>> = {
	safe: 'safe: Enter, or `--yes`',
	disruptive: 'disruptive: a card whose focus is on cancel, or `--yes`',
	destructive: 'destructive: the text of the card typed, or `--confirm TEXT`',
};

/** Places of a sentence, so that they are not taken for HTML. */
function places(text: string): string {
	return text.replace(/\{(\w+)\}/g, '‹$1›');
}

function cell(text: string): string {
	return places(text)
		.replaceAll('|', String.raw`\|`)
		.replaceAll('*', String.raw`\*`);
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

function refusalLine(code: ProblemCode): string {
	const {summary, hint} = problems[code].en;
	return `| \`${code}\` | ${cell(summary)} | ${cell(hint)} |`;
}

/** docs/operations.md: what each operation may do, refuses, and how it is undone, as its code has it. */
export function renderOperations(): string {
	const factsOf = readOperationFacts(fileURLToPath(new URL('..', import.meta.url)));
	const usage = commandTable.flatMap(command => command.usage);
	const ids = Object.keys(operations).toSorted();
	const lines = [
		'# Operations',
		'',
		'Made from the code of the operations by config/generate.ts; do not edit.',
		'',
		'Every change takes one road: it is planned, shown as a card, confirmed once, carried out by a worker that does not need',
		'the terminal, verified, and written into the audit. `--dry-run` prints the card; the worker may do nothing that is not on',
		'it. What a plan can refuse with and what its commands look like is read out of the code here: a line stands for a',
		'command that some plan of the operation holds, `‹name›` for what the plan fills in, `‹flavour›` for redis or valkey.',
		'',
		'## Exit statuses',
		'',
		'| status | meaning |',
		'| --- | --- |',
		...Object.entries(exitStatuses)
			.toSorted(([, a], [, b]) => a - b)
			.map(([name, status]) => `| ${status} | ${meanings[name as keyof typeof exitStatuses]} |`),
		'',
		'## Confirmation',
		'',
		...Object.values(riskWords).map(text => `- ${text}`),
		'',
		'## Commands',
		'',
		'| `opsconsole …` | does |',
		'| --- | --- |',
		...usage.map(
			([form, text]) => `| \`${form.replaceAll('|', String.raw`\|`)}\` | ${cell(text)} |`,
		),
		'',
		...ids.flatMap(id => operationLines(id, factsOf(id))),
		'## What any operation can be refused with',
		'',
		'Besides its own reasons, the road itself refuses a console that may only read, a plan that no longer fits the server, a',
		'confirmation that does not fit, and a second operation on the same thing; and a server that does not answer is named as',
		'it is everywhere else.',
		'',
		'| code | cause | next step |',
		'| --- | --- | --- |',
		...roadCodes.map(code => refusalLine(code)),
		'',
	];
	return lines.join('\n');
}

const roadCodes = [
	'road-read-only',
	'road-viewer',
	'road-busy',
	'confirm-needed',
	'confirm-wrong',
	'plan-changed',
	'plan-too-old',
	'plan-edited',
	'plan-used',
	'journal-unwritable',
	'state-folder-unusable',
] as const satisfies readonly ProblemCode[];

function operationLines(
	id: string,
	{risks, refusals, commands, undo}: ReturnType<ReturnType<typeof readOperationFacts>>,
): readonly string[] {
	const title = operations[id]?.title;
	const said = undo.map(code => places(sayPhrase('en', {code})));
	return [
		`## ${id}`,
		'',
		`${capital(title ? places(sayPhrase('en', title)) : id)}.`,
		'',
		`- Risk: ${risks.map(risk => `**${risk}**`).join(' or ')}.`,
		...said.map(text => `- Undone: ${text.replaceAll('*', String.raw`\*`).replace(/\.$/, '')}.`),
		'',
		...(commands.length === 0
			? []
			: ['```text', ...commands.map(line => line.replace(/<([^>]*)>/g, '‹$1›')), '```', '']),
		...(refusals.length === 0
			? []
			: [
					'| refused with | cause | next step |',
					'| --- | --- | --- |',
					...refusals.map(code => refusalLine(code)),
					'',
				]),
	];
}
