import {appendFile, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {beforeEach, describe, expect, test} from 'vitest';
import {alertEventsOf} from '../../../src/incidents/follow.ts';
import {maintenanceLog} from '../../../src/report/maintenance-log.ts';
import {readAudit} from '../../../src/work/audit.ts';
import {readEvents} from '../../../src/work/incident-file.ts';
import {surroundingsOf} from '../../../src/work/incident-window.ts';
import {
	appendIncident,
	closeIncident,
	findIncident,
	followIncident,
	listIncidents,
	openIncident,
	readIncident,
	type Follow,
	type Opening,
} from '../../../src/work/incidents.ts';
import {openJournal} from '../../../src/work/journal-file.ts';
import {writeRunFolder} from '../../../src/work/run-folder.ts';
import {
	openStateFolders,
	stateFolders,
	type StateFolders,
} from '../../../src/work/state-folders.ts';
import {idAt} from '../../support/manifests.ts';
import {planOf} from '../../support/plans.ts';
import {containerAlert, nowMs} from '../../support/state.ts';

let root = '';
let state: StateFolders;
const operator = {user: 'root', userId: 0, sudoUser: 'li', ssh: '10.0.0.8'};
const writer = (minutes = 0) => ({operator, nowMs: nowMs + minutes * 60_000});
const opening: Opening = {
	title: 'the shop | is down',
	severity: 'critical',
	from: {kind: 'person'},
	environment: 'prod',
	hostname: 'web-1',
	project: 'shop',
};
const closing = {cause: 'a lock', done: 'ended it', followUps: ['add an index']};
const events = (folder: string) => join(folder, 'events.jsonl');

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'opsconsole-incidents-'));
	state = stateFolders({environment: {OPSCONSOLE_STATE: join(root, 'state')}, userId: 0});
	await openStateFolders(state, process.getuid?.() ?? -1);
	return () => rm(root, {recursive: true, force: true});
});

async function refusal(work: Promise<unknown>): Promise<string> {
	return work.then(
		() => 'no refusal',
		(error: unknown) => (error instanceof Error ? error.message : ''),
	);
}

test('an incident is on the disk, private, from its opening to its end', async () => {
	const {id, folder, incident} = await openIncident(state, opening, writer());
	expect(incident).toMatchObject({title: opening.title, opened: {by: 'li@10.0.0.8'}});
	expect((await stat(folder)).mode & 0o777).toBe(0o700);
	expect((await stat(events(folder))).mode & 0o777).toBe(0o600);
	await appendIncident(state, id, {kind: 'acknowledged'}, writer(3));
	await appendIncident(state, id, {kind: 'note', text: 'by itself'}, {nowMs: nowMs + 4});
	const closed = await closeIncident(state, id, closing, writer(9));
	expect(closed.lines.map(({seq, by, event}) => [seq, by, event.kind])).toEqual([
		[1, 'li@10.0.0.8', 'opened'],
		[2, 'li@10.0.0.8', 'acknowledged'],
		[3, 'opsconsole', 'note'],
		[4, 'li@10.0.0.8', 'closed'],
	]);
	expect(closed.damage).toBeUndefined();
	expect(await readIncident(state, id)).toEqual(closed);
});

test('after its end it only takes notes', async () => {
	const {id} = await openIncident(state, opening, writer());
	await closeIncident(state, id, closing, writer(1));
	expect(await refusal(closeIncident(state, id, closing, writer(2)))).toBe('incident-closed');
	const ack = appendIncident(state, id, {kind: 'acknowledged'}, writer(2));
	expect(await refusal(ack)).toBe('incident-closed');
	await appendIncident(state, id, {kind: 'note', text: 'later'}, writer(3));
	expect((await readIncident(state, id)).lines).toHaveLength(3);
});

test('what several consoles see is written down once', async () => {
	const {id} = await openIncident(state, opening, writer());
	const alerts = [containerAlert('shop_app_1'), containerAlert('shop_db_1', {id: 'db'})];
	const follow: Follow = incident => alertEventsOf(incident, alerts, true);
	const written = await Promise.all(
		Array.from({length: 4}, () => followIncident(state, id, follow, {nowMs})),
	);
	expect(written.map(({length}) => length).toSorted()).toEqual([0, 0, 0, 2]);
	expect(await followIncident(state, id, follow, {nowMs})).toEqual([]);
	const clearing: Follow = incident => alertEventsOf(incident, [], true);
	expect(await followIncident(state, id, clearing, {nowMs})).toMatchObject([
		{by: 'opsconsole', event: {kind: 'alert-cleared'}},
		{event: {kind: 'alert-cleared'}},
	]);
	await closeIncident(state, id, closing, writer(1));
	expect(await followIncident(state, id, follow, {nowMs})).toEqual([]);
	expect((await readIncident(state, id)).lines).toHaveLength(6);
});

