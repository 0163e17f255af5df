import {setTimeout as pause} from 'node:timers/promises';
import {clean} from '../domain/clean.ts';
import type {JobNote} from '../domain/job.ts';
import type {End} from '../domain/journal.ts';
import {eventOf, mailMessage, webhookBody, type Notice} from '../domain/notice.ts';
import type {Plan} from '../domain/plan.ts';
import {ProblemError, type Problem} from '../domain/problem.ts';
import type {Notification, Settings} from '../domain/settings.ts';
import type {Act} from '../io/act.ts';
import {changeWords} from '../words/change-words.ts';
import {sayPhrase} from '../words/phrases/phrase.ts';
import {sayProblem} from '../words/say-problem.ts';
import {targetOf} from './run-folder.ts';

/** Longest for one try, in ms. */
const tryMs = 10_000;
const tries = 2;
const betweenTriesMs = 300;

/** What telling needs of the outside world. */
export type Sending = Pick<Act, 'post' | 'program'>;

function failed(id: string, cause: string): ProblemError {
	const params = {id: clean(id, 60), cause: clean(cause, 200)};
	return new ProblemError({code: 'notice-failed', params, retry: 'soon'});
}

/** Why a try failed, without the address, which may be a secret. */
function causeOf(error: unknown): string {
	const isKnown = error instanceof ProblemError;
	const cause = isKnown ? error.problem.params['cause'] : undefined;
	if (typeof cause === 'string') return cause;
	return isKnown ? error.problem.code : 'it could not be sent';
}

async function post(way: Notification & {kind: 'webhook'}, notice: Notice, act: Sending) {
	const status = await act.post(way.url.reveal(), webhookBody(notice), AbortSignal.timeout(tryMs));
	if (status < 200 || status > 299) throw failed(way.id, `HTTP ${status}`);
}

/** The message as the one piece that the program reads. */
async function* inputOf(text: string): AsyncGenerator<Uint8Array> {
	yield await Promise.resolve(new TextEncoder().encode(text));
}

async function mail(way: Notification & {kind: 'mail'}, notice: Notice, act: Sending) {
	const {to, from, command} = way;
	const message = mailMessage(notice, {to, ...(from !== undefined && {from}), atMs: Date.now()});
	const {exitCode, stderr} = await act.program(
		{argv: command},
		{signal: AbortSignal.timeout(tryMs), input: inputOf(message)},
	);
	if (exitCode !== 0) throw failed(way.id, `exit ${exitCode} ${stderr.trim()}`);
}

/** Tells by one way; a second try after a failure. Rejects with `notice-failed`, which never holds a webhook's address. */
export async function sendNotice(way: Notification, notice: Notice, act: Sending): Promise<void> {
	for (let count = 1; ; count++) {
		try {
			await (way.kind === 'webhook' ? post(way, notice, act) : mail(way, notice, act));
			return;
		} catch (error) {
			if (count >= tries) throw failed(way.id, causeOf(error));
			await pause(betweenTriesMs);
		}
	}
}

/** How telling by one way went. */
export type Sent = {readonly id: string; readonly problem?: Problem};

/** Tells by every way that wants this event, all at once. Never rejects. */
export async function tell(
	settings: Pick<Settings, 'notifications'>,
	notice: Notice,
	act: Sending,
): Promise<readonly Sent[]> {
	const ways = (settings.notifications ?? []).filter(
		({events}) => notice.event === 'test' || events.includes(notice.event),
	);
	return Promise.all(
		ways.map(async way => {
			try {
				await sendNotice(way, notice, act);
				return {id: way.id};
			} catch (error) {
				const {problem} = error instanceof ProblemError ? error : failed(way.id, causeOf(error));
				return {id: way.id, problem};
			}
		}),
	);
}

/** What is told when a run ends. */
export function noticeOfEnd(plan: Plan, {outcome, problem}: End, language: Settings['language']) {
	const title = sayPhrase(language, plan.title);
	const {hostname} = plan.identity;
	const said = problem && sayProblem(language, problem);
	const notice: Notice = {
		event: eventOf(outcome),
		subject: `[${targetOf(plan)} ${hostname}] ${title}: ${changeWords[outcome][language]}`,
		lines: [...(said ? [said.summary, said.hint] : []), `opsconsole attach ${plan.id}`],
	};
	return notice;
}

/** Tells how a run ended; gives a note for each way. Changes nothing of the outcome; never rejects. */
export async function tellEnd(
	plan: Plan,
	end: End,
	{settings, act}: {readonly settings: Settings; readonly act: Sending},
): Promise<readonly Omit<JobNote, 'atMs'>[]> {
	const sent = await tell(settings, noticeOfEnd(plan, end, settings.language), act);
	return sent.map(({id, problem}) => {
		const params = {id: clean(id, 60), cause: problem ? causeOf(new ProblemError(problem)) : ''};
		return problem
			? {kind: 'warn', phrase: {code: 'warn-notice', params}}
			: {kind: 'note', phrase: {code: 'note-notice', params: {id: params.id}}};
	});
}
