import type {Runbook} from '../../src/runbooks/runbook.ts';
import {nameOfPlay} from './do-play.ts';
import type {DoPlayed} from './play-do.ts';
import {columns} from './table.ts';

/** Every `do` node of the wizards, as `wizard.node`. */
export function doNodesOf(runbooks: Readonly<Record<string, Runbook>>): readonly string[] {
	return Object.values(runbooks).flatMap(runbook =>
		runbook.kind === 'wizard'
			? Object.entries(runbook.nodes)
					.filter(([, {kind}]) => kind === 'do')
					.map(([node]) => nameOfPlay({wizard: runbook.id, node}))
			: [],
	);
}

/** The table of what was played; below a row why its walk was placed, and what was not as promised. */
export function doesTable(played: readonly DoPlayed[]): string {
	const head = ['wizard', 'node', 'operation', 'how', 'outcome', 'checked', 'verdict', 's'];
	const rows = played.map(({play, operation, outcome, isProved, verdict, wholeMs}) => [
		play.wizard,
		play.node,
		operation,
		play.placed ? 'placed' : 'walked',
		outcome,
		isProved ? 'yes' : 'no',
		verdict,
		(wholeMs / 1000).toFixed(0),
	]);
	const [first = '', ...lines] = columns([head, ...rows]);
	const below = lines.flatMap((line, index) => {
		const {play, note = ''} = played[index] ?? {};
		const why = play?.placed ? [`    placed at ${play.placed.at}: ${play.placed.why}`] : [];
		return [line, ...why, ...(note === '' ? [] : [`    ${note}`])];
	});
	return [first, ...below].join('\n');
}

/** How many of all `do` nodes were shown, and whether everything that was played was. */
export function doesSummary(
	played: readonly DoPlayed[],
	nodes: readonly string[],
): {readonly text: string; readonly isGood: boolean} {
	const shown = played.filter(({verdict}) => verdict === 'shown');
	const names = new Set(shown.map(({play}) => nameOfPlay(play)));
	const placed = new Set(shown.filter(({play}) => play.placed).map(({play}) => nameOfPlay(play)));
	const percent = nodes.length === 0 ? 100 : (100 * names.size) / nodes.length;
	const text = [
		`shown: ${names.size} of ${nodes.length} do nodes (${percent.toFixed(0)} %), ${placed.size} of them placed`,
		`played: ${played.length}, not shown: ${played.length - shown.length}`,
	].join('\n');
	return {text, isGood: shown.length === played.length};
}