test('incidents are found by id, by the end of it, and as the open one', async () => {
	expect(await listIncidents(state)).toEqual([]);
	const first = await openIncident(state, opening, writer());
	const second = await openIncident(state, {...opening, title: 'b'}, writer(60));
	expect((await listIncidents(state)).map(({id}) => id)).toEqual([second.id, first.id]);
	expect(await refusal(findIncident(state, 'open'))).toBe('incident-several');
	await closeIncident(state, second.id, closing, writer(61));
	expect((await listIncidents(state)).map(({id}) => id)).toEqual([first.id, second.id]);
	expect((await findIncident(state, 'open')).id).toBe(first.id);
	expect((await findIncident(state, second.id.slice(-8))).id).toBe(second.id);
	for (const word of ['../audit', 'x', '', 'ffffffff', idAt(nowMs, 'ffffffff')]) {
		expect(await refusal(findIncident(state, word))).toBe('incident-missing');
	}
	const typo = appendIncident(state, idAt(nowMs), {kind: 'acknowledged'}, writer());
	expect(await refusal(typo)).toBe('incident-missing');
});

test('where it cannot be written it says so', async () => {
	await writeFile(join(state.root, 'incidents'), '');
	expect(await refusal(openIncident(state, opening, writer()))).toBe('incident-unwritable');
});

test('an incident that nobody ends does not fill the disk', async () => {
	const {id, folder} = await openIncident(state, opening, writer());
	await appendFile(events(folder), `${'x'.repeat(17 * 1024 * 1024)}\n`);
	const add = (kind: 'change' | 'note') =>
		kind === 'note'
			? appendIncident(state, id, {kind, text: 'x'}, writer())
			: appendIncident(state, id, {kind, change: 'file', text: 'x'}, writer());
	expect(await refusal(add('change'))).toBe('incident-unwritable');
	expect(await refusal(add('note'))).toBe('no refusal');
});

test('a link instead of the events is not followed', async () => {
	const {id, folder} = await openIncident(state, opening, writer());
	const text = await readFile(events(folder));
	const outside = join(root, 'outside');
	await writeFile(outside, text);
	await rm(events(folder));
	await symlink(outside, events(folder));
	const note = appendIncident(state, id, {kind: 'note', text: 'x'}, writer());
	expect(await refusal(note)).toBe('incident-unwritable');
	expect(await readFile(outside)).toEqual(text);
});

describe('the chain', () => {
	async function four() {
		const {id, folder} = await openIncident(state, opening, writer());
		for (const text of ['a', 'b', 'c']) {
			await appendIncident(state, id, {kind: 'note', text}, writer());
		}

		const lines = (await readFile(events(folder), 'utf8')).split('\n').slice(0, -1);
		return {id, folder, lines};
	}

	test('a torn last line is left out, and cut away by the next one', async () => {
		const {id, folder} = await four();
		await appendFile(events(folder), '{"v":1,"seq":5,"t":"2026');
		const torn = await readIncident(state, id);
		expect(torn.damage).toBeUndefined();
		expect(torn.lines).toHaveLength(4);
		await appendIncident(state, id, {kind: 'note', text: 'd'}, writer());
		const whole = await readIncident(state, id);
		expect(whole.damage).toBeUndefined();
		expect(whole.lines.map(({seq}) => seq)).toEqual([1, 2, 3, 4, 5]);
	});

	test.each([
		['changed', (all: readonly string[]) => all.with(2, (all[2] ?? '').replace('"b"', '"x"')), 4],
		['missing', (all: readonly string[]) => all.toSpliced(1, 1), 2],
		['swapped', (all: readonly string[]) => [0, 2, 1, 3].map(at => all[at] ?? ''), 2],
		['no JSON', (all: readonly string[]) => all.with(1, 'x'), 2],
	])('a line that is %s is named, and the rest is still read', async (_name, spoil, line) => {
		const {id, folder, lines} = await four();
		await writeFile(
			events(folder),
			spoil(lines)
				.map(text => `${text}\n`)
				.join(''),
		);
		const {damage, incident} = await readIncident(state, id);
		expect(damage?.line).toBe(line);
		expect(incident.notes.length).toBeGreaterThanOrEqual(2);
		// Nobody in an emergency is kept from writing on.
		await appendIncident(state, id, {kind: 'note', text: 'on'}, writer());
		const after = await readIncident(state, id);
		expect(after.incident.notes.at(-1)?.text).toBe('on');
		expect(after.damage?.line).toBe(line);
	});

	test('events that were cut off at the end are missed by the audit', async () => {
		const {id, folder, lines} = await four();
		await closeIncident(state, id, closing, writer(5));
		const whole = await readIncident(state, id);
		expect((await surroundingsOf(state, whole, nowMs)).damage).toBeUndefined();
		await writeFile(events(folder), `${lines.slice(0, 3).join('\n')}\n`);
		const cut = await readIncident(state, id);
		expect(cut.damage).toBeUndefined();
		expect((await surroundingsOf(state, cut, nowMs)).damage).toMatchObject({line: 4});
	});

	test.each([
		...['{"kind":"alert-raised"}', '{"kind":"closed","cause":1,"done":"","followUps":[]}'],
		...['{"kind":"severity-changed","severity":"awful"}', '{"kind":"toString"}'],
		'{"kind":"evidence","evidence":{"look":"x","atMs":9e99,"values":{},"lines":[]}}',
		'{"kind":"operation","operation":{"job":"x"}}',
	])('an event that somebody made up is none: %s', async event => {
		const {id, folder} = await four();
		const line = `{"v":1,"seq":5,"t":"2026-11-20T12:00:00.000Z","by":"x","event":${event},"prev":""}\n`;
		await appendFile(events(folder), line);
		const {lines, damage} = await readIncident(state, id);
		expect(lines).toHaveLength(4);
		expect(damage).toMatchObject({line: 5, cause: 'it is no event'});
	});

	test('bytes of any kind are read without failing', () => {
		for (const text of ['', '\n\n', '\0\n', '[]\n{}\n', '{"v":1,"event":{"kind":"x"}}\n']) {
			expect(readEvents(Buffer.from(text)).lines).toEqual([]);
		}
	});
});

