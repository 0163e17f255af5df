import {existsSync} from 'node:fs';
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeEach, expect, test} from 'vitest';
import type {JournalEntry} from '../../../src/domain/journal.ts';
import {openJournal, readJournal} from '../../../src/work/journal-file.ts';
import {mover} from '../../support/mover.ts';
import {performNow, recoverNow, removeFolders} from '../../support/perform.ts';
import {smallAct} from '../../support/small-act.ts';

let folder = '';
let path = '';

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'opsconsole-journal-'));
	path = join(folder, 'journal.jsonl');
	return () => rm(folder, {recursive: true, force: true});
});

afterAll(removeFolders);

const op = '20261121T101500Z-3f9c2a1b';

function open(more: {readonly fault?: () => string | undefined; now?: () => number} = {}) {
	let ms = 0;
	return openJournal({
		path,
		op,
		now: () => 1_795_000_000_000,
		monotonic: more.now ?? (() => (ms += 1000)),
		boot: '49f45bf6',
		...(more.fault && {fault: more.fault}),
	});
}

/** A journal file with these entries. */
async function written(entries: readonly JournalEntry[]): Promise<Buffer> {
	await rm(path, {force: true});
	const journal = await open();
	for (const entry of entries) await journal.append(entry);
	await journal.close();
	return readFile(path);
}

const few: readonly JournalEntry[] = [
	{st: 'begin', d: {mode: 'run', pid: 7}},
	{st: 'start', step: 'load'},
	{st: 'keep', step: 'load', d: {name: 'snapshot', value: '00000003-1'}},
	{st: 'done', step: 'load'},
];

test('a journal is read as it was written, and goes on where it ended', async () => {
	await written(few);
	const journal = await open();
	await journal.append({st: 'end', d: {outcome: 'done', exitStatus: 0}});
	await journal.close();
	const {lines, damagedLine} = readJournal(await readFile(path));
	expect(damagedLine).toBeUndefined();
	expect(lines.map(({st, seq}) => [st, seq])).toEqual([
		['begin', 1],
		['start', 2],
		['keep', 3],
		['done', 4],
		['end', 5],
	]);
	expect(lines[0]).toMatchObject({v: 1, op, boot: '49f45bf6', t: '2026-11-18T11:06:40.000Z'});
	expect(existsSync(join(folder, 'ballast'))).toBe(false);
});

test('a torn last line is cut off and nothing else is lost', async () => {
	const bytes = await written(few);
	await writeFile(path, bytes.subarray(0, bytes.length - 5));
	const journal = await open();
	expect(journal.lines().map(({st}) => st)).toEqual(['begin', 'start', 'keep']);
	await journal.append({st: 'done', step: 'load'});
	await journal.close();
	expect(readJournal(await readFile(path)).damagedLine).toBeUndefined();
});

test('a flipped, missing, doubled or moved line is damage, and its journal is not written to', async () => {
	const bytes = await written(few);
	const lines = bytes.toString('utf8').trimEnd().split('\n');
	const [a = '', b = '', c = '', d = ''] = lines;
	const corpus: readonly (readonly [lines: readonly string[], line: number])[] = [
		[[a, c, d], 2],
		[[a, b, b, c, d], 3],
		[[a, c, b, d], 2],
		[[b, c, d], 1],
		[[a, b.replace('load', 'lead'), c, d], 3],
		[[a, '', b, c, d], 2],
		[[a, '{}', c, d], 2],
		[[a, b, c.replace('00000003-1', '00000003-2'), d], 4],
	];
	for (const [broken, line] of corpus) {
		const text = `${broken.join('\n')}\n`;
		expect(readJournal(Buffer.from(text)).damagedLine, text).toBe(line);
		await writeFile(path, text);
		await expect(open()).rejects.toMatchObject({
			problem: {code: 'journal-damaged', params: {line}},
		});
		expect(await readFile(path, 'utf8')).toBe(text);
	}
});

