import {clean} from './domain/clean.ts';
import {exitStatuses} from './domain/exit-status.ts';
import type {Settings} from './domain/settings.ts';
import type {Io} from './io/io.ts';
import type {CommandFlags} from './work/command-table.ts';
import {runbookCommandWords} from './words/runbook-command-words.ts';
import {fill} from './words/words.ts';

/** What a command about runbooks is given. */
export type RunbookFacts = {
	readonly io: Io;
	readonly settings: Settings;
	readonly flags: CommandFlags;
};

/** One word after `opsconsole runbook`. */
export type RunbookCommand = {
	/** Its words, as they are called: `import HANDBOOK.md`. */
	readonly form: string;
	/** How many words it takes after its own, at least and at most. */
	readonly takes: readonly [least: number, most: number];
	/** Resolves with the exit status. */
	readonly run: (words: readonly string[], facts: RunbookFacts) => Promise<number>;
};

/** Everything that `opsconsole runbook` can do, by its word. */
export const runbookCommands: Readonly<Record<string, RunbookCommand>> = {
	import: {
		form: 'import HANDBOOK.md [--output FILE]',
		takes: [1, 1],
		run: async (words, facts) => (await import('./runbook-import.ts')).importFile(words, facts),
	},
	list: {
		form: 'list [--json]',
		takes: [0, 0],
		run: async (_words, facts) => (await import('./runbook-list.ts')).listRunbooks(facts),
	},
	show: {
		form: 'show ID [--json]',
		takes: [1, 1],
		run: async (words, facts) => (await import('./runbook-list.ts')).showRunbook(words, facts),
	},
	check: {
		form: 'check FILE…',
		takes: [1, 500],
		run: async (words, facts) => (await import('./runbook-list.ts')).checkRunbooks(words, facts),
	},
	looks: {
		form: 'looks [--json]',
		takes: [0, 0],
		run: async (_words, facts) => (await import('./runbook-list.ts')).listLooks(facts),
	},
	run: {
		form: 'run ID [--service NAME] [--server ID] [--yes] [--answer NODE=NUMBER]',
		takes: [1, 1],
		run: async (words, facts) => (await import('./runbook-run.ts')).runWizard(words, facts),
	},
};

/** `opsconsole diagnose` and `opsconsole check`, which have words of their own. */
export const ownCommands: Readonly<Record<string, RunbookCommand>> = {
	diagnose: {
		form: 'diagnose [--json]',
		takes: [0, 0],
		run: async (_words, facts) => (await import('./diagnose-command.ts')).runDiagnose(facts),
	},
	check: {
		form: 'check [CHECKLIST] [--answer ITEM=yes|no|na] [--sign TEXT] [--json]',
		takes: [0, 1],
		run: async (words, facts) => (await import('./check-command.ts')).runCheck(words, facts),
	},
};

function fail(text: string): number {
	process.stderr.write(`opsconsole: ${text}\n`);
	return exitStatuses.usage;
}

async function runOne(
	command: RunbookCommand,
	words: readonly string[],
	facts: RunbookFacts,
): Promise<number> {
	const [least, most] = command.takes;
	if (words.length >= least && words.length <= most) return command.run(words, facts);
	return fail(fill(runbookCommandWords.usage[facts.settings.language], {form: command.form}));
}

/** Carries out `runbook …`, `diagnose` or `check …`; resolves with the exit status, 64 for wrong words. */
export async function runRunbook(words: readonly string[], facts: RunbookFacts): Promise<number> {
	const [first = '', ...rest] = words;
	const own = Object.hasOwn(ownCommands, first) ? ownCommands[first] : undefined;
	if (own) return runOne(own, rest, facts);
	const [word = '', ...more] = rest;
	const command = Object.hasOwn(runbookCommands, word) ? runbookCommands[word] : undefined;
	if (command) return runOne({...command, form: `runbook ${command.form}`}, more, facts);
	const known = Object.keys(runbookCommands).join(', ');
	const {language} = facts.settings;
	return fail(fill(runbookCommandWords.unknown[language], {word: clean(word, 40), known}));
}
