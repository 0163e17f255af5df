import {expect, test} from 'vitest';
import type {Reading} from '../../src/domain/reading.ts';
import {engineTarget, hostTarget, logsTarget} from '../support/state.ts';
import type {Missing} from '../../src/domain/targets.ts';
import {update} from '../../src/store/update.ts';
import type {Readings} from '../../src/store/state.ts';
import {screenFaults} from '../support/check-screen.ts';
import {drawState} from '../support/draw-state.tsx';
import {calmShop, troubledShop} from '../support/shop.ts';
import {
	backupSet,
	errorsValue,
	failed,
	fresh,
	hostValue,
	mixedContainers,
	postgresActivity,
	redisValue,
	stale,
} from '../support/values.ts';

const engine = {version: '28', apiVersion: '1.48', name: 'web-1', operatingSystem: 'Debian'};
const containersValue = {engine, containers: mixedContainers};

/** The readings of each panel, made from one way to make a reading. */
const sources: Readonly<
	Record<
		string,
		{readonly of: (make: <T>(value: T) => Reading<T>) => Partial<Readings>; readonly value: string}
	>
> = {
	Containers: {
		of: make => ({'docker.containers': {[engineTarget]: make(containersValue)}}),
		value: 'crash loop',
	},
	Host: {of: make => ({'host.load': {[hostTarget]: make(hostValue)}}), value: '37%'},
	PostgreSQL: {of: make => ({'postgres.activity': {db: make(postgresActivity)}}), value: '42/97'},
	Redis: {of: make => ({'redis.server': {cache: make(redisValue)}}), value: '48M/64M'},
	Errors: {
		of: make => ({'logs.errors': {[logsTarget]: make(errorsValue)}}),
		value: 'deprecated call',
	},
	'Alerts & backups': {
		of: make => ({'backups.set': {database: make(backupSet('database'))}}),
		value: '10h ago',
	},
};

const size = {columns: 120, rows: 40};

test.each(Object.entries(sources))(
	'%s says whether its value is coming, good, old or missing',
	async (panel, {of, value}) => {
		// One line for a set of backups: its cause is cut there.
		const cause = panel === 'Alerts & backups' ? 'the load of' : 'EACCES';
		const text = async (readings: Partial<Readings>) => {
			const {frame} = await drawState(calmShop({...size, readings}));
			const screen = await frame.settled();
			expect(screenFaults(screen), screen.text).toEqual([]);
			await frame.unmount();
			return screen.text;
		};
		expect(await text(of(made => fresh(made)))).toContain(value);
		const waiting = await text(of(() => ({kind: 'waiting'})));
		expect(waiting).toContain('reading …');
		expect(waiting).not.toContain(value);
		if (panel === 'Alerts & backups') expect(waiting).toContain('database reading …');
		const old = await text(of(made => stale(made)));
		expect(old).toContain(cause);
		expect(old).toContain(value);
		const missing = await text(of(() => failed()));
		expect(missing).toContain(cause);
		expect(missing).not.toContain(value);
		// A backup set that cannot be read is one line here; its next step is on the full screen.
		if (panel !== 'Alerts & backups') expect(missing).toContain('What to do: ');
		expect(missing).toContain(panel);
	},
);

test('an old value is dim, the reason before it is not', async () => {
	const {frame} = await drawState(
		calmShop({...size, readings: {'redis.server': {cache: stale(redisValue)}}}),
	);
	const screen = await frame.settled();
	const reason = screen.lines.findIndex(line => line.includes('x from 44 s ago'));
	const value = screen.lines.findIndex(line => line.includes('48M/64M'));
	expect(reason).toBeGreaterThan(0);
	expect(value).toBeGreaterThan(reason);
	const at = (row: number, text: string) =>
		screen.cells(row)[screen.lines[row]?.indexOf(text) ?? 0];
	expect(at(reason, 'x from')).toMatchObject({isBold: true, isDim: false, foreground: 1});
	expect(at(value, '48M')).toMatchObject({isDim: true});
	await frame.unmount();
});

test('panels without a target take no space, and nothing is said of them', async () => {
	const state = calmShop({...size, targets: {postgres: [], redis: [], backups: []}});
	const {frame} = await drawState(state);
	const {text} = await frame.settled();
	expect(text).not.toMatch(/PostgreSQL|Redis/);
	expect(text).toContain('2 Host');
	expect(text).toContain('no backup set is configured');
	await frame.unmount();
});

test('a server that was looked for and not found says so in its panel', async () => {
	const problem = {
		code: 'postgres-refused' as const,
		params: {address: 'db:5432'},
		retry: 'soon' as const,
	};
	const state = calmShop({
		...size,
		targets: {postgres: [], missing: [{area: 'postgres', name: 'orders', problem}]},
	});
	const {frame} = await drawState(state);
	const {text} = await frame.settled();
	expect(text).toContain('3 PostgreSQL');
	expect(text).toContain('orders');
	expect(text).toContain('What to do: ');
	await frame.unmount();
});

test.each([
	[80, 24, 'en', ['x STOPPED db', 'x STOPPED cache', 'last known 2 m ago', '42/97', '48M/64M']],
	[120, 40, 'zh', ['x 已停止 db', 'x 已停止 cache', '最后已知（2 分前）', '48M/64M']],
] as const)(
	'servers whose containers stopped keep their last figures, with their age: %ix%i %s',
	async (columns, rows, language, texts) => {
		const stopped = (area: 'postgres' | 'redis', name: string): Missing => ({
			area,
			name,
			problem: {code: 'discovery-stopped', params: {name: `shop_${name}_1`}, retry: 'soon'},
		});
		const missing = [stopped('postgres', 'db'), stopped('redis', 'cache')];
		const calm = calmShop({columns, rows, language});
		const targets = {...calm.data.targets, postgres: [], redis: [], missing};
		const gone = update(calm, {type: 'targets-found', targets, nowMs: calm.data.nowMs}).state;
		const later = {...gone, data: {...gone.data, nowMs: gone.data.nowMs + 120_000}};
		const {frame} = await drawState(later);
		const screen = await frame.settled();
		expect(screenFaults(screen), screen.text).toEqual([]);
		for (const text of texts) expect(screen.text).toContain(text);
		const row = screen.lines.findIndex(line => line.includes('48M/64M'));
		const at = screen.lines[row]?.indexOf('48M') ?? 0;
		if (language === 'en') expect(screen.cells(row)[at]).toMatchObject({isDim: true});
		const facts = await frame.press('3', 'enter');
		expect(facts.text).toContain('docker start shop_db_1');
		expect(facts.text).toContain('42/97');
		await frame.unmount();
	},
);

test('a host without containers names the demo; a project without containers names the project', async () => {
	const none = calmShop({containers: []});
	const {frame} = await drawState(none);
	expect((await frame.settled()).text).toContain('npm run demo');
	await frame.unmount();
	const settings = {...none.settings, docker: {isEnabled: true, projects: ['shop-eu']}};
	const filtered = await drawState({...none, settings});
	const {text} = await filtered.frame.settled();
	expect(text).toContain('No container of Compose project shop-eu runs here.');
	expect(text).not.toContain('npm run demo');
	await filtered.frame.unmount();
});

test('a window that is too small says how large it must be and still leaves', async () => {
	const {frame, effects} = await drawState(troubledShop({columns: 40, rows: 10}));
	const screen = await frame.settled();
	expect(screen.text).toContain('40x10');
	expect(screen.text).toContain('60x15');
	await frame.press('q');
	expect(effects).toEqual([{type: 'leave'}]);
	await frame.unmount();
});
