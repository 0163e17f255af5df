import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {openTerminal, type Terminal} from '../support/terminal.ts';
import {hostOnly, launcher, makeHome, type Home} from './own-console.ts';

/** In the place of the shipped one of this id, which is the first of the list. */
const wizard = `id: api-slow
kind: wizard
title: {en: The host is tired, zh: 主机疲惫}
on: host
start: see
nodes:
  see:
    look: [host.load]
    why: {en: Is it busy?, zh: 是否繁忙？}
    means: {en: 'The processors do {host.load.cpu}.', zh: '处理器 {host.load.cpu}。'}
    next: ask
  ask:
    ask: {en: Does it feel slow?, zh: 是否感觉缓慢？}
    choices:
      - {label: {en: very slow, zh: 很慢}, next: tell}
      - {label: {en: a little, zh: 有一点}, next: tell}
    unknown: tell
  tell: {note: {en: Have a tea, zh: 喝杯茶}, next: fine}
  fine: {end: healthy, says: {en: it rested, zh: 已休息}}
`;

let home: Home;
const open: Terminal[] = [];

afterEach(async () => {
	for (const terminal of open.splice(0)) await terminal.close();
	home.remove();
});

function start(): Terminal {
	const state = {OPSCONSOLE_STATE: join(home.folder, 'state')};
	const env = {...home.env, ...state, LANG: 'C.UTF-8'};
	const terminal = openTerminal({command: launcher, cwd: home.folder, env});
	open.push(terminal);
	return terminal;
}

test('a walk is paused by leaving, told of at the next start, and taken up where it was', async () => {
	home = makeHome(hostOnly);
	const folder = join(home.folder, 'runbooks');
	mkdirSync(folder, {mode: 0o700});
	writeFileSync(join(folder, 'api-slow.yaml'), wizard, {mode: 0o600});

	const terminal = start();
	await terminal.waitForText(/cpu .*%/);
	terminal.press('W');
	await terminal.waitForText(/[▶>] The host is tired/);
	terminal.press('enter');
	const {screen} = await terminal.waitForText('Does it feel slow?');
	expect(screen.text).toMatch(/Load of the host[^]*CPU: \d+[^]*The processors do \d/);
	terminal.press('2', 'enter');
	await terminal.waitForText('Have a tea');
	terminal.press('ctrl-c');
	await terminal.exit;

	const again = start();
	await again.waitForText(/walks(?: to take up)?: 1 \(W\)/);
	again.press('W');
	await again.waitForText(/[▶>] The host is tired/);
	again.press('enter');
	const {screen: resumed} = await again.waitForText('Have a tea');
	expect(resumed.text).toContain('answered: a little');
	again.press('enter');
	await again.waitForText('Nothing wrong here: it rested');
	again.press('esc');
	await again.waitForScreen(
		({text}) => /WIZARDS/.test(text) && !/walks(?: to take up)?: [0-9]/.test(text),
		{
			what: 'no walk to take up',
		},
	);
	again.press('ctrl-c');
	expect((await again.exit).code).toBe(0);
});
