import {clean} from '../../src/domain/clean.ts';
import {ProblemError, type Problem} from '../../src/domain/problem.ts';
import type {Reading} from '../../src/domain/reading.ts';
import type {SourceId, SourceValues} from '../../src/domain/source-values.ts';
import {noTargets} from '../../src/domain/targets.ts';
import {lookReaders} from '../../src/looks/index.ts';
import type {LookFacts, LookReader} from '../../src/looks/reader.ts';
import type {Field} from '../../src/runbooks/field.ts';
import type {Seen} from '../../src/runbooks/look.ts';
import {lookDeclarations, type LookId} from '../../src/runbooks/looks/index.ts';
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
export function liveFacts(parts: Pick<LookFacts, 'io'> & Partial<LookFacts>): LookFacts {
	const facts: LookFacts = {
		settings: settingsOf(),
		targets: noTargets,
		containers: [],
		lost: [],
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

/** Whether a value fits its field; what is not known fits every field. */
function fits(field: Field, value: unknown): boolean {
	if (value === undefined) return true;
	if (field.type === 'number') return Number.isFinite(value);
	if (field.type === 'truth') return typeof value === 'boolean';
	if (typeof value !== 'string' || value !== clean(value)) return false;
	return field.values === undefined || field.values.includes(value);
}

/**
 * Reads a look and checks what every look promises: all declared fields and no other ones, each of its type, clean lines.
 * Rejects as the reader does, and with the field that breaks the promise.
 */
export async function readLook<Id extends LookId>(id: Id, facts: LookFacts): Promise<Looked<Id>> {
	const {values, lines = []} = await (lookReaders[id] as LookReader<Id>)(facts);
	const fields: Readonly<Record<string, Field>> = lookDeclarations[id].fields;
	const given: Readonly<Record<string, unknown>> = values;
	const all = new Set([...Object.keys(fields), ...Object.keys(given)]);
	const wrong = [...all].filter(name => {
		const field = fields[name];
		return field === undefined || !(name in given) || !fits(field, given[name]);
	});
	if (wrong.length > 0) {
		const said = wrong.map(name => `${name} = ${JSON.stringify(given[name])}`).join(', ');
		throw new Error(`${id} breaks its declaration: ${said}`);
	}

	if (lines.length > 20 || lines.some(line => line !== clean(line))) {
		throw new Error(`${id} gave lines that are too many or not clean`);
	}

	return {values, lines};
}

/** What `readLook` gives. */
export type Looked<Id extends LookId> = {
	readonly values: Seen<(typeof lookDeclarations)[Id]>['values'];
	readonly lines: readonly string[];
};
