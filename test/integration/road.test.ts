import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {spawn as spawnTerminal} from '@lydell/node-pty';
import {build} from 'esbuild';
import {afterAll, afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {Plan} from '../../src/domain/plan.ts';
import {noTargets, type RedisTarget} from '../../src/domain/targets.ts';
import {createIo} from '../../src/io/create-io.ts';
import {operations} from '../../src/operations/index.ts';
import {readAudit} from '../../src/work/audit.ts';
import {followJob, listJobs, readJob, requestCancel} from '../../src/work/jobs.ts';
import {readMaintenance} from '../../src/work/maintenance.ts';
import {makePlan} from '../../src/work/make-plan.ts';
import {recoverJob} from '../../src/work/recover.ts';
import {planText, writeRunFolder} from '../../src/work/run-folder.ts';
import {launchWorker, startOperation, type Launch} from '../../src/work/start.ts';
import {openStateFolders, stateFolders, type StateFolders} from '../../src/work/state-folders.ts';
import {mover, type MoverRequest} from '../support/mover.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {settingsOf} from '../support/settings.ts';
import {waitFor} from '../support/wait.ts';

// Built once: dozens of workers start faster from one file than from all the sources.
const built = await mkdtemp(join(tmpdir(), 'opsconsole-built-'));
const main = join(built, 'dist', 'road-main.js');
await build({
	entryPoints: [fileURLToPath(new URL('../support/road-main.ts', import.meta.url))],
	outdir: join(built, 'dist'),
	bundle: true,
	splitting: true,
	format: 'esm',
	platform: 'node',
	target: 'node22',
	jsx: 'automatic',
	external: ['pg-native', 'react-devtools-core'],
	banner: {
		js: "import {createRequire as __r} from 'node:module';const require=__r(import.meta.url);",
	},
	logLevel: 'error',
});
await writeFile(join(built, 'package.json'), '{"type":"module","version":"0.0.0"}');
const never = new AbortController().signal;
const operator = {user: 'li', userId: 1000};
const flock = await requireComponent(
	'flock and /proc',
	() => existsSync('/usr/bin/flock') && existsSync('/proc/self/fd'),
);

let root = '';
let state: StateFolders;
let launch: Launch;

afterAll(() => rm(built, {recursive: true, force: true}));

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'opsconsole-road-'));
	state = stateFolders({environment: {OPSCONSOLE_STATE: join(root, 'state')}, userId: 0});
	await openStateFolders(state, process.getuid?.() ?? -1);
	process.env['OPSCONSOLE_STATE'] = state.root;
	const config = join(root, 'opsconsole.yaml');
	const text = [
		'environment: {kind: test, name: t}',
		'docker: {enabled: false}',
		'discovery: {enabled: false}',
	];
	await writeFile(config, text.join('\n'), {mode: 0o600});
	launch = {program: [process.execPath, main], options: [`--config=${config}`]};
});

afterEach(async () => {
	delete process.env['OPSCONSOLE_FAILPOINT'];
	delete process.env['OPSCONSOLE_STATE'];
	await rm(root, {recursive: true, force: true});
});

/** A folder of its own with old data to be replaced. */
async function place(name: string): Promise<string> {
	const folder = join(root, name);
	await mkdir(join(folder, 'live'), {recursive: true});
	await writeFile(join(folder, 'live', 'data'), 'old');
	return folder;
}

async function world(folder: string): Promise<string> {
	const names = (await readdir(folder)).toSorted().join(' ');
	const live = existsSync(join(folder, 'live', 'part')) ? 'new' : 'old';
	if (names === 'live' && live === 'old') return 'old';
	if (names === 'flag live old' && live === 'new') return 'new';
	return names;
}

async function planOf(request: MoverRequest): Promise<Plan> {
	const look = {
		io: createIo(),
		settings: settingsOf({environment: {kind: 'test', name: 't'}}),
		targets: {postgres: [], redis: [], endpoints: [], logs: [], backups: [], missing: []},
		containers: [],
		folders: state,
		signal: never,
	};
	return makePlan({look, operations: {mover}}, 'mover', request);
}

async function start(request: MoverRequest, failpoint?: string) {
	const plan = await planOf(request);
	if (failpoint !== undefined) process.env['OPSCONSOLE_FAILPOINT'] = failpoint;
	const started = await startOperation({
		plan,
		confirmation: {operator, atMs: Date.now(), typed: 't/mover'},
		state,
		launch,
	});
	delete process.env['OPSCONSOLE_FAILPOINT'];
	return {plan, started, folder: join(state.runs, plan.id)};
}

