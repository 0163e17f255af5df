import {execFile} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** The built program. */
export const mainFile = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** What a run of the program without a terminal gave. */
export type Outcome = {
	readonly status: number | null;
	readonly stdout: string;
	readonly stderr: string;
	readonly tookMs: number;
};

/** A folder in which the program finds no configuration but the one it is given. */
export type Place = {
	readonly folder: string;
	/** Runs the program here without a terminal and waits for its end. */
	run: (
		parameters: readonly string[],
		environment?: Readonly<Record<string, string>>,
	) => Promise<Outcome>;
	/** Runs `status --json` and returns its exit status and its document. */
	status: (
		parameters?: readonly string[],
		environment?: Readonly<Record<string, string>>,
	) => Promise<{readonly status: number | null; readonly document: unknown}>;
	/** Writes a file here and returns its path. */
	write: (name: string, text: string) => Promise<string>;
	remove: () => Promise<void>;
};

/** Makes a place of a test's own to run the program in. */
export async function makePlace(): Promise<Place> {
	const folder = await mkdtemp(join(tmpdir(), 'opsconsole-place-'));
	const usual = {
		PATH: process.env['PATH'] ?? '',
		HOME: folder,
		USER: 'operator',
		LANG: 'C.UTF-8',
		...(process.env['DOCKER_HOST'] === undefined ? {} : {DOCKER_HOST: process.env['DOCKER_HOST']}),
	};
	const run: Place['run'] = (parameters, environment = {}) => {
		const begun = performance.now();
		return new Promise(resolve => {
			const child = execFile(
				process.execPath,
				[mainFile, ...parameters],
				{cwd: folder, env: {...usual, ...environment}, maxBuffer: 64 * 2 ** 20, timeout: 40_000},
				(_error, stdout, stderr) => {
					const tookMs = performance.now() - begun;
					resolve({status: child.exitCode, stdout, stderr, tookMs});
				},
			);
			child.stdin?.end();
		});
	};
	return {
		folder,
		run,
		status: async (parameters = [], environment = {}) => {
			const {status, stdout, stderr} = await run(['status', '--json', ...parameters], environment);
			if (stdout === '') throw new Error(`status --json ended with ${status}: ${stderr}`);
			const document: unknown = JSON.parse(stdout);
			return {status, document};
		},
		write: async (name, text) => {
			const path = join(folder, name);
			await writeFile(path, text, {mode: 0o600});
			return path;
		},
		remove: () => rm(folder, {recursive: true, force: true}),
	};
}
