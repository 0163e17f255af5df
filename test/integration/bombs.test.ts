import {execFile} from 'node:child_process';
import {mkdtemp, open, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {constants, deflateRawSync} from 'node:zlib';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {tarHeader} from '../../src/domain/tar.ts';
import {bundleOf, type Bundle} from '../support/bundle.ts';

// SAFETY E05: hostile archives are refused within the budget. A process of its own reads each, so that its memory can be
// told from that of the tests.

const run = promisify(execFile);
const gibibyte = 1024 ** 3;
let folder = '';
let reader: Bundle;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'opsconsole-bombs-'));
	reader = await bundleOf('bomb-reader.ts');
});
afterAll(async () => {
	await reader.remove();
	await rm(folder, {recursive: true, force: true});
});

async function read(...words: readonly string[]): Promise<{fault: string; maxRssMiB: number}> {
	const {stdout} = await run(process.execPath, [reader.file, ...words]);
	return JSON.parse(stdout) as {fault: string; maxRssMiB: number};
}

/** A file that begins with these bytes and is a hole up to its size. */
async function sparse(name: string, pieces: readonly Uint8Array[], bytes: number): Promise<string> {
	const path = join(folder, name);
	const file = await open(path, 'wx');
	for (const piece of pieces) await file.write(piece);
	await file.truncate(bytes);
	await file.close();
	return path;
}

function head(path: string, bytes: number): Uint8Array {
	const plain = {type: 'file', mode: 0o644, userId: 0, groupId: 0, modifiedAtSeconds: 0} as const;
	return tarHeader({path, bytes, ...plain});
}

/** The headers of `f000000`, `f000001` and so on: the first one, with other digits and another sum. */
function manyHeads(count: number): Uint8Array {
	const first = head('f000000', 0);
	const sum = Number.parseInt(Buffer.from(first.subarray(148, 154)).toString(), 8);
	const all = Buffer.alloc(count * 512);
	for (let index = 0; index < count; index++) {
		const digits = String(index).padStart(6, '0');
		const more = [0, 1, 2, 3, 4, 5].reduce((total, at) => total + Number(digits[at]), 0);
		all.set(first, index * 512);
		all.write(digits, index * 512 + 1);
		all.write((sum + more).toString(8).padStart(6, '0'), index * 512 + 148);
	}

	return all;
}

/** A compressed file of this many zeros: the same flushed piece over and over, as a bomb is made. */
function zeros(bytes: number): Uint8Array {
	const pieceBytes = 64 * 1024 ** 2;
	const piece = deflateRawSync(new Uint8Array(pieceBytes), {
		finishFlush: constants.Z_FULL_FLUSH,
	});
	const start = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
	const end = Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	return Buffer.concat([start, ...Array<Uint8Array>(bytes / pieceBytes).fill(piece), end]);
}

test('a member of 10 GiB', async () => {
	const bytes = 10 * gibibyte;
	const path = await sparse('huge.tar', [head('f0', bytes)], bytes + 4096);
	const {fault, maxRssMiB} = await read('archive', path, '1', String(bytes));
	expect(fault).toBe('too-large');
	expect(maxRssMiB).toBeLessThan(256);
});

test('a million members', async () => {
	const count = 100_001;
	const path = await sparse('many.tar', [manyHeads(count)], 1_000_000 * 512);
	const {fault, maxRssMiB} = await read('archive', path, String(count));
	expect(fault).toBe('too-many');
	expect(maxRssMiB).toBeLessThan(256);
});

test('a name of thirty thousand folders', async () => {
	const path = await sparse('deep.tar', [head(`${'d/'.repeat(30_000)}x`, 0)], 256 * 1024);
	const {fault, maxRssMiB} = await read('archive', path);
	expect(fault).toBe('too-deep');
	expect(maxRssMiB).toBeLessThan(256);
});

test('10 GiB of zeros in 10 MiB', async () => {
	const path = join(folder, 'zeros.gz');
	await writeFile(path, zeros(10 * gibibyte));
	expect((await stat(path)).size).toBeLessThan(11 * 1024 ** 2);
	const {fault, maxRssMiB} = await read('gzip', path, '1', String(1024 ** 2));
	expect(fault).toContain('more than it should hold');
	expect(maxRssMiB).toBeLessThan(256);
});

test.each([
	['nested', '['.repeat(60_000_000)],
	['of empty lists', `[${'[],'.repeat(20_000_000)}[]]`],
])('a manifest %s', async (name, text) => {
	const path = join(folder, `${name}.json`);
	await writeFile(path, text);
	const {fault, maxRssMiB} = await read('manifest', path);
	expect(fault).toContain('small enough');
	expect(maxRssMiB).toBeLessThan(256);
});
