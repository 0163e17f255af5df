import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {chmod, mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import type {HostValue} from '../../src/domain/host.ts';
import {createHttp} from '../../src/io/http.ts';
import {worldWritable} from '../../src/looks/host/security.ts';
import type {LookFacts} from '../../src/looks/reader.ts';
import {realClock} from '../support/clock.ts';
import {localIo} from '../support/io.ts';
import {liveFacts, readLook} from '../support/live-look.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {lacksMounting, mountSmallDisk} from '../support/small-disk.ts';
import {hostValue} from '../support/values.ts';

const mounting = await requireComponent('mount', async () => (await lacksMounting()) ?? true);
const mebibyte = 1024 * 1024;
const io = localIo({
	docker: {
		address: 'none',
		get: () => Promise.reject(new Error('no engine')),
		stream: () => Promise.reject(new Error('no engine')),
		version: () => Promise.reject(new Error('no engine')),
	},
	http: createHttp({clock: realClock}),
});

/** A process of this test; it ends with the test. */
function start(script: string, ...args: readonly string[]) {
	const child = spawn(process.execPath, ['-e', script, ...args], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	onTestFinished(async () => {
		const end = once(child, 'exit');
		child.kill('SIGKILL');
		await end;
	});
	return child;
}

/** Facts whose fullest disk, in bytes and in inodes, is this folder's. */
function factsOn(folder: string): LookFacts {
	const disk = {
		mount: folder,
		device: 'tmpfs',
		type: 'tmpfs',
		totalBytes: 32 * mebibyte,
		usedBytes: 16 * mebibyte,
		availableBytes: 16 * mebibyte,
		usedPercent: 99,
		inodesUsedPercent: 99,
	};
	const value: HostValue = {...hostValue, disks: [...hostValue.disks, disk]};
	return liveFacts({
		io,
		reading: () => Promise.resolve({kind: 'fresh', value: value as never, atMs: Date.now()}),
	});
}

describe('looks at the host', () => {
	test('name the busiest and the biggest process', async () => {
		const busy = start('for (;;);');
		const big = start(
			'const b = Buffer.alloc(6e8, 1); console.log(b.length); setInterval(() => b, 1e6)',
		);
		await once(big.stdout, 'data');
		const {values, lines} = await readLook('host.processes', liveFacts({io}));
		// Other tests may be busy as well; this one never rests.
		expect(lines.some(line => line.startsWith(`${busy.pid} `))).toBe(true);
		expect(values['busiest-cpu']).toBeGreaterThan(10);
		expect(values['biggest-memory']).toBeGreaterThan(5e8);
		expect(lines.some(line => line.startsWith(`${big.pid} `))).toBe(true);
		expect(values).toMatchObject({'is-complete': true});
		expect(values.count).toBeGreaterThan(3);
	});

	test('do not take the work of looking for the busiest process', async () => {
		const work = setInterval(() => {
			const untilMs = performance.now() + 15;
			while (performance.now() < untilMs);
		}, 1);
		try {
			const {values} = await readLook('host.processes', liveFacts({io}));
			expect(values['busiest-pid']).not.toBe(process.pid);
		} finally {
			clearInterval(work);
		}
	});

	test('read kernel, settings, updates and security as far as they can', async () => {
		const facts = liveFacts({io});
		const kernel = await readLook('host.kernel', facts);
		expect(kernel.values['is-read-only']).toBe(false);
		const settings = await readLook('host.settings', facts);
		expect(settings.values['overcommit-memory']).toBeTypeOf('number');
		expect(settings.values['files-open-percent']).toBeLessThan(100);
		await readLook('host.updates', facts);
		const security = await readLook('host.security', facts);
		expect(security.values['open-ports']).toBeTypeOf('number');
		expect(security.values['is-etc-complete']).toBe(true);
	});

	test('compare the clock with the Date of an endpoint', async () => {
		const server = start(
			`require('node:http').createServer((_, answer) => {
				answer.setHeader('Date', new Date(Date.now() - 60_000).toUTCString());
				answer.end('ok');
			}).listen(0, '127.0.0.1', function () { console.log(this.address().port); })`,
		);
		const [data] = (await once(server.stdout, 'data')) as [Buffer];
		const endpoint = {
			id: 'late',
			origin: 'configured',
			url: `http://127.0.0.1:${Number(String(data))}/`,
		} as const;
		const gone = {...endpoint, id: 'gone', url: 'http://127.0.0.1:1/'};
		const targets = {...liveFacts({io}).targets, endpoints: [endpoint, gone]};
		const {values} = await readLook('host.time', liveFacts({io, targets}));
		expect(values).toMatchObject({compared: 1, 'offset-to': 'late'});
		expect(values.offset).toBeGreaterThan(55_000);
		expect(values.offset).toBeLessThan(62_000);
	});

	test('find files that everybody may write', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'opsconsole-etc-'));
		onTestFinished(() => rm(folder, {recursive: true}));
		await mkdir(join(folder, 'sub'));
		await writeFile(join(folder, 'sub', 'good'), '');
		await writeFile(join(folder, 'sub', 'loose'), '');
		await chmod(join(folder, 'sub', 'loose'), 0o666);
		await mkdir(join(folder, 'sticky'));
		await chmod(join(folder, 'sticky'), 0o1777);
		expect(await worldWritable(liveFacts({io}), folder)).toEqual({
			found: [join(folder, 'sub', 'loose')],
			isComplete: true,
		});
	});
});

