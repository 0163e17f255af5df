import type {NoticeEvent, Notification} from '../src/domain/settings.ts';
import {secret} from '../src/domain/secret.ts';
import {expect, type ConfigError} from './error.ts';
import type {Merged} from './merge.ts';

const allEvents: readonly NoticeEvent[] = ['finished', 'failed', 'overdue'];

/** The usual way to give a message to the mail system: recipients from its headers, no end at a single dot. */
const sendmail: readonly [string, ...string[]] = ['/usr/sbin/sendmail', '-t', '-i'];

/** The ways that notices go; a way that lacks its address is a mistake. Never repeats the address of a webhook. */
export function resolveNotification(
	{value, at}: Merged['notifications'][number],
	errors: ConfigError[],
): readonly Notification[] {
	const {id, kind = 'webhook', url, to, from, command, events = allEvents} = value;
	const fail = (key: string, expected: ConfigError['expected']) => {
		const place = {...at, key: `notifications.${id}.${key}`};
		errors.push({kind: key === 'command' ? 'conflict' : 'missing-key', ...place, expected});
		return [];
	};
	if (kind === 'webhook') {
		if (url === undefined) return fail('url', expect('required', {name: 'url'}));
		if (!/^https?:\/\/[^\s/?#]+\S*$/.test(url.trim())) return fail('url', expect('url'));
		return [{id, kind, url: secret(url.trim()), events}];
	}

	if (to === undefined) return fail('to', expect('required', {name: 'to'}));
	const [program = '', ...args] = command ?? sendmail;
	if (!program.startsWith('/')) return fail('command', expect('path'));
	return [{id, kind, to, ...(from !== undefined && {from}), command: [program, ...args], events}];
}
