import type {Look} from '../../hooks/use-look.ts';
import {
	formatAge,
	formatBytes,
	formatBytesShort,
	formatCount,
	formatDuration,
	formatDurationShort,
} from '../../src/domain/format.ts';
import type {Part, PostgresActivity, PostgresStorage, Session} from '../../src/domain/postgres.ts';
import {chosenTarget} from '../../src/store/select-look.ts';
import {shown} from '../../src/store/select.ts';
import type {Data, State} from '../../src/store/state.ts';
import {
	blockingLines,
	connectionGauge,
	missingPostgres,
	postgresGroups,
	statementLines,
} from '../panels/postgres.tsx';
import {readingLines} from '../parts/reading-lines.ts';
import {cell, flow, joined, labelled, labelledSpark, type Line, span} from '../parts/spans.ts';

/** All facts of one server, for the full screen. */
export function postgresFacts(state: State, look: Look, width: number): readonly Line[] {
	const data = shown(state);
	const id = chosenTarget(state, 'postgres');
	if (id === undefined) return missingPostgres(data, look, {width});
	const target = data.targets.postgres.find(candidate => candidate.id === id);
	const title: Line = joined([
		[span(id, {bold: true})],
		[span(target ? `${target.host}:${target.port}/${target.database}` : '', {dim: true})],
	]);
	const activity = readingLines(
		look,
		data.readings['postgres.activity'][id],
		{nowMs: data.nowMs, width},
		value => activityFacts(data, look, {id, value, width}),
	);
	const storage = readingLines(
		look,
		data.readings['postgres.storage'][id],
		{nowMs: data.nowMs, width},
		value => storageFacts(look, value, data.nowMs),
	);
	return [title, ...activity, [], ...storage];
}

function activityFacts(
	data: Data,
	look: Look,
	facts: {readonly id: string; readonly value: PostgresActivity; readonly width: number},
): readonly Line[] {
	const {value, width} = facts;
	const {connections} = value;
	return [
		joined([
			labelled('PostgreSQL', value.version),
			[span(look.say(`postgres.role.${value.role}`))],
			labelled(
				look.say('host.uptime'),
				formatDuration((data.nowMs - value.startedAtMs) / 1000, look.language),
			),
		]),
		...(value.seesAllSessions
			? []
			: [[span(`! ${look.say('postgres.limited-rights')}`, {color: 'yellow'})]]),
		connectionGauge(data, look, facts),
		...section(
			`! ${look.say('postgres.blocking-title')}`,
			value.blocking.flatMap(node => blockingLines(look, node)),
		),
		...(value.blocking.length > 0 ? [[]] : []),
		...flow(
			[
				...postgresGroups(data, look, facts),
				labelled(
					look.say('postgres.temp'),
					`${formatCount(value.tempFiles)} (${formatBytes(value.tempBytes)})`,
				),
				labelled(look.say('postgres.checksums'), String(value.checksumFailures)),
			],
			width,
		),
		...flow(
			Object.entries(connections.byState).map(([name, count]) => labelled(name, String(count))),
			width,
		),
		...flow(
			connections.byDatabase.map(({database, count}) => labelled(database, String(count))),
			width,
		),
		labelledSpark(look, {
			label: look.say('postgres.connections'),
			value: String(connections.used),
			points: data.history[`postgres.connections@${facts.id}`],
			width,
		}),
		...section(
			look.say('postgres.idle-title'),
			value.idleInTransaction
				.slice(0, 10)
				.map(session => sessionLine(session, session.stateSeconds)),
		),
		...section(
			look.say('postgres.active-title'),
			value.active.slice(0, 15).map(session => sessionLine(session, session.querySeconds)),
		),
	];
}

function section(title: string, lines: readonly Line[]): readonly Line[] {
	return lines.length === 0 ? [] : [[], [span(title, {bold: true})], ...lines];
}

function sessionLine(session: Session, seconds: number | undefined): Line {
	return [
		cell(String(session.pid), 8, {align: 'right'}),
		cell(formatDurationShort(seconds), 8, {align: 'right'}),
		span(' '),
		cell(`${session.user}@${session.database}`, 22),
		span(' '),
		cell(session.application, 14, {dim: true}),
		span(` ${session.waitEvent === undefined ? '' : `[${session.waitEvent}] `}${session.query}`),
	];
}

function partLines<T>(
	look: Look,
	title: string,
	part: Part<T>,
	lines: (value: T) => readonly Line[],
): readonly Line[] {
	const content = part.available
		? lines(part.value)
		: [[span(look.say(`part.${part.reason}`), {dim: true})]];
	return section(title, content);
}

function storageFacts(look: Look, value: PostgresStorage, nowMs: number): readonly Line[] {
	return [
		...partLines(look, look.say('postgres.databases-title'), value.databases, databases => [
			joined(databases.map(({name, bytes}) => labelled(name, formatBytes(bytes)))),
		]),
		...partLines(look, look.say('postgres.tables-title'), value.tables, tables =>
			tables.map(table => [
				cell(`${table.schema}.${table.name}`, 32),
				cell(formatBytes(table.totalBytes), 10, {align: 'right'}),
				...(table.liveRows === undefined
					? [span(`  ${look.say('postgres.rows-uncounted')} `, {dim: true})]
					: [
							cell(formatCount(table.liveRows), 8, {align: 'right'}),
							span(` ${look.say('postgres.rows')} `, {dim: true}),
						]),
				cell(formatCount(table.deadRows), 8, {align: 'right'}),
				span(` ${look.say('postgres.dead-rows')}`, {dim: true}),
			]),
		),
		...partLines(look, look.say('postgres.statements-title'), value.statements, () =>
			statementLines(look, value),
		),
		...partLines(look, look.say('postgres.indexes-title'), value.unusedIndexes, indexes =>
			indexes.map(index => [
				cell(`${index.schema}.${index.table}`, 28),
				span(' '),
				cell(index.name, 32),
				cell(formatBytesShort(index.bytes), 8, {align: 'right'}),
			]),
		),
		...partLines(look, look.say('postgres.replication-title'), value.replication, replication => [
			...replication.replicas.map(replica =>
				joined([
					[span(replica.name)],
					[span(replica.state)],
					labelled(
						look.say('postgres.lag'),
						`${formatBytes(replica.lagBytes)} ${formatDuration(replica.lagSeconds, look.language)}`,
					),
				]),
			),
			...replication.slots.map(slot =>
				joined([
					labelled(look.say('postgres.slot'), slot.name),
					[span(slot.isActive ? look.say('postgres.active') : '-')],
					[span(formatBytes(slot.retainedBytes))],
				]),
			),
			...(replication.receiverLagSeconds === undefined
				? []
				: [
						labelled(
							look.say('postgres.lag'),
							formatDuration(replication.receiverLagSeconds, look.language),
						),
					]),
		]),
		...partLines(look, look.say('postgres.archiving-title'), value.archiving, archiving => [
			joined([
				[span(`archive_mode ${archiving.mode}`)],
				labelled(look.say('postgres.archived'), formatCount(archiving.archived)),
				labelled(look.say('postgres.archive-failed'), formatCount(archiving.failed)),
				...(archiving.lastArchivedAtMs === undefined
					? []
					: [[span(formatAge(nowMs - archiving.lastArchivedAtMs, look.language))]]),
			]),
		]),
		...(value.dataChecksums.available
			? [
					[],
					labelled(
						look.say('postgres.data-checksums'),
						look.say(value.dataChecksums.value ? 'redis.on' : 'redis.off'),
					),
				]
			: []),
	];
}
