import {mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gunzipSync, gzipSync} from 'node:zlib';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {createAct} from '../../src/io/create-act.ts';
import {createIo} from '../../src/io/create-io.ts';
import {archiveLog} from '../../src/operations/logs/archive.ts';
import {backupLogs} from '../../src/operations/logs/backup.ts';
import {findLogs} from '../../src/operations/logs/sources.ts';
import {verifyBackupWith} from '../../src/operations/verify/verify-backup.ts';
import {verifiers} from '../../src/operations/verify/verifiers.ts';
import {containersSource} from '../../src/sources/containers.ts';
import {readCatalogue} from '../../src/sources/catalogue.ts';
import {startContainers, type ContainerFleet} from '../support/containers.ts';
import {docker} from '../lab/docker.ts';
import {
	lookNow,
	performNow,
	planNow,
	recoverNow,
	removeFolders,
	type PerformOptions,
} from '../support/perform.ts';
import {prepareEngine} from '../support/prepare-engine.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';

const engine = await requireComponent('docker', prepareEngine);
const act = createAct();
const made: string[] = [];
const signal = new AbortController().signal;

afterEach(async () => {
	await removeFolders();
	for (const folder of made.splice(0)) rmSync(folder, {recursive: true, force: true});
});

/** A folder with logs of an application: the one that is written, a rotated one, an old one, another's. */
function logFolder(): PerformOptions {
	const folder = mkdtempSync(join(tmpdir(), 'opsconsole-logs-'));
	made.push(folder);
	const old = new Date(Date.now() - 40 * 24 * 3_600_000);
	writeFileSync(join(folder, 'app.log'), 'now\n');
	writeFileSync(join(folder, 'app.log.1'), 'yesterday\n');
	writeFileSync(join(folder, 'app.log.2.gz'), gzipSync('earlier\n'));
	writeFileSync(join(folder, 'app.log.9'), 'long ago\n');
	utimesSync(join(folder, 'app.log.9'), old, old);
	writeFileSync(join(folder, 'apple.log'), 'another\n');
	const from = {kind: 'file', path: join(folder, 'app.log')} as const;
	const logs = [
		{id: 'app', service: 'app', format: 'auto', from},
		{id: 'unit', service: 'u', format: 'auto', from: {kind: 'journal', unit: 'u.service'}},
		{id: 'gone', service: 'g', format: 'auto', from: {kind: 'file', path: '/no/such/x.log'}},
	] as const;
	return {act, targets: {}, settings: {logs}};
}

async function only(folders: {readonly backups: string}) {
	const {backups, damaged} = await readCatalogue(createIo(), folders.backups, signal);
	expect(damaged).toEqual([]);
	expect(backups).toHaveLength(1);
	const [backup] = backups;
	if (!backup) throw new Error('no backup');
	return backup;
}

