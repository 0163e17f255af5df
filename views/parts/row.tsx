import {Text} from 'ink';
import {memo} from 'react';
import {fit, widthOf} from '../../src/domain/format.ts';
import type {Line, Span} from './spans.ts';

type RowProps = {readonly line: Line; readonly width: number; readonly isAscii?: boolean};

/** One row of exactly `width` cells; what does not fit is cut. */
export const Row = memo(function Row({line, width, isAscii = false}: RowProps) {
	return (
		<Text wrap="truncate">
			{cutLine(line, width).map((span, index) => (
				<SpanText key={index} span={isAscii ? plain(span) : span} />
			))}
		</Text>
	);
}, isSameRow);

function SpanText({span}: {readonly span: Span}) {
	const {text, color, bold = false, dim = false, inverse = false} = span;
	if (color === undefined && !bold && !dim && !inverse) return <>{text}</>;
	return (
		<Text {...(color === undefined ? {} : {color})} bold={bold} dimColor={dim} inverse={inverse}>
			{text}
		</Text>
	);
}

/** Cuts and pads a line to exactly `width` cells. */
export function cutLine(line: Line, width: number): Line {
	const result: Span[] = [];
	let rest = width;
	for (const span of line) {
		const cells = widthOf(span.text);
		if (cells > rest) {
			if (rest > 0) result.push({...span, text: fit(span.text, rest)});
			return result;
		}

		result.push(span);
		rest -= cells;
	}

	if (rest > 0) result.push({text: ' '.repeat(rest)});
	return result;
}

const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** For terminals without UTF-8: every other character becomes `?` in each of its cells. */
function plain(span: Span): Span {
	if (/^[\u0020-\u007e]*$/.test(span.text)) return span;
	const signs = span.text.replaceAll('…', '~').replaceAll('—', '-');
	const text = Array.from(graphemes.segment(signs), ({segment}) =>
		/^[\u0020-\u007e]$/.test(segment) ? segment : '?'.repeat(widthOf(segment)),
	).join('');
	return {...span, text};
}

function isSameRow(before: RowProps, after: RowProps): boolean {
	return (
		before.width === after.width &&
		before.isAscii === after.isAscii &&
		before.line.length === after.line.length &&
		before.line.every((span, index) => isSameSpan(span, after.line[index]))
	);
}

function isSameSpan(a: Span, b: Span | undefined): boolean {
	return (
		b !== undefined &&
		a.text === b.text &&
		a.color === b.color &&
		a.bold === b.bold &&
		a.dim === b.dim &&
		a.inverse === b.inverse
	);
}
