import {execFile} from 'node:child_process';
import {chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeEach, describe, expect, test} from 'vitest';
import {markerLine} from '../../src/domain/schedule.ts';
import type {Settings} from '../../src/domain/settings.ts';
import {defaultRules} from '../../config/defaults.ts';
import {readOnce} from '../../src/headless.ts';
import {createAct} from '../../src/io/create-act.ts';
import {createIo} from '../../src/io/create-io.ts';
import type {Act} from '../../src/io/act.ts';
import {installSchedule} from '../../src/operations/schedule/install.ts';
import {removeSchedule} from '../../src/operations/schedule/remove.ts';
import {statusDocument} from '../../src/report/status.ts';
import {scheduleNow} from '../../src/schedule-show.ts';
import {appendAudit} from '../../src/work/audit.ts';
import {makePlace} from '../support/program.ts';
import {performNow, planNow, recoverNow, removeFolders} from '../support/perform.ts';
import {settingsOf} from '../support/settings.ts';

const made: string[] = [];
afterAll(async () => {
	await removeFolders();
	await Promise.all(made.map(folder => rm(folder, {recursive: true, force: true})));
});

async function newFolder(): Promise<string> {
	const path = await mkdtemp(join(tmpdir(), 'opsconsole-schedule-'));
	made.push(path);
	return path;
}

let folder = '';
let calls: string[] = [];
let systemctl = {exitCode: 0, stdout: '', stderr: ''};
beforeEach(async () => {
	folder = await newFolder();
	calls = [];
	systemctl = {exitCode: 0, stdout: '', stderr: ''};
});

/** Real files; systemd is not touched. */
const act: Act = {
	...createAct(),
	program({argv}) {
		calls.push(argv.join(' '));
		return Promise.resolve(systemctl);
	},
};
const schedules: Settings['schedules'] = [
	{id: 'nightly', cron: '0 2 * * *', run: 'backup all', title: 'n', provenance: 'a:1'},
	{id: 'proof', cron: '0 4 * * 0', run: 'verify latest', title: 'p', provenance: 'a:2'},
	{id: 'people', cron: '0 9 * * *', title: 'x', provenance: 'a:3'},
];
const options = (more: Partial<Settings> = {}) => ({
	act,
	targets: {},
	settings: {schedules, ...more},
});
const program = {argv: ['/usr/bin/opsconsole'], workFolder: '/srv', user: 'root'};
const request = (form: 'cron' | 'systemd') => ({form, folder, ...program});
const files = async () => (await readdir(folder)).toSorted();

describe('for cron', () => {
	test('one file, readable for cron, that is replaced when it is ours', async () => {
		const first = await performNow(installSchedule, request('cron'), options());
		expect(first.outcome).toBe('done');
		expect(await files()).toEqual(['opsconsole']);
		const path = join(folder, 'opsconsole');
		const text = await readFile(path, 'utf8');
		expect(text).toContain(
			'\n0 2 * * * root cd /srv && /usr/bin/opsconsole backup all --yes --scheduled\n',
		);
		expect(text).not.toContain('people');
		expect((await stat(path)).mode & 0o777).toBe(0o644);
		expect(first.plan.risk).toBe('safe');
		expect(calls).toEqual([]);

		const [nightly] = schedules;
		const changed = nightly === undefined ? [] : [{...nightly, cron: '0 3 * * *'}];
		const second = await performNow(
			installSchedule,
			request('cron'),
			options({schedules: changed}),
		);
		expect(second.outcome).toBe('done');
		expect(await readFile(path, 'utf8')).toContain('\n0 3 * * * root');
		expect(await files()).toEqual(['opsconsole']);
	});

	test('a foreign file or link is never replaced or removed', async () => {
		const path = join(folder, 'opsconsole');
		await writeFile(path, '0 1 * * * root mine\n');
		const install = performNow(installSchedule, request('cron'), options());
		await expect(install).rejects.toMatchObject({problem: {code: 'schedule-foreign'}});
		const remove = performNow(removeSchedule, {form: 'cron', folder}, options());
		await expect(remove).rejects.toMatchObject({problem: {code: 'schedule-none'}});
		await rm(path);
		await writeFile(join(folder, 'other'), `${markerLine}\n`);
		await symlink(join(folder, 'other'), path);
		const again = performNow(installSchedule, request('cron'), options());
		await expect(again).rejects.toMatchObject({problem: {code: 'schedule-foreign'}});
	});

	test('nothing to run, no folder, and words that no crontab can hold are refused', async () => {
		const codes = async (wanted: Record<string, unknown>, more: Partial<Settings> = {}) =>
			planNow(installSchedule, wanted as never, options(more)).then(
				() => 'planned',
				(error: unknown) => (error as {problem: {code: string}}).problem.code,
			);
		expect(await codes(request('cron'), {schedules: []})).toBe('schedule-nothing');
		expect(await codes({...request('cron'), folder: `${folder}/no`})).toBe('schedule-folder');
		expect(await codes({...request('cron'), user: 'root\n* * * * * root x'})).toBe('request-value');
		expect(await codes({...request('cron'), argv: ['/bin/a', 'b\nc']})).toBe('request-value');
		expect(await codes({...request('cron'), argv: ['opsconsole']})).toBe('request-value');
	});

	test('killed anywhere it is entirely old or entirely new, without left-overs', async () => {
		const {places} = await performNow(installSchedule, request('cron'), options());
		const old = await readFile(join(folder, 'opsconsole'), 'utf8');
		for (const failAt of places) {
			await rm(join(folder, 'opsconsole'));
			await writeFile(join(folder, 'opsconsole'), old, {mode: 0o644});
			const more = options({schedules: schedules.slice(0, 1)});
			const died = await performNow(installSchedule, request('cron'), {...more, failAt});
			const after = await recoverNow(installSchedule, died, more);
			const isNew = after.outcome === 'done';
			expect([failAt, after.outcome]).toEqual([
				failAt,
				isNew ? 'done' : expect.stringMatching(/undone|failed/),
			]);
			expect(await files()).toEqual(['opsconsole']);
			const text = await readFile(join(folder, 'opsconsole'), 'utf8');
			expect(text === old).toBe(!isNew);
		}
	});
});

