import {Box} from 'ink';
import {useStateOf} from '../../hooks/use-state-of.ts';
import {type Look, useLook} from '../../hooks/use-look.ts';
import {panelLevel} from '../../src/store/select-levels.ts';
import {alertRows, errorRows} from '../../src/store/select-lists.ts';
import {shown} from '../../src/store/select.ts';
import type {PanelId, State} from '../../src/store/state.ts';
import {hostFacts} from '../facts/host-facts.ts';
import {postgresFacts} from '../facts/postgres-facts.ts';
import {redisFacts} from '../facts/redis-facts.ts';
import {alertList} from '../panels/alert-lines.ts';
import {backupDetails} from '../panels/backups.tsx';
import {containerLines, containerNote} from '../panels/containers.tsx';
import {errorDetails, errorList, errorNote} from '../panels/errors.tsx';
import {heading} from '../panels/panel.tsx';
import {Rows} from '../parts/rows.tsx';
import type {Line} from '../parts/spans.ts';
import {secondOf} from '../parts/timed.ts';
import {TextScreen, textOf} from './text-screen.tsx';

type Size = {readonly width: number; readonly height: number};

type ListPart = {readonly lines: readonly Line[]; readonly note: string};

/** A list above, and what belongs to its selected row below. */
function split(
	state: State,
	look: Look,
	facts: Size & {readonly panel: 'errors' | 'backups'},
): {readonly list: ListPart; readonly details: readonly Line[]} {
	const {panel, width, height} = facts;
	const most = Math.max(3, Math.floor((height - 2) * 0.45));
	const count = panel === 'errors' ? errorRows(state).length : alertRows(state).length;
	const listHeight = Math.max(1, Math.min(count, most));
	const size = {width, height: listHeight, isActive: true};
	if (panel === 'backups') {
		return {list: alertList(state, look, size), details: backupDetails(state, look, width)};
	}

	const {lines, note} = errorList(state, look, {...size, height: Math.max(listHeight, 3)});
	return {
		list: {lines, note: errorNote(state, look, note)},
		details: errorDetails(state, look, width),
	};
}

function factLines(
	state: State,
	look: Look,
	panel: 'host' | 'postgres' | 'redis',
	width: number,
): readonly Line[] {
	switch (panel) {
		case 'host':
			return hostFacts(shown(state), look, width);
		case 'postgres':
			return postgresFacts(state, look, width);
		case 'redis':
			return redisFacts(state, look, width);
	}
}

/** Everything but the scroll position, which only the text reads, and the tail, which is of another screen. */
const reads = (state: State): readonly unknown[] => {
	const data = shown(state);
	const {filter, isTroubleOnly, sort, isReversed, selected, chosen} = state.ui;
	return [
		data.readings,
		data.alerts,
		data.targets,
		data.history,
		secondOf(data),
		filter,
		isTroubleOnly,
		sort,
		isReversed,
		selected,
		chosen,
		state.settings,
	];
};

/** One panel on the whole screen. */
export function PanelScreen(props: {
	readonly panel: PanelId;
	readonly width: number;
	readonly height: number;
}) {
	const {panel, width, height} = props;
	const look = useLook();
	const state = useStateOf(reads);
	const headOf = (note: string): Line =>
		heading(look, {
			title: look.say(`panel.${panel}`),
			note,
			level: panelLevel(shown(state), panel),
			isFocused: true,
			width,
		});
	if (panel === 'containers') {
		const size = {width, height: height - 1, isActive: true};
		const {lines, part} = containerLines(state, look, size);
		const head = headOf(containerNote(state, look, part));
		// A page of the list is what fits on the screen.
		return <TextScreen head={() => head} text={textOf(lines)} width={width} height={height} />;
	}

	if (panel === 'errors' || panel === 'backups') {
		const {list, details} = split(state, look, {panel, width, height});
		const listHeight = list.lines.length + 1;
		const detailsHead = (part: string): Line =>
			heading(look, {
				title: look.say('details.title'),
				note: part === '' ? '' : look.say('details.scroll', {part}),
				width,
			});
		return (
			<Box flexDirection="column" width={width} height={height} flexShrink={0}>
				<Rows lines={[headOf(list.note), ...list.lines]} width={width} height={listHeight} />
				<TextScreen
					head={detailsHead}
					text={textOf(details)}
					width={width}
					height={height - listHeight}
				/>
			</Box>
		);
	}

	const text = textOf(factLines(state, look, panel, width));
	return <TextScreen head={headOf} text={text} width={width} height={height} />;
}