test('every flipped bit but those of the last line is found', async () => {
	const bytes = await written(few);
	const lastLine = bytes.lastIndexOf(10, bytes.length - 2) + 1;
	for (let index = 0; index < lastLine; index++) {
		const broken = Buffer.from(bytes);
		broken[index] = (broken[index] ?? 0) ^ 1;
		expect(readJournal(broken).damagedLine, `byte ${index}`).toBeGreaterThan(0);
	}
});

test('cut off at every byte of the last three lines: recovered to old or new, never anything else', async () => {
	const place = join(folder, 'place');
	const act = smallAct();
	const fresh = async () => {
		await rm(place, {recursive: true, force: true});
		await mkdir(join(place, 'live'), {recursive: true});
		await writeFile(join(place, 'live', 'data'), 'old');
	};
	const isOld = () => existsSync(join(place, 'live', 'data')) && !existsSync(join(place, 'old'));
	const isNew = () => existsSync(join(place, 'live', 'part')) && existsSync(join(place, 'flag'));
	for (const failAt of ['aside:mid', 'swap:begun', 'swap:mid', 'mark:mid']) {
		await fresh();
		const died = await performNow(mover, {folder: place}, {act, targets: {}, failAt});
		const bytes = await written(died.lines);
		// Only whole lines count, so that each number of lines needs one recovery; which bytes give it is told by reading.
		const counts = new Map<number, number>();
		let from = bytes.length;
		for (let count = 0; count < 3; count++) from = bytes.lastIndexOf(10, from - 2) + 1;
		for (let end = from; end <= bytes.length; end++) {
			const {lines, damagedLine} = readJournal(bytes.subarray(0, end));
			expect(damagedLine).toBeUndefined();
			counts.set(lines.length, end);
		}

		expect(counts.size).toBe(4);
		for (const [count, end] of counts) {
			await fresh();
			const again = await performNow(mover, {folder: place}, {act, targets: {}, failAt});
			const {lines} = readJournal(bytes.subarray(0, end));
			const recovered = await recoverNow(
				mover,
				{...again, plan: again.plan, lines},
				{act, targets: {}},
			);
			expect([isOld(), isNew()], `${failAt}, ${count} lines`).toContain(true);
			expect(recovered.outcome).toBe(isNew() ? 'done' : 'undone');
		}
	}
});

test('progress is written at most twice a second', async () => {
	let ms = 0;
	const journal = await open({now: () => (ms += 100)});
	for (let done = 1; done <= 10; done++) {
		await journal.append({st: 'progress', step: 'load', d: {done, unit: 'rows'}});
	}

	expect(journal.lines().length).toBeLessThan(4);
	await journal.close();
});

test('on a full disk the ballast makes room; where even that does not help, it is said', async () => {
	const faults = ['ENOSPC'];
	const journal = await open({fault: () => faults.shift()});
	expect(existsSync(join(folder, 'ballast'))).toBe(true);
	await journal.append({st: 'begin', d: {mode: 'run', pid: 7}});
	expect(existsSync(join(folder, 'ballast'))).toBe(false);
	faults.push('ENOSPC', 'ENOSPC');
	await expect(journal.append({st: 'start', step: 'load'})).rejects.toMatchObject({
		problem: {code: 'journal-unwritable', params: {cause: 'ENOSPC'}},
	});
	await journal.append({st: 'back'});
	await journal.close();
	expect(readJournal(await readFile(path)).lines.map(({st}) => st)).toEqual(['begin', 'back']);
});

test('a line that is too long is refused whole', async () => {
	const journal = await open();
	const value = 'x'.repeat(70_000);
	await expect(
		journal.append({st: 'keep', step: 'load', d: {name: 'big', value}}),
	).rejects.toMatchObject({problem: {code: 'journal-unwritable'}});
	await journal.close();
	expect((await readFile(path)).length).toBe(0);
});
