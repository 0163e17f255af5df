/** What keeps work in Redis, by the names of its keys. */
export type QueueKind = 'celery' | 'rq' | 'bull' | 'sidekiq' | 'list';

/** A list of waiting work, and the keys beside it where its kind keeps what is under way and what failed. */
export type WorkQueue = {
	readonly kind: QueueKind;
	readonly name: string;
	readonly key: string;
};

/** Where each kind counts work that was taken and not done, and work that failed. Type of the key in front. */
export function sideKeys({kind, name}: WorkQueue): {
	readonly taken?: readonly ['HLEN' | 'LLEN' | 'ZCARD', string];
	readonly failed?: readonly ['ZCARD', string];
} {
	switch (kind) {
		case 'celery':
			return {taken: ['HLEN', 'unacked']};
		case 'rq':
			return {taken: ['ZCARD', `rq:wip:${name}`], failed: ['ZCARD', `rq:failed:${name}`]};
		case 'bull':
			return {taken: ['LLEN', `bull:${name}:active`], failed: ['ZCARD', `bull:${name}:failed`]};
		case 'sidekiq':
			return {failed: ['ZCARD', 'dead']};
		case 'list':
			return {};
	}
}

const listNames = /queue|job|task|celery|worker|pending|backlog|outbox|inbox|mail|message|event/i;
const notQueues = /:(?:active|paused|completed|failed|log|logs|history|recent|cache)$|^_kombu|^rq:/;

/**
 * What the list keys of a database mean. `hasCelery`: keys of its transport (`_kombu.binding.*`, `unacked`) are there, and a
 * list without a colon in its name is one of its queues.
 */
export function queueOf(key: string, hasCelery: boolean): WorkQueue | undefined {
	const [, rq] = /^rq:queue:(.+)$/.exec(key) ?? [];
	if (rq !== undefined) return {kind: 'rq', name: rq, key};
	const [, bull] = /^bull:(.+):wait$/.exec(key) ?? [];
	if (bull !== undefined) return {kind: 'bull', name: bull, key};
	if (notQueues.test(key)) return undefined;
	if (key === 'celery' || (hasCelery && !key.includes(':'))) {
		return {kind: 'celery', name: key, key};
	}

	return listNames.test(key) ? {kind: 'list', name: key, key} : undefined;
}

/** As `queueOf` for Sidekiq, whose names are kept in the set `queues`. */
export function sidekiqQueue(name: string): WorkQueue {
	return {kind: 'sidekiq', name, key: `queue:${name}`};
}

/** Whether a container takes work from a queue, by the names that workers have and the programs that they run. */
export function isWorker({
	service = '',
	name,
	command,
}: {
	readonly service?: string;
	readonly name: string;
	readonly command: string;
}): boolean {
	const word = /(?:^|[-_])(?:workers?|celery|sidekiq|consumers?|rq|queue)(?:[-_]|\d|$)/i;
	const program =
		/\bcelery\b.{0,200}\bworker\b|\brqworker\b|\brq worker\b|\bsidekiq\b|\bdramatiq\b|\bhuey_consumer|\bqueue:work\b|\bworker\.(?:py|js|ts|mjs)\b/i;
	return word.test(service === '' ? name : service) || program.test(command);
}
