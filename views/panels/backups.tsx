import {type Look, useLook} from '../../hooks/use-look.ts';
import {useStateOf} from '../../hooks/use-state-of.ts';
import type {BackupSetValue} from '../../src/domain/backups.ts';
import {formatBytes, formatBytesShort, formatDurationShort} from '../../src/domain/format.ts';
import {compareLevels, type Level} from '../../src/domain/level.ts';
import type {Problem} from '../../src/domain/problem.ts';
import type {Reading} from '../../src/domain/reading.ts';
import type {BackupTarget} from '../../src/domain/targets.ts';
import {pendingAlerts} from '../../src/store/select-alerts.ts';
import {panelLevel} from '../../src/store/select-levels.ts';
import {alertRows} from '../../src/store/select-lists.ts';
import {shown} from '../../src/store/select.ts';
import type {Data, State} from '../../src/store/state.ts';
import type {ScreenWord} from '../../src/words/screen.ts';
import {sayProblem} from '../../src/words/say-problem.ts';
import {problemLines, readingLines} from '../parts/reading-lines.ts';
import {
	flow,
	labelled,
	levelSign,
	levelStyle,
	type Line,
	span,
	type Style,
} from '../parts/spans.ts';
import {secondOf, timed} from '../parts/timed.ts';
import {alertFacts, alertList, selectedAlert} from './alert-lines.ts';
import {Panel} from './panel.tsx';

/** The causes in few words, for one line; the whole problem is on the full screen. */
const shortCauses: Readonly<Record<string, ScreenWord>> = {
	'backups-folder-missing': 'backups.folder-missing',
	'backups-no-permission': 'backups.no-permission',
	'backups-not-a-folder': 'backups.not-a-folder',
	'backups-unreadable': 'backups.unreadable',
};

function shortCause(look: Look, problem: Problem): string {
	const word = shortCauses[problem.code];
	return word ? look.say(word) : sayProblem(look.language, problem).summary;
}

/** One line for each backup set, those in trouble first. */
export function backupLines(data: Data, look: Look): readonly Line[] {
	if (data.targets.backups.length === 0) {
		return [[span(`  ${look.say('backups.none')}`, {dim: true})]];
	}

	const entries = data.targets.backups.map(target => {
		const reading = data.readings['backups.set'][target.id];
		return {level: setLevel(reading), line: setLine(look, target, reading, data.nowMs)};
	});
	return entries.toSorted((a, b) => compareLevels(a.level, b.level)).map(entry => entry.line);
}

/** A set that could not be read is unknown, as everywhere; waiting for the first reading is no sign. */
function setLevel(reading: Reading<BackupSetValue> | undefined): Level {
	if (reading?.kind === 'fresh') {
		const {isOverdue, isSuspicious, isUnproven} = reading.value;
		return isOverdue || isSuspicious || isUnproven === true ? 'warn' : 'ok';
	}

	return reading?.kind === 'failed' || reading?.kind === 'stale' ? 'unknown' : 'ok';
}

/** One set in one line, whatever its reading: `! database: 3d ago 1.2G OVERDUE`. */
function setLine(
	look: Look,
	target: BackupTarget,
	reading: Reading<BackupSetValue> | undefined,
	nowMs: number,
): Line {
	const level = setLevel(reading);
	const style = levelStyle(level);
	const head: Line = [
		span(`  ${levelSign[level]} `, style),
		span(target.id, style),
		span(level === 'ok' ? ' ' : look.say('colon'), style),
	];
	switch (reading?.kind) {
		case undefined:
		case 'waiting':
			return [...head, span(look.say('reading.waiting'), {dim: true})];
		case 'failed':
			return [...head, span(shortCause(look, reading.problem), style)];
		case 'stale':
			return [
				...head,
				...valueSpans(look, reading.value, nowMs, style).map(part => ({...part, dim: true})),
				span(` ${shortCause(look, reading.problem)}`, style),
			];
		case 'fresh':
			return [...head, ...valueSpans(look, reading.value, nowMs, style)];
	}
}

function valueSpans(look: Look, value: BackupSetValue, nowMs: number, style: Style): Line {
	const age = value.newest
		? look.say('backups.ago', {
				age: formatDurationShort(Math.max(0, nowMs - value.newest.atMs) / 1000),
			})
		: look.say('backups.empty');
	return [
		span(age, style),
		span(value.newest ? ` ${formatBytesShort(value.newest.bytes)}` : '', {dim: true}),
		span(value.isOverdue ? ` ${look.say('backups.overdue')}` : '', style),
		span(value.isSuspicious ? ` ${look.say('backups.suspicious')}` : '', style),
		span(value.isUnproven === true ? ` ${look.say('backups.unproven')}` : '', style),
		span(value.proof ? ` L${value.proof.level}` : '', {dim: true}),
	];
}

/** What was looked for and not found, one line each; what is simply not on the host itself is no news. */
function missingRows(data: Data, look: Look): readonly Line[] {
	return data.targets.missing
		.filter(item => item.name !== 'host')
		.map(item => {
			const isStopped = item.problem.code === 'discovery-stopped';
			const {summary} = sayProblem(look.language, item.problem);
			// That it is stopped must not be cut; its panel says the rest.
			const name = isStopped ? item.name : `${item.area} ${item.name}`;
			return [
				span('  ? ', levelStyle('unknown')),
				span(`${name}${look.say('colon')}`, levelStyle('unknown')),
				span(isStopped ? look.say('missing.stopped') : summary),
			];
		});
}

