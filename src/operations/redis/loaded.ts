import type {RedisFacts} from '../../domain/manifest.ts';
import {keysOf, type RedisInfo} from '../../domain/redis-info.ts';
import {keyspaceText} from './server.ts';

/**
 * Compares what a scratch server loaded with the manifest; undefined where it is right. Keys that expired since may be
 * missing, keys without an expiry may not.
 */
export function loadedFault(
	info: RedisInfo,
	{databases}: Pick<RedisFacts, 'databases'>,
): {readonly found: string; readonly expected: string} | undefined {
	const loaded = keysOf(info).databases;
	const isWrong = databases.some(({index, keys, expires}) => {
		const found = loaded.find(database => database.index === index);
		const lasting = (found?.keys ?? 0) - (found?.expiring ?? 0);
		return lasting !== keys - expires || (found?.keys ?? 0) > keys;
	});
	const hasMore = loaded.some(({index}) => !databases.some(one => one.index === index));
	if (!isWrong && !hasMore) return undefined;
	const expected = databases
		.map(({index, keys, expires}) => `db${index}: ${keys} keys, ${expires} expire`)
		.join('; ');
	return {found: keyspaceText(info), expected: expected || '0 keys'};
}
