import {describe, expect, test} from 'vitest';
import {eventOf, mailMessage, webhookBody, type Notice} from '../../../src/domain/notice.ts';

const notice: Notice = {
	event: 'failed',
	subject: '[prod/shop web-1] back up <shop>\r\nBcc: all@example.com',
	lines: ['cause & hint <!channel>', '.', 'a\u001B[31mred'],
};
const where = {to: 'ops@example.com', from: 'console@example.com', atMs: 0};

test('which event an end is', () => {
	expect(eventOf('warnings')).toBe('finished');
	expect(eventOf('cancelled')).toBe('finished');
	expect(eventOf('undone')).toBe('failed');
	expect(eventOf('manual')).toBe('failed');
});

test('a webhook gets text without mentions, links or control characters', () => {
	const {text} = JSON.parse(webhookBody(notice)) as {text: string};
	expect(text).toContain('back up &lt;shop&gt;');
	expect(text).toContain('cause &amp; hint &lt;!channel&gt;');
	expect(text).not.toContain('\u001B');
	expect(text.split('\n')).toHaveLength(4);
});

describe('a mail', () => {
	test('has only the headers it should, whatever the subject says', () => {
		const [head = '', ...body] = mailMessage(notice, where).split('\r\n\r\n');
		expect(head.split('\r\n').map(line => line.split(':', 1)[0])).toEqual([
			'From',
			'To',
			'Subject',
			'Date',
			'Auto-Submitted',
			'MIME-Version',
			'Content-Type',
			'Content-Transfer-Encoding',
		]);
		expect(head).not.toMatch(/^Bcc/m);
		expect(body.join('\r\n\r\n')).toContain('cause & hint');
	});

	test('encodes a subject that is not plain, by whole characters and in short words', () => {
		const subject = '备份数据库 shop 失败，需要人工处理。'.repeat(3);
		const message = mailMessage({...notice, subject}, where);
		const words = [...message.matchAll(/=\?utf-8\?B\?([^?]*)\?=/g)].map(match => match[0]);
		expect(words.every(word => word.length <= 75)).toBe(true);
		const decode = (word: string) =>
			new TextDecoder('utf-8', {fatal: true}).decode(
				Uint8Array.from(atob(word.slice(10, -2)), character => character.charCodeAt(0)),
			);
		expect(words.map(decode).join('')).toBe(subject);
	});

	test('refuses an address that is more than one', () => {
		for (const to of ['a@b.c\nBcc: d@e.f', 'a@b.c, d@e.f', 'a@b.c>', 'a']) {
			expect(() => mailMessage(notice, {...where, to})).toThrow('not one mail address');
		}
	});
});
