import type {Look} from '../../hooks/use-look.ts';
import type {Alert} from '../../src/domain/alerts.ts';
import {
	formatClock,
	formatDateTime,
	formatDuration,
	formatDurationShort,
	formatMetric,
	truncate,
	widthOf,
} from '../../src/domain/format.ts';
import {metrics} from '../../src/domain/metrics.ts';
import {pendingAlerts} from '../../src/store/select-alerts.ts';
import {evidenceOf} from '../../src/store/select-evidence.ts';
import {alertRows, selectedKey} from '../../src/store/select-lists.ts';
import {shown} from '../../src/store/select.ts';
import type {Data, State} from '../../src/store/state.ts';
import {wrapped} from '../parts/reading-lines.ts';
import {
	flow,
	lastCells,
	labelled,
	levelSign,
	levelStyle,
	levelWord,
	type Line,
	lineWidth,
	pendingSign,
	selectedLine,
	span,
} from '../parts/spans.ts';
import {alertComplaint, alertSubject, metricName} from './alert-words.ts';
import {partNote, windowed} from '../parts/windowed.ts';

/** Handbook row or place in the configuration as it is; only what the program brings along is said in words. */
function provenanceOf(look: Look, {provenance}: Alert): string {
	return provenance === 'built in' ? look.say('alerts.built-in') : provenance;
}

/** Cells that a subject keeps in any case: fewer do not tell one service from another. */
const leastSubject = 12;

/** A text in at most `room` cells; the value that it ends with stays, what stands before it is cut. */
function cutBefore(value: string, text: string, room: number): string {
	if (widthOf(text) <= room || value === '' || !text.endsWith(` ${value}`)) {
		return truncate(text, room);
	}

	const before = text.slice(0, text.length - value.length - 1);
	return `${truncate(before, room - widthOf(value) - 1)} ${value}`;
}

/** What is wrong, in at most `room` cells; a long subject loses its beginning, so that the value stays. */
function alertText(data: Data, look: Look, alert: Alert, room: number): string {
	const whole = alertSubject(data, alert);
	const full = look.say('colon') + alertComplaint(data, look, alert, true);
	const isLong = widthOf(whole) + widthOf(full) > room;
	// Half a limit says nothing; the alert in full has it.
	const what = isLong ? look.say('colon') + alertComplaint(data, look, alert, false) : full;
	const left = Math.max(leastSubject, room - widthOf(what));
	// Of an address its service matters more than its path.
	const isAddress = alert.metric.startsWith('endpoint.') && widthOf(whole) > left;
	const subject = isAddress ? (whole.split(' ', 1)[0] ?? whole) : whole;
	const short = widthOf(subject) <= left ? subject : `…${lastCells(subject, left - 1)}`;
	const value = formatMetric(alert.value, metrics[alert.metric], look.language);
	return cutBefore(value, short + what, room);
}

/** One alert: sign, what is wrong, where it is asked for if there is room, and since when at the right edge. */
function alertLine(
	data: Data,
	look: Look,
	alert: Alert,
	facts: {readonly width: number; readonly isSelected: boolean},
): Line {
	const {width, isSelected} = facts;
	const style = levelStyle(alert.level);
	const age = formatDurationShort(Math.max(0, data.nowMs - alert.sinceMs) / 1000);
	const room = width - 4;
	const text = alertText(data, look, alert, room);
	const origin = `  ${look.say('alerts.from', {provenance: provenanceOf(look, alert)})}`;
	const hasAge = widthOf(text) + 1 + age.length <= room;
	const hasOrigin = widthOf(text) + widthOf(origin) + 1 + age.length <= room;
	const left: Line = [
		span(isSelected ? `${look.glyphs.select} ` : '  '),
		span(`${levelSign[alert.level]} `, style),
		span(text, style),
		...(hasOrigin ? [span(origin, {dim: true})] : []),
	];
	const fill = Math.max(0, width - lineWidth(left) - age.length);
	const line = hasAge ? [...left, span(' '.repeat(fill)), span(age, {dim: true})] : left;
	return isSelected ? selectedLine(line) : line;
}

/** Below this width a sign stands for the word, so that the value is not cut. */
const narrowColumns = 40;

