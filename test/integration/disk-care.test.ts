import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	rmSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import {randomBytes} from 'node:crypto';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, describe, expect, test} from 'vitest';
import {listOf, objectOf, textOf} from '../../src/domain/unknown.ts';
import {createAct} from '../../src/io/create-act.ts';
import {
	cacheRecords,
	chooseRecords,
	cleanBuildCache,
} from '../../src/operations/disk/build-cache.ts';
import {cleanImages} from '../../src/operations/disk/images.ts';
import {cleanLogs} from '../../src/operations/disk/logs.ts';
import {docker} from '../lab/docker.ts';
import {ensureBusybox} from '../lab/images.ts';
import {buildHere, pruneRecord} from '../support/buildkit.ts';
import {performNow, planNow, removeFolders} from '../support/perform.ts';
import {prepareEngine} from '../support/prepare-engine.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {createIo} from '../../src/io/create-io.ts';

const engine = await requireComponent('docker', prepareEngine);
const act = createAct();
const made: string[] = [];

afterEach(async () => {
	await removeFolders();
	for (const folder of made.splice(0)) rmSync(folder, {recursive: true, force: true});
});

test('old rotated logs of configured folders are deleted, nothing else', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'opsconsole-logs-'));
	made.push(folder);
	const old = new Date(Date.now() - 40 * 24 * 3_600_000);
	const write = (name: string, at: Date) => {
		writeFileSync(join(folder, name), 'x\n');
		utimesSync(join(folder, name), at, at);
	};
	write('app.log', old);
	write('app.log.1', old);
	write('app-2026.log.gz', old);
	write('app.log.2', new Date());
	write('notes.txt', old);
	mkdirSync(join(folder, 'sub.log'));
	symlinkSync('notes.txt', join(folder, 'link.log'));
	const from = {kind: 'file', path: join(folder, 'app.log')} as const;
	const logs = [
		{id: 'app', service: 'app', format: 'auto', from},
		{id: 'sys', service: 'sys', format: 'auto', from: {kind: 'file', path: '/var/log/syslog'}},
	] as const;
	const options = {act, targets: {}, settings: {logs}};
	const {plan} = await planNow(cleanLogs, {}, options);
	expect(plan.deletes.map(({name}) => name.replace(folder, ''))).toEqual([
		'/app-2026.log.gz',
		'/app.log.1',
	]);
	expect(plan.warnings.map(({code}) => code)).toEqual(['warn-system-logs']);
	expect((await performNow(cleanLogs, {}, options)).outcome).toBe('done');
	const left = [
		'app.log',
		'app.log.1',
		'app-2026.log.gz',
		'app.log.2',
		'notes.txt',
		'sub.log',
		'link.log',
	];
	expect(left.filter(name => existsSync(join(folder, name)))).toEqual([
		'app.log',
		'app.log.2',
		'notes.txt',
		'sub.log',
		'link.log',
	]);
	await expect(planNow(cleanLogs, {}, options)).rejects.toMatchObject({
		problem: {code: 'disk-nothing-to-clean'},
	});
});

