import {Box} from 'ink';
import {useEffect} from 'react';
import {useAppStore, useShown} from '../../hooks/store-context.ts';
import {useLook} from '../../hooks/use-look.ts';
import {Rows} from '../parts/rows.tsx';
import type {Line} from '../parts/spans.ts';
import {partNote} from '../parts/windowed.ts';

/** Rows of text of which only the shown ones are made. */
export type Text = {
	readonly count: number;
	slice(first: number, end: number): readonly Line[];
};

/** A text from rows that are there already. */
export function textOf(lines: readonly Line[]): Text {
	return {count: lines.length, slice: (first, end) => lines.slice(first, end)};
}

/** A full screen of text under a heading, scrolled by the operator; tells the store how much there is. */
export function TextScreen(props: {
	/** The heading; gets which part of the text is shown. */
	readonly head: (part: string) => Line;
	readonly text: Text;
	readonly width: number;
	readonly height: number;
	/** Keeps the end in sight, as a followed log does. */
	readonly isAtEnd?: boolean;
}) {
	const {head, text, width, height, isAtEnd = false} = props;
	const look = useLook();
	const store = useAppStore();
	const scroll = useShown(state => state.ui.scroll);
	const pageRows = Math.max(0, height - 1);
	const contentRows = text.count;
	const last = Math.max(0, contentRows - pageRows);
	const first = isAtEnd ? last : Math.min(scroll, last);
	useEffect(() => {
		const {ui} = store.state();
		if (ui.contentRows === contentRows && ui.pageRows === pageRows) return;
		store.send({type: 'content-measured', contentRows, pageRows});
	}, [store, contentRows, pageRows]);
	const part = partNote(look, first, pageRows, contentRows);
	return (
		<Box flexDirection="column" width={width} height={height} flexShrink={0}>
			<Rows
				lines={[head(part), ...text.slice(first, first + pageRows)]}
				width={width}
				height={height}
			/>
		</Box>
	);
}
