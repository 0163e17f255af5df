import {Box} from 'ink';
import {useLook} from '../../hooks/use-look.ts';
import {heading} from '../panels/panel.tsx';
import {Rows} from './rows.tsx';
import type {Line} from './spans.ts';
import {partNote, windowed} from './windowed.ts';

/** A list that follows its selection, and below it, in a place that never jumps, what the selected row is about. */
export function ListScreen(props: {
	readonly title: string;
	readonly note: string;
	readonly lines: readonly Line[];
	/** Number of the selected line. */
	readonly at: number;
	readonly below: readonly Line[];
	/** Rows that the lower part takes at most. */
	readonly belowRows: number;
	readonly width: number;
	readonly height: number;
}) {
	const {title, note, lines, at, below, width, height} = props;
	const look = useLook();
	const lower = Math.min(props.belowRows, Math.max(0, height - 4));
	const room = Math.max(1, height - 1 - lower);
	const first = windowed(lines.length, at, room);
	const part = partNote(look, first, room, lines.length);
	const notes = [note, part].filter(text => text !== '').join(', ');
	const head = heading(look, {title, note: notes, width, isFocused: true});
	return (
		<Box flexDirection="column" width={width} height={height} flexShrink={0}>
			<Rows
				lines={[head, ...lines.slice(first, first + room)]}
				width={width}
				height={height - lower}
			/>
			<Rows lines={below.slice(0, lower)} width={width} height={lower} />
		</Box>
	);
}
