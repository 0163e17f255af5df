import {appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {beforeEach, expect, test} from 'vitest';
import {figuresLine, type Figures} from '../../../src/domain/figures.ts';
import {appendFigures, readFigures} from '../../../src/work/figures.ts';
import {checksBetween} from '../../../src/work/checks.ts';
import {mkdir} from 'node:fs/promises';

const start = Date.UTC(2026, 0, 15, 10);
const minuteMs = 60_000;
const dayMs = 86_400_000;
let root = '';

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'opsconsole-figures-'));
	return () => rm(root, {recursive: true, force: true});
});

const reading = (atMs: number): Figures => ({
	atMs,
	level: 'ok',
	values: {'host.cpu': {host: 5}},
	alerts: [],
});
const months = async () =>
	(await readdir(join(root, 'figures'))).filter(name => name.endsWith('.jsonl')).toSorted();
const all = () => readFigures({root}, {fromMs: 0, untilMs: start + 9000 * dayMs});

test('one line in ten minutes, whoever asks', async () => {
	const at = [0, 1, 9.9, 10, 15, 20].map(minutes => start + minutes * minuteMs);
	const written: boolean[] = [];
	for (const atMs of at) written.push(await appendFigures({root}, reading(atMs)));
	expect(written).toEqual([true, false, false, true, false, true]);
	expect((await all()).map(({atMs}) => (atMs - start) / minuteMs)).toEqual([0, 10, 20]);
	expect((await stat(join(root, 'figures', '2026-01.jsonl'))).mode & 0o777).toBe(0o600);
	const many = await Promise.all(
		Array.from({length: 8}, () => appendFigures({root}, reading(start + dayMs))),
	);
	expect(many.filter(Boolean)).toHaveLength(1);
});

test('a clock that jumped far back does not stop it for ever', async () => {
	await appendFigures({root}, reading(start));
	expect(await appendFigures({root}, reading(start - 30 * minuteMs))).toBe(false);
	expect(await appendFigures({root}, reading(start - 2 * dayMs))).toBe(true);
});

test('a torn line spoils no other', async () => {
	await appendFigures({root}, reading(start));
	await appendFile(join(root, 'figures', '2026-01.jsonl'), '{"v":1,"t":"2026-01-15T10:0');
	expect(await appendFigures({root}, reading(start + 20 * minuteMs))).toBe(true);
	expect(await all()).toHaveLength(2);
	const text = await readFile(join(root, 'figures', '2026-01.jsonl'), 'utf8');
	expect(text.split('\n')).toHaveLength(3);
});

test('old months go after 400 days, and those before the last two keep one line an hour', async () => {
	await mkdir(join(root, 'figures'));
	const lines = (atMs: number) =>
		Array.from({length: 12}, (_, index) => `${figuresLine(reading(atMs + index * 600_000))}\n`);
	const write = (name: string, atMs: number) =>
		writeFile(join(root, 'figures', name), lines(atMs).join(''), {mode: 0o600});
	await write('2024-11.jsonl', start - 430 * dayMs);
	await write('2025-11.jsonl', start - 60 * dayMs);
	await write('2025-12.jsonl', start - 30 * dayMs);
	await appendFigures({root}, reading(start));
	expect(await months()).toEqual(['2025-11.jsonl', '2025-12.jsonl', '2026-01.jsonl']);
	const count = async (from: number, until: number) =>
		(await readFigures({root}, {fromMs: start + from * dayMs, untilMs: start + until * dayMs}))
			.length;
	expect(await count(-61, -59)).toBe(2);
	expect(await count(-31, -29)).toBe(12);
	expect(await count(-1, 1)).toBe(1);
});

test('results of checklists are read where there are any', async () => {
	const span = {fromMs: start, untilMs: start + dayMs};
	expect(await checksBetween(root, span)).toEqual([]);
	await mkdir(join(root, 'checks', 'daily'), {recursive: true});
	const put = (name: string, value: unknown) =>
		writeFile(join(root, 'checks', 'daily', name), JSON.stringify(value));
	const result = {version: 1, checklist: 'daily', items: [], level: 'warn', figures: {'a.b': 5}};
	await put(`${start + 1}.json`, {...result, atMs: start + 1});
	await put(`${start - 1}.json`, {...result, atMs: start - 1});
	await put(`${start + 2}.json`, {...result});
	await put(`${start + 3}.json`, 'x');
	await put('5.txt', {...result, atMs: start + 1});
	await writeFile(join(root, 'checks', 'stray'), '');
	expect(await checksBetween(root, span)).toEqual([{...result, atMs: start + 1}]);
});