describe('for systemd', () => {
	test('a service and a timer each, started; what left the configuration is taken out', async () => {
		const first = await performNow(installSchedule, request('systemd'), options());
		expect(first.outcome).toBe('done');
		const units = ['nightly.service', 'nightly.timer', 'proof.service', 'proof.timer'];
		expect(await files()).toEqual(units.map(name => `opsconsole-${name}`));
		expect(calls).toEqual([
			'systemctl daemon-reload',
			'systemctl enable --now opsconsole-nightly.timer opsconsole-proof.timer',
		]);
		calls = [];
		await writeFile(join(folder, 'opsconsole-mine.timer'), '[Timer]\n');
		const less = options({schedules: schedules.slice(0, 1)});
		const second = await performNow(installSchedule, request('systemd'), less);
		expect(second.outcome).toBe('done');
		expect(second.plan.deletes.map(({name}) => name)).toEqual([
			join(folder, 'opsconsole-proof.service'),
			join(folder, 'opsconsole-proof.timer'),
		]);
		expect(calls[0]).toBe('systemctl disable --now opsconsole-proof.timer');
		expect(await files()).toEqual([
			'opsconsole-mine.timer',
			'opsconsole-nightly.service',
			'opsconsole-nightly.timer',
		]);

		calls = [];
		const removed = await performNow(removeSchedule, {form: 'systemd', folder}, less);
		expect(removed.outcome).toBe('done');
		expect(removed.plan.risk).toBe('disruptive');
		expect(await files()).toEqual(['opsconsole-mine.timer']);
		expect(calls).toEqual([
			'systemctl disable --now opsconsole-nightly.timer',
			'systemctl daemon-reload',
		]);
	});

	test('says what systemctl said', async () => {
		systemctl = {exitCode: 1, stdout: '', stderr: 'Access denied\n'};
		const {end} = await performNow(installSchedule, request('systemd'), options());
		expect(end?.outcome).toBe('manual');
		expect(end?.problem).toMatchObject({
			code: 'schedule-systemctl',
			params: {cause: 'Access denied'},
		});
	});
});

