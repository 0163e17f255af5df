import {clean} from '../../domain/clean.ts';
import {ProblemError} from '../../domain/problem.ts';
import {parseMeminfo} from '../../domain/proc.ts';
import {infoNumber} from '../../domain/redis-info.ts';
import {lostSettings} from '../../domain/redis-start.ts';
import type {RedisTarget} from '../../domain/targets.ts';
import {differingSettings, wantedSettings} from '../../domain/wanted-settings.ts';
import {percentOf} from '../figures.ts';
import {maybe, within} from '../maybe.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {redisOf} from '../target.ts';
import {policyOf, readInfo, readSetting} from './info.ts';
import {readStart} from './start-now.ts';

const strangerMs = 800;
const names = ['maxmemory', 'maxmemory-policy', 'save', 'appendonly', 'maxclients'] as const;

/** Whether somebody without a password is turned away; our own having one does not prove that it is needed. */
async function asksForPassword(
	{io, signal}: LookFacts,
	{user: _user, password, ...open}: RedisTarget,
): Promise<boolean | undefined> {
	if (password === undefined) return false;
	const stranger = io.redis({...open, id: `${open.id} without password`});
	try {
		await stranger.call('PING', [], within(strangerMs, signal));
		return false;
	} catch (error) {
		signal.throwIfAborted();
		const code = error instanceof ProblemError ? error.problem.code : '';
		return code === 'redis-needs-password' || code === 'redis-protected' ? true : undefined;
	} finally {
		await stranger.close();
	}
}

/** Settings of the server: against the handbook, and against what its next start would give. */
export const readRedisSettings: LookReader<'redis.settings'> = async facts => {
	const {io, settings, signal} = facts;
	const target = redisOf(facts);
	const info = await readInfo(facts, target);
	const running = new Map<string, string>();
	for (const name of names) {
		// Managed servers have no CONFIG; INFO has most of it, under names with underscores.
		const value = (await readSetting(facts, target, name)) ?? info.get(name.replaceAll('-', '_'));
		if (value !== undefined) running.set(name, clean(value, 300));
	}

	const start = await maybe(readStart(facts, target, info.get('config_file') ?? ''), signal);
	const lost = start && lostSettings(running, start);
	const wanted = wantedSettings(settings.system, 'redis');
	const differing = differingSettings(wanted, name => running.get(name));
	const figure = (name: string) =>
		running.has(name) ? Number(running.get(name)) : infoNumber(info, name);
	const isAofOn = info.get('aof_enabled') === '1';
	const save = running.get('save');
	const isHere = target.container !== undefined || target.origin !== 'configured';
	const meminfo = isHere ? await io.files.readText('/proc/meminfo').catch(() => '') : '';
	const limit = figure('maxmemory');
	return {
		values: {
			maxmemory: limit,
			'maxmemory-of-host': percentOf(limit, parseMeminfo(meminfo).memory?.totalBytes),
			policy: policyOf(running.get('maxmemory-policy')),
			save,
			'is-persistent': isAofOn || (save === undefined ? undefined : save !== ''),
			'is-aof-on': isAofOn,
			'max-clients': figure('maxclients'),
			'has-password': await asksForPassword(facts, target),
			'lost-on-restart': lost?.length,
			'first-lost': lost?.[0]?.name,
			differing: differing?.length,
			'first-differing': differing?.[0]?.name,
		},
		lines: [
			...(differing ?? []).map(setting => {
				const asked = 'atLeast' in setting ? `>= ${setting.atLeast}` : `= ${setting.exactly}`;
				return `${setting.name} = ${running.get(setting.name) ?? '—'}; ${setting.row}: ${asked}`;
			}),
			...(lost ?? []).map(
				each => `${each.name} = ${each.running}; next start: ${clean(each.start, 200) || '""'}`,
			),
		].slice(0, 20),
	};
};
