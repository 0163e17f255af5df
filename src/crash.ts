import process from 'node:process';
import {clean} from './domain/clean.ts';
import {maskCommand} from './domain/mask.ts';

/** Exit status for a failure of the program itself (sysexits). */
export const crashStatus = 70;

/** One line about what the program failed on, without secrets; where in the program, with `OPSCONSOLE_DEBUG=1`. */
export function describeCrash(error: unknown): string {
	const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
	const cause = maskCommand(clean(message.split('\n', 1)[0] ?? '', 300));
	const isDetailed = process.env['OPSCONSOLE_DEBUG'] === '1';
	const stack = isDetailed && error instanceof Error ? (error.stack ?? '') : '';
	const frames = stack.split('\n').filter(line => /^\s+at /.test(line));
	const hint = isDetailed ? '' : ' (OPSCONSOLE_DEBUG=1 says where)';
	return [`opsconsole: failed on its own: ${cause}${hint}`, ...frames.map(line => clean(line))]
		.map(line => `${line}\n`)
		.join('');
}

/** Calls `onCrash` for exceptions and rejections that nobody caught, instead of Node's way of ending. */
export function watchCrashes(onCrash: (error: unknown) => void): void {
	process.removeAllListeners('uncaughtException');
	process.on('uncaughtException', onCrash);
}
