import {cleanLine} from '../../domain/clean.ts';
import {maskText} from '../../domain/mask.ts';
import type {LookFacts} from '../reader.ts';

/** One commit: short hash and subject. */
export type Commit = {readonly atMs: number; readonly text: string};

/** Commits of the output of `git log --format=%ct%x09%h%x09%s`, newest first. */
export function commitsIn(output: string): readonly Commit[] {
	return output.split('\n').flatMap(line => {
		const [seconds, hash, ...subject] = line.split('\t');
		const atMs = Number(seconds) * 1000;
		if (!(atMs > 0) || hash === undefined) return [];
		return [{atMs, text: cleanLine(maskText(`${hash} ${subject.join(' ')}`), 160)}];
	});
}

// A repository's own settings may name programs (pager, signatures, file system monitor, hooks, transports): none is run.
const harmless = [
	'safe.directory=*',
	'core.fsmonitor=false',
	'core.hooksPath=/dev/null',
	'core.pager=cat',
	'log.showSignature=false',
	'protocol.allow=never',
].flatMap(setting => ['-c', setting]);

/** The last commits (at most 50) of the repository that a folder is in; undefined where it is in none or git is absent. */
export async function lastCommits(
	{io, signal}: Pick<LookFacts, 'io' | 'signal'>,
	folder: string,
): Promise<readonly Commit[] | undefined> {
	if (!folder.startsWith('/') || !(await io.processes.has('git'))) return undefined;
	const path = io.environment['PATH'] ?? '/usr/bin:/bin';
	const variables = [
		'LC_ALL=C',
		'GIT_TERMINAL_PROMPT=0',
		'GIT_NO_LAZY_FETCH=1',
		'GIT_OPTIONAL_LOCKS=0',
	];
	const {exitCode, stdout} = await io.processes.run(
		[
			...(['env', '-i', `PATH=${path}`] as const),
			...variables,
			...['git', '-C', folder, ...harmless, 'log', '--max-count=50', '--no-show-signature'],
			...['--no-mailmap', '--no-color', '--no-patch', '--format=%ct%x09%h%x09%s'],
		],
		signal,
	);
	return exitCode === 0 ? commitsIn(stdout) : undefined;
}