const reads = (state: State): readonly unknown[] => {
	const data = shown(state);
	return [
		...timed(data, data.readings['backups.set']),
		data.alerts.length === 0 ? 0 : secondOf(data),
		alertRows(state),
		panelLevel(data, 'backups'),
		data.targets,
		state.ui.focus,
		state.ui.selected.backups,
		state.ui.filter,
	];
};

/** How many rows the panel would fill, its heading included. */
export function backupNeed(state: State): number {
	const data = shown(state);
	const alerts = Math.max(1, alertRows(state).length) + pendingAlerts(data).length;
	const missing = data.targets.missing.filter(item => item.name !== 'host').length;
	return 1 + alerts + Math.max(1, data.targets.backups.length) + missing;
}

/** Alerts first, then the newest backup of each set, then what was not found; in spare room the selected alert. */
export function BackupsPanel({width, height}: {readonly width: number; readonly height: number}) {
	const look = useLook();
	const state = useStateOf(reads);
	const data = shown(state);
	const room = height - 1;
	const below = [...backupLines(data, look), ...missingRows(data, look)];
	const raised = alertRows(state).length;
	// Without a raised alert one row says so. Alerts get what they need, but one row in three is for the backups.
	const needed = Math.max(1, raised);
	const own = Math.min(needed, Math.max(Math.ceil((room * 2) / 3), room - below.length));
	// Those that are pending only take what nothing else needs.
	const spareRows = Math.max(0, room - below.length - own);
	const alertHeight = own + Math.min(spareRows, pendingAlerts(data).length);
	const isActive = state.ui.focus === 'backups';
	const {lines, note} = alertList(state, look, {width, height: alertHeight, isActive});
	const spare = room - lines.length - below.length;
	const alert = selectedAlert(state);
	const facts: readonly Line[] =
		alert && spare >= 4 ? [[], ...alertFacts(data, look, alert, width)] : [];
	return (
		<Panel
			panel="backups"
			note={note}
			level={panelLevel(data, 'backups')}
			lines={[...lines, ...below, ...facts]}
			width={width}
			height={height}
		/>
	);
}

/** The full screen below the list: the selected alert, the backup sets, and what was not found. */
export function backupDetails(state: State, look: Look, width: number): readonly Line[] {
	const data = shown(state);
	const alert = selectedAlert(state);
	return [
		...(alert ? [...alertFacts(data, look, alert, width), []] : []),
		[span(look.say('backups.title'), {bold: true})],
		...setFacts(data, look, width),
		...missingFacts(data, look, width),
	];
}

function setFacts(data: Data, look: Look, width: number): readonly Line[] {
	if (data.targets.backups.length === 0) return backupLines(data, look);
	return data.targets.backups.flatMap(target => {
		const reading = data.readings['backups.set'][target.id];
		if (reading?.kind === 'failed') {
			return [
				[span(target.id, {bold: true})],
				...readingLines(look, reading, {nowMs: data.nowMs, width}, () => []),
			];
		}

		const value =
			reading?.kind === 'fresh' || reading?.kind === 'stale' ? reading.value : undefined;
		return [
			setLine(look, target, reading, data.nowMs),
			...(value ? valueFacts(look, value, {width, nowMs: data.nowMs}) : []),
		];
	});
}

/** How far the newest of our own backups is proven, and when one was last restored for proof. */
function proofSpans(look: Look, value: BackupSetValue, nowMs: number): readonly Line[] {
	const ago = (atMs: number) => formatDurationShort(Math.max(0, nowMs - atMs) / 1000);
	const {proof, restoredAtMs} = value;
	return [
		...(proof
			? [[span(look.say('backups.proof', {level: proof.level, age: ago(proof.atMs)}))]]
			: []),
		...(restoredAtMs === undefined
			? []
			: [[span(look.say('backups.restored', {age: ago(restoredAtMs)}))]]),
	];
}

function valueFacts(
	look: Look,
	value: BackupSetValue,
	{width, nowMs}: {readonly width: number; readonly nowMs: number},
): readonly Line[] {
	const groups: readonly Line[] = [
		[span(`${value.folder}/${value.pattern}`, {dim: true})],
		[
			span(
				look.say(value.isUnproven === undefined ? 'backups.count' : 'backups.own-count', {
					count: value.count,
				}),
			),
		],
		...proofSpans(look, value, nowMs),
		[span(formatBytes(value.totalBytes))],
		...(value.medianBytes === undefined
			? []
			: [[span(look.say('backups.median', {size: formatBytes(value.medianBytes)}))]]),
		labelled(look.say('backups.limit'), formatDurationShort(value.maxAgeSeconds)),
		...(value.schedule === undefined
			? []
			: [[span(look.say('backups.schedule', {cron: value.schedule}))]]),
		[span(look.say('alerts.from', {provenance: value.provenance}), {dim: true})],
	];
	return flow(groups, width - 6).map(line => [span('      '), ...line]);
}

/** What was looked for and not found, with the reason and the next step. */
function missingFacts(data: Data, look: Look, width: number): readonly Line[] {
	const {missing} = data.targets;
	if (missing.length === 0) return [];
	return [
		[],
		[span(look.say('missing.title'), {bold: true})],
		...missing.flatMap(item => [
			[span(`${item.area} ${item.name}`, {bold: true})],
			...problemLines(look, item.problem, width),
		]),
	];
}
