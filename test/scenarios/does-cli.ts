import type {Ground} from './ground.ts';
import {endsOf, namesOfPlay, type DoPlay} from './do-play.ts';
import {doPlays} from './does.ts';
import {buildConsole} from './does-ground.ts';
import {doesSummary, doesTable, doNodesOf} from './does-table.ts';
import {playDo, type DoPlayed} from './play-do.ts';

/** The plays that the names mean, `wizard` or `wizard.node`; all where there is none. A name that means nothing is given. */
export function choosePlays(names: readonly string[]): readonly DoPlay[] | string {
	const isMeant = (play: DoPlay, name: string) =>
		[play.wizard, ...namesOfPlay(play)].includes(name);
	const unknown = names.find(name => !doPlays.some(play => isMeant(play, name)));
	if (unknown !== undefined) return unknown;
	return doPlays.filter(play => names.length === 0 || names.some(name => isMeant(play, name)));
}

/** One line a play, for `--list`. */
export function listPlays(): string {
	return doPlays
		.map(play => `${namesOfPlay(play).join(' ')} -> ${endsOf(play).join(' or ')}\n`)
		.join('');
}

/**
 * The plays in their order. What has to grow old is prepared at the beginning and played as soon as it is of age, since
 * many a thing of one minute must not be one of ten; the other plays fill the time.
 */
async function* inOrder(ground: Ground, plays: readonly DoPlay[]): AsyncIterable<DoPlay> {
	const dueMs = new Map<DoPlay, number>();
	await Promise.all(
		plays.map(async play => {
			await play.ages?.prepare(ground);
			if (play.ages) dueMs.set(play, performance.now() + play.ages.forMs);
		}),
	);

	const left = new Set(plays);
	const aged = [...dueMs.keys()].toSorted((one, other) => dueOf(one) - dueOf(other));
	function dueOf(play: DoPlay): number {
		return dueMs.get(play) ?? 0;
	}

	while (left.size > 0) {
		const oldest = aged.find(play => left.has(play));
		const isOfAge = oldest !== undefined && dueOf(oldest) <= performance.now();
		const young = plays.find(play => left.has(play) && !dueMs.has(play));
		const next = isOfAge ? oldest : (young ?? oldest);
		if (next === undefined) return;
		const leftMs = dueOf(next) - performance.now();
		if (leftMs > 0) {
			process.stderr.write(`waiting ${Math.ceil(leftMs / 1000)} s for its age\n`);
			await new Promise(resolve => setTimeout(resolve, leftMs));
		}

		left.delete(next);
		yield next;
	}
}

/** Plays every `do` that is meant; tells whether all were shown. */
export async function playDoes(
	ground: Ground,
	plays: readonly DoPlay[],
	isVerbose: boolean,
): Promise<boolean> {
	const {open, remove} = await buildConsole(ground);
	const played: DoPlayed[] = [];
	try {
		for await (const play of inOrder(ground, plays)) {
			const one = await playDo(ground, play, open);
			played.push(one);
			const seconds = (one.wholeMs / 1000).toFixed(1);
			const said = one.shown.map(({node, verdict, outcome}) => `${node} ${verdict} ${outcome}`);
			const line = `${play.wizard}: ${said.join(', ')} ${one.note} (${seconds} s)`;
			process.stderr.write(`${line}\n`);
			if (isVerbose) process.stderr.write(`    ${one.way.join(' > ')}\n`);
		}
	} finally {
		await remove();
	}

	const {text, isGood} = doesSummary(played, doNodesOf(ground.runbooks));
	process.stdout.write(`${doesTable(played)}\n\n${text}\n`);
	return isGood;
}