describe.skipIf(mounting.missing !== undefined)(titleWith(mounting, 'what fills a disk'), () => {
	test('names the folder, the log and who holds a deleted file', async () => {
		const disk = await mountSmallDisk('size=32m');
		onTestFinished(() => disk.remove());
		const {folder} = disk;
		await mkdir(join(folder, 'app', 'uploads'), {recursive: true});
		await mkdir(join(folder, 'small'));
		await writeFile(join(folder, 'app', 'uploads', 'film'), Buffer.alloc(6 * mebibyte, 1));
		await writeFile(join(folder, 'small', 'app.log'), Buffer.alloc(2 * mebibyte, 1));
		const held = join(folder, 'held.log');
		await writeFile(held, Buffer.alloc(4 * mebibyte, 1));
		const holder = start(
			`const fs = require('node:fs'); fs.openSync(process.argv[1]); fs.unlinkSync(process.argv[1]);
			console.log('held'); setInterval(() => 0, 1e6)`,
			held,
		);
		await once(holder.stdout, 'data');
		const {values, lines} = await readLook('host.disk-eaters', factsOn(folder));
		expect(values).toMatchObject({
			mount: folder,
			'is-complete': true,
			folder: join(folder, 'app', 'uploads'),
			'folder-bytes': 6 * mebibyte,
			'log-file': join(folder, 'small', 'app.log'),
			'log-bytes': 2 * mebibyte,
			'deleted-bytes': 4 * mebibyte,
			'deleted-pid': holder.pid,
			'images-bytes': undefined,
		});
		expect(lines.join('\n')).toContain('held.log (deleted');
	});

	test('counts entries for inodes', async () => {
		const disk = await mountSmallDisk('size=8m');
		onTestFinished(() => disk.remove());
		const {folder} = disk;
		await mkdir(join(folder, 'cache', 'sessions'), {recursive: true});
		await Promise.all(
			Array.from({length: 300}, (_, number) =>
				writeFile(join(folder, 'cache', 'sessions', `s${number}`), ''),
			),
		);
		const {values} = await readLook('host.inodes', factsOn(folder));
		expect(values).toMatchObject({
			mount: folder,
			'is-complete': true,
			folder: join(folder, 'cache', 'sessions'),
			entries: 300,
			'tree-folder': join(folder, 'cache', 'sessions'),
		});
	});
});