describe.skipIf(engine.missing !== undefined)(titleWith(engine, 'images'), () => {
	test('only planned images go, and one that is used meanwhile stops it', async () => {
		const base = await ensureBusybox();
		const run = `opsconsole-clean-${process.pid}`;
		await docker(['create', '--name', run, base, 'true']);
		try {
			await docker(['commit', run, `${run}:1`]);
			await docker(['commit', run, `${run}:2`]);
			const real = createIo();
			// Everything else of this engine is hidden, so that no foreign image can be met; it is made old as well.
			const io = {
				...real,
				docker: {
					...real.docker,
					async get(path: string, signal: AbortSignal) {
						const answer = await real.docker.get(path, signal);
						if (path !== '/images/json' || !Array.isArray(answer)) return answer;
						return answer
							.filter(one => JSON.stringify(one).includes(`${run}:`))
							.map((one: object) => ({...one, Created: 1}));
					},
				},
			};
			const options = {act, io, targets: {}};
			const {plan} = await planNow(cleanImages, {}, options);
			expect(plan.deletes.map(({name}) => name.slice(0, run.length + 2))).toEqual(
				expect.arrayContaining([`${run}:1`, `${run}:2`]),
			);
			expect((await performNow(cleanImages, {}, options)).outcome).toBe('done');
			await expect(planNow(cleanImages, {}, options)).rejects.toMatchObject({
				problem: {code: 'disk-nothing-to-clean'},
			});
			await docker(['commit', run, `${run}:3`]);
			const onPlace = async (step: string, place: string) => {
				if (step === 'delete' && place === 'begun')
					await docker(['create', '--name', `${run}-user`, `${run}:3`, 'true']);
			};
			const stopped = await performNow(cleanImages, {}, {...options, onPlace});
			expect(stopped.end).toMatchObject({problem: {code: 'disk-in-use'}});
			await docker(['image', 'inspect', `${run}:3`]);
		} finally {
			await docker(['rm', '--force', run, `${run}-user`]).catch(() => undefined);
			for (const tag of [1, 2, 3]) await docker(['rmi', `${run}:${tag}`]).catch(() => undefined);
		}
	});
});

describe.skipIf(engine.missing !== undefined)(titleWith(engine, 'the build cache'), () => {
	test('only the planned records go, and one that an image needs again stays', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'opsct-cache-'));
		const tag = `opsct-cache-${process.pid}:1`;
		const io = createIo();
		const read = async () =>
			cacheRecords(await io.docker.get('/system/df', AbortSignal.timeout(30_000)));
		const ids = async () => (await read()).map(record => record.id);
		const foreign = await ids();
		const {address} = io.docker;
		const build = () => buildHere(address, folder, tag);
		try {
			await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY a /a\nCOPY b /b\n');
			await writeFile(join(folder, 'a'), randomBytes(9).toString('hex'));
			await writeFile(join(folder, 'b'), randomBytes(9).toString('hex'));
			await build();
			await docker(['rmi', tag]);
			const own = (await ids()).filter(id => !foreign.includes(id));
			expect(own.length).toBeGreaterThan(2);
			// Everything else of this engine is hidden, so that nothing foreign can be met; ours is made old.
			const hidden = {
				...io,
				docker: {
					...io.docker,
					async get(path: string, signal: AbortSignal) {
						const answer = await io.docker.get(path, signal);
						if (!path.startsWith('/system/df')) return answer;
						const all = listOf(objectOf(answer)['BuildCache']).map(objectOf);
						const mine = all.filter(one => own.includes(textOf(one['ID'])));
						return {BuildCache: mine.map(one => ({...one, LastUsedAt: '2020-01-01T00:00:00Z'}))};
					},
				},
			};
			const options = {act, io: hidden, targets: {}};
			const {plan} = await planNow(cleanBuildCache, {}, options);
			expect(plan.deletes).toHaveLength(own.length);
			// An image of the same content comes between plan and deed: its layers stay.
			const onPlace = async (step: string, place: string) => {
				if (step === 'delete' && place === 'begun') await build();
			};
			const before = new Set(await ids());
			const kept = await performNow(cleanBuildCache, {}, {...options, onPlace});
			expect(kept.outcome).toBe('done');
			const after = await read();
			const layers = after.filter(record => own.includes(record.id));
			expect(layers.length).toBeGreaterThanOrEqual(2);
			expect(layers.every(({isNeeded}) => isNeeded)).toBe(true);
			await docker(['rmi', tag]);
			const rest = await performNow(cleanBuildCache, {}, options);
			expect(rest.outcome).toBe('done');
			const left = await ids();
			expect(left.filter(id => own.includes(id))).toEqual([]);
			expect([...before].filter(id => foreign.includes(id) && !left.includes(id))).toEqual([]);
		} finally {
			await docker(['rmi', tag]).catch(() => undefined);
			const own = (await read()).filter(({id}) => !foreign.includes(id));
			for (const {id} of chooseRecords(own, Date.now() + 60_000)) {
				await pruneRecord(address, id);
			}

			await rm(folder, {recursive: true, force: true});
		}
	});
});