test('what is shown: installed, last and next run, missed, strays, lines without user', async () => {
	const audit = await newFolder();
	const io = createIo();
	const facts = {io, settings: settingsOf({schedules}), state: {audit}};
	const place = {form: 'cron', folder} as const;
	const before = await scheduleNow(facts, place);
	expect(before.places).toEqual([]);
	expect(before.jobs.map(({installed, isMissed}) => [installed, isMissed])).toEqual([
		['none', false],
		['none', false],
	]);

	await performNow(installSchedule, request('cron'), options());
	const wrong = join(folder, 'handbook');
	await writeFile(wrong, '0 2 * * * /opt/backup.sh\n');
	await chmod(wrong, 0o644);
	const entry = {
		op: '20261101T020000Z-00000000',
		operation: 'backup-everything',
		operator: {user: 'root', userId: 0},
		hostname: 'h',
		target: 't',
		planSha256: '',
	};
	const ranAtMs = Date.now() + 1000;
	await appendAudit(audit, {...entry, kind: 'end', outcome: 'done', exitStatus: 0}, ranAtMs);
	// Two days later nothing more has run.
	const later = {...io, clock: {...io.clock, now: () => ranAtMs + 2 * 86_400_000}};
	const settings = settingsOf({schedules: schedules.slice(0, 1)});
	const after = await scheduleNow({...facts, io: later, settings}, place);
	expect(after).toMatchObject({
		places: [{form: 'cron', folder}],
		jobs: [{id: 'nightly', installed: 'same', isMissed: true, lastRun: {outcome: 'done'}}],
		strays: ['proof'],
		faults: [{file: wrong, line: 1, word: '/opt/backup.sh'}],
	});
	expect(after.jobs[0]?.nextRunAtMs).toBeGreaterThan(later.clock.now());
	const soon = await scheduleNow({...facts, settings}, place);
	expect(soon.jobs[0]?.isMissed).toBe(false);
});

test('the program installs a line that cron can run: with nothing but what cron gives it', async () => {
	const place = await makePlace();
	const environment = {OPSCONSOLE_STATE: `${place.folder}/state`};
	try {
		await place.write(
			'opsconsole.yaml',
			[
				'environment: {kind: test, name: t}',
				'docker: {enabled: false}',
				'discovery: {enabled: false}',
				'schedules: [{id: tidy, cron: "0 5 * * *", run: prune}]',
			].join('\n'),
		);
		const where = ['--form', 'cron', '--folder', folder];
		const installed = await place.run(['schedule', 'install', ...where, '--yes'], environment);
		expect([installed.status, installed.stderr]).toEqual([0, expect.any(String)]);
		const shown = await place.run(['schedule', ...where, '--json'], environment);
		expect(JSON.parse(shown.stdout)).toMatchObject({
			places: [{form: 'cron', folder}],
			jobs: [{id: 'tidy', run: 'prune', installed: 'same', isMissed: false}],
			faults: [],
		});

		const text = await readFile(join(folder, 'opsconsole'), 'utf8');
		const line = text.split('\n').find(each => each.startsWith('0 5 * * * ')) ?? '';
		const command = line.split(' ').slice(6).join(' ').replaceAll('\\%', '%');
		const path = /^PATH=(.*)$/m.exec(text)?.[1] ?? '';
		const ran = await new Promise<{readonly code: unknown; readonly said: string}>(resolve => {
			const env = {PATH: path, HOME: place.folder, SHELL: '/bin/sh', ...environment};
			execFile('/bin/sh', ['-c', command], {cwd: '/', env}, (error, stdout, stderr) => {
				resolve({code: error?.code ?? 0, said: stdout + stderr});
			});
		});
		// It found its configuration, was confirmed, and refused for want of a policy.
		expect(ran).toEqual({code: 3, said: expect.stringContaining('no retention policy') as string});
	} finally {
		await place.remove();
	}
});

test('a missed run is an alert of the status document', async () => {
	const audit = await newFolder();
	await performNow(installSchedule, request('cron'), options());
	const io = createIo();
	// Read where cron has it; this machine's own schedule is not touched.
	const here = (path: string) => path.replace('/etc/cron.d', folder);
	const files = {
		...io.files,
		names: (path: string, limit?: number) =>
			path === '/etc/systemd/system' ? Promise.resolve([]) : io.files.names(here(path), limit),
		readText: (path: string, most?: number) => io.files.readText(here(path), most),
		lstat: (path: string) => io.files.lstat(here(path)),
	};
	const later = Date.now() + 2 * 86_400_000;
	const clock = {...io.clock, now: () => later};
	const settings = settingsOf({
		schedules: schedules.slice(0, 1),
		rules: defaultRules,
		docker: {isEnabled: false},
		discovery: {isEnabled: false},
		audit: {isInSyslog: false, folder: audit},
	});
	const raised = async () => {
		const state = await readOnce({...io, files, clock}, settings);
		const {alerts} = statusDocument(state) as {
			alerts: readonly {metric: string; subject: string}[];
		};
		return alerts.flatMap(({metric, subject}) => (metric === 'schedule.missed' ? [subject] : []));
	};
	expect(await raised()).toEqual(['nightly']);
	const entry = {
		op: '20261101T020000Z-00000000',
		operation: 'backup-everything',
		operator: {user: 'root', userId: 0},
		hostname: 'h',
		target: 't',
		planSha256: '',
	};
	await appendAudit(audit, {...entry, kind: 'end', outcome: 'done', exitStatus: 0}, later);
	expect(await raised()).toEqual([]);
});
