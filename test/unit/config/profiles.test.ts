import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {systems, type SystemId} from '../../../config/systems.ts';
import {createMachine, profilesFolder, settingsOf} from './support.ts';

// How many rows each handbook has in the list of what operators need: H1-01 … H1-29 and so on.
const rowsByHandbook = {H1: 29, H2: 24, H3: 24, H4: 20, H5: 16} as const;
const handbooks: Readonly<Record<SystemId, keyof typeof rowsByHandbook>> = {
	'football-prediction': 'H1',
	'learning-platform': 'H2',
	'stock-analysis': 'H3',
	'app-example': 'H4',
	'fund-calc': 'H5',
};

function rowsOf(handbook: keyof typeof rowsByHandbook): readonly string[] {
	return Array.from(
		{length: rowsByHandbook[handbook]},
		(_, index) => `${handbook}-${String(index + 1).padStart(2, '0')}`,
	);
}

async function load(system: SystemId) {
	const machine = await createMachine();
	return settingsOf(await machine.load({flags: {system}}));
}

test.each(systems)('%s validates and every figure carries a row of its handbook', async system => {
	const settings = await load(system);
	const rows = rowsOf(handbooks[system]);
	const provenances = [
		...settings.services.map(({provenance}) => provenance),
		...settings.backups.map(({provenance}) => provenance),
		...settings.schedules.map(({provenance}) => provenance),
		...settings.rules
			.map(({provenance}) => provenance)
			.filter(provenance => provenance !== 'built in'),
	];
	expect(rows).toEqual(expect.arrayContaining([...new Set(provenances)]));
	expect(settings.problems).toEqual([]);
	expect(settings.isReadOnly).toBe(false);
	expect(settings.title).toBeDefined();
});

test.each(systems)(
	'%s has a provenance on every threshold, and names only rows of its handbook in comments of others',
	async system => {
		const text = await readFile(join(profilesFolder, `${system}.yaml`), 'utf8');
		const {rules} = await load(system);
		const touched = rules.filter(({provenance}) => provenance !== 'built in');
		const written = [...text.matchAll(/^ {2}[a-z]+\.[a-z0-9-]+:/gm)].length;
		expect(touched).toHaveLength(written);
		for (const [row] of text.matchAll(/H[1-5]-\d\d/g)) {
			expect(Object.values(handbooks).flatMap(handbook => rowsOf(handbook))).toContain(row);
		}
	},
);

test.each(systems)('%s holds no secret and no reference', async system => {
	const text = await readFile(join(profilesFolder, `${system}.yaml`), 'utf8');
	expect(text).not.toMatch(/^\s*password:/m);
	expect(text).not.toContain('${');
});

test('football-prediction has the figures of its handbook', async () => {
	const settings = await load('football-prediction');
	const rules = Object.fromEntries(settings.rules.map(rule => [rule.id, rule]));
	expect(rules['container.down']).toMatchObject({crit: 1, forMs: 60_000, provenance: 'H1-05'});
	expect(rules['errors.server-errors']).toMatchObject({
		warn: 1,
		crit: 5,
		forMs: 120_000,
		provenance: 'H1-05',
	});
	expect(rules['endpoint.p95']).toMatchObject({warn: 200, forMs: 300_000, provenance: 'H1-05'});
	expect(rules['host.cpu']).toMatchObject({
		warn: 80,
		crit: 90,
		forMs: 600_000,
		provenance: 'H1-05',
	});
	expect(rules['host.memory']).toMatchObject({warn: 85, provenance: 'H1-03'});
	expect(rules['host.disk']).toMatchObject({warn: 90, provenance: 'H1-03'});
	expect(settings.services.map(({name, port}) => [name, port])).toEqual([
		['nginx', 80],
		['app', 8000],
		['db', 5432],
		['redis', 6379],
		['prometheus', 9090],
		['grafana', 3000],
		['loki', 3100],
	]);
	expect(settings.backups).toMatchObject([
		{
			id: 'database',
			folder: '/opt/football-prediction/backups',
			schedule: '0 2 * * *',
			keepDays: 30,
			maxAgeMs: 26 * 3_600_000,
		},
		{id: 'configuration', schedule: '0 14 * * *'},
	]);
	expect(settings.objectives).toEqual({
		p95Ms: 200,
		errorPercent: 1,
		requestsPerSecond: 100,
		availabilityPercent: 99.9,
		networkLatencyMs: 50,
		provenance: 'H1-02',
	});
	expect(settings.hints?.postgres).toEqual([
		{id: 'db', service: 'db', database: 'football_prediction'},
	]);
});

test('learning-platform has the two levels of its handbook', async () => {
	const {rules, contacts} = await load('learning-platform');
	const levels = Object.fromEntries(rules.map(({id, warn, crit}) => [id, [warn, crit]]));
	expect(levels).toMatchObject({
		'host.cpu': [70, 90],
		'host.memory': [80, 95],
		'host.disk': [80, 90],
		'host.disk-busy': [80, 95],
		'endpoint.p95': [100, 500],
		'errors.server-errors': [1, 5],
		'postgres.connections-used': [50, 80],
		'redis.memory-used': [1e9, 2e9],
	});
	expect(contacts.map(({respondWithinMinutes}) => respondWithinMinutes)).toEqual([240, 60, 15]);
});

test('stock-analysis and app-example have the runtimes and figures of their handbooks', async () => {
	const stock = await load('stock-analysis');
	const runtimes = new Set(stock.services.map(({runtime}) => runtime));
	expect([...runtimes].toSorted()).toEqual(['kubernetes', 'process', 'systemd']);
	expect(stock.rules.find(({id}) => id === 'errors.per-minute')).toMatchObject({
		crit: 6,
		forMs: 120_000,
	});
	expect(stock.rules.find(({id}) => id === 'redis.memory')).toMatchObject({
		crit: 90,
		forMs: 300_000,
	});
	const app = await load('app-example');
	expect(app.rules.find(({id}) => id === 'endpoint.p95')).toMatchObject({warn: 2000, crit: 5000});
	expect(app.postgres).toMatchObject([{database: 'app'}]);
	expect(app.links).toHaveLength(3);
});

test('fund-calc has no PostgreSQL and reads JSON lines', async () => {
	const settings = await load('fund-calc');
	expect([settings.postgres, settings.hints?.postgres]).toEqual([[], []]);
	expect(settings.hints?.logs).toContainEqual({id: 'backend', service: 'backend', format: 'json'});
	expect(settings.rules.find(({id}) => id === 'redis.memory-used')).toMatchObject({
		crit: 2e9,
		provenance: 'H5-12',
	});
});
