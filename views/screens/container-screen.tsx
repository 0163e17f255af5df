import {Box} from 'ink';
import {useMemo} from 'react';
import {useStateOf} from '../../hooks/use-state-of.ts';
import {type Look, useLook} from '../../hooks/use-look.ts';
import {passes} from '../../src/store/filter.ts';
import {allContainerRows} from '../../src/store/select-containers.ts';
import {shown} from '../../src/store/select.ts';
import type {State, Tail, TailLine} from '../../src/store/state.ts';
import {formatClock} from '../../src/domain/format.ts';
import {shortLine} from '../../src/domain/short-line.ts';
import {containerFacts} from '../facts/container-facts.ts';
import {heading} from '../panels/panel.tsx';
import {wrapped} from '../parts/reading-lines.ts';
import {Rows} from '../parts/rows.tsx';
import {type Line, span, type Style} from '../parts/spans.ts';
import {secondOf} from '../parts/timed.ts';
import {type Text, TextScreen, textOf} from './text-screen.tsx';

const severityStyles: Readonly<Record<TailLine['severity'], Style>> = {
	debug: {dim: true},
	info: {},
	warning: {color: 'yellow'},
	error: {color: 'red'},
	fatal: {color: 'red', bold: true},
};

/** Cells of the time in front of a log line. */
const clockWidth = 9;

/** Rows that one line may take when long lines are wrapped. */
const mostRows = 20;

/** The log as filtered; only the rows on the screen are made, unless long lines are wrapped. */
function tailText(
	tail: Tail | undefined,
	look: Look,
	facts: {
		readonly filter: string;
		readonly isWrapped: boolean;
		/** The log is on the whole screen, where its lines stay as they are. */
		readonly isWhole: boolean;
		readonly width: number;
	},
): Text {
	const {filter, isWrapped, isWhole, width} = facts;
	const all = tail?.lines ?? [];
	const lines = filter === '' ? all : all.filter(line => passes(filter, line.text));
	if (lines.length === 0) {
		const isHidden = all.length > 0;
		const text = isHidden
			? look.say('filter.none', {text: filter})
			: (tail?.problem ?? look.say('detail.no-lines'));
		return textOf([[span(text, {dim: true})]]);
	}

	if (!isWrapped) {
		return {
			count: lines.length,
			slice: (first, end) =>
				lines
					.slice(first, end)
					.map(line => logLine(line, isWhole ? line.text : shortLine(line.text, line.atMs), true)),
		};
	}

	return textOf(
		lines.flatMap(line =>
			wrapped(line.text, width - clockWidth, mostRows).map((text, index) =>
				logLine(line, text, index === 0),
			),
		),
	);
}

function logLine(line: TailLine, text: string, isFirst: boolean): Line {
	const clock = isFirst ? `${formatClock(line.atMs)} ` : ' '.repeat(clockWidth);
	return [span(clock, {dim: true}), span(text, severityStyles[line.severity])];
}

const reads = (state: State): readonly unknown[] => {
	const data = shown(state);
	const {filter, detailPart, isWrapped} = state.ui;
	return [
		data.readings['docker.detail'],
		allContainerRows(data),
		secondOf(data),
		state.tail,
		filter,
		detailPart,
		isWrapped,
	];
};

/** One container: facts above, its live log below; or one of them on the whole screen. */
export function ContainerScreen(props: {
	readonly containerKey: string;
	readonly width: number;
	readonly height: number;
}) {
	const {containerKey, width, height} = props;
	const look = useLook();
	const state = useStateOf(reads);
	const {tail} = state;
	const {filter, detailPart, isWrapped} = state.ui;
	const {level, lines: facts} = containerFacts(shown(state), look, containerKey, width);
	const text = useMemo(
		() => tailText(tail, look, {filter, isWrapped, isWhole: detailPart === 'log', width}),
		[tail, look, filter, isWrapped, detailPart, width],
	);
	const head = (note: string): Line =>
		heading(look, {title: containerKey, note, width, isFocused: true, ...(level ? {level} : {})});
	if (detailPart === 'facts') {
		return <TextScreen head={head} text={textOf(facts)} width={width} height={height} />;
	}

	const follows = tail?.isFollowing ?? true;
	const following = look.say(follows ? 'detail.following' : 'detail.not-following');
	const logHead = (part: string): Line => {
		const title =
			detailPart === 'log' ? `${containerKey} ${look.say('detail.log')}` : look.say('detail.log');
		return heading(look, {
			title,
			note: part === '' ? following : `${following}, ${part}`,
			width,
			...(detailPart === 'log' && level ? {level} : {}),
		});
	};
	const most = detailPart === 'log' ? 0 : Math.max(5, Math.floor(height * 0.5));
	const factHeight = Math.min(facts.length, most);
	const isCut = facts.length > factHeight;
	const factRows = factHeight === 0 ? 0 : factHeight + 1;
	return (
		<Box flexDirection="column" width={width} height={height} flexShrink={0}>
			<Rows
				lines={[head(isCut ? look.say('detail.more') : ''), ...facts]}
				width={width}
				height={factRows}
			/>
			<TextScreen
				head={logHead}
				text={text}
				width={width}
				height={height - factRows}
				isAtEnd={follows}
			/>
		</Box>
	);
}
