import {type Look, useLook} from '../../hooks/use-look.ts';
import {useStateOf} from '../../hooks/use-state-of.ts';
import {
	formatCount,
	formatDurationShort,
	formatLatencyShort,
	formatPercent,
	formatRate,
	truncate,
	widthOf,
} from '../../src/domain/format.ts';
import type {BlockingNode, PostgresActivity, PostgresStorage} from '../../src/domain/postgres.ts';
import {valueOf} from '../../src/domain/reading.ts';
import {alertIndex} from '../../src/store/select-alerts.ts';
import {hasSeveralProjects} from '../../src/store/select-containers.ts';
import {panelLevel} from '../../src/store/select-levels.ts';
import {chosenTarget} from '../../src/store/select-look.ts';
import {shown, targetIds} from '../../src/store/select.ts';
import type {Data, State} from '../../src/store/state.ts';
import {metricGroup, troubleFirst} from '../parts/metric-group.ts';
import {readingLines} from '../parts/reading-lines.ts';
import {
	cell,
	flow,
	labelled,
	labelledSpark,
	levelStyle,
	type Line,
	span,
	type Style,
} from '../parts/spans.ts';
import {secondOf, timed} from '../parts/timed.ts';
import {gauge} from './host.tsx';
import {missingServers} from './missing-servers.ts';
import {Panel} from './panel.tsx';

type Facts = {readonly id: string; readonly value: PostgresActivity; readonly width: number};

/** Client connections against those that the server allows. */
export function connectionGauge(data: Data, look: Look, {id, value, width}: Facts): Line {
	const {used, usable, usedPercent} = value.connections;
	return gauge(look, {
		label: look.say('postgres.connections'),
		percent: usedPercent,
		level: alertIndex(data).levelOf('postgres.connections', id),
		note: `${used}/${usable}`,
		width,
	});
}

/** The figures of the server, most important first. */
export function postgresGroups(
	data: Data,
	look: Look,
	{id, value}: Omit<Facts, 'width'>,
): readonly Line[] {
	const {longestQuery, longestTransaction, idleInTransaction, connections} = value;
	const figure = (label: string, text: string, metric: string) =>
		metricGroup(data, {label, value: text, metric, target: id});
	const waitingStyle: Style = value.waiting > 0 ? levelStyle('warn') : {};
	return [
		labelled(look.say('postgres.active'), String(connections.byState['active'] ?? 0)),
		alertIndex(data).levelOf('postgres.waiting', id) === 'ok'
			? labelled(look.say('postgres.waiting'), String(value.waiting), waitingStyle)
			: figure(look.say('postgres.waiting'), String(value.waiting), 'postgres.waiting'),
		figure(
			look.say('postgres.query'),
			formatDurationShort(longestQuery?.querySeconds ?? 0),
			'postgres.longest-query',
		),
		figure(
			look.say('postgres.transaction'),
			formatDurationShort(longestTransaction?.transactionSeconds ?? 0),
			'postgres.longest-transaction',
		),
		figure(
			look.say('postgres.idle-in-transaction'),
			String(idleInTransaction.length),
			'postgres.idle-in-transaction',
		),
		labelled(look.say('postgres.commits'), formatRate(value.commitsPerSecond)),
		figure(look.say('postgres.hit'), formatPercent(value.cacheHitPercent), 'postgres.cache-hit'),
		figure(look.say('postgres.deadlocks'), String(value.deadlocks), 'postgres.deadlocks'),
		labelled(look.say('postgres.rollbacks'), formatRate(value.rollbacksPerSecond)),
		labelled(look.say('postgres.idle'), String(connections.byState['idle'] ?? 0)),
		...(value.checksumFailures > 0
			? [
					labelled(
						look.say('postgres.checksums'),
						String(value.checksumFailures),
						levelStyle('crit'),
					),
				]
			: []),
	];
}

/** All sessions that wait for a session, directly or not. */
function waitersOf(node: BlockingNode): number {
	return node.blocks.reduce((sum, child) => sum + 1 + waitersOf(child), 0);
}

/** One line for each session that blocks others: `! 4711 blocks 3 for 12m`. */
function blockerLines(look: Look, value: PostgresActivity): readonly Line[] {
	return value.blocking.map(node => [
		span(
			`! ${look.say('postgres.blocks', {
				pid: node.session.pid,
				count: waitersOf(node),
				time: formatDurationShort(node.session.transactionSeconds),
			})}`,
			levelStyle('warn'),
		),
		span(` ${node.session.user} ${node.session.query}`),
	]);
}

/** A blocker and below it those that wait for it. */
export function blockingLines(look: Look, node: BlockingNode, indent = ''): readonly Line[] {
	const {session, blocks, alsoBlockedBy} = node;
	const also =
		alsoBlockedBy.length > 0
			? ` (+ ${look.say('postgres.blocked-by', {pid: alsoBlockedBy.join(', ')})})`
			: '';
	const line: Line = [
		span(indent, {dim: true}),
		span(`${session.pid}${also} `, {bold: true}),
		span(`${session.user} ${session.state} ${formatDurationShort(session.transactionSeconds)} `),
		span(session.query),
	];
	const inner = indent.replaceAll(/[^ ]/g, ' ');
	return [
		line,
		...blocks.flatMap((child, index) =>
			blockingLines(
				look,
				child,
				`${inner}  ${index === blocks.length - 1 ? look.glyphs.lastBranch : look.glyphs.branch}`,
			),
		),
	];
}

