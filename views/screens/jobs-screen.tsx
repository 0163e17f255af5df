import {Box} from 'ink';
import {useStateOf} from '../../hooks/use-state-of.ts';
import {useLook} from '../../hooks/use-look.ts';
import {jobRows, openJobs, runningJobs, selectedJob} from '../../src/store/jobs.ts';
import type {State} from '../../src/store/state.ts';
import {heading} from '../panels/panel.tsx';
import {jobRow, jobSummary} from '../parts/job-rows.ts';
import {problemLines} from '../parts/reading-lines.ts';
import {Rows} from '../parts/rows.tsx';
import {type Line, span} from '../parts/spans.ts';
import {secondOf} from '../parts/timed.ts';
import {partNote, windowed} from '../parts/windowed.ts';

const reads = (state: State): readonly unknown[] => [
	state.jobs,
	state.jobsProblem,
	state.ui.selectedJob,
	secondOf(state.data),
];

/** Rows for the selected operation below the list. */
const summaryRows = 5;

/** Every operation: those that are not over first, then the past ones; below, the selected one in few words. */
export function JobsScreen({width, height}: {readonly width: number; readonly height: number}) {
	const look = useLook();
	const state = useStateOf(reads);
	const {nowMs} = state.data;
	const rows = jobRows(state);
	const selected = selectedJob(state);
	const at = rows.findIndex(job => job === selected);
	const summary = selected ? jobSummary(look, selected, {nowMs, width, height: summaryRows}) : [];
	const problem = state.jobsProblem ? problemLines(look, state.jobsProblem, width, 4) : [];
	const room = Math.max(1, height - 1 - summaryRows - problem.length);
	const first = windowed(rows.length, at, room);
	const running = runningJobs(state).length;
	const cut = openJobs(state).length - running;
	const note = [
		...(running > 0 ? [look.say('jobs.running', {count: running})] : []),
		...(cut > 0 ? [look.say('jobs.unfinished', {count: cut})] : []),
		...(rows.length > room ? [partNote(look, first, room, rows.length)] : []),
	].join(', ');
	const none = state.jobs === undefined ? look.say('reading.waiting') : look.say('jobs.none');
	const lines: readonly Line[] =
		rows.length === 0
			? [[span(`  ${none}`, {dim: true})]]
			: rows
					.slice(first, first + room)
					.map(job => jobRow(look, job, {nowMs, width, isSelected: job === selected}));
	const head = heading(look, {title: look.say('jobs.title'), note, width, isFocused: true});
	const listHeight = height - summaryRows;
	return (
		<Box flexDirection="column" width={width} height={height} flexShrink={0}>
			<Rows lines={[head, ...problem, ...lines]} width={width} height={listHeight} />
			<Rows lines={summary} width={width} height={summaryRows} />
		</Box>
	);
}