const follow = (folder: string) => followJob(folder, () => undefined, never);
const recover = (folder: string) => recoverJob(folder, {state, launch, signal: never});

/** Runs the program as an operator does and gives what it printed. */
function command(
	words: readonly string[],
): Promise<{status: number | null; stdout: string; stderr: string}> {
	return new Promise(resolve => {
		const child = spawn(process.execPath, [main, ...words, ...launch.options], {
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		const out = {stdout: '', stderr: ''};
		child.stdout.on('data', (chunk: Buffer) => (out.stdout += chunk.toString()));
		child.stderr.on('data', (chunk: Buffer) => (out.stderr += chunk.toString()));
		child.on('close', status => resolve({status, ...out}));
	});
}

async function workerOf(folder: string): Promise<number> {
	const text = await readFile(join(folder, 'journal.jsonl'), 'utf8');
	return Number(/"pid":(\d+)/.exec(text)?.[1]);
}

describe.skipIf(flock.missing !== undefined)(titleWith(flock, 'the road'), () => {
	test('a confirmed operation runs, is followed, and stands in the audit', async () => {
		const folder = await place('a');
		const {started, plan, folder: run} = await start({folder});
		expect(started).toEqual({id: plan.id, folder: run});
		const job = await follow(run);
		expect(job).toMatchObject({
			state: 'ended',
			outcome: 'done',
			exitStatus: 0,
			step: 5,
			target: 't/mover',
			result: {id: plan.id},
		});
		expect(await world(folder)).toBe('new');
		const {lines, damage} = await readAudit(state.audit);
		expect(damage).toBeUndefined();
		expect(lines.map(({kind}) => kind)).toEqual(['confirm', 'start', 'end']);
		expect(lines[2]).toMatchObject({outcome: 'done', operator, target: 't/mover'});
		const again = await launchWorker(plan, {folder: run, mode: 'run', launch, state});
		expect(again).toMatchObject({refused: {code: 'plan-used'}, exitStatus: 3});
	});

	// Every other place is tried in the process itself: test/unit/work/perform.test.ts.
	const points = ['make:before', 'load:mid', 'aside:mid', 'swap:before', 'swap:mid', 'mark:effect'];
	test('killed at a place, then recovered: entirely old or entirely new', async () => {
		const bad: string[] = [];
		const tryOut = async (point: string) => {
			const folder = await place(point.replace(':', '-'));
			const {plan, folder: run} = await startLike(folder, point);
			expect(await waitFor(async () => died(run))).toBe('unfinished');
			const recovered = await recover(run);
			const seen = await world(folder);
			const isRight = recovered.job?.outcome === (seen === 'new' ? 'done' : 'undone');
			if (recovered.exitStatus !== 0 || !['old', 'new'].includes(seen) || !isRight) {
				bad.push(`${point}: ${seen} ${JSON.stringify(recovered)} ${plan.id}`);
			}
		};
		for (let index = 0; index < points.length; index += 2) {
			await Promise.all(points.slice(index, index + 2).map(tryOut));
		}

		expect(bad).toEqual([]);
	});

	async function died(run: string): Promise<string | undefined> {
		const {state: now} = await readJob(run);
		return now === 'unfinished' ? now : undefined;
	}

	/** Starts with a failpoint given to this one worker only. */
	async function startLike(folder: string, point: string) {
		const plan = await planOf({folder});
		const confirmation = {operator, atMs: Date.now(), typed: 't/mover'};
		const run = await writeRunFolder(state.runs, plan, confirmation);
		const [program, ...rest] = launch.program;
		await launchWorker(plan, {
			folder: run,
			mode: 'run',
			state,
			launch: {
				...launch,
				program: ['env', `OPSCONSOLE_FAILPOINT=${point}`, program, ...rest],
			},
		});
		return {plan, folder: run};
	}

	test('a recovery that is killed is recovered', async () => {
		const folder = await place('nested');
		const {plan, folder: run} = await startLike(folder, 'aside:effect');
		await waitFor(async () => died(run));
		const [program, ...rest] = launch.program;
		const dying: Launch = {
			...launch,
			program: ['env', 'OPSCONSOLE_FAILPOINT=undo/aside:effect', program, ...rest],
		};
		await launchWorker(plan, {folder: run, mode: 'recover', launch: dying, state});
		await waitFor(async () => died(run));
		const {exitStatus} = await recover(run);
		expect(exitStatus).toBe(0);
		expect(await world(folder)).toBe('old');
	});

	test('signals do not end a worker, and cancelling takes everything back', async () => {
		const folder = await place('signals');
		const {folder: run} = await start({folder, waitFor: join(root, 'go')});
		await waitFor(async () => ((await readJob(run)).step === 2 ? true : undefined));
		const pid = await workerOf(run);
		for (const signal of ['SIGHUP', 'SIGINT', 'SIGPIPE'] as const) process.kill(pid, signal);
		const {state: now, cancelMeans} = await readJob(run);
		expect([now, cancelMeans]).toEqual(['running', 'undo']);
		expect(await readMaintenance(state)).toMatchObject([{id: basename(run), pid}]);
		// By this others tell a living entry of the flag from one that a crash left.
		const argv = await readFile(`/proc/${pid}/cmdline`, 'utf8');
		expect(argv).toContain(`/${basename(run)}\0`);
		await requestCancel(run, 'li@10.0.0.8');
		const job = await follow(run);
		expect(job).toMatchObject({outcome: 'cancelled', exitStatus: 130, isCancelRequested: true});
		expect(job.problem?.params['who']).toBe('li@10.0.0.8');
		expect(existsSync(state.maintenance)).toBe(false);
		expect(await world(folder)).toBe('old');
	});

	test.each([1, 2])('twenty starts at once: exactly one runs (B21, round %d)', async () => {
		const folder = await place('many');
		const go = join(root, 'go');
		const request = {folder, waitFor: go, risk: 'safe'} as const;
		const starts = await Promise.all(Array.from({length: 20}, () => start(request)));
		const ids = starts.flatMap(({started}) => ('id' in started ? [started.id] : []));
		expect(ids).toHaveLength(1);
		const refused = starts.flatMap(({started}) => ('refused' in started ? [started] : []));
		for (const {refused: problem, exitStatus} of refused) {
			expect(exitStatus).toBe(75);
			expect(problem.code).toBe('road-busy');
		}

		const [id = ''] = ids;
		await waitFor(async () =>
			(await readJob(join(state.runs, id))).step === 2 ? true : undefined,
		);
		const {started, plan} = await start(request);
		const {hostname: host} = plan.identity;
		const params = {who: 'li', host, operation: 'mover', id, progress: '2/5, 100%'};
		expect(started).toMatchObject({exitStatus: 75, refused: {params}});
		await writeFile(go, '');
		const jobs = await listJobs(state.runs);
		expect(jobs.map(job => job.id)).toEqual(ids);
		expect(await follow(jobs[0]?.folder ?? '')).toMatchObject({outcome: 'done'});
	});

	test('a plan that was edited, is old, or belongs to a changed server is refused', async () => {
		const folder = await place('edited');
		const plan = await planOf({folder});
		const run = await writeRunFolder(state.runs, plan, {
			operator,
			atMs: Date.now(),
			typed: 't/mover',
		});
		await writeFile(join(run, 'plan.json'), planText(plan).replace('new', 'now'));
		expect(await launchWorker(plan, {folder: run, mode: 'run', launch, state})).toMatchObject({
			refused: {code: 'plan-edited'},
			exitStatus: 3,
		});
		const old = await planOf({folder});
		const oldRun = await writeRunFolder(state.runs, old, {
			operator,
			atMs: Date.now() - 16 * 60_000,
			typed: 't/mover',
		});
		expect(await launchWorker(old, {folder: oldRun, mode: 'run', launch, state})).toMatchObject({
			refused: {code: 'plan-too-old'},
		});
		const elsewhere = await planOf({folder});
		const other = {
			...elsewhere,
			identity: {...elsewhere.identity, hostname: 'another'},
		};
		expect(
			await startOperation({
				plan: other,
				confirmation: {operator, atMs: Date.now(), typed: 't/mover'},
				state,
				launch,
			}),
		).toMatchObject({refused: {code: 'plan-changed', params: {what: 'host'}}});
		expect(await world(folder)).toBe('old');
		const {lines} = await readAudit(state.audit);
		expect(lines.filter(({kind}) => kind === 'refused')).toHaveLength(3);
	});

	test('only the exact text confirms what is destructive', async () => {
		const plan = await planOf({folder: await place('texts')});
		const wrong = [
			'',
			't/move',
			't/mover ',
			' t/mover',
			'T/mover',
			't/mover\n',
			'ｔ/mover',
			't/mоver',
		];
		for (const typed of wrong) {
			const confirmation = {operator, atMs: Date.now(), typed};
			const started = await startOperation({plan, confirmation, state, launch});
			expect(started, typed).toMatchObject({refused: {code: 'confirm-wrong'}, exitStatus: 3});
		}

		expect(await readdir(state.runs)).toEqual([]);
		const {lines} = await readAudit(state.audit);
		expect(lines.map(({kind}) => kind)).toEqual(wrong.map(() => 'refused'));
	});

	test('the terminal is closed in the middle: the operation ends, and is looked at from another one', async () => {
		const folder = await place('terminal');
		const go = join(root, 'go');
		const words = ['move', folder, '--wait-for', go, '--confirm', 't/mover', ...launch.options];
		const terminal = spawnTerminal(process.execPath, [main, ...words], {
			env: {...process.env, OPSCONSOLE_STATE: state.root},
		});
		let printed = '';
		terminal.onData(text => (printed += text));
		const exited = new Promise(resolve => terminal.onExit(resolve));
		const run = await waitFor(async () => {
			const [job] = await listJobs(state.runs);
			if (job?.step === 2) return job.folder;
			throw new Error(`step ${String(job?.step)} of ${String(job?.id)}, printed: ${printed}`);
		});
		terminal.kill('SIGHUP');
		await exited;
		const attached = command(['attach', basename(run)]);
		await writeFile(go, '');
		expect((await attached).status).toBe(0);
		expect(await world(folder)).toBe('new');
	});

	test('a lock is held as long as a program of the dead worker lives', async () => {
		const folder = await place('child');
		const {folder: run} = await start({folder, hold: '30'});
		const child = await waitFor(async () => {
			const pid = await workerOf(run);
			const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
			return children.trim() === '' ? undefined : Number(children.trim().split(' ')[0]);
		});
		process.kill(await workerOf(run), 'SIGKILL');
		const second = await start({folder});
		expect(second.started).toMatchObject({exitStatus: 75});
		expect(await recover(run)).toMatchObject({exitStatus: 75});
		process.kill(child, 'SIGKILL');
		await waitFor(async () => died(run));
		expect(await recover(run)).toMatchObject({exitStatus: 0, job: {outcome: 'undone'}});
		expect(await world(folder)).toBe('old');
	});

	test('a full disk under the journal: back before the commit point', async () => {
		const folder = await place('full');
		const {folder: run} = await startLike(folder, 'load:begun:enospc');
		await waitFor(async () => died(run));
		expect(await world(folder)).toBe('old');
		expect((await recover(run)).exitStatus).toBe(0);
	});

	test('on the command line: dry run, confirmation, JSON, read-only', async () => {
		const folder = await place('headless');
		const shown = await command(['move', folder, '--dry-run', '--json']);
		expect(shown.status).toBe(0);
		const card = JSON.parse(shown.stdout) as {confirm: string};
		expect(card.confirm).toBe('t/mover');
		const wrong = await command(['move', folder, '--confirm', 't/mover ']);
		expect(wrong.status).toBe(3);
		expect(wrong.stderr).toContain("--confirm 't/mover'");
		const denied = await command(['move', folder, '--confirm', 't/mover', '--read-only']);
		expect(denied.status).toBe(3);
		expect(await world(folder)).toBe('old');
		const done = await command(['move', folder, '--confirm', card.confirm, '--json']);
		expect(done.status).toBe(0);
		expect(JSON.parse(done.stdout)).toMatchObject({outcome: 'done', exitStatus: 0});
		expect(await world(folder)).toBe('new');
		const verified = await command(['audit', 'verify']);
		expect(verified.status).toBe(0);
		expect(verified.stdout).toContain('the chain is whole');
	});

	test('everything is backed up, each as a job of its own; the worst status is told', async () => {
		const web = join(root, 'web');
		await mkdir(web);
		await writeFile(join(web, '.env'), 'A=1\n');
		await writeFile(join(web, 'app.log'), 'one\n');
		const config = (lines: readonly string[]) =>
			writeFile(
				join(root, 'opsconsole.yaml'),
				[
					'environment: {kind: test, name: t}',
					'docker: {enabled: false}',
					'discovery: {enabled: false}',
					...lines,
				].join('\n'),
			);
		expect((await command(['backup', 'all', '--yes'])).stderr).toContain('nothing is known here');
		const good = [
			`file_sets: [{id: web, folder: ${web}}]`,
			`logs: [{id: app, service: app, path: ${join(web, 'app.log')}}]`,
		];
		await config(good);
		expect((await command(['backup', 'all'])).status).toBe(64);
		const shown = await command(['backup', 'all', '--dry-run', '--json']);
		expect(JSON.parse(shown.stdout)).toMatchObject({
			backups: [{operation: 'backup-files'}, {operation: 'backup-logs'}],
		});
		expect(await listJobs(state.runs)).toEqual([]);
		const done = await command(['backup', 'all', '--yes', '--json']);
		expect(JSON.parse(done.stdout)).toMatchObject({
			operation: 'backup-all',
			exitStatus: 0,
			backups: [
				{operation: 'backup-files', outcome: 'done', exitStatus: 0, request: {set: 'web'}},
				{operation: 'backup-logs', outcome: 'done', exitStatus: 0},
			],
		});
		const series = await readdir(state.backups);
		expect(series).toEqual(expect.arrayContaining(['files-web', 'logs-all']));
		expect(await listJobs(state.runs)).toHaveLength(2);
		const {lines} = await readAudit(state.audit);
		expect(lines.at(-1)).toMatchObject({operation: 'backup-everything', outcome: 'done'});
		// A server that does not answer is told, and the others are backed up all the same.
		await config([...good, 'redis: [{id: cache, host: 127.0.0.1, port: 9}]']);
		const part = await command(['backup', 'all', '--yes', '--json']);
		expect(part.status).toBe(3);
		expect(JSON.parse(part.stdout)).toMatchObject({
			exitStatus: 3,
			backups: [
				{operation: 'backup-redis', outcome: 'refused', problem: {code: 'redis-refused'}},
				{outcome: 'done'},
				{outcome: 'done'},
			],
		});
	});

	test('everything is backed up by one confirmed operation, each part as a job of its own', async () => {
		const web = join(root, 'web');
		await mkdir(web);
		await writeFile(join(web, '.env'), 'A=1\n');
		const settings = {
			environment: {kind: 'test', name: 't'},
			fileSets: [{id: 'web', folder: web}],
		} as const;
		const config = [
			'environment: {kind: test, name: t}',
			'docker: {enabled: false}',
			'discovery: {enabled: false}',
			`file_sets: [{id: web, folder: ${web}}]`,
		];
		/** Starts it as the screen does and gives its end and those of its parts. */
		const backUp = async (redis: readonly RedisTarget[]) => {
			const plan = await makePlan(
				{
					look: {
						io: createIo(),
						settings: settingsOf(settings),
						targets: {...noTargets, redis},
						containers: [],
						folders: state,
						signal: never,
					},
					operations,
				},
				'backup-everything',
				{},
			);
			const confirmation = {operator, atMs: Date.now()};
			const started = await startOperation({plan, confirmation, state, launch});
			expect(started).toMatchObject({id: plan.id});
			const end = await follow(join(state.runs, plan.id));
			const parts = (await listJobs(state.runs)).filter(job => job.operation === 'backup-files');
			return {plan, end, parts};
		};
		await writeFile(join(root, 'opsconsole.yaml'), config.join('\n'));
		const first = await backUp([]);
		expect(first.plan.steps.map(({title}) => title.params?.['name'])).toEqual([
			'backup-files web',
			undefined,
		]);
		expect(first.end).toMatchObject({outcome: 'done', exitStatus: 0});
		expect(first.parts).toMatchObject([{operation: 'backup-files', outcome: 'done', operator}]);
		expect(await readdir(state.backups)).toContain('files-web');
		// A server that is gone is told, and the others are backed up all the same.
		const line = 'redis: [{id: cache, host: 127.0.0.1, port: 9}]';
		await writeFile(join(root, 'opsconsole.yaml'), [...config, line].join('\n'));
		const gone = {
			id: 'cache',
			host: '127.0.0.1',
			port: 9,
			origin: 'configured',
			tls: 'off',
		} as const;
		const second = await backUp([gone]);
		expect(second.end).toMatchObject({
			outcome: 'failed',
			exitStatus: 1,
			problem: {code: 'backup-all-failed', params: {failed: 1, names: 'backup-redis cache'}},
			result: {backups: [{outcome: 'refused'}, {outcome: 'done'}]},
		});
		expect(second.end.notes.map(({phrase}) => phrase.code)).toEqual([
			'warn-backup-part',
			'note-backup-part',
		]);
		expect(await readdir(join(state.backups, 'files-web'))).toHaveLength(2);
	});
});
