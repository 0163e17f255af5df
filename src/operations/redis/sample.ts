import {keysOf} from '../../domain/redis-info.ts';
import type {RedisTarget} from '../../domain/targets.ts';
import {listOf, numberOf, textOf, textsOf} from '../../domain/unknown.ts';
import type {Look} from '../operation.ts';
import {readInfo} from './server.ts';

const maxSample = 300;

/** Some keys of the fullest database, as SCAN gives them. */
export type KeySample = {
	readonly looked: number;
	/** Without an expiry. */
	readonly lasting: number;
	/** Lists and streams: what task brokers keep their queues in. */
	readonly queues: number;
};

/** Looks at up to 300 keys by SCAN, TYPE and PTTL; the server does some hundred microseconds of work for it. */
export async function sampleKeys(look: Look, target: RedisTarget): Promise<KeySample> {
	const redis = look.io.redis(target);
	const {databases} = keysOf(await readInfo(look, target));
	const fullest = databases.toSorted((a, b) => b.keys - a.keys)[0];
	if (fullest === undefined) return {looked: 0, lasting: 0, queues: 0};
	await redis.call('SELECT', [fullest.index], look.signal);
	try {
		let [looked, lasting, queues] = [0, 0, 0];
		let cursor = '0';
		do {
			const answer = listOf(await redis.call('SCAN', [cursor, 'COUNT', 100], look.signal));
			cursor = textOf(answer[0]);
			for (const key of textsOf(answer[1])) {
				looked += 1;
				const type = textOf(await redis.call('TYPE', [key], look.signal));
				const restMs = numberOf(await redis.call('PTTL', [key], look.signal));
				queues += Number(type === 'list' || type === 'stream');
				lasting += Number(restMs === -1);
			}
		} while (cursor !== '0' && looked < maxSample);

		return {looked, lasting, queues};
	} finally {
		// The connection is shared with everything else that looks at this server.
		await redis.call('SELECT', [0], look.signal);
	}
}