test('configured log files and their rotated neighbours of the period are archived', async () => {
	const options = logFolder();
	const done = await performNow(backupLogs, {}, options);
	expect(done.outcome).toBe('done');
	expect(done.plan.warnings.map(({params}) => params?.['name'])).toEqual([
		'u.service',
		'/no/such/x.log',
	]);
	const {folder, manifest} = await only(done.folders);
	expect(manifest).toMatchObject({kind: 'logs', series: 'logs-all'});
	const texts = (manifest.files ?? []).map(({path, origin}) => {
		const bytes = gunzipSync(readFileSync(join(folder, path)));
		return [
			origin.replace(/^.*\//, ''),
			String(origin.endsWith('.gz') ? gunzipSync(bytes) : bytes),
		];
	});
	expect(texts).toEqual([
		['app.log', 'now\n'],
		['app.log.1', 'yesterday\n'],
		['app.log.2.gz', 'earlier\n'],
	]);
	const verify = verifyBackupWith(verifiers);
	const again = {...options, folders: done.folders};
	const verified = await performNow(verify, {backup: 'latest', level: 3}, again);
	expect(verified.end).toMatchObject({outcome: 'done'});
	const {sha256} = (manifest.files ?? [])[0] ?? {};
	// A whole file that holds something else than the manifest says.
	const path = join(folder, manifest.artefacts[0]?.name ?? '');
	writeFileSync(path, gzipSync('not\n'));
	expect(sha256).toMatch(/^[0-9a-f]{64}$/);
	const bad = await performNow(verify, {backup: 'latest', level: 2}, again);
	expect(bad.end?.outcome).not.toBe('done');
});

test('a death at any place leaves all or nothing', async () => {
	const options = logFolder();
	const {places} = await performNow(backupLogs, {days: 1}, options);
	expect(places.length).toBeGreaterThan(10);
	for (const failAt of places) {
		const died = await performNow(backupLogs, {days: 1}, {...options, failAt});
		expect(died.outcome).toBe('crashed');
		const after = await recoverNow(backupLogs, died, options);
		const series = readdirSync(join(died.folders.backups)).filter(name => name === 'logs-all');
		const left = series.flatMap(name => readdirSync(join(died.folders.backups, name)));
		expect(left).toEqual(after.outcome === 'done' ? [died.plan.id] : []);
		if (after.outcome === 'done') await only(died.folders);
	}
});

test('without any log it is refused', async () => {
	await expect(planNow(backupLogs, {}, {act, targets: {}})).rejects.toMatchObject({
		problem: {code: 'logs-nothing'},
	});
	const options = logFolder();
	const onPlace = (step: string, place: string) => {
		if (step === 'collect' && place === 'begun') rmSync(made[0] ?? '', {recursive: true});
		return Promise.resolve();
	};
	const failed = await performNow(backupLogs, {}, {...options, onPlace});
	expect(failed.end).toMatchObject({problem: {code: 'files-unreadable'}});
});

describe.skipIf(engine.missing !== undefined)(titleWith(engine, 'logs of containers'), () => {
	let fleet: ContainerFleet;
	const script =
		'i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo "line $i"; done; echo bad >&2; sleep 1.2; echo late';

	beforeAll(async () => {
		fleet = await startContainers(2, ['sh', '-c', script]);
		for (const id of fleet.ids) await docker(['wait', id]);
	});

	afterAll(async () => {
		await fleet.down();
	});

	async function look(options: PerformOptions = {act}) {
		const io = createIo();
		const enough = new AbortController();
		let containers: Awaited<ReturnType<typeof lookNow>>['containers'] = [];
		await containersSource
			.follow(
				io,
				{},
				value => {
					containers = value.containers.filter(({id}) => fleet.ids.includes(id));
					if (containers.length === 2) enough.abort();
				},
				enough.signal,
			)
			.catch(() => undefined);
		return {...options, io, targets: {}, containers};
	}

	test('every line of both outputs is there once, with its time', async () => {
		const done = await performNow(backupLogs, {days: 1}, await look());
		expect(done.end).toMatchObject({outcome: 'done'});
		const {folder, manifest} = await only(done.folders);
		expect(manifest.artefacts.map(({format}) => format)).toEqual(['gzip', 'gzip']);
		expect(manifest.files?.map(({origin}) => origin)).toEqual(
			fleet.names.toSorted().map(name => `container:${name}`),
		);
		for (const {path} of manifest.files ?? []) {
			const lines = String(gunzipSync(readFileSync(join(folder, path))))
				.trimEnd()
				.split('\n');
			expect(lines).toHaveLength(2002);
			const words = lines.map(line => /^\d{4}-\d\d-\d\dT[\d:.]+Z (.*)$/.exec(line)?.[1]);
			expect(words.filter(word => word?.startsWith('line '))).toEqual(
				Array.from({length: 2000}, (_, index) => `line ${index + 1}`),
			);
			expect(words).toContain('bad');
		}
	});

	test('a log that is too long loses its oldest lines and says so', async () => {
		const options = await look();
		const seen = await lookNow(options);
		const untilMs = Date.now();
		const {sources} = await findLogs(seen, {sinceMs: untilMs - 3_600_000});
		const [source] = sources;
		if (!source) throw new Error('no log');
		const command = {
			kind: 'file',
			action: 'write',
			path: join(seen.folders.backups, 'x.gz'),
		} as const;
		const write = () => act.files.create(command.path);
		const {plan} = await planNow(backupLogs, {}, options);
		const [step] = plan.steps;
		if (!step) throw new Error('no step');
		const nothing = () => undefined;
		const refused = () => Promise.reject(new Error('not here'));
		const tools = {
			plan,
			step,
			request: {},
			look: seen,
			kept: {},
			keep: () => Promise.resolve(),
			progress: nothing,
			note: nothing,
			warn: nothing,
			sql: refused,
			redis: refused,
			engine: refused,
			sidecar: refused,
			exec: refused,
			program: refused,
			file: refused,
			http: refused,
			job: refused,
			write,
		};
		const log = {source, command, period: {sinceMs: untilMs - 3_600_000, untilMs}};
		const {facts, isCut} = await archiveLog(tools, log, 5000);
		expect(isCut).toBe(true);
		expect(facts.bytes).toBeLessThanOrEqual(5000);
		expect(String(gunzipSync(readFileSync(command.path)))).toMatch(/Z late\n$/);
	});
});
