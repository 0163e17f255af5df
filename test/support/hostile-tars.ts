import {tarEnd, tarHeader, tarPadding, type TarMember} from '../../src/domain/tar.ts';

/** A member with its content; what is not given is usual. */
export type Member = TarMember & {readonly content: string};

/** A member of a test archive. */
export function member(one: Partial<Member> & {readonly path: string}): Member {
	const content = one.content ?? '';
	return {
		type: 'file',
		mode: 0o644,
		userId: 0,
		groupId: 0,
		modifiedAtSeconds: 1_700_000_000,
		...one,
		content,
		bytes: new TextEncoder().encode(content).length,
	};
}

/** An archive of these members, written by the product's writer. */
export function archiveOf(members: readonly Member[]): Uint8Array {
	return join(
		...members.flatMap(one => [tarHeader(one), encode(one.content), tarPadding(one.bytes)]),
		tarEnd(),
	);
}

function encode(text: string): Uint8Array {
	return new TextEncoder().encode(text);
}

function join(...pieces: readonly Uint8Array[]): Uint8Array {
	return new Uint8Array(pieces.flatMap(piece => [...piece]));
}

/** Changes bytes of the (first) header and makes its sum right again. */
function patched(bytes: Uint8Array, at: number, text: string): Uint8Array {
	const changed = bytes.slice();
	changed.set(encode(text), at);
	changed.fill(0x20, 148, 156);
	const sum = changed.subarray(0, 512).reduce((total, byte) => total + byte, 0);
	changed.set(encode(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
	return changed;
}

/** An extended header with this body in front of a small file. */
function extended(body: string): Uint8Array {
	const head = patched(archiveOf([member({path: 'x', content: body})]).slice(0, 512), 156, 'x');
	const bytes = encode(body);
	return join(head, bytes, tarPadding(bytes.length), archiveOf([member({path: 'a'})]));
}

function one(path: string, more: Partial<Member> = {}): Uint8Array {
	return archiveOf([member({path, content: 'x', ...more})]);
}

/** Archives that attack whoever unpacks them, with the fault that the product must name. */
export function hostileArchives(): readonly {
	readonly name: string;
	readonly bytes: Uint8Array;
	readonly fault: string;
}[] {
	const plain = one('a');
	const file = (path: string) => member({path, content: 'x'});
	const link = (path: string, target: string) => member({path, type: 'link', link: target});
	return [
		{name: 'out of the folder', bytes: one('../../etc/cron.d/x'), fault: 'dot-part'},
		{name: 'out of it from inside', bytes: one('a/../../x'), fault: 'dot-part'},
		{name: 'an absolute name', bytes: one('/etc/passwd'), fault: 'absolute'},
		{name: 'a part of one dot', bytes: one('./a'), fault: 'dot-part'},
		{name: 'an empty part', bytes: one('a//b'), fault: 'empty'},
		{name: 'a backslash', bytes: one('..\\..\\x'), fault: 'backslash'},
		{name: 'an escape sequence', bytes: one('a\u001b[2Jb'), fault: 'control'},
		{name: 'an invisible character', bytes: one('ad\u200bmin'), fault: 'control'},
		{name: 'a letter with a loose accent', bytes: one('cafe\u0301'), fault: 'not-normal'},
		{name: 'a name of 300 bytes', bytes: one('x'.repeat(300)), fault: 'too-long'},
		{name: 'forty folders deep', bytes: one(`${'d/'.repeat(40)}x`), fault: 'too-deep'},
		{
			name: 'a link and a file behind it',
			bytes: archiveOf([link('a', '/etc'), file('a/passwd')]),
			fault: 'below-a-file',
		},
		{
			name: 'the same, in the other order',
			bytes: archiveOf([file('a/passwd'), link('a', '/etc')]),
			fault: 'twice',
		},
		{name: 'a name twice', bytes: archiveOf([file('a'), file('a')]), fault: 'twice'},
		{name: 'a name in two cases', bytes: archiveOf([file('a'), file('A')]), fault: 'same-but-case'},
		{
			name: 'a folder in two cases',
			bytes: archiveOf([file('a/x'), file('A/y')]),
			fault: 'same-but-case',
		},
		{name: 'a set-user-id file', bytes: one('a', {mode: 0o4755}), fault: 'special-mode'},
		{name: 'a hard link', bytes: patched(plain, 156, '1'), fault: 'forbidden-type'},
		{name: 'a character device', bytes: patched(plain, 156, '3'), fault: 'forbidden-type'},
		{name: 'a block device', bytes: patched(plain, 156, '4'), fault: 'forbidden-type'},
		{name: 'a named pipe', bytes: patched(plain, 156, '6'), fault: 'forbidden-type'},
		{name: 'a sparse file of GNU', bytes: patched(plain, 156, 'S'), fault: 'forbidden-type'},
		{name: 'a long name of GNU', bytes: patched(plain, 156, 'L'), fault: 'forbidden-type'},
		{name: 'a global header', bytes: patched(plain, 156, 'g'), fault: 'forbidden-type'},
		{name: 'a size below zero', bytes: patched(plain, 124, '-0000000001'), fault: 'bad-number'},
		{name: 'a size in base 256', bytes: patched(plain, 124, '\u007fabc'), fault: 'bad-number'},
		{name: 'a prefix', bytes: patched(plain, 345, '/etc'), fault: 'forbidden-field'},
		{name: 'text behind a zero', bytes: patched(plain, 50, 'hidden'), fault: 'bad-text'},
		{name: 'a wrong sum', bytes: plain.with(0, 0x62), fault: 'wrong-checksum'},
		{name: 'a huge member', bytes: patched(plain, 124, '77777777777'), fault: 'too-large'},
		{
			name: 'too much together',
			bytes: archiveOf([1, 2, 3].map(n => member({path: `f${n}`, content: 'x'.repeat(400_000)}))),
			fault: 'total-too-large',
		},
		{
			name: 'too many members',
			bytes: archiveOf(Array.from({length: 1001}, (_, n) => member({path: `f${n}`}))),
			fault: 'too-many',
		},
		{
			name: 'another extended field',
			bytes: extended('22 SCHILY.xattr.a=bcd\n'),
			fault: 'forbidden-field',
		},
		{name: 'an extended path outside', bytes: extended('13 path=/etc\n'), fault: 'absolute'},
		{name: 'an extended record too long', bytes: extended('99 path=/etc\n'), fault: 'bad-number'},
		{name: 'a member behind the end', bytes: join(tarEnd(), plain), fault: 'after-end'},
		{name: 'no end', bytes: plain.slice(0, 1024), fault: 'cut-off'},
		{name: 'no archive at all', bytes: encode('#!/bin/sh\n'.repeat(100)), fault: 'not-a-tar'},
	];
}
