import {clean, cleanLine} from '../../domain/clean.ts';
import {sampleFromStats} from '../../domain/docker-stats.ts';
import {maskCommand, maskText} from '../../domain/mask.ts';
import type {JsonValue} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {ServiceContainer} from '../../domain/service-facts.ts';
import {listOf, objectOf, textOf, textsOf} from '../../domain/unknown.ts';
import {usageOf} from '../../domain/usage-sample.ts';
import type {Look} from '../operation.ts';
import {targetOf} from './servers.ts';

/** How long one question may take, and how far two looks at the CPU are apart, in ms. */
const answerMs = 5000;
const betweenMs = 200;
/** Rows that are kept of a list, and characters of one. */
const keptRows = 200;
const keptCharacters = 300;

type Access = Pick<Look, 'io' | 'targets'>;
type Question = (
	access: Access,
	member: ServiceContainer,
	signal: AbortSignal,
) => Promise<JsonValue>;

/** CPU, memory, processes and traffic, as `docker stats` has them. `one-shot` answers at once from API 1.41 on. */
const usage: Question = async ({io}, {container: {id}}, signal) => {
	const sample = async () => {
		const path = `/containers/${id}/stats?stream=false&one-shot=true`;
		return sampleFromStats(await io.docker.get(path, signal), undefined);
	};
	const before = await sample();
	await io.clock.sleep(betweenMs, signal);
	const now = await sample();
	if (now === undefined) return '(nothing measured)';
	// The engine says the memory of the host where no limit is set; the settings have the real one.
	const {memoryLimitBytes: _limit, ...used} = usageOf(before, now);
	return used;
};

/** The processes in the container, as `docker top` lists them. */
const processes: Question = async ({io}, {container: {id}}, signal) => {
	const answer = objectOf(await io.docker.get(`/containers/${id}/top`, signal));
	const rows = [answer['Titles'], ...listOf(answer['Processes'])].slice(0, keptRows + 1);
	return rows.map(row => cleanLine(maskCommand(textsOf(row).join(' ')), keptCharacters));
};

// Who does what, for how long and who waits for whom: the views of PostgreSQL 10 and later.
const sessionsSql = `select pid, usename, datname, application_name, client_addr::text, backend_type, state,
		wait_event_type, wait_event, pg_blocking_pids(pid)::text as blocked_by,
		extract(epoch from clock_timestamp() - xact_start)::int8::text as transaction_seconds,
		extract(epoch from clock_timestamp() - query_start)::int8::text as query_seconds,
		left(query, ${keptCharacters}) as query
	from pg_stat_activity where pid <> pg_backend_pid() order by xact_start nulls last limit ${keptRows}`;

function lineOf(row: Readonly<Record<string, unknown>>): string {
	const cells = Object.entries(row).flatMap(([name, value]) =>
		typeof value === 'string' && value !== '' && value !== '{}'
			? [`${name}=${value}`]
			: typeof value === 'number'
				? [`${name}=${value}`]
				: [],
	);
	return clean(maskText(cells.join(' ')), 2 * keptCharacters);
}

/** Sessions of a PostgreSQL server, clients and figures of a Redis server. */
const sessions: Question = async ({io, targets}, member, signal) => {
	const postgres = member.kind === 'postgres' && targetOf(targets.postgres, member);
	if (postgres) return (await io.postgres(postgres).query(sessionsSql, [], signal)).map(lineOf);
	const redis = member.kind === 'redis' && targetOf(targets.redis, member);
	if (!redis) return '(no server is known here)';
	const client = io.redis(redis);
	const [clients, info] = await Promise.all([
		client.call('CLIENT', ['LIST'], signal),
		client.call('INFO', [], signal),
	]);
	const lines = (text: unknown) =>
		textOf(text)
			.split('\n')
			.map(line => cleanLine(maskText(line), keptCharacters))
			.filter(line => line.trim() !== '')
			.slice(0, keptRows);
	return {clients: lines(clients), info: lines(info)};
};

/** The answer, or why there is none: what cannot be read must not hinder what the operator wants. */
async function answered(
	look: Access & Pick<Look, 'signal'>,
	question: Question,
	facts: {readonly member: ServiceContainer; readonly limit: AbortSignal},
): Promise<JsonValue> {
	const signals = [look.signal, facts.limit, AbortSignal.timeout(answerMs)];
	try {
		return await question(look, facts.member, AbortSignal.any(signals));
	} catch (error) {
		look.signal.throwIfAborted();
		return `(not read: ${error instanceof ProblemError ? error.problem.code : 'no answer in time'})`;
	}
}

/**
 * What a running container does at this moment: CPU and memory, its processes, and the sessions of a database in it.
 * Takes at most five seconds and never longer than `limit`; only `look.signal` makes it reject. Masked and cleaned.
 */
export async function snapshotOf(
	look: Access & Pick<Look, 'signal'>,
	member: ServiceContainer,
	limit: AbortSignal,
): Promise<Readonly<Record<string, JsonValue>>> {
	if (member.container.state !== 'running') return {};
	const facts = {member, limit};
	const isServer = member.kind !== 'app';
	const [used, running, asked] = await Promise.all([
		answered(look, usage, facts),
		answered(look, processes, facts),
		isServer ? answered(look, sessions, facts) : undefined,
	]);
	return {usage: used, processes: running, ...(asked !== undefined && {sessions: asked})};
}
