import {expect, test} from 'vitest';
import {parseInfo} from '../../../src/domain/redis-info.ts';
import {canBeginSave, judgeSave, saveMark} from '../../../src/domain/redis-save.ts';

function info(fields: Readonly<Record<string, string | number>>) {
	const all = {
		run_id: 'r1',
		uptime_in_seconds: 60,
		rdb_bgsave_in_progress: 0,
		rdb_last_save_time: 1000,
		rdb_last_bgsave_status: 'ok',
		...fields,
	};
	return parseInfo(
		Object.entries(all)
			.map(([name, value]) => `${name}:${value}`)
			.join('\r\n'),
	);
}

const mark7 = saveMark(info({rdb_saves: 3}));
const mark6 = saveMark(info({}));

test.each([
	['a later count', mark7, {rdb_saves: 4}, 'saved'],
	['the same count', mark7, {rdb_saves: 3, rdb_last_save_time: 2000}, 'unproven'],
	['still running', mark7, {rdb_saves: 4, rdb_bgsave_in_progress: 1}, 'running'],
	['put off behind an AOF rewrite', mark7, {rdb_saves: 3, rdb_bgsave_scheduled: 1}, 'running'],
	['it failed', mark7, {rdb_saves: 3, rdb_last_bgsave_status: 'err'}, 'failed'],
	['another server', mark7, {rdb_saves: 4, run_id: 'r2'}, 'restarted'],
	['Redis 6, a later time', mark6, {rdb_last_save_time: 1001}, 'saved'],
	['Redis 6, the old dump', mark6, {}, 'unproven'],
])('a save: %s', (_case, mark, fields, state) => {
	expect(judgeSave(info(fields), mark)).toBe(state);
});

test.each([
	['counted, in the same second', {rdb_saves: 3}, 1000, true],
	['another save is running', {rdb_saves: 3, rdb_bgsave_in_progress: 1}, 2000, false],
	['Redis 6 in the second of the last save', {}, 1001, false],
	['Redis 6 later', {}, 1002, true],
])('a save may begin: %s', (_case, fields, nowSeconds, may) => {
	expect(canBeginSave(info(fields), nowSeconds * 1000)).toBe(may);
});
