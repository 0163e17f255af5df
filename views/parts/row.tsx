import {Text} from 'ink';
import {memo} from 'react';
import {fit, widthOf} from '../../src/domain/format.ts';
import type {Line, Span, Style} from './spans.ts';

type RowProps = {readonly line: Line; readonly width: number; readonly isAscii?: boolean};

/** One row of exactly `width` cells; what does not fit is cut. */
export const Row = memo(function Row({line, width, isAscii = false}: RowProps) {
	return (
		<Text wrap="truncate">
			{joined(cutLine(line, width)).map((span, index) => (
				<SpanText key={index} span={isAscii ? plain(span) : span} />
			))}
		</Text>
	);
}, isSameRow);

/** Drawn again only where it changed: of a row it is mostly one figure. */
const SpanText = memo(
	function SpanText({span}: {readonly span: Span}) {
		const {text, color, bold = false, dim = false, inverse = false} = span;
		if (color === undefined && !bold && !dim && !inverse) return <>{text}</>;
		return (
			<Text {...(color === undefined ? {} : {color})} bold={bold} dimColor={dim} inverse={inverse}>
				{text}
			</Text>
		);
	},
	(before, after) => isSameSpan(before.span, after.span),
);

/** The same line with as few pieces as it takes: each is several nodes in the tree that is laid out and gone through. */
export function joined(line: Line): Line {
	const result: Span[] = [];
	for (const span of line) {
		const last = result.at(-1);
		if (span.text === '') continue;
		if (last && isSameStyle(last, span)) {
			result[result.length - 1] = {...last, text: last.text + span.text};
		} else result.push(span);
	}

	return result;
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
	return b !== undefined && a.text === b.text && isSameStyle(a, b);
}

function isSameStyle(a: Style, b: Style): boolean {
	return (
		a.color === b.color &&
		(a.bold ?? false) === (b.bold ?? false) &&
		(a.dim ?? false) === (b.dim ?? false) &&
		(a.inverse ?? false) === (b.inverse ?? false)
	);
}
