import {mkdtemp, readFile, readdir, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {beforeEach, expect, test} from 'vitest';
import type {AuditEntry} from '../../../src/domain/audit.ts';
import {maintenanceLog} from '../../../src/report/maintenance-log.ts';
import {appendAudit, readAudit, throwIfDamaged} from '../../../src/work/audit.ts';
import {auditTerminal, type TerminalOpening} from '../../../src/work/terminal-audit.ts';

let folder = '';

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'opsconsole-audit-'));
	return () => rm(folder, {recursive: true, force: true});
});

const entry: AuditEntry = {
	kind: 'end',
	op: '20261121T101500Z-3f9c2a1b',
	operation: 'restore-database',
	operator: {user: 'root', userId: 0, sudoUser: 'li', ssh: '10.0.0.8'},
	hostname: 'db-1',
	target: 'prod/shop',
	planSha256: '00',
	outcome: 'done',
	exitStatus: 0,
	durationMs: 61_000,
};
const day = 24 * 60 * 60 * 1000;
const start = Date.UTC(2026, 0, 15, 10);

async function fill(count: number, everyMs: number): Promise<void> {
	for (let index = 0; index < count; index++) {
		await appendAudit(folder, {...entry, op: `op-${index}`}, start + index * everyMs);
	}
}

const file = () => join(folder, 'audit-2026-01.jsonl');

test('entries follow one another, also from one month to the next', async () => {
	await fill(4, 20 * day);
	const {lines, damage} = await readAudit(folder);
	expect(damage).toBeUndefined();
	expect(lines.map(({seq, op}) => [seq, op])).toEqual([
		[1, 'op-0'],
		[2, 'op-1'],
		[3, 'op-2'],
		[4, 'op-3'],
	]);
	expect((await readdir(folder)).filter(name => name.endsWith('.jsonl'))).toHaveLength(3);
});

test('months of which everything is older than 180 days go, and the rest is still whole', async () => {
	await fill(10, 31 * day);
	const {lines, damage} = await readAudit(folder);
	expect(damage).toBeUndefined();
	expect(lines[0]?.seq).toBeGreaterThan(1);
	const oldest = Date.parse(lines[0]?.t ?? '');
	expect(start + 9 * 31 * day - oldest).toBeLessThanOrEqual(180 * day);
	expect(lines.at(-1)?.seq).toBe(10);
});

test('many writers at once lose nothing and break nothing', async () => {
	await Promise.all(
		Array.from({length: 20}, (_, index) => appendAudit(folder, entry, start + index)),
	);
	const {lines, damage} = await readAudit(folder);
	expect(damage).toBeUndefined();
	expect(lines).toHaveLength(20);
});

test.each([
	['flip', (lines: string[]) => lines.with(1, (lines[1] ?? '').replace('prod', 'prid')), 3],
	[
		'flip of the last',
		(lines: string[]) => lines.with(3, (lines[3] ?? '').replace('prod', 'prid')),
		4,
	],
	['delete', (lines: string[]) => lines.toSpliced(1, 1), 2],
	['delete of the first', (lines: string[]) => lines.slice(1), 1],
	['reorder', (lines: string[]) => [lines[0], lines[2], lines[1], lines[3]], 2],
	['truncate', (lines: string[]) => lines.slice(0, 3), 4],
	['truncate all', () => [], 1],
])('%s is found, with its place', async (_name, damageOf, line) => {
	await fill(4, 1000);
	const lines = (await readFile(file(), 'utf8')).trimEnd().split('\n');
	const damaged = damageOf(lines).map(text => `${text ?? ''}\n`);
	await writeFile(file(), damaged.join(''));
	const check = await readAudit(folder);
	expect(check.damage).toMatchObject({file: 'audit-2026-01.jsonl', line});
	expect(() => throwIfDamaged(check)).toThrow('audit-damaged');
});

test('a torn line does not hide later entries', async () => {
	await fill(2, 1000);
	await writeFile(file(), `${await readFile(file(), 'utf8')}{"v":1,"se`);
	await appendAudit(folder, entry, start + 5000);
	const {lines, damage} = await readAudit(folder);
	expect(damage).toBeUndefined();
	expect(lines).toHaveLength(3);
});

test('the maintenance log is a table in both languages', async () => {
	await fill(1, 1000);
	await appendAudit(folder, {...entry, kind: 'start'}, start + 2000);
	const {lines} = await readAudit(folder);
	const operations = {'restore-database': {title: {code: 'restore-name'}}} as const;
	expect(maintenanceLog(lines, {language: 'en', operations})).toMatchInlineSnapshot(`
		"| Time (UTC) | Who | What | Target | Result | Duration | Evidence |
		| --- | --- | --- | --- | --- | --- | --- |
		| 2026-01-15 10:00:00 | li@10.0.0.8 (root) | Restore a database (restore-database) | prod/shop | done and verified | 1 m 1 s | op-0 |
		"
	`);
	expect(maintenanceLog(lines, {language: 'zh', operations})).toMatchInlineSnapshot(`
		"| 时间 (UTC) | 操作人 | 操作 | 对象 | 结果 | 耗时 | 记录 |
		| --- | --- | --- | --- | --- | --- | --- |
		| 2026-01-15 10:00:00 | li@10.0.0.8 (root) | 恢复数据库 (restore-database) | prod/shop | 已完成并验证 | 1 分 1 秒 | op-0 |
		"
	`);
});

test('a terminal in a container is written down before it is opened and when it ended', async () => {
	const opening: TerminalOpening = {
		program: 'shell',
		container: {id: 'c0ffee', name: 'shop-db-1'},
		operator: entry.operator,
		hostname: 'db-1',
		environment: {kind: 'production', name: 'prod'},
	};
	let nowMs = start;
	const close = await auditTerminal(folder, opening, () => nowMs);
	const log = async () =>
		maintenanceLog((await readAudit(folder)).lines, {language: 'en', operations: {}});
	expect(await log()).toContain('| shell | prod/shop-db-1 | opened; its end is not known |');
	nowMs += 90_000;
	await close(130);
	const {lines, damage} = await readAudit(folder);
	expect(damage).toBeUndefined();
	expect(lines).toMatchObject([
		{kind: 'terminal', operation: 'shell', target: 'prod/shop-db-1', container: 'c0ffee'},
		{
			kind: 'terminal-end',
			op: lines[0]?.op,
			since: lines[0]?.t,
			exitStatus: 130,
			durationMs: 90_000,
		},
	]);
	expect((await log()).trimEnd().split('\n')).toHaveLength(3);
	expect(await log()).toContain('| 2026-01-15 10:00:00 | li@10.0.0.8 (root) | shell |');
	expect(await log()).toContain('ended, exit status 130');
	expect(maintenanceLog(lines, {language: 'zh', operations: {}})).toContain('已结束，退出码 130');
});

test('where the audit cannot be written no terminal may be opened', async () => {
	const opening: TerminalOpening = {
		program: 'attach',
		container: {id: 'c0ffee', name: 'shop-db-1'},
		operator: entry.operator,
		hostname: 'db-1',
		environment: {kind: 'unknown', name: ''},
	};
	await rm(folder, {recursive: true});
	await expect(auditTerminal(folder, opening, () => start)).rejects.toThrow('ENOENT');
});
