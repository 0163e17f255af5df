import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {startFakeEngine, type FakeEngine} from '../support/fake-engine.ts';
import {waitFor} from '../support/wait.ts';
import {consoles} from './own-console.ts';

const {start, closeAll} = consoles();
let engine: FakeEngine;

beforeAll(async () => {
	engine = await startFakeEngine({containers: 300, linesPerSecond: 10_000});
});
afterAll(async () => {
	await closeAll();
	await engine.close();
});

/** Memory that the process has resident, in MB of 1,000,000 bytes. */
function residentMegabytes(pid: number): number {
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	return (Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024) / 1e6;
}

test('300 containers and 10,000 log lines a second: the list is shown, keys and filter work, memory is bounded (A20)', async () => {
	const terminal = start({
		config: 'discovery: {enabled: false}\n',
		env: {DOCKER_HOST: engine.host},
		columns: 120,
		rows: 40,
	});
	await terminal.waitForText(/Containers 300 running[^]*svc-001 +running[^]*\? help/, {
		deadlineMs: 30_000,
	});
	await waitFor(() => (engine.linesWritten() > 20_000 ? true : undefined), {
		deadlineMs: 60_000,
		what: '20,000 lines',
	});
	terminal.press('enter');
	await terminal.waitForText(/svc-030 +running/);
	terminal.press('G');
	await terminal.waitForText(/[▶>] +svc-300/);
	terminal.type('/svc-2');
	await terminal.waitForScreen(({text}) => /svc-200/.test(text) && !/svc-001/.test(text));
	terminal.press('enter', 'esc');
	await terminal.waitForText(/svc-300|svc-001/);
	expect(residentMegabytes(terminal.pid)).toBeLessThan(200);
	terminal.press('esc');
	await terminal.waitForText(/\d Errors/);
	terminal.press('q');
	expect(await terminal.exit).toMatchObject({code: 0});
}, 180_000);
