import {execFile, spawn} from 'node:child_process';

/** What a command of the lab may be given: environment, standard input, a deadline, a folder. */
export type RunOptions = {
	environment?: Record<string, string>;
	input?: string;
	deadlineMs?: number;
	folder?: string;
	/** Standard error after standard output, in what is returned. */
	withErrors?: boolean;
};

/** Runs a program and returns its standard output without the last newline; fails with what it said. */
export function run(
	program: string,
	parameters: readonly string[],
	options: RunOptions = {},
): Promise<string> {
	const {environment, input, deadlineMs = 120_000, folder, withErrors = false} = options;
	return new Promise((resolve, reject) => {
		const child = execFile(
			program,
			[...parameters],
			{
				env: {...process.env, ...environment},
				timeout: deadlineMs,
				maxBuffer: 64 * 2 ** 20,
				...(folder === undefined ? {} : {cwd: folder}),
			},
			(error, stdout, stderr) => {
				if (!error) {
					resolve((withErrors ? stdout + stderr : stdout).replace(/\n$/, ''));
					return;
				}
				const late = error.killed ? ` did not end within ${deadlineMs} ms` : '';
				const said = (stderr || stdout || error.message).trim();
				reject(new Error(`${program} ${parameters[0] ?? ''}${late}: ${said}`, {cause: error}));
			},
		);
		child.stdin?.on('error', () => undefined);
		child.stdin?.end(input);
	});
}

/** Runs the docker program (see `run`). */
export function docker(parameters: readonly string[], options: RunOptions = {}): Promise<string> {
	return run('docker', parameters, options);
}

/** The lines of a command's output, without empty ones. */
export function linesOf(text: string): string[] {
	return text.split('\n').filter(line => line !== '');
}

/** Runs a program with this terminal as its own; resolves with its exit code. */
export function runInTerminal(program: string, parameters: readonly string[]): Promise<number> {
	return new Promise((resolve, reject) => {
		const child = spawn(program, [...parameters], {stdio: 'inherit'});
		child.once('error', reject);
		child.once('exit', (code, signal) => resolve(code ?? (signal ? 128 : 0)));
	});
}
