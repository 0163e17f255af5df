import {truncate, widthOf} from '../../src/domain/format.ts';
import {Box} from 'ink';
import {type Look, useLook} from '../../hooks/use-look.ts';
import {useShown} from '../../hooks/store-context.ts';
import type {Level} from '../../src/domain/level.ts';
import type {PanelId} from '../../src/store/state.ts';
import {Rows} from '../parts/rows.tsx';
import {type Line, levelSign, levelStyle, levelWord, type Span, span} from '../parts/spans.ts';

/** Number key of each panel. */
const numbers: Readonly<Record<PanelId, number>> = {
	containers: 1,
	host: 2,
	postgres: 3,
	redis: 4,
	errors: 5,
	backups: 6,
};

/** The heading line of a panel: number, title, note, and the level in words at the right edge. */
export function heading(
	look: Look,
	facts: {
		readonly title: string;
		readonly number?: number;
		readonly note?: string;
		readonly level?: Level;
		readonly isFocused?: boolean;
		readonly width: number;
	},
): Line {
	const {title, number, note = '', level, isFocused = false, width} = facts;
	const rule = look.glyphs.rule;
	const name = truncate(number === undefined ? ` ${title} ` : ` ${number} ${title} `, width - 2);
	const state = levelText(look, level, width - 2 - widthOf(name));
	const used = 1 + widthOf(name) + widthOf(state) + 1;
	const noteRoom = width - used - 1;
	const shownNote = noteText(note, noteRoom);
	const fill = Math.max(0, width - used - widthOf(shownNote));
	const head: Span = isFocused ? span(name, {inverse: true, bold: true}) : span(name, {bold: true});
	return [
		span(rule, {dim: true}),
		head,
		span(shownNote),
		span(rule.repeat(fill), {dim: true}),
		...(state === '' ? [] : [span(state, {...(level ? levelStyle(level) : {}), inverse: true})]),
		span(rule, {dim: true}),
	];
}

/** As many parts of a note as fit; the last ones are left out first. */
function noteText(note: string, room: number): string {
	const parts = note.split(', ');
	while (parts.length > 0 && widthOf(parts.join(', ')) + 1 > room) parts.pop();
	return parts.length === 0 || note === '' ? '' : `${parts.join(', ')} `;
}

/** The level in words, or its sign alone where there is no room; nothing where all is well. */
function levelText(look: Look, level: Level | undefined, room: number): string {
	if (level === undefined || level === 'ok') return '';
	const text = ` ${levelSign[level]} ${levelWord(look, level)} `;
	return widthOf(text) <= room ? text : ` ${levelSign[level]} `;
}

/** A panel of exactly this size: its heading and the rows that fit. */
export function Panel(props: {
	readonly panel: PanelId;
	readonly note?: string;
	readonly level: Level;
	readonly lines: readonly Line[];
	readonly width: number;
	readonly height: number;
}) {
	const {panel, note = '', level, lines, width, height} = props;
	const look = useLook();
	const isFocused = useShown(state => state.ui.focus === panel);
	const head = heading(look, {
		title: look.say(`panel.${panel}`),
		number: numbers[panel],
		note,
		level,
		isFocused,
		width,
	});
	return (
		<Box flexDirection="column" width={width} height={height} flexShrink={0}>
			<Rows lines={[head, ...lines]} width={width} height={height} />
		</Box>
	);
}