/** The statements that took most time, each with its share, calls and mean. */
export function statementLines(look: Look, storage: PostgresStorage | undefined): readonly Line[] {
	if (!storage?.statements.available) return [];
	return storage.statements.value.map(statement => [
		cell(formatPercent(statement.sharePercent), 6, {align: 'right'}),
		cell(formatCount(statement.calls), 7, {align: 'right'}),
		span(` ${look.say('postgres.calls')} `, {dim: true}),
		cell(formatLatencyShort(statement.meanMs), 6, {align: 'right'}),
		span(` ${look.say('postgres.mean')}  `, {dim: true}),
		span(statement.query),
	]);
}

/** The rows of the tile, most important first; who blocks whom, or the dearest statements, where there is room. */
export function postgresLines(
	data: Data,
	look: Look,
	facts: Facts & {readonly height: number},
): readonly Line[] {
	const {id, value, width, height} = facts;
	const blockers = blockerLines(look, value);
	const base = [
		connectionGauge(data, look, facts),
		...blockers.slice(0, Math.max(1, Math.floor(height / 4))),
		...flow(troubleFirst(postgresGroups(data, look, facts)), width),
	];
	const history = labelledSpark(look, {
		label: look.say('postgres.connections'),
		value: String(value.connections.used),
		points: data.history[`postgres.connections@${id}`],
		width,
	});
	const room = height - base.length - 1;
	const tree = value.blocking.flatMap(node => blockingLines(look, node));
	const statements = statementLines(look, valueOf(data.readings['postgres.storage'][id]));
	const [title, extra] =
		tree.length > 0
			? ([look.say('postgres.blocking-title'), tree] as const)
			: ([look.say('postgres.statements-title'), statements] as const);
	if (extra.length === 0 || room < 3 || width < 40) return [...base, history];
	return [
		...base,
		history,
		...(room > 4 ? [[]] : []),
		[span(title, {bold: true})],
		...extra.slice(0, room - (room > 4 ? 2 : 1)),
	];
}

/** Cells of a server's name in the heading of a tile of half a screen, beside the word for its level; else of its project. */
const narrowName = 10;
const leastProject = 4;
const wideProject = 20;

/** What the heading of a server's tile says: its version; of several projects first which server it is. */
export function serverNote(
	state: State,
	panel: 'postgres' | 'redis',
	{version = '', width}: {readonly version: string | undefined; readonly width: number},
): string {
	const which = whichOf(state, panel);
	const id = chosenTarget(state, panel);
	if (id === undefined || !hasSeveralProjects(shown(state))) return `${version}${which}`;
	const slash = id.indexOf('/');
	const rest = slash === -1 ? '' : id.slice(slash);
	const room = width < 60 ? Math.max(leastProject, narrowName - widthOf(rest)) : wideProject;
	const name = `${truncate(id.slice(0, id.length - rest.length), room)}${rest}`;
	// Where there is little room the last parts are left out.
	return [name, which.trim(), version].filter(part => part !== '').join(', ');
}

/** Which of several servers a tile shows: ` 2/3`. */
function whichOf(state: State, panel: 'postgres' | 'redis'): string {
	const ids = targetIds(shown(state), panel);
	const at = ids.indexOf(chosenTarget(state, panel) ?? '');
	return ids.length > 1 ? ` ${at + 1}/${ids.length}` : '';
}

/** Servers that were looked for and not found, with what was last known of them. */
export function missingPostgres(
	data: Data,
	look: Look,
	place: {readonly width: number; readonly height?: number},
): readonly Line[] {
	return missingServers(data, look, 'postgres', {
		...place,
		known: data.lastKnown.postgres,
		lines: facts => postgresLines(data, look, facts),
	});
}

const reads = (state: State): readonly unknown[] => {
	const data = shown(state);
	const id = chosenTarget(state, 'postgres');
	return [
		...timed(data, data.readings['postgres.activity'], data.readings['postgres.storage']),
		data.alerts,
		data.targets,
		data.lastKnown,
		// The age of what was last known.
		id === undefined ? Math.floor(secondOf(data) / 5) : 0,
		data.history[`postgres.connections@${id ?? ''}`],
		state.ui.focus,
		id,
		hasSeveralProjects(data),
	];
};

/** Sessions, locks and connections of one PostgreSQL server. */
export function PostgresPanel({width, height}: {readonly width: number; readonly height: number}) {
	const look = useLook();
	const state = useStateOf(reads);
	const data = shown(state);
	const id = chosenTarget(state, 'postgres');
	const reading = id === undefined ? undefined : data.readings['postgres.activity'][id];
	const room = height - 1;
	const lines =
		id === undefined
			? missingPostgres(data, look, {width, height: room})
			: readingLines(look, reading, {nowMs: data.nowMs, width, height: room}, (value, left) =>
					postgresLines(data, look, {id, value, width, height: left}),
				);
	return (
		<Panel
			panel="postgres"
			note={serverNote(state, 'postgres', {version: valueOf(reading)?.version, width})}
			level={panelLevel(data, 'postgres')}
			lines={lines}
			width={width}
			height={height}
		/>
	);
}
