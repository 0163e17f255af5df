import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {
	chmod,
	link,
	lstat,
	mkdir,
	mkdtemp,
	readdir,
	readFile,
	realpath,
	rm,
	stat,
	symlink,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {createAct} from '../../src/io/create-act.ts';
import {problemOf} from '../support/act.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';

const {files} = createAct();
const root = await requireComponent('root', () => process.getuid?.() === 0 || 'not root');

/** A file system in memory of so many bytes; throws where this machine lets nobody mount. */
function mount(folder: string, options: string): void {
	execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'opsct', folder]);
}

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);
const code = async (promise: Promise<unknown>) => (await problemOf(promise)).code;
const modeOf = async (path: string) => ((await lstat(path)).mode & 0o777).toString(8);

async function write(path: string, text: string): Promise<void> {
	const writer = await files.create(path);
	await writer.write(Buffer.from(text));
	await writer.finish();
}

beforeEach(async () => {
	folder = await realpath(await mkdtemp(join(tmpdir(), 'opsct-files-')));
});
afterEach(() => rm(folder, {recursive: true, force: true}));

describe('folders', () => {
	test('are private, also with parents, and an own private one is right', async () => {
		const old = process.umask(0);
		try {
			await files.makeFolder(at('a', 'b', 'c'), true);
		} finally {
			process.umask(old);
		}

		expect(await Promise.all(['a', 'a/b', 'a/b/c'].map(path => modeOf(at(path))))).toEqual([
			'700',
			'700',
			'700',
		]);
		await files.makeFolder(at('a', 'b', 'c'));
		await files.makeFolder(at('a', 'b', 'c'), true);
		expect(await code(files.makeFolder(at('x', 'y')))).toBe('act-file-missing');
		expect(await readdir(folder)).toEqual(['a']);
	});

	test('that others can read, links and files are refused and left as they are', async () => {
		await mkdir(at('open'), {mode: 0o755});
		await chmod(at('open'), 0o750);
		await symlink(at('open'), at('link'));
		await writeFile(at('file'), 'text');
		expect(await code(files.makeFolder(at('open')))).toBe('act-file-open-folder');
		expect(await modeOf(at('open'))).toBe('750');
		expect(await code(files.makeFolder(at('link')))).toBe('act-file-link');
		expect(await code(files.makeFolder(at('file')))).toBe('act-file-kind');
		expect(await code(files.makeFolder(at('link', 'in')))).toBe('act-file-link');
		expect(await code(files.makeFolder(at('link', 'in', 'deep'), true))).toBe('act-file-link');
		expect(await readdir(at('open'))).toEqual([]);
	});
});

describe('paths', () => {
	test.each([
		'relative',
		'./x',
		'/',
		'/tmp/../etc/x',
		'/tmp/./x',
		'/tmp//x',
		'/tmp/x/',
		'/tmp/a\0b',
		'',
	])('%j is refused', async path => {
		expect(await code(files.remove(path))).toBe('act-file-path');
		expect(await code(files.create(path))).toBe('act-file-path');
		expect(await code(files.move('/tmp/no-such', path))).toBe('act-file-path');
		expect(await code(files.makeFolder(path, true))).toBe('act-file-path');
	});

	test('odd names are names', async () => {
		for (const name of ['-rf', '$(touch hit)', 'a b\n', '中', '*']) {
			await write(at(name), name);
			expect(await readFile(at(name), 'utf8')).toBe(name);
			await files.remove(at(name));
		}

		expect(await readdir(folder)).toEqual([]);
	});
});

