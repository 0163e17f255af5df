import {cleanLine} from './clean.ts';
import type {NoticeEvent} from './settings.ts';
import type {Outcome} from './plan.ts';

/** Something that people are told: one line and what follows it. */
export type Notice = {
	readonly event: NoticeEvent | 'test';
	/** One line: where, what, how it ended. */
	readonly subject: string;
	readonly lines: readonly string[];
};

/** Which event an end is; a cancelled run was ended by somebody who knows. */
export function eventOf(outcome: Outcome): NoticeEvent {
	return outcome === 'done' || outcome === 'warnings' || outcome === 'cancelled'
		? 'finished'
		: 'failed';
}

const maxLines = 50;
const maxLineLength = 500;

function linesOf({subject, lines}: Notice): readonly string[] {
	return [subject, ...lines].slice(0, maxLines).map(line => cleanLine(line, maxLineLength));
}

/** The body that Slack and those who take the same expect. Names from outside cannot become mentions or links. */
export function webhookBody(notice: Notice): string {
	const text = linesOf(notice).join('\n');
	const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
	return JSON.stringify({text: escaped});
}

function base64(text: string): string {
	return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** A header's text: as it is where it is plain, else in encoded words of whole characters (RFC 2047). */
function headerText(text: string): string {
	if (/^[ -~]*$/.test(text) && text.length <= 70) return text;
	const words: string[] = [];
	let word = '';
	for (const character of text) {
		if (new TextEncoder().encode(word + character).length > 42) {
			words.push(word);
			word = '';
		}

		word += character;
	}

	return [...words, word].map(part => `=?utf-8?B?${base64(part)}?=`).join('\r\n ');
}

/** An address in a header. Throws where it could be more than one line or more than one address. */
function headerAddress(address: string): string {
	if (/^[^\s\p{Cc}@<>,;:"()]+@[^\s\p{Cc}@<>,;:"()]+$/u.test(address)) return address;
	throw new Error('not one mail address');
}

/** A whole mail for a sendmail program: nothing of the notice can add or end a header. */
export function mailMessage(
	notice: Notice,
	{to, from, atMs}: {readonly to: string; readonly from?: string; readonly atMs: number},
): string {
	const [subject = '', ...lines] = linesOf(notice);
	return [
		...(from === undefined ? [] : [`From: ${headerAddress(from)}`]),
		`To: ${headerAddress(to)}`,
		`Subject: ${headerText(subject)}`,
		`Date: ${new Date(atMs).toUTCString().replace(/GMT$/, '+0000')}`,
		'Auto-Submitted: auto-generated',
		'MIME-Version: 1.0',
		'Content-Type: text/plain; charset=utf-8',
		'Content-Transfer-Encoding: 8bit',
		'',
		subject,
		...lines,
		'',
	].join('\r\n');
}
