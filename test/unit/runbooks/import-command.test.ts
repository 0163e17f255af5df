import {mkdtemp, readFile, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {afterAll, afterEach, beforeAll, expect, test, vi} from 'vitest';
import {readRunbookFile} from '../../../config/load-runbooks.ts';
import {runRunbook} from '../../../src/runbook-commands.ts';
import {localIo} from '../../support/io.ts';
import {settingsOf} from '../../support/settings.ts';

let folder: string;
let handbook: string;
let said = '';

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'opsconsole-import-'));
	handbook = join(folder, 'HANDBOOK.md');
	await writeFile(
		handbook,
		'# Handbook\n## Weekly\n```bash\n# clean\ndocker volume prune -f\n```\n',
	);
});
afterAll(async () => rm(folder, {recursive: true, force: true}));
afterEach(() => {
	vi.restoreAllMocks();
	said = '';
});

async function runImport(
	words: readonly string[],
	flags: Readonly<Record<string, string | boolean>> = {},
) {
	let printed = '';
	vi.spyOn(process.stdout, 'write').mockImplementation((...given: readonly unknown[]) => {
		const [text, done] = given;
		printed += String(text);
		if (done instanceof Function) done.call(undefined);
		return true;
	});
	vi.spyOn(process.stderr, 'write').mockImplementation(text => {
		said += String(text);
		return true;
	});
	const status = await runRunbook(['runbook', 'import', ...words], {
		io: localIo(),
		settings: settingsOf(),
		flags,
	});
	return {status, printed};
}

test('a draft is printed, or written for its owner only and not over another file', async () => {
	const {status, printed} = await runImport([handbook]);
	expect(status).toBe(0);
	expect(printed).toContain('id: handbook\nkind: checklist\n');
	expect(printed).toContain('    # DANGER: ');
	expect(printed).toContain('opsconsole disk images');
	expect(said).toContain('1 items, 1 commands');
	const output = join(folder, 'weekly-work.yaml');
	expect((await runImport([handbook], {output})).status).toBe(0);
	expect((await stat(output)).mode & 0o777).toBe(0o600);
	expect(await readRunbookFile(output)).toMatchObject({ok: true, runbook: {id: 'weekly-work'}});
	expect((await runImport([handbook], {output})).status).toBe(73);
	expect(said).toContain('--force');
	expect((await runImport([handbook], {output, force: true})).status).toBe(0);
	expect(await readFile(output, 'utf8')).toContain('DRAFT');
});

test('what cannot be a handbook is refused', async () => {
	const empty = join(folder, 'empty.md');
	await writeFile(empty, 'only words\n');
	const large = join(folder, 'large.md');
	await writeFile(large, '- [ ] x\n'.repeat(200_000));
	expect((await runImport([empty])).status).toBe(69);
	expect((await runImport([large])).status).toBe(69);
	expect((await runImport([join(folder, 'absent.md')])).status).toBe(69);
	expect(said).toContain('ENOENT');
	expect((await runImport([folder])).status).toBe(69);
	expect((await runImport([])).status).toBe(64);
	expect(said).toContain('runbook import HANDBOOK.md');
});