describe('new files', () => {
	test('are private and hashed while they are written, in order', async () => {
		const old = process.umask(0);
		const writer = await files.create(at('new')).finally(() => process.umask(old));
		const chunks = Array.from({length: 50}, (_, index) => Buffer.alloc(10_000, index));
		await Promise.all(chunks.map(chunk => writer.write(chunk)));
		const whole = Buffer.concat(chunks);
		expect(await writer.finish()).toEqual({
			bytes: whole.length,
			sha256: createHash('sha256').update(whole).digest('hex'),
		});
		expect(whole.equals(await readFile(at('new')))).toBe(true);
		expect(await modeOf(at('new'))).toBe('600');
		await writer.discard();
		expect(await readdir(folder)).toEqual(['new']);
		expect(await code(writer.write(Buffer.from('late')).catch(() => writer.finish()))).toBe(
			'act-file-failed',
		);
	});

	test('never replace anything, nor follow a link', async () => {
		await writeFile(at('old'), 'old');
		await symlink(at('target'), at('dangling'));
		await symlink('/etc', at('etc'));
		expect(await code(files.create(at('old')))).toBe('act-file-exists');
		expect(await code(files.create(at('dangling')))).toBe('act-file-exists');
		expect(await code(files.create(at('etc', 'opsct-hit')))).toBe('act-file-link');
		expect((await readdir(folder)).sort()).toEqual(['dangling', 'etc', 'old']);
		await expect(stat('/etc/opsct-hit')).rejects.toThrow('ENOENT');
	});

	test('are gone where they are discarded, and only they', async () => {
		const writer = await files.create(at('part'));
		await writer.write(Buffer.from('part'));
		await writer.discard();
		await writer.discard();
		const other = await files.create(at('part'));
		await rm(at('part'));
		await writeFile(at('part'), 'somebody else');
		await other.discard();
		expect(await readFile(at('part'), 'utf8')).toBe('somebody else');
	});
});

describe('publishing and moving', () => {
	test('publish a tree under its name', async () => {
		await files.makeFolder(at('x.part', 'deep'), true);
		await write(at('x.part', 'deep', 'file'), 'text');
		await files.makeFolder(at('sets'));
		await files.publish(at('x.part'), at('sets', 'x'));
		expect(await readFile(at('sets', 'x', 'deep', 'file'), 'utf8')).toBe('text');
		expect(await readdir(folder)).toEqual(['sets']);
	});

	test('never replace a folder, a file or a link', async () => {
		for (const kind of ['folder', 'full', 'file', 'link']) {
			await files.makeFolder(at('part'));
			await write(at('part', 'new'), 'new');
			await (kind === 'file'
				? writeFile(at('to'), 'old')
				: kind === 'link'
					? symlink('nowhere', at('to'))
					: mkdir(at('to')));
			if (kind === 'full') await writeFile(at('to', 'old'), 'old');
			const before = await lstat(at('to'));
			expect(await code(files.publish(at('part'), at('to'))), kind).toBe('act-file-exists');
			expect(await code(files.move(at('part'), at('to'))), kind).toBe('act-file-exists');
			expect(await code(files.move(at('part', 'new'), at('to'))), kind).toBe('act-file-exists');
			expect((await lstat(at('to'))).ino).toBe(before.ino);
			await rm(at('to'), {recursive: true});
			await rm(at('part'), {recursive: true});
		}
	});

	test('refuse trees with links in them, and what is not there', async () => {
		await files.makeFolder(at('part'));
		await symlink('/etc/passwd', at('part', 'link'));
		expect(await code(files.publish(at('part'), at('to')))).toBe('act-file-kind');
		expect(await code(files.publish(at('none'), at('to')))).toBe('act-file-missing');
		expect(await code(files.publish(at('part', 'link'), at('to')))).toBe('act-file-link');
		await writeFile(at('file'), 'text');
		expect(await code(files.publish(at('file'), at('to')))).toBe('act-file-kind');
		expect((await readdir(folder)).sort()).toEqual(['file', 'part']);
	});

	test('a move that was interrupted between its two steps is finished', async () => {
		await write(at('one'), 'text');
		await link(at('one'), at('two'));
		await files.move(at('one'), at('two'));
		expect(await readdir(folder)).toEqual(['two']);
		await files.makeFolder(at('folder'));
		await files.move(at('folder'), at('renamed'));
		expect((await readdir(folder)).sort()).toEqual(['renamed', 'two']);
	});

	test('replace a file, and nothing else', async () => {
		await writeFile(at('live'), 'old');
		await write(at('new'), 'new');
		await symlink(at('live'), at('link'));
		await mkdir(at('folder'));
		expect(await code(files.replace(at('new'), at('link')))).toBe('act-file-link');
		expect(await code(files.replace(at('link'), at('live')))).toBe('act-file-link');
		expect(await code(files.replace(at('new'), at('folder')))).toBe('act-file-kind');
		expect(await code(files.replace(at('new'), at('none')))).toBe('act-file-missing');
		await files.replace(at('new'), at('live'));
		expect(await readFile(at('live'), 'utf8')).toBe('new');
		expect((await readdir(folder)).sort()).toEqual(['folder', 'link', 'live']);
	});
});

