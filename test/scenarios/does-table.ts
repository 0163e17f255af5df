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

/** The table of what was played; below a walk why it was placed, and what was not as promised. */
export function doesTable(played: readonly DoPlayed[]): string {
	const head = ['wizard', 'node', 'operation', 'how', 'outcome', 'checked', 'verdict', 's'];
	const rows = played.flatMap(({play, shown, wholeMs}) =>
		shown.map(({node, operation, outcome, isProved, verdict}, index) => [
			play.wizard,
			node,
			operation,
			play.placed ? 'placed' : 'walked',
			outcome,
			isProved ? 'yes' : 'no',
			verdict,
			index === 0 ? (wholeMs / 1000).toFixed(0) : '',
		]),
	);
	const [first = '', ...lines] = columns([head, ...rows]);
	const rest = [...lines];
	const below = played.flatMap(({play, shown, note}) => [
		...rest.splice(0, shown.length),
		...(play.placed ? [`    placed at ${play.placed.at}: ${play.placed.why}`] : []),
		...(note === '' ? [] : [`    ${note}`]),
	]);
	return [first, ...below].join('\n');
}

/** How many of all `do` nodes were shown, and whether everything that was played was. */
export function doesSummary(
	played: readonly DoPlayed[],
	nodes: readonly string[],
): {readonly text: string; readonly isGood: boolean} {
	const all = played.flatMap(({play, shown}) =>
		shown.map(({node, verdict}) => ({
			name: nameOfPlay({wizard: play.wizard, node}),
			isShown: verdict === 'shown',
			isPlaced: play.placed !== undefined,
		})),
	);
	const shown = all.filter(({isShown}) => isShown);
	const walked = new Set(shown.flatMap(({name, isPlaced}) => (isPlaced ? [] : [name])));
	const names = new Set(shown.map(({name}) => name));
	const percent = nodes.length === 0 ? 100 : (100 * names.size) / nodes.length;
	const text = [
		`shown: ${names.size} of ${nodes.length} do nodes (${percent.toFixed(0)} %), ${names.size - walked.size} of them placed`,
		`not shown of what was played: ${all.length - shown.length} of ${all.length}`,
	].join('\n');
	return {text, isGood: shown.length === all.length};
}
