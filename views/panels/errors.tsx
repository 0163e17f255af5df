import {type Look, useLook} from '../../hooks/use-look.ts';
import {useStateOf} from '../../hooks/use-state-of.ts';
import type {ErrorGroup, ErrorsValue, Severity} from '../../src/domain/errors.ts';
import {
	formatAge,
	formatClock,
	formatCount,
	formatDurationShort,
	formatMinuteRate,
	formatPercent,
	truncate,
	widthOf,
} from '../../src/domain/format.ts';
import {causeFirst, statusFirst} from '../../src/domain/cause-first.ts';
import {valueOf} from '../../src/domain/reading.ts';
import {hasSeveralProjects} from '../../src/store/select-containers.ts';
import {panelLevel} from '../../src/store/select-levels.ts';
import {errorRows, selectedKey} from '../../src/store/select-lists.ts';
import {shown, single} from '../../src/store/select.ts';
import type {State} from '../../src/store/state.ts';
import {sayProblem} from '../../src/words/say-problem.ts';
import {readingLines, wrapped} from '../parts/reading-lines.ts';
import {
	cell,
	flow,
	type Line,
	lineWidth,
	selectedLine,
	span,
	spark,
	type Style,
} from '../parts/spans.ts';
import {secondOf, timed} from '../parts/timed.ts';
import {partNote, windowed} from '../parts/windowed.ts';
import {Panel} from './panel.tsx';

const severityStyle: Readonly<Record<Severity, Style>> = {
	warning: {color: 'yellow'},
	error: {color: 'red'},
	fatal: {color: 'red', bold: true, inverse: true},
};

/** The newest message; where it is cut, what names the fault comes first. The whole message is on the full screen. */
function messageText(group: ErrorGroup, room: number, isNarrow: boolean): string {
	const {example, details, services} = group;
	const message = isNarrow ? statusFirst(example) : example;
	if (widthOf(message) <= room) return message;
	// The logger is often called as its service, which stands before it already.
	const name = services.find(service => message.startsWith(`${service}: `));
	return causeFirst(name === undefined ? example : example.slice(name.length + 2), details);
}

/** Cells of the services by the width of the panel. */
const serviceWidths = {narrow: 9, medium: 10, wide: 20} as const;

/** The services of a group; where they do not fit, the first one and how many others there are. */
function servicesText({services}: ErrorGroup, isNarrow: boolean): string {
	const [first = '', ...others] = services;
	const all = services.join(',');
	if (!isNarrow || others.length === 0 || widthOf(all) <= serviceWidths.narrow) return all;
	return `${first}+${others.length}`;
}

/** Cells of the services where their project stands before them. */
const placeWidths = {narrow: 16, medium: 20, wide: 30} as const;
const leastProject = 4;

/** The services of a group in so many cells; with their project, of which the beginning tells enough, where several are watched. */
function placeText(group: ErrorGroup, isNarrow: boolean, most: number | undefined): string {
	const services = servicesText(group, isNarrow);
	const {project} = group;
	if (most === undefined || project === undefined) return services;
	return `${truncate(project, Math.max(leastProject, most - widthOf(services) - 1))}/${services}`;
}

/** How often: `12x`; a number with a unit of its own stands alone. */
function timesText(count: number): string {
	const text = formatCount(count);
	return /\d$/.test(text) ? `${text}x` : text;
}

type Size = {readonly width: number; readonly height: number; readonly isActive: boolean};

function groupLine(
	look: Look,
	group: ErrorGroup,
	facts: {
		readonly nowMs: number;
		readonly width: number;
		readonly place: string;
		readonly serviceWidth: number;
		readonly countWidth: number;
		readonly isSelected: boolean;
	},
): Line {
	const {nowMs, width, place, serviceWidth, countWidth, isSelected} = facts;
	const style = severityStyle[group.severity];
	const severity = look.say(`severity.${group.severity}`);
	const age = formatDurationShort(Math.max(0, nowMs - group.lastAtMs) / 1000);
	// The message matters more than the second part of an age.
	const isNarrow = width < 70;
	const shownAge = isNarrow ? (/^\d+\D/.exec(age)?.[0] ?? age) : age;
	const head: Line = [
		span(isSelected ? `${look.glyphs.select} ` : '  '),
		cell(severity, 5, style),
		cell(timesText(group.count), countWidth, {align: 'right'}),
		...(width >= 90
			? [cell(formatMinuteRate(group.perMinute, look.language), 9, {align: 'right', dim: true})]
			: []),
		...(width >= 110 ? [span(' '), span(spark(look, group.history, 20))] : []),
		cell(shownAge, isNarrow ? 4 : 7, {align: 'right', dim: true}),
		span(' '),
		cell(place, serviceWidth, {bold: true}),
		span(' '),
	];
	const line = [...head, span(messageText(group, width - lineWidth(head), isNarrow))];
	return isSelected ? selectedLine(line) : line;
}

