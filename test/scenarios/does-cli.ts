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

/** What has to grow old: prepared at the beginning, so that the other plays fill the time. */
async function prepared(ground: Ground, plays: readonly DoPlay[]) {
	const dueMs = new Map<DoPlay, number>();
	await Promise.all(
		plays.map(async play => {
			await play.ages?.prepare(ground);
			if (play.ages) dueMs.set(play, performance.now() + play.ages.forMs);
		}),
	);

	const due = (play: DoPlay) => dueMs.get(play) ?? 0;
	return {
		order: plays.toSorted((one, other) => due(one) - due(other)),
		untilRipe: async (play: DoPlay) => {
			const leftMs = due(play) - performance.now();
			if (leftMs > 0) process.stderr.write(`waiting ${Math.ceil(leftMs / 1000)} s for its age\n`);
			await new Promise(resolve => setTimeout(resolve, Math.max(0, leftMs)));
		},
	};
}

/** Plays every `do` that is meant; tells whether all were shown. */
export async function playDoes(
	ground: Ground,
	plays: readonly DoPlay[],
	isVerbose: boolean,
): Promise<boolean> {
	const {open, remove} = await buildConsole(ground);
	const {order, untilRipe} = await prepared(ground, plays);
	const played: DoPlayed[] = [];
	try {
		for (const play of order) {
			await untilRipe(play);
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
