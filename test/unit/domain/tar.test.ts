import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createMemberJudge} from '../../../src/domain/member-rules.ts';
import {
	createTarReader,
	tarEnd,
	tarHeader,
	tarPadding,
	type TarMember,
} from '../../../src/domain/tar.ts';
import {archiveOf, hostileArchives, member} from '../../support/hostile-tars.ts';

type Read = TarMember & {readonly content: string};

/** Reads a whole archive by the reader and the rules, in pieces of the given size. */
function read(bytes: Uint8Array, pieceBytes = 700): readonly Read[] {
	const found: Read[] = [];
	const judge = createMemberJudge({members: 1000, totalBytes: 1_000_000, memberBytes: 500_000});
	let content = '';
	let decoder = new TextDecoder();
	const flush = () => {
		const last = found.pop();
		if (last) found.push({...last, content});
		content = '';
		decoder = new TextDecoder();
	};
	const reader = createTarReader({
		member(next) {
			judge(next);
			flush();
			found.push({...next, content: ''});
		},
		data(piece) {
			content += decoder.decode(piece, {stream: true});
		},
	});
	for (let at = 0; at < bytes.length; at += pieceBytes)
		reader.add(bytes.subarray(at, at + pieceBytes));
	reader.finish();
	flush();
	return found;
}

const members = [
	member({path: 'srv', type: 'folder', mode: 0o755}),
	member({path: 'srv/.env', content: 'A=1\n', mode: 0o600, userId: 1000, groupId: 1001}),
	member({path: 'srv/empty'}),
	member({path: 'srv/current', type: 'link', link: 'releases/7'}),
	member({path: `srv/${'long/'.repeat(25)}name`, content: 'x'.repeat(513)}),
	member({path: 'srv/中文 名.yaml', content: '值: 1\n'}),
	member({path: 'srv/far', type: 'link', link: `../${'x'.repeat(120)}`}),
];

test.each([1, 511, 512, 513, 100_000])('written and read again in pieces of %i', pieceBytes => {
	const found = read(archiveOf(members), pieceBytes);
	expect(found).toEqual(members);
});

test('a Buffer is read as any other array', () => {
	expect(read(Buffer.from(archiveOf(members)))).toEqual(members);
});

test('other programs read it too', () => {
	const folder = mkdtempSync(join(tmpdir(), 'opsconsole-tar-'));
	try {
		writeFileSync(join(folder, 'a.tar'), archiveOf(members));
		execFileSync('tar', ['-xf', 'a.tar', '--no-same-owner'], {cwd: folder});
		expect(readFileSync(join(folder, 'srv/中文 名.yaml'), 'utf8')).toBe('值: 1\n');
		expect(readFileSync(join(folder, `srv/${'long/'.repeat(25)}name`), 'utf8')).toHaveLength(513);
	} finally {
		rmSync(folder, {recursive: true});
	}
});

test('cut anywhere', () => {
	const bytes = archiveOf(members.slice(0, 2));
	for (let length = 0; length < bytes.length; length += 97)
		expect(() => read(bytes.subarray(0, length)), `cut after ${length}`).toThrow();
});

test('one bit changed in a header', () => {
	const bytes = archiveOf(members.slice(1, 2));
	for (let at = 0; at < 512; at += 3) {
		const changed = bytes.slice();
		changed[at] = (changed[at] ?? 0) ^ 4;
		expect(() => read(changed), `changed at ${at}`).toThrow();
	}
});

test('there are twenty hostile archives', () => {
	expect(hostileArchives().length).toBeGreaterThanOrEqual(20);
});

test.each(hostileArchives())('refused: $name ($fault)', ({bytes, fault}) => {
	expect(() => read(bytes)).toThrow(expect.objectContaining({fault}));
});

test('a size of more than 8 GiB', () => {
	const large = {...member({path: 'huge'}), bytes: 9 * 1024 ** 3};
	const found: TarMember[] = [];
	createTarReader({member: one => found.push(one), data: () => undefined}).add(tarHeader(large));
	expect(found[0]?.bytes).toBe(large.bytes);
});

test('padding and end are whole blocks', () => {
	expect([0, 1, 511, 512, 513].map(bytes => tarPadding(bytes).length)).toEqual([0, 511, 1, 0, 511]);
	expect(tarEnd()).toHaveLength(1024);
});
