import {ProblemError, type Problem} from '../../src/domain/problem.ts';
import type {Reading} from '../../src/domain/reading.ts';
import type {SourceId, SourceValues} from '../../src/domain/source-values.ts';
import {noTargets} from '../../src/domain/targets.ts';
import type {LookFacts} from '../../src/looks/reader.ts';
import {hostLoad} from '../../src/sources/host-load.ts';
import {postgresActivity} from '../../src/sources/postgres-activity.ts';
import {redisServer} from '../../src/sources/redis-server.ts';
import {settingsOf} from './settings.ts';

/** Reads a source anew for each call, as the engine does for a look. */
async function readNow(
	facts: LookFacts,
	source: SourceId,
	id: string,
): Promise<SourceValues[SourceId]> {
	const {io, signal, targets} = facts;
	const postgres = targets.postgres.find(target => target.id === id);
	const redis = targets.redis.find(target => target.id === id);
	if (source === 'host.load') return hostLoad.open(io, undefined).read(signal);
	if (source === 'postgres.activity' && postgres) {
		return postgresActivity.open(io, postgres).read(signal);
	}

	if (source === 'redis.server' && redis) return redisServer.open(io, redis).read(signal);
	throw new Error(`this test has no source ${source} of ${id}`);
}

function failedReading(problem: Problem): Reading<never> {
	return {kind: 'failed', problem, sinceMs: Date.now(), retryAtMs: Date.now() + 1000};
}

/** What a look has in its hands in a test: real readings of the given targets, and nothing else unless told. */
export function lookFacts(parts: Pick<LookFacts, 'io'> & Partial<LookFacts>): LookFacts {
	const facts: LookFacts = {
		settings: settingsOf(),
		targets: noTargets,
		containers: [],
		scope: {},
		folders: {
			root: '/nonexistent',
			runs: '/nonexistent/ops',
			backups: '/nonexistent/backups',
		},
		signal: AbortSignal.timeout(30_000),
		reading: async (source, id) => {
			try {
				const value = await readNow(facts, source, id);
				return {kind: 'fresh', value: value as never, atMs: Date.now()};
			} catch (error) {
				if (error instanceof ProblemError) return failedReading(error.problem);
				throw error;
			}
		},
		alerts: () => [],
		...parts,
	};
	return facts;
}