/** The list of groups, with the selected one in sight; in spare room the selected one in more words. */
export function errorList(
	state: State,
	look: Look,
	size: Size,
): {readonly lines: readonly Line[]; readonly note: string} {
	const data = shown(state);
	const {width, height} = size;
	let note = '';
	const reading = single(data, 'logs.errors');
	const lines = readingLines(look, reading, {nowMs: data.nowMs, width, height}, (value, room) => {
		const groups = errorRows(state);
		if (groups.length === 0) {
			return [
				[span(`  ${emptyText(look, state, value)}`, {dim: true})],
				...unfollowed(look, value, hasSeveralProjects(data)),
			];
		}

		const selected = selectedKey(state, 'errors');
		const at = groups.findIndex(group => group.id === selected);
		const first = windowed(groups.length, at, room);
		note = partNote(look, first, room, groups.length);
		const part = groups.slice(first, first + room);
		const isNarrow = width < 70;
		const kind = width >= 100 ? 'wide' : isNarrow ? 'narrow' : 'medium';
		const projectWidth = hasSeveralProjects(data) ? placeWidths[kind] : undefined;
		const places = part.map(group => placeText(group, isNarrow, projectWidth));
		const longest = Math.max(isNarrow ? 3 : 4, ...places.map(widthOf));
		const serviceWidth = Math.min(longest, projectWidth ?? serviceWidths[kind]);
		const counts = part.map(({count}) => widthOf(timesText(count)) + 1);
		const countWidth = isNarrow ? Math.max(4, ...counts) : 7;
		return part.map((group, index) =>
			groupLine(look, group, {
				place: places[index] ?? '',
				nowMs: data.nowMs,
				width,
				serviceWidth,
				countWidth,
				isSelected: size.isActive && group.id === selected,
			}),
		);
	});
	return {lines, note};
}

function emptyText(look: Look, state: State, value: ErrorsValue): string {
	const {filter} = state.ui;
	if (value.groups.length > 0) {
		return filter === '' ? look.say('trouble.none') : look.say('filter.none', {text: filter});
	}

	const isFollowing = value.followed.some(log => log.isFollowing);
	return look.say(isFollowing ? 'errors.quiet' : 'errors.no-logs');
}

function summary(look: Look, value: ErrorsValue | undefined): readonly string[] {
	if (!value) return [];
	const following = value.followed.filter(log => log.isFollowing).length;
	return [
		// Without a log that is followed, a rate of none would be good news without a measurement.
		...(following === 0 ? [] : [formatMinuteRate(value.errorsPerMinute, look.language)]),
		...(value.serverErrorPercent === undefined
			? []
			: [look.say('errors.5xx', {share: formatPercent(value.serverErrorPercent)})]),
		following === value.followed.length
			? look.say('errors.logs', {count: following})
			: look.say('errors.some-logs', {count: following, all: value.followed.length}),
	];
}

/** What the heading says of the errors. */
export function errorNote(state: State, look: Look, part: string): string {
	const value = valueOf(single(shown(state), 'logs.errors'));
	return [...summary(look, value), ...(part === '' ? [] : [part])].join(', ');
}

/** How many rows the panel would fill, its heading included. */
export function errorNeed(state: State): number {
	const reading = single(shown(state), 'logs.errors');
	const groups = errorRows(state).length;
	const unread = valueOf(reading)?.followed.filter(log => !log.isFollowing).length ?? 0;
	// A cause with its next step takes more rows.
	const forProblem = reading?.kind === 'fresh' ? 0 : 3;
	return 1 + (groups > 0 ? groups : 1 + unread) + forProblem;
}

const reads = (state: State): readonly unknown[] => {
	const data = shown(state);
	return [
		...timed(data, data.readings['logs.errors']),
		secondOf(data),
		errorRows(state),
		data.alerts,
		state.ui.focus,
		state.ui.selected.errors,
		state.ui.filter,
		hasSeveralProjects(data),
	];
};

