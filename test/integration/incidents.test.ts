import {execFile, spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {beforeEach, describe, expect, test} from 'vitest';
import {secret} from '../../src/domain/secret.ts';
import {packIncident} from '../../src/work/incident-pack.ts';
import {
	appendIncident,
	closeIncident,
	openIncident,
	readIncident,
} from '../../src/work/incidents.ts';
import {openJournal} from '../../src/work/journal-file.ts';
import {writeRunFolder} from '../../src/work/run-folder.ts';
import {openStateFolders, stateFolders, type StateFolders} from '../../src/work/state-folders.ts';
import {planOf} from '../support/plans.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {nowMs} from '../support/state.ts';

const run = promisify(execFile);
const writerFile = fileURLToPath(new URL('../support/incident-writer.ts', import.meta.url));
const mainFile = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const operator = {user: 'li', userId: 1000};
const flock = await requireComponent('flock', () => existsSync('/usr/bin/flock'));
const tar = await requireComponent('tar and sha256sum', async () => {
	await run('tar', ['--version']);
	await run('sha256sum', ['--version']);
});

let root = '';
let state: StateFolders;

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'opsconsole-incidents-'));
	state = stateFolders({environment: {OPSCONSOLE_STATE: join(root, 'state')}, userId: 0});
	await openStateFolders(state, process.getuid?.() ?? -1);
	return () => rm(root, {recursive: true, force: true});
});

async function opened() {
	return openIncident(
		state,
		{
			title: 'the shop is down',
			...{severity: 'critical', from: {kind: 'person'}, environment: 'prod', hostname: 'web-1'},
		},
		{operator, nowMs},
	);
}

/** A process that appends; `killAfter` ends it with SIGKILL once it has said so many lines. */
async function write(id: string, name: string, count: number, killAfter = Infinity) {
	const argv = [writerFile, state.root, state.audit, id, name, String(count)];
	const child = spawn(process.execPath, argv, {stdio: ['ignore', 'pipe', 'inherit']});
	let text = '';
	child.stdout.setEncoding('utf8');
	child.stdout.on('data', (piece: string) => {
		text += piece;
		if (text.split('\n').length > killAfter) child.kill('SIGKILL');
	});
	const signal = await new Promise<string | null>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (_code, by) => resolve(by));
	});
	const said = text.split('\n').slice(0, -1);
	return {said: said.map(Number), signal};
}

describe.skipIf(flock.missing !== undefined)(titleWith(flock, 'several consoles at once'), () => {
	test('two write, one is killed in the middle: nothing that was promised is lost', async () => {
		const {id, folder} = await opened();
		const [killed, other] = await Promise.all([
			write(id, 'killed', 100_000, 15),
			write(id, 'other', 40),
		]);
		expect(killed.signal).toBe('SIGKILL');
		expect(other).toMatchObject({signal: null});
		expect(other.said).toHaveLength(40);
		const {lines, damage} = await readIncident(state, id);
		expect(damage).toBeUndefined();
		const promised = [...killed.said, ...other.said];
		expect(new Set(promised).size).toBe(promised.length);
		const there = new Map(lines.map(line => [line.seq, line.event]));
		for (const seq of killed.said) expect(there.get(seq)).toMatchObject({kind: 'note'});
		const own = lines.flatMap(({event}) => (event.kind === 'note' ? [event.text] : []));
		const of = (name: string) =>
			own.filter(text => text.startsWith(name)).map(text => Number(text.split(' ')[1]));
		expect(of('other')).toEqual(Array.from({length: 40}, (_, index) => index));
		// At most the one that was on its way when it was killed is there without having been promised.
		expect(of('killed')).toEqual(Array.from({length: of('killed').length}, (_, index) => index));
		expect([0, 1]).toContain(of('killed').length - killed.said.length);
		// The lock went with the process.
		await appendFile(join(folder, 'events.jsonl'), '{"v":1,"seq":9');
		await appendIncident(state, id, {kind: 'acknowledged'}, {operator, nowMs});
		const after = await readIncident(state, id);
		expect(after.damage).toBeUndefined();
		expect(after.lines).toHaveLength(lines.length + 1);
	});
});

const password = 'Corr3ct-Horse-Battery';

/** A run with a journal, whose plan somebody wrote a password into. */
async function runOf(text: string): Promise<string> {
	const plan = planOf({risk: 'safe', title: text});
	const folder = await writeRunFolder(state.runs, plan, {operator, atMs: nowMs});
	const journal = await openJournal({
		path: join(folder, 'journal.jsonl'),
		...{op: plan.id, now: () => nowMs, monotonic: () => 0, boot: ''},
	});
	await journal.append({st: 'begin', d: {mode: 'run', pid: 7}});
	await journal.append({st: 'end', d: {outcome: 'done', exitStatus: 0}});
	await journal.close();
	return plan.id;
}

