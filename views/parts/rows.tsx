import {Box} from 'ink';
import {useLook} from '../../hooks/use-look.ts';
import {asciiGlyphs} from '../../src/words/glyphs.ts';
import {Row} from './row.tsx';
import type {Line} from './spans.ts';

/** A block of exactly `height` rows; missing ones are blank, further ones are cut. */
export function Rows(props: {
	readonly lines: readonly Line[];
	readonly width: number;
	readonly height: number;
}) {
	const {lines, width, height} = props;
	const isAscii = useLook().glyphs === asciiGlyphs;
	const rows = Array.from({length: height}, (_, index) => lines[index] ?? []);
	return (
		<Box flexDirection="column" width={width} height={height} flexShrink={0}>
			{rows.map((line, index) => (
				<Row key={index} line={line} width={width} isAscii={isAscii} />
			))}
		</Box>
	);
}
