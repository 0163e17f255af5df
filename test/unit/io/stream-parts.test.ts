import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {createOutputs, createTail, tailBytes} from '../../../src/io/output-tail.ts';
import {sidecarBody} from '../../../src/io/sidecar-body.ts';
import {createFrameSplitter} from '../../../src/io/stream-frames.ts';
import {cutTar, readTarMember} from '../../../src/io/tar-member.ts';

function frame(stream: number, text: string): Buffer {
	const header = Buffer.alloc(8);
	header[0] = stream;
	header.writeUInt32BE(Buffer.byteLength(text), 4);
	return Buffer.concat([header, Buffer.from(text)]);
}

describe('multiplexed streams', () => {
	const whole = Buffer.concat([
		frame(1, 'one'),
		frame(2, ''),
		frame(2, 'two'),
		frame(3, 'engine'),
		frame(1, 'x'.repeat(300)),
	]);

	test.each([1, 2, 3, 7, 8, 9, 1000])('are the same in chunks of %i bytes', size => {
		const splitter = createFrameSplitter();
		const texts = {stdout: '', stderr: ''};
		for (let at = 0; at < whole.length; at += size) {
			for (const {stream, bytes} of splitter.split(whole.subarray(at, at + size))) {
				texts[stream] += Buffer.from(bytes).toString();
			}
		}

		expect(texts).toEqual({stdout: `one${'x'.repeat(300)}`, stderr: 'twoengine'});
		expect(splitter.isComplete()).toBe(true);
	});

	test.each([1, 8, 10])('are not complete %i bytes after a frame began', bytes => {
		const splitter = createFrameSplitter();
		splitter.split(whole.subarray(0, bytes));
		expect(splitter.isComplete()).toBe(false);
	});
});

describe('outputs', () => {
	test('keep their last 64 KiB, in however many chunks they come', () => {
		const tail = createTail();
		for (let number = 0; number < 100_000; number += 1) tail.add(Buffer.from(`${number} `));
		const text = tail.text();
		expect(text.length).toBe(tailBytes);
		expect(text.endsWith('99998 99999 ')).toBe(true);
	});

	test('tell the failure of a callback from every other', async () => {
		const mine = new Error('disk full');
		const outputs = createOutputs({
			signal: new AbortController().signal,
			onOutput: () => Promise.reject(mine),
		});
		await expect(outputs.take('stdout', Buffer.from('a'))).rejects.toBe(mine);
		await outputs.take('stderr', Buffer.from('b'));
		expect(outputs.failure()).toBe(mine);
		expect(outputs.texts()).toEqual({stdout: 'a', stderr: 'b'});
	});
});

test('a sidecar has no rights, limited memory and only its mounts', () => {
	const body = sidecarBody(
		{
			name: 'dump',
			image: 'sha256:1',
			argv: ['pg_dump', '-Fc'],
			network: 'container:abc',
			memoryBytes: 1000,
			mounts: [{from: '/a', to: '/b', isReadOnly: true}],
			tmpfs: {'/run': 5},
			environment: {A: 'b'},
			user: '70:71',
		},
		{label: 'value'},
		false,
	);
	expect(body).toMatchObject({
		Image: 'sha256:1',
		Entrypoint: ['pg_dump', '-Fc'],
		Cmd: [],
		Env: ['A=b'],
		User: '70:71',
		Labels: {label: 'value'},
		OpenStdin: false,
		HostConfig: {
			CapDrop: ['ALL'],
			SecurityOpt: ['no-new-privileges'],
			Privileged: false,
			ReadonlyRootfs: true,
			Memory: 1000,
			MemorySwap: 1000,
			NetworkMode: 'container:abc',
			RestartPolicy: {Name: 'no'},
			Mounts: [{Type: 'bind', Source: '/a', Target: '/b', ReadOnly: true}],
			Tmpfs: {'/run': 'rw,noexec,nosuid,nodev,mode=1777,size=5,uid=70,gid=71'},
		},
	});
	expect(body['HostConfig']).not.toHaveProperty('LogConfig');
});

describe('the single member of a tar stream', () => {
	/** What GNU tar makes of files, in chunks of odd sizes. */
	function archive(names: readonly string[], format = 'pax'): Buffer {
		const folder = mkdtempSync(join(tmpdir(), 'opsct-tar-'));
		try {
			writeFileSync(join(folder, 'file'), 'x'.repeat(1500));
			writeFileSync(join(folder, 'empty'), '');
			writeFileSync(join(folder, 'n'.repeat(150)), 'long name');
			symlinkSync('file', join(folder, 'link'));
			const argv = ['-C', folder, `--format=${format}`, '-cf', '-', '--', ...names];
			return execFileSync('tar', argv, {maxBuffer: 1e7});
		} finally {
			rmSync(folder, {recursive: true});
		}
	}

	async function* chunked(bytes: Buffer, size = 100): AsyncGenerator<Uint8Array> {
		for (let at = 0; at < bytes.length; at += size) {
			yield await Promise.resolve(bytes.subarray(at, at + size));
		}
	}

	async function read(bytes: Buffer, size?: number) {
		const {content, ...member} = await readTarMember(chunked(bytes, size));
		const chunks: Uint8Array[] = [];
		for await (const chunk of content) chunks.push(chunk);
		return {...member, text: Buffer.concat(chunks).toString()};
	}

	test.each(['pax', 'gnu', 'ustar', 'v7'])('is read from the format %s', async format => {
		const whole = archive(['file'], format);
		for (const size of [1, 511, 512, 100_000]) {
			expect(await read(whole, size)).toEqual({
				name: 'file',
				kind: 'file',
				bytes: 1500,
				text: 'x'.repeat(1500),
			});
		}
	});

	test('has the name and size of an extended header', async () => {
		const name = 'n'.repeat(150);
		expect(await read(archive([name]))).toMatchObject({name, bytes: 9, text: 'long name'});
		expect(await read(archive(['empty']))).toMatchObject({bytes: 0, text: ''});
	});

	test('is told from links and folders', async () => {
		expect((await readTarMember(chunked(archive(['link'])))).kind).toBe('link');
		expect((await readTarMember(chunked(archive(['.'])))).kind).toBe('folder');
	});

	test('is never shorter or longer than told', async () => {
		const whole = archive(['file'], 'ustar');
		// 1,024 bytes of zeros are the end; GNU tar fills up to 10 KiB behind it.
		const contentEnd = 512 + 1536;
		for (const length of [0, 1, 511, 512, 513, contentEnd - 40, contentEnd, contentEnd + 1023]) {
			await expect(read(whole.subarray(0, length)), `${length}`).rejects.toThrow(cutTar);
		}

		expect((await read(whole.subarray(0, contentEnd + 1024))).text).toHaveLength(1500);
		await expect(read(archive(['file', 'empty']))).rejects.toThrow(cutTar);
		const damaged = Buffer.from(whole);
		damaged[124] = 0x37;
		await expect(read(damaged)).rejects.toThrow(cutTar);
		await expect(read(Buffer.from('x'.repeat(5000)))).rejects.toThrow(cutTar);
	});
});
