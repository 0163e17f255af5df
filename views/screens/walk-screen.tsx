import {Box} from 'ink';
import {useLook, type Look} from '../../hooks/use-look.ts';
import {useStateOf} from '../../hooks/use-state-of.ts';
import {valuesOf} from '../../src/runbooks/evidence.ts';
import {sayText} from '../../src/runbooks/say.ts';
import {nodeOf, rankingAt} from '../../src/runbooks/walk.ts';
import {walkChoices, type OpenWalk} from '../../src/store/runbook-state.ts';
import {jobOf} from '../../src/store/jobs.ts';
import type {State} from '../../src/store/state.ts';
import {heading} from '../panels/panel.tsx';
import {jobSummary} from '../parts/job-rows.ts';
import {Rows} from '../parts/rows.tsx';
import {presentLines, sayRunbook, signed, subjectText, trailLines} from '../parts/runbook-lines.ts';
import {wrapped} from '../parts/reading-lines.ts';
import {type Line, selectedLine, span} from '../parts/spans.ts';
import {secondOf} from '../parts/timed.ts';
import {TextScreen, textOf} from './text-screen.tsx';

const reads = (state: State): readonly unknown[] => [
	state.runbook.walk,
	state.jobs,
	secondOf(state.data),
];

/** What speaks for and against the selected cause of a ranking. */
function causeLines(look: Look, open: OpenWalk, width: number): readonly Line[] {
	const {wizard, walk, selected} = open;
	const node = nodeOf(wizard, walk.at);
	if (node.kind !== 'rank') return [];
	const chosen = rankingAt(wizard, node, walk.seen)[selected];
	if (!chosen) return [];
	const valueOf = valuesOf(walk.seen);
	const side = (sign: string, list: typeof chosen.for) =>
		list.flatMap(({says}) => signed(`     ${sign} `, sayText(says, valueOf, look.language), width));
	return [
		...side('+', chosen.for),
		...side('-', chosen.against),
		...side('?', chosen.unseen).slice(0, 2),
	];
}

function choiceLines(state: State, look: Look, open: OpenWalk, width: number): readonly Line[] {
	return walkChoices(state, open).flatMap(({title}, index): readonly Line[] => {
		const isSelected = index === open.selected;
		const rows = wrapped(title, width - 6, 2).map((text, row): Line => {
			const sign = row === 0 && isSelected ? ` ${look.glyphs.select} ` : '   ';
			const line: Line = [span(sign), span(row === 0 ? `${index + 1} ${text}` : `  ${text}`)];
			return isSelected ? selectedLine(line) : line;
		});
		return isSelected ? [...rows, ...causeLines(look, open, width)] : rows;
	});
}

/** The lower part: what is to be done now. It takes what it needs, at most two thirds of the screen. */
function nowLines(state: State, look: Look, open: OpenWalk, width: number): readonly Line[] {
	const {walk, heldBy} = open;
	const {nowMs} = state.data;
	const job = walk.run === undefined ? undefined : jobOf(state, walk.run);
	const held =
		heldBy === undefined
			? []
			: signed(
					' ! ',
					sayRunbook(look, 'walk.held-by', {by: heldBy === '' ? walk.by : heldBy}),
					width,
					{
						color: 'yellow',
						bold: true,
					},
				);
	return [
		[span(look.glyphs.rule.repeat(width), {dim: true})],
		...held,
		...presentLines(look, open, width, nowMs),
		...choiceLines(state, look, open, width),
		...(job ? jobSummary(look, job, {nowMs, width, height: 3}) : []),
	];
}

/** A wizard being walked: what was seen and decided above, what is to be done now below. */
export function WalkScreen({width, height}: {readonly width: number; readonly height: number}) {
	const look = useLook();
	const state = useStateOf(reads);
	const open = state.runbook.walk;
	const title = open
		? sayRunbook(look, 'walk.title', {
				title: open.wizard.title[look.language],
				subject: subjectText(look, open.wizard.on, open.walk.scope),
			})
		: sayRunbook(look, 'walk.opening');
	const head = (note: string): Line => heading(look, {title, note, width, isFocused: true});
	if (!open) {
		const waiting: Line = [span(`   ${look.say('reading.waiting')}`, {dim: true})];
		return <Rows lines={[head(''), waiting]} width={width} height={height} />;
	}

	const now = nowLines(state, look, open, width);
	const lower = Math.min(now.length, Math.max(3, Math.floor((height * 2) / 3)));
	return (
		<Box flexDirection="column" width={width} height={height} flexShrink={0}>
			<TextScreen
				head={head}
				text={textOf(trailLines(look, open, width))}
				width={width}
				height={height - lower}
			/>
			<Rows lines={now.slice(0, lower)} width={width} height={lower} />
		</Box>
	);
}