describe.skipIf(tar.missing !== undefined)(titleWith(tar, 'the evidence pack'), () => {
	test('is a tar whose sums hold, without a secret', async () => {
		const {id} = await opened();
		const job = await runOf(`Restart ${password}`);
		secret(password);
		const evidence = {look: 'host.load', atMs: nowMs, values: {cpu: 99}, lines: [`x ${password}`]};
		const writer = {operator, nowMs};
		await appendIncident(state, id, {kind: 'evidence', evidence}, writer);
		await closeIncident(state, id, {cause: 'c', done: 'd', followUps: []}, writer);
		const settings = {language: 'en', contacts: []} as const;
		const pack = await packIncident(await readIncident(state, id), {state, settings, nowMs});
		await writeFile(join(root, 'pack.tar'), pack.bytes, {mode: 0o600});
		const {stdout: names} = await run('tar', ['tf', join(root, 'pack.tar')]);
		expect(names.trimEnd().split('\n').toSorted()).toEqual(
			[
				'',
				...['MANIFEST', 'events.jsonl', 'evidence.jsonl', 'operations.json'],
				...['report.en.html', 'report.en.md', 'report.zh.html', 'report.zh.md'],
				...[`operations/${job}/confirm.json`, `operations/${job}/journal.jsonl`],
				`operations/${job}/plan.json.redacted`,
			]
				.map(name => `incident-${id}/${name}`)
				.toSorted(),
		);
		await run('tar', ['xf', 'pack.tar'], {cwd: root});
		const folder = join(root, `incident-${id}`);
		const {stdout} = await run('sha256sum', ['-c', '--strict', 'MANIFEST'], {cwd: folder});
		expect(stdout.trimEnd().split('\n')).toHaveLength(10);
		expect(stdout).not.toMatch(/FAILED/);
		for (const name of await readdir(folder, {recursive: true, withFileTypes: true})) {
			if (!name.isFile()) continue;
			const path = join(name.parentPath, name.name);
			expect((await stat(path)).mode & 0o777).toBe(0o600);
			expect(await readFile(path, 'utf8')).not.toContain(password);
		}

		// The events in it are those of the record, byte by byte, and their chain is whole.
		const packed = await readFile(join(folder, 'events.jsonl'));
		const record = await readFile(join(state.root, 'incidents', id, 'events.jsonl'));
		const sum = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
		expect(sum(packed)).toBe(sum(record));
	});
});

describe.skipIf(flock.missing !== undefined)(titleWith(flock, 'the commands'), () => {
	test('from the start of an incident to its pack, and a report of the period', async () => {
		const config = join(root, 'opsconsole.yaml');
		const lines = ['environment: {kind: test, name: t}', 'docker: {enabled: false}'];
		await writeFile(config, [...lines, 'discovery: {enabled: false}'].join('\n'), {mode: 0o600});
		const ops = async (...words: readonly string[]) => {
			const argv = [mainFile, `--config=${config}`, '--lang=en', ...words];
			const environment = {...process.env, OPSCONSOLE_STATE: state.root};
			return (await run(process.execPath, argv, {cwd: root, env: environment})).stdout;
		};
		const exitOf = (work: Promise<string>) =>
			work.then(
				() => 0,
				(error: unknown) => (error as {code?: number}).code,
			);
		expect(await ops('incident', 'start', 'slow', 'shop', '--severity', 'minor')).toContain(
			'opened',
		);
		await ops('incident', 'note', 'open', 'password=hunter2hunter2', 'seen');
		expect(await ops('incident', 'ack', 'open')).toContain('taken on by');
		expect(await ops('incident', 'show', 'open')).toContain('password=••• seen');
		const [cause, done] = [
			['--cause', 'a lock'],
			['--done', 'ended it'],
		];
		await ops('incident', 'close', 'open', ...cause, ...done, '--follow-up', 'an index');
		expect(await exitOf(ops('incident', 'ack', 'open'))).toBe(3);
		const list: unknown = JSON.parse(await ops('incident', 'list', '--json'));
		expect(list).toMatchObject({
			incidents: [
				{
					...{title: 'slow shop', severity: 'minor', state: 'closed', followUps: ['an index']},
					clocks: [{kind: 'response', state: 'met', limitSeconds: 14_400}],
					isRecordWhole: true,
				},
			],
		});
		const id = /"id": "(\w+-\w+)"/.exec(await ops('incident', 'list', '--json'))?.[1] ?? '';
		expect(await ops('incident', 'report', id)).toContain('| Cause | a lock |');
		expect(await ops('incident', 'report', id, '--html', '-o', 'r.html')).toContain(
			'r.html written',
		);
		expect((await stat(join(root, 'r.html'))).mode & 0o777).toBe(0o600);
		expect(await exitOf(ops('incident', 'report', id, '-o', 'r.html'))).toBe(73);
		expect(await ops('incident', 'pack', id)).toContain(`incident-${id}.tar written`);
		expect(await ops('audit', 'log')).toContain('| Incident: slow shop | t/');
		await ops('status', '--json').catch(() => undefined);
		const report: unknown = JSON.parse(await ops('report', 'monitoring', '--json', '--days', '1'));
		expect(report).toMatchObject({readings: {count: 1}, incidents: [{id, responseClock: 'met'}]});
	});
});