/** What is about to be an alert: an operator who looks now need not wait for its hold time. */
function pendingLine(data: Data, look: Look, alert: Alert, width: number): Line {
	const age = formatDurationShort(Math.max(0, data.nowMs - alert.sinceMs) / 1000);
	const word = width < narrowColumns ? pendingSign : look.say('alerts.pending');
	const lead = `  ${word} `;
	const room = width - widthOf(lead) - age.length - 1;
	const text = alertText(data, look, alert, room);
	const fill = Math.max(1, width - widthOf(lead) - widthOf(text) - age.length);
	return [span(lead, {dim: true}), span(text), span(`${' '.repeat(fill)}${age}`, {dim: true})];
}

/** The raised alerts, the selected one in sight; below them, where there is room, those that are pending. */
export function alertList(
	state: State,
	look: Look,
	size: {readonly width: number; readonly height: number; readonly isActive: boolean},
): {readonly lines: readonly Line[]; readonly note: string} {
	const data = shown(state);
	const alerts = alertRows(state);
	const pending = (room: number) =>
		state.ui.filter === ''
			? pendingAlerts(data)
					.slice(0, Math.max(0, room))
					.map(alert => pendingLine(data, look, alert, size.width))
			: [];
	if (alerts.length === 0) {
		const none: Line = [span(`  ${noneText(state, look)}`, {dim: true})];
		return {lines: [none, ...pending(size.height - 1)], note: ''};
	}

	const selected = selectedKey(state, 'backups');
	const at = alerts.findIndex(alert => alert.id === selected);
	const first = windowed(alerts.length, at, size.height);
	return {
		lines: [
			...alerts.slice(first, first + size.height).map(alert =>
				alertLine(data, look, alert, {
					width: size.width,
					isSelected: size.isActive && alert.id === selected,
				}),
			),
			...pending(size.height - alerts.length),
		],
		note: partNote(look, first, size.height, alerts.length),
	};
}

function noneText(state: State, look: Look): string {
	const {filter} = state.ui;
	return filter === '' ? look.say('alerts.none') : look.say('filter.none', {text: filter});
}

/** The selected alert, if there is any. */
export function selectedAlert(state: State): Alert | undefined {
	const selected = selectedKey(state, 'backups');
	return alertRows(state).find(alert => alert.id === selected);
}

/** Until when an alert is only held, where that is known. */
function heldUntil(look: Look, {recovery}: Alert): readonly Line[] {
	if (!recovery) return [];
	const until = recovery.untilMs === undefined ? '' : formatClock(recovery.untilMs).slice(0, 5);
	return [[span(look.say(until === '' ? 'why.recovering' : 'why.recovering-until', {until}))]];
}

/** One alert in full: value and limit, since when, which threshold says so, and what Enter opens. */
export function alertFacts(data: Data, look: Look, alert: Alert, width: number): readonly Line[] {
	const unit = metrics[alert.metric];
	const style = levelStyle(alert.level);
	const seconds = Math.max(0, data.nowMs - alert.sinceMs) / 1000;
	const evidence = evidenceOf(data, alert);
	const opens =
		evidence.kind === 'container'
			? evidence.key
			: evidence.kind === 'panel'
				? look.say(`panel.${evidence.panel}`)
				: '';
	return [
		...wrapped(
			`${levelSign[alert.level]} ${levelWord(look, alert.level)} ${alertSubject(data, alert)}${look.say('colon')}${metricName(look, alert)}`,
			width,
			3,
		).map((text): Line => [span(text, style)]),
		...flow(
			[
				...(unit === 'state'
					? []
					: [
							labelled(
								look.say('alerts.value'),
								alert.value === undefined
									? look.say('level.unknown')
									: formatMetric(alert.value, unit, look.language),
								{bold: true},
							),
							labelled(
								look.say('alerts.limit'),
								formatMetric(alert.threshold, unit, look.language),
							),
						]),
				[
					span(
						look.say('alerts.since-when', {
							time: formatDateTime(alert.sinceMs),
							age: formatDuration(seconds, look.language),
						}),
					),
				],
				...heldUntil(look, alert),
				[span(look.say('alerts.from', {provenance: provenanceOf(look, alert)}), {dim: true})],
				[span(`${alert.metric} ${alert.target}`, {dim: true})],
				evidence.kind === 'panel' && evidence.panel === 'backups'
					? []
					: [span(look.say('alerts.opens', {place: opens}), {dim: true})],
			],
			width,
		),
	];
}
