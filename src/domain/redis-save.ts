import {infoNumber, type RedisInfo} from './redis-info.ts';

/** What is remembered before an own BGSAVE, to tell its result from an older one. */
export type SaveMark = {
	readonly lastSaveAtSeconds: number;
	/** Saves since the start of the server; Redis 7.0 and later. */
	readonly saves?: number;
	readonly runId: string;
	/** `uptime_in_seconds` of the server: a restart would count from the start again. */
	readonly uptimeSeconds: number;
};

/** The mark of a server that saves nothing just now. */
export function saveMark(info: RedisInfo): SaveMark {
	const saves = infoNumber(info, 'rdb_saves');
	return {
		lastSaveAtSeconds: infoNumber(info, 'rdb_last_save_time') ?? 0,
		...(saves !== undefined && {saves}),
		runId: info.get('run_id') ?? '',
		uptimeSeconds: infoNumber(info, 'uptime_in_seconds') ?? 0,
	};
}

/** How an own save stands. */
export type SaveState = 'running' | 'saved' | 'failed' | 'restarted' | 'unproven';

/**
 * Judges by INFO persistence whether a save that was begun after the mark has ended well. `rdb_saves` (Redis 7.0)
 * proves it; before, the time of the last save must be later than the mark, which has a resolution of a second: so a
 * save is begun only when that second is over (`canBeginSave`). SAFETY 3.5.
 */
export function judgeSave(info: RedisInfo, mark: SaveMark): SaveState {
	if ((info.get('run_id') ?? '') !== mark.runId) return 'restarted';
	if (info.get('rdb_bgsave_in_progress') === '1') return 'running';
	// A save may be put off while another child (an AOF rewrite) is running.
	if (info.get('rdb_bgsave_scheduled') === '1') return 'running';
	if (info.get('rdb_last_bgsave_status') !== 'ok') return 'failed';
	const saves = infoNumber(info, 'rdb_saves');
	if (saves !== undefined && mark.saves !== undefined) {
		return saves > mark.saves ? 'saved' : 'unproven';
	}

	const lastSaveAtSeconds = infoNumber(info, 'rdb_last_save_time') ?? 0;
	return lastSaveAtSeconds > mark.lastSaveAtSeconds ? 'saved' : 'unproven';
}

/** Whether an own save may begin: none is running, and a server without a counter is in a later second than the mark. */
export function canBeginSave(info: RedisInfo, nowMs: number): boolean {
	if (info.get('rdb_bgsave_in_progress') === '1') return false;
	if (infoNumber(info, 'rdb_saves') !== undefined) return true;
	const lastSaveAtSeconds = infoNumber(info, 'rdb_last_save_time') ?? 0;
	return nowMs / 1000 >= lastSaveAtSeconds + 2;
}
