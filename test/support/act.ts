import {readdir, readFile} from 'node:fs/promises';
import {ProblemError, type Problem} from '../../src/domain/problem.ts';
import {sayProblem} from '../../src/words/say-problem.ts';

/** The problem that a promise rejects with; fails where it does not, or where a place of its words stays empty. */
export async function problemOf(promise: Promise<unknown>): Promise<Problem> {
	const outcome = await promise.then(
		value => ({value}),
		(error: unknown) => ({error}),
	);
	if (!('error' in outcome)) throw new Error(`it succeeded: ${JSON.stringify(outcome.value)}`);
	if (!(outcome.error instanceof ProblemError)) throw outcome.error;
	const {problem} = outcome.error;
	for (const language of ['en', 'zh'] as const) {
		const {summary, hint} = sayProblem(language, problem);
		const open = /\{\w+\}/.exec(summary + hint);
		if (open) throw new Error(`${problem.code} has no value for ${open[0]}`);
	}

	return problem;
}

/** A signal that nothing fires. */
export const never: AbortSignal = new AbortController().signal;

/** Bytes as a feed, in chunks. */
export async function* feedOf(bytes: number, chunkBytes = 65_536): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < bytes; at += chunkBytes) {
		yield await Promise.resolve(Buffer.alloc(Math.min(chunkBytes, bytes - at), 'a'));
	}
}

/** Takes every chunk of a feed. */
export async function textOfFeed(feed: AsyncIterable<Uint8Array>): Promise<string> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of feed) chunks.push(chunk);
	return Buffer.concat(chunks).toString();
}

/** Numbers of the processes of this machine whose arguments hold a text. */
export async function processesWith(text: string): Promise<string[]> {
	const names = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
	const lines = await Promise.all(
		names.map(name => readFile(`/proc/${name}/cmdline`, 'latin1').catch(() => '')),
	);
	return names.filter((_, index) => lines[index]?.includes(text));
}