describe('removing', () => {
	test('takes a tree with links, and nothing that they lead to', async () => {
		await mkdir(at('outside', 'in'), {recursive: true});
		await writeFile(at('outside', 'kept'), 'kept');
		await mkdir(at('tree', 'a', 'b'), {recursive: true});
		for (let number = 0; number < 200; number += 1) {
			const target =
				['../outside', at('outside'), '/', '..', 'loop', at('outside', 'kept')][number % 6] ?? '';
			await symlink(target, at('tree', ...(number % 2 ? ['a'] : ['a', 'b']), `link${number}`));
		}

		await link(at('outside', 'kept'), at('tree', 'hard'));
		await files.remove(at('tree'));
		expect((await readdir(at('outside'))).sort()).toEqual(['in', 'kept']);
		expect(await readFile(at('outside', 'kept'), 'utf8')).toBe('kept');
		await symlink(at('outside'), at('link'));
		await files.remove(at('link'));
		expect(await readdir(folder)).toEqual(['outside']);
		await symlink(at('outside'), at('way'));
		expect(await code(files.remove(at('way', 'kept')))).toBe('act-file-link');
	});

	test('what is gone already is right, folders of the root are not', async () => {
		await files.remove(at('none'));
		await files.remove(at('none', 'deeper', 'still'));
		expect(await code(files.remove('/etc'))).toBe('act-file-path');
	});

	test('a tree that is too deep is refused before anything is gone', async () => {
		const deep = Array.from({length: 205}, () => 'd');
		await mkdir(at('tree', ...deep), {recursive: true});
		await writeFile(at('tree', 'first'), '');
		expect(await code(files.remove(at('tree')))).toBe('act-file-kind');
		expect(await readdir(at('tree'))).toEqual(['d', 'first']);
	});
});

describe.skipIf(root.missing !== undefined)(titleWith(root, 'links of the machine'), () => {
	test('near the top are followed, as /var/run is, but not where others can write', async () => {
		if (!(await lstat('/var/run')).isSymbolicLink()) return;
		const name = basename(folder);
		await files.makeFolder(join('/var/run', name));
		expect(await modeOf(join(await realpath('/var/run'), name))).toBe('700');
		await files.remove(join('/var/run', name));
		await expect(stat(join('/var/run', name))).rejects.toThrow('ENOENT');
		const way = `${folder}-way`;
		await symlink(folder, way);
		expect(await code(files.create(join(way, 'x'))).finally(() => rm(way))).toBe('act-file-link');
	});
});

describe.skipIf(root.missing !== undefined)(titleWith(root, 'file systems'), () => {
	let place: string;
	beforeEach(async () => {
		place = at('mounted');
		await mkdir(place, {mode: 0o700});
		mount(place, 'size=128k,mode=700');
	});
	afterEach(() => {
		execFileSync('umount', ['-l', place]);
	});

	test('a full one is named, and the rest can be removed', async () => {
		const writer = await files.create(join(place, 'big'));
		const writing = (async () => {
			for (let at64 = 0; at64 < 10; at64 += 1) await writer.write(Buffer.alloc(65_536));
		})();
		expect(await problemOf(writing)).toMatchObject({
			code: 'act-file-no-space',
			params: {path: join(place, 'big'), cause: 'ENOSPC'},
		});
		expect(await code(writer.finish())).toBe('act-file-no-space');
		await writer.discard();
		expect(await readdir(place)).toEqual([]);
	});

	test('nothing moves to another one, nor is one removed that is mounted inside', async () => {
		await write(at('file'), 'text');
		await files.makeFolder(at('folder'));
		expect(await code(files.move(at('file'), join(place, 'file')))).toBe('act-file-other-disk');
		expect(await code(files.publish(at('folder'), join(place, 'x')))).toBe('act-file-other-disk');
		await write(join(place, 'kept'), 'kept');
		await writeFile(at('sibling'), 'kept');
		expect(await code(files.remove(folder))).toBe('act-file-kind');
		expect((await readdir(folder)).sort()).toEqual(['file', 'folder', 'mounted', 'sibling']);
		expect(await readdir(place)).toEqual(['kept']);
	});

	test('a read-only one is named', async () => {
		await write(join(place, 'file'), 'text');
		execFileSync('mount', ['-o', 'remount,ro', place]);
		expect(await code(files.create(join(place, 'x')))).toBe('act-file-read-only');
		expect(await code(files.remove(join(place, 'file')))).toBe('act-file-read-only');
		expect(await code(files.makeFolder(join(place, 'x')))).toBe('act-file-read-only');
	});
});
