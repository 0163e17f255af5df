import {lstat, mkdir} from 'node:fs/promises';
import {homedir} from 'node:os';
import {dirname, join} from 'node:path';
import {clean} from '../domain/clean.ts';
import {flagName, publicFlag} from '../domain/maintenance.ts';
import {ProblemError} from '../domain/problem.ts';

/** Where everything is kept that outlives the console: runs, backups, locks, the audit. Absolute paths. */
export type StateFolders = {
	readonly root: string;
	/** One folder a run: `plan.json`, `confirm.json`, `journal.jsonl`, `stdout.log`, `stderr.log`. */
	readonly runs: string;
	readonly backups: string;
	readonly scratch: string;
	readonly trash: string;
	readonly audit: string;
	readonly locks: string;
	/** File that tells monitors from outside which operations run. */
	readonly maintenance: string;
};

/** The part of the world that decides where the state is. */
export type StateChoice = {
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly userId: number;
	readonly home?: string;
	/** From the configuration. */
	readonly backups?: string;
};

/** Names the folders without touching them: `OPSCONSOLE_STATE`, else /var/lib for root, else the user's state folder. */
export function stateFolders(choice: StateChoice): StateFolders {
	const {environment, userId, home = homedir(), backups} = choice;
	const chosen = environment['OPSCONSOLE_STATE'] ?? '';
	const own = environment['XDG_STATE_HOME'] || join(home, '.local', 'state');
	const root =
		chosen !== '' ? chosen : userId === 0 ? '/var/lib/opsconsole' : join(own, 'opsconsole');
	const runtime = environment['XDG_RUNTIME_DIR'] ?? '';
	const locks =
		chosen !== ''
			? join(root, 'locks')
			: userId === 0
				? '/run/lock/opsconsole'
				: runtime === ''
					? join(root, 'locks')
					: join(runtime, 'opsconsole');
	return {
		root,
		runs: join(root, 'ops'),
		backups: backups ?? join(root, 'backups'),
		scratch: join(root, 'scratch'),
		trash: join(root, 'trash'),
		audit: join(root, 'audit'),
		locks,
		maintenance: chosen === '' && userId === 0 ? publicFlag : join(root, flagName),
	};
}

/** Makes a folder and its parents. Node's own way never ends where the system says that a parent is not there (/proc). */
async function makeFolder(folder: string, mayMakeParent = true): Promise<void> {
	try {
		await mkdir(folder, {mode: 0o700});
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? error.code : undefined;
		if (code === 'EEXIST') return;
		if (code !== 'ENOENT' || !mayMakeParent || dirname(folder) === folder) throw error;
		await makeFolder(dirname(folder));
		await makeFolder(folder, false);
	}
}

async function openFolder(folder: string, userId: number): Promise<void> {
	const refuse = (cause: string, error?: unknown) =>
		new ProblemError(
			{code: 'state-folder-unusable', params: {folder: clean(folder), cause}, retry: 'rarely'},
			{cause: error},
		);
	try {
		await makeFolder(folder);
		const facts = await lstat(folder);
		if (facts.isSymbolicLink()) throw refuse('it is a link');
		if (!facts.isDirectory()) throw refuse('it is not a folder');
		if (facts.uid !== userId) throw refuse(`it belongs to user ${facts.uid}`);
		if ((facts.mode & 0o077) !== 0) {
			throw refuse(`others have rights in it (mode ${(facts.mode & 0o777).toString(8)})`);
		}
	} catch (error) {
		if (error instanceof ProblemError) throw error;
		const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
		throw refuse(code, error);
	}
}

/** Makes the folders where they are missing. Rejects with `state-folder-unusable`: then nothing can be changed. */
export async function openStateFolders(folders: StateFolders, userId: number): Promise<void> {
	const {root, runs, backups, scratch, trash, audit, locks} = folders;
	for (const folder of [root, runs, backups, scratch, trash, audit, locks]) {
		await openFolder(folder, userId);
	}
}