test('the maintenance log has one row for an incident (H2-23)', async () => {
	const log = async (language: 'en' | 'zh' = 'en') =>
		maintenanceLog((await readAudit(state.audit)).lines, {language, operations: {}});
	const {id} = await openIncident(state, opening, writer());
	const row =
		'| 2026-11-20 12:00:00 | li@10.0.0.8 (root) | Incident: the shop \\| is down | prod/shop';
	expect(await log()).toContain(`${row} | open |  | ${id} |`);
	await closeIncident(state, id, closing, writer(9));
	const text = await log();
	expect(text).toContain(`${row} | closed. Cause: a lock. Done: ended it | 9 m | ${id} |`);
	expect(text.trimEnd().split('\n')).toHaveLength(3);
	expect(await log('zh')).toContain('已关闭。原因：a lock。处理：ended it');
	expect((await readAudit(state.audit)).damage).toBeUndefined();
});

test('an audit that cannot be written does not keep anybody from an incident', async () => {
	await rm(state.audit, {recursive: true});
	const {id} = await openIncident(state, opening, writer());
	expect((await closeIncident(state, id, closing, writer(1))).incident.closed).toBeDefined();
});

/** A run from one minute to another after noon, with its journal. */
async function run(random: string, from: number, until: number): Promise<string> {
	const atMs = nowMs + from * 60_000;
	const plan = planOf({risk: 'safe', id: idAt(atMs, random)});
	const folder = await writeRunFolder(state.runs, plan, {operator, atMs});
	let now = atMs;
	const journal = await openJournal({
		path: join(folder, 'journal.jsonl'),
		op: plan.id,
		now: () => now,
		monotonic: () => 0,
		boot: '',
	});
	await journal.append({st: 'begin', d: {mode: 'run', pid: 7}});
	await journal.append({st: 'start', step: 'restart'});
	await journal.append({st: 'done', step: 'restart'});
	now = nowMs + until * 60_000;
	await journal.append({st: 'end', d: {outcome: 'done', exitStatus: 0}});
	await journal.close();
	return plan.id;
}

test('what ran in its time is collected, with the commands of the steps that were begun', async () => {
	await mkdir(join(state.root, 'figures'));
	const alert = {
		...{id: 'a', metric: 'host.disk', target: 'host', subject: '/', level: 'crit'},
		...{sinceMs: nowMs, provenance: 'H4-06'},
	};
	const reading = (minutes: number, alerts: unknown[]) =>
		`${JSON.stringify({v: 1, t: new Date(nowMs + minutes * 60_000), level: 'crit', values: {}, alerts})}\n`;
	const figures = [
		reading(-40, [alert]),
		reading(1, [alert]),
		reading(11, [alert]),
		reading(21, []),
	];
	await writeFile(join(state.root, 'figures', '2026-11.jsonl'), figures.join(''));
	await run('00000001', -60, -31);
	const before = await run('00000002', -40, -29);
	const within = await run('00000003', 5, 6);
	await run('00000004', 40, 41);
	const {id} = await openIncident(state, opening, writer());
	await closeIncident(state, id, closing, writer(30));
	const {nearby} = await surroundingsOf(state, await readIncident(state, id), nowMs + 9e6);
	expect(nearby.operations.map(({job}) => job)).toEqual([before, within]);
	expect(nearby.operations[1]).toMatchObject({
		operator: 'li@10.0.0.8',
		target: 'test/shop_app_1',
		outcome: 'done',
		exitStatus: 0,
		commands: [{text: 'docker restart --time 30 shop_app_1', step: 'restart', state: 'done'}],
	});
	expect(nearby.alerts).toMatchObject([
		{alert: {id: 'a'}, firstAtMs: nowMs + 60_000, lastAtMs: nowMs + 660_000},
	]);
});
