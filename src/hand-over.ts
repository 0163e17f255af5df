import {spawn} from 'node:child_process';
import process from 'node:process';
import {clean} from './domain/clean.ts';

/** How a program that had the terminal ended; `cause` where it could not be started or was refused at once. */
export type HandedOver = {readonly exitCode: number; readonly cause?: string};

/** A program that ends this soon with a failure was not used by anybody, in ms. */
const atOnceMs = 1000;

/**
 * Runs a program on this terminal, under a line that says how to leave it: it gets standard input, output and error as
 * they are. Resolves when it has ended; never rejects. Signals that the terminal sends meanwhile are for the program.
 */
export async function runOnTerminal(
	argv: readonly [string, ...string[]],
	how: string,
): Promise<HandedOver> {
	const [program, ...args] = argv;
	process.stdout.write(`${how}\n`);
	const startMs = performance.now();
	return new Promise(resolve => {
		const child = spawn(program, args, {stdio: 'inherit'});
		child.on('error', error => resolve({exitCode: 127, cause: clean(error.message, 200)}));
		child.on('exit', (code, signal) => {
			const exitCode = code ?? 128;
			// Left with ctrl-c: that is how some of them are left.
			const isLeft = exitCode === 130 || signal === 'SIGINT';
			const wasAtOnce = exitCode !== 0 && !isLeft && performance.now() - startMs < atOnceMs;
			const how = signal ?? `exit status ${exitCode}`;
			resolve({exitCode, ...(wasAtOnce && {cause: how})});
		});
	});
}
