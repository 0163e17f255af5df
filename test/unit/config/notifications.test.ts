import {inspect} from 'node:util';
import {expect, test} from 'vitest';
import {createMachine, errorsOf, settingsOf} from './support.ts';

const hook = 'https://hooks.example.com/services/T000/B000/Xy12canary34';

test('both kinds, with the address of the webhook as a secret', async () => {
	const machine = await createMachine();
	await machine.write('here/hook', `${hook}\n`);
	await machine.write(
		'here/opsconsole.yaml',
		[
			'notifications:',
			'  - {id: chat, kind: webhook, url: "${file:./hook}", events: [failed]}',
			'  - {id: mail, kind: mail, to: ops@example.com}',
		].join('\n'),
	);
	const {notifications = [], isReadOnly} = settingsOf(await machine.load());
	expect(isReadOnly).toBe(false);
	const [chat, mail] = notifications;
	expect(chat?.kind === 'webhook' && chat.url.reveal()).toBe(hook);
	expect(chat?.events).toEqual(['failed']);
	expect(mail).toEqual({
		id: 'mail',
		kind: 'mail',
		to: 'ops@example.com',
		command: ['/usr/sbin/sendmail', '-t', '-i'],
		events: ['finished', 'failed', 'overdue'],
	});
	expect(JSON.stringify(notifications) + inspect(notifications)).not.toContain('canary');
});

test('a secret file that others can read makes the console read-only', async () => {
	const machine = await createMachine();
	await machine.write('here/hook', hook, 0o644);
	await machine.write(
		'here/opsconsole.yaml',
		'notifications: [{id: chat, kind: webhook, url: "${file:./hook}"}]\n',
	);
	const {isReadOnly, problems} = settingsOf(await machine.load());
	expect(isReadOnly).toBe(true);
	expect(problems.map(({code}) => code)).toContain('config-secret-readable');
});

test.each([
	['{id: a, kind: webhook}', 'notifications.a.url: expected a value for url'],
	['{id: a, kind: webhook, url: "ftp://canary"}', 'notifications.a.url: expected an address'],
	['{id: a, kind: webhook, url: [canary]}', 'notifications[0].url: expected'],
	['{id: a, kind: mail}', 'notifications.a.to: expected a value for to'],
	['{id: a, kind: mail, to: "a@b.c\\nBcc: d@e.f"}', 'notifications[0].to: expected a mail address'],
	['{id: a, kind: mail, to: a@b.c, command: [mail]}', 'notifications.a.command: expected an abs'],
])('%s', async (entry, expected) => {
	const machine = await createMachine();
	await machine.write('here/opsconsole.yaml', `notifications: [${entry}]\n`);
	const [error = ''] = errorsOf(await machine.load());
	expect(error).toContain(expected);
	expect(error).not.toContain('canary');
});

test('a job that the machine runs needs a time that it understands', async () => {
	const machine = await createMachine();
	const text = (cron: string, run: string) =>
		`schedules: [{id: a, cron: "${cron}", run: ${run}}]\n`;
	await machine.write('here/opsconsole.yaml', text('0 2 * * *', 'backup all'));
	expect(settingsOf(await machine.load()).schedules[0]?.run).toBe('backup all');
	await machine.write('here/opsconsole.yaml', text('0 77 * * *', 'prune'));
	expect(errorsOf(await machine.load())[0]).toContain('schedules.a.cron: expected a schedule');
	await machine.write('here/opsconsole.yaml', text('0 2 * * *', 'rm'));
	expect(errorsOf(await machine.load())[0]).toContain('schedules[0].run: expected one of');
});
