import {Box} from 'ink';
import {useLook, type Look} from '../../hooks/use-look.ts';
import {useStateOf} from '../../hooks/use-state-of.ts';
import {formatAge, formatDateTime} from '../../src/domain/format.ts';
import {valuesOf} from '../../src/runbooks/evidence.ts';
import {sayText} from '../../src/runbooks/say.ts';
import {isOver, nodeOf, rankingAt} from '../../src/runbooks/walk.ts';
import {walkChoices, type OpenWalk, type WalkChoice} from '../../src/store/runbook-state.ts';
import {openIncidentOf} from '../../src/store/incident-keys.ts';
import {jobOf} from '../../src/store/jobs.ts';
import type {State} from '../../src/store/state.ts';
import type {RunbookWord} from '../../src/words/runbook-words.ts';
import {heading} from '../panels/panel.tsx';
import {jobSummary} from '../parts/job-rows.ts';
import {Rows} from '../parts/rows.tsx';
import {presentLines, sayRunbook, signed, subjectText} from '../parts/runbook-lines.ts';
import {trailLines} from '../parts/trail-lines.ts';
import {wrapped} from '../parts/reading-lines.ts';
import {type Line, selectedLine, span} from '../parts/spans.ts';
import {secondOf} from '../parts/timed.ts';
import {TextScreen, textOf} from './text-screen.tsx';

const reads = (state: State): readonly unknown[] => [
	state.runbook.walk,
	state.runbook.runbooks,
	state.jobs,
	openIncidentOf(state)?.id,
	secondOf(state.data),
];

/** What speaks for and against the selected cause of a ranking, with the values that were seen. */
function causeLines(look: Look, open: OpenWalk, width: number): readonly Line[] {
	const {wizard, walk, selected} = open;
	const node = nodeOf(wizard, walk.at);
	if (node.kind !== 'rank') return [];
	const chosen = rankingAt(wizard, node, walk.seen)[selected];
	if (!chosen) return [];
	const valueOf = valuesOf(walk.seen);
	const side = (word: RunbookWord, list: typeof chosen.for) =>
		list.flatMap(({says}) =>
			signed(
				`     ${sayRunbook(look, word)}${look.say('colon')}`,
				sayText(says, valueOf, look.language),
				width,
			),
		);
	return [
		...side('diagnosis.for', chosen.for),
		...side('diagnosis.against', chosen.against),
		...side('diagnosis.unseen', chosen.unseen).slice(0, 2),
	];
}

function choiceText(look: Look, {title, note}: WalkChoice): string {
	if (note === undefined) return title;
	const text =
		note.kind === 'possible'
			? sayRunbook(look, 'walk.possible')
			: sayRunbook(look, 'diagnosis.consequence', {cause: note.cause});
	return sayRunbook(look, 'walk.choice', {title, note: text});
}

/** The choices, the selected one with what speaks for and against it always in sight. */
function choiceLines(
	state: State,
	look: Look,
	open: OpenWalk,
	size: {readonly width: number; readonly height: number},
): readonly Line[] {
	const {width, height} = size;
	const blocks = walkChoices(state, open).map((choice, index): readonly Line[] => {
		const isSelected = index === open.selected;
		const title = `${index + 1} ${choiceText(look, choice)}`;
		const rows = wrapped(title, width - 6, 2).map((text, row): Line => {
			const sign = row === 0 && isSelected ? ` ${look.glyphs.select} ` : '   ';
			const line: Line = [span(sign), span(row === 0 ? text : `  ${text}`)];
			return isSelected ? selectedLine(line) : line;
		});
		return isSelected ? [...rows, ...causeLines(look, open, width)] : rows;
	});
	const before = blocks.slice(0, open.selected).flat().length;
	const own = blocks[open.selected]?.length ?? 0;
	const start = Math.max(0, Math.min(before, before + own - height));
	return blocks.flat().slice(start, start + height);
}

/** From which age on what was seen is told with its age, in ms. */
const staleMs = 10 * 60_000;

/** When something was seen last, where that is long ago; what is over is read as what was. */
function staleMsOf({walk}: OpenWalk, nowMs: number): number | undefined {
	if (isOver(walk)) return undefined;
	const times = walk.trail.flatMap(({event}) =>
		event.type === 'looked' ? event.evidence.map(({atMs}) => atMs) : [],
	);
	const lastMs = Math.max(...times);
	return times.length > 0 && nowMs - lastMs > staleMs ? lastMs : undefined;
}

/** Who else has it, that an older one is open, that what was seen is old, and that the wizard is another one than it was. */
function warningLines(
	look: Look,
	open: OpenWalk,
	{width, nowMs}: {readonly width: number; readonly nowMs: number},
): readonly Line[] {
	const {wizard, walk, heldBy, olderAtMs} = open;
	const dated = (atMs: number) => ({
		time: formatDateTime(atMs),
		age: formatAge(nowMs - atMs, look.language),
	});
	const seenMs = staleMsOf(open, nowMs);
	const warn = (text: string) => signed(' ! ', text, width, {color: 'yellow', bold: true});
	return [
		...(heldBy === undefined
			? []
			: warn(
					heldBy === ''
						? sayRunbook(look, 'walk.free')
						: sayRunbook(look, 'walk.held-by', {by: heldBy}),
				)),
		...(olderAtMs === undefined
			? []
			: signed(' i ', sayRunbook(look, 'walk.older', dated(olderAtMs)), width)),
		...(seenMs === undefined ? [] : warn(sayRunbook(look, 'walk.stale', dated(seenMs)))),
		...(walk.sha256 === wizard.sha256 ? [] : warn(sayRunbook(look, 'walk.changed'))),
	];
}

/** The lower part: what is to be done now. It takes what it needs; the newest steps stay in sight above it. */
function nowLines(
	state: State,
	look: Look,
	open: OpenWalk,
	size: {readonly width: number; readonly height: number},
): readonly Line[] {
	const {width, height} = size;
	const {walk} = open;
	const job = walk.run === undefined ? undefined : jobOf(state, walk.run);
	const present = [
		...warningLines(look, open, {width, nowMs: state.data.nowMs}),
		...presentLines(state, look, open, width),
		...(job ? jobSummary(look, job, {nowMs: state.data.nowMs, width, height: 3}) : []),
	];
	const rule: Line = [span(look.glyphs.rule.repeat(width), {dim: true})];
	const room = Math.max(leastChoiceRows, Math.floor((height * 2) / 3) - 1 - present.length);
	const choices = choiceLines(state, look, open, {width, height: room});
	const text = present.slice(0, Math.max(1, height - leastTrailRows - 1 - choices.length));
	return [rule, ...text, ...choices];
}

/** Rows of choices that are always shown, and of what was done. */
const leastChoiceRows = 4;
const leastTrailRows = 4;

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

	const now = nowLines(state, look, open, {width, height});
	const lower = Math.min(now.length, height - leastTrailRows);
	return (
		<Box flexDirection="column" width={width} height={height} flexShrink={0}>
			<TextScreen
				head={head}
				text={textOf(trailLines(look, open, {width, nowMs: state.data.nowMs}))}
				width={width}
				height={height - lower}
				isAtEnd={open.isScrolledBack !== true}
			/>
			<Rows lines={now.slice(0, lower)} width={width} height={lower} />
		</Box>
	);
}