/** Errors of all logs, grouped. */
export function ErrorsPanel({width, height}: {readonly width: number; readonly height: number}) {
	const look = useLook();
	const state = useStateOf(reads);
	const data = shown(state);
	const isActive = state.ui.focus === 'errors';
	const {lines, note} = errorList(state, look, {width, height: height - 1, isActive});
	const spare = height - 1 - lines.length;
	const group = selectedGroup(state);
	const details: readonly Line[] =
		group && spare >= 4 ? [[], ...groupFacts(state, look, group, width)] : [];
	return (
		<Panel
			panel="errors"
			note={errorNote(state, look, note)}
			level={panelLevel(data, 'errors')}
			lines={[...lines, ...details.slice(0, spare)]}
			width={width}
			height={height}
		/>
	);
}

/** The selected group, if there is any. */
export function selectedGroup(state: State): ErrorGroup | undefined {
	const selected = selectedKey(state, 'errors');
	return errorRows(state).find(candidate => candidate.id === selected);
}

/** One group in full: counts and times, its newest message wrapped, its trace. */
export function groupFacts(
	state: State,
	look: Look,
	group: ErrorGroup,
	width: number,
): readonly Line[] {
	const data = shown(state);
	const {nowMs} = data;
	const isTold = group.project !== undefined && hasSeveralProjects(data);
	const project = isTold ? `${group.project}/` : '';
	const age = formatAge(nowMs - group.lastAtMs, look.language);
	return [
		...flow(
			[
				[span(look.say(`severity.${group.severity}`), severityStyle[group.severity])],
				[span(`${project}${group.services.join(', ')}`, {bold: true})],
				[span(timesText(group.count))],
				[span(formatMinuteRate(group.perMinute, look.language))],
				[span(look.say('errors.first', {time: formatClock(group.firstAtMs)}), {dim: true})],
				[span(look.say('errors.last', {age}), {dim: true})],
				[
					span(`${look.say('errors.half-hour')} `, {dim: true}),
					span(spark(look, group.history, 30)),
				],
			],
			width,
		),
		...wrapped(group.example, width, 20).map(text => [span(text)]),
		...group.details.flatMap(detail =>
			wrapped(`  ${detail}`, width, 4).map((text): Line => [span(text, {dim: true})]),
		),
	];
}

/** The full screen below the list: the selected group, how it is counted, and the state of the logs. */
export function errorDetails(state: State, look: Look, width: number): readonly Line[] {
	const group = selectedGroup(state);
	const data = shown(state);
	const value = valueOf(single(data, 'logs.errors'));
	return [
		...(group
			? [
					...groupFacts(state, look, group, width),
					[],
					...wrapped(look.say('errors.counted-as', {text: group.signature}), width, 3).map(
						(text): Line => [span(text, {dim: true})],
					),
					[],
				]
			: []),
		...followedLines(look, value, hasSeveralProjects(data)),
	];
}

function followedLines(
	look: Look,
	value: ErrorsValue | undefined,
	isProjectTold: boolean,
): readonly Line[] {
	if (!value) return [];
	return [
		flow(
			[
				[span(look.say('errors.logs', {count: value.followed.length}), {dim: true})],
				[span(look.say('errors.lines', {count: formatCount(value.linesRead)}), {dim: true})],
				...(value.linesSkipped > 0
					? [
							[
								span(look.say('errors.skipped', {count: formatCount(value.linesSkipped)}), {
									color: 'yellow',
								}),
							],
						]
					: []),
				...(value.groupsDropped > 0
					? [[span(look.say('errors.dropped', {count: value.groupsDropped}))]]
					: []),
			],
			Number.POSITIVE_INFINITY,
		)[0] ?? [],
		...unfollowed(look, value, isProjectTold),
	];
}

function unfollowed(look: Look, value: ErrorsValue, isProjectTold: boolean): readonly Line[] {
	return value.followed
		.filter(log => !log.isFollowing)
		.map(log => {
			const cause = log.cause ? sayProblem(look.language, log.cause).summary : (log.problem ?? '');
			const project = isProjectTold && log.project !== undefined ? `${log.project}/` : '';
			const service = `${project}${log.service}`;
			return [
				span(`! ${look.say('errors.not-followed', {service, cause})}`, {
					color: 'yellow',
				}),
			];
		});
}
