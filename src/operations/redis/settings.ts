import {clean} from '../../domain/clean.ts';
import {evictionPolicies} from '../../domain/eviction-policies.ts';
import {formatBytes} from '../../domain/format.ts';
import type {Command, JsonValue, PlanDraft} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import {parseRedisBytes} from '../../domain/redis-bytes.ts';
import {keysOf} from '../../domain/redis-info.ts';
import {numberOf, objectOf, textOf} from '../../domain/unknown.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import type {PhraseCode} from '../../words/phrases/index.ts';
import type {Look, Operation, StepCode, Tools} from '../operation.ts';
import {badRequest, fieldsOf, flag, mayText} from '../shared/request.ts';
import {isSafeRaise, memoryRoom, memoryTitle, roomWarnings} from './memory-room.ts';
import {usedBytesOf} from './place.ts';
import {sampleKeys} from './sample.ts';
import {
	chooseRedis,
	identityOf,
	lookAtRedis,
	nameOf,
	readSettings,
	redisTrouble,
	type RedisNow,
} from './server.ts';

/** `value`: as Redis writes it; `persist`: also into its configuration file. */
export type SetRedisRequest = {
	readonly value: string;
	readonly redis?: string;
	readonly persist?: boolean;
};

type SettingName = 'maxmemory' | 'maxmemory-policy' | 'save';
type RedisCommand = Command & {kind: 'redis'};

const rewrite: RedisCommand = {kind: 'redis', server: 'live', argv: ['CONFIG', 'REWRITE']};

function set(name: SettingName, value: string): RedisCommand {
	return {kind: 'redis', server: 'live', argv: ['CONFIG', 'SET', name, value]};
}

/** What a value means for the server, and the title of the step that sets it. */
type Judged = {
	readonly risk: 'safe' | 'disruptive';
	readonly warnings: readonly Phrase[];
	readonly titleOf: (params: NonNullable<Phrase['params']>) => Phrase;
};

const plainTitle: Judged['titleOf'] = params => ({code: 'step-redis-set', params});

function memoryValue(text: string): string {
	const bytes = parseRedisBytes(text);
	// Less than 1 MiB is a slip: no server works with it.
	if (bytes === undefined || (bytes > 0 && bytes < 1024 ** 2)) {
		throw badRequest('maxmemory', text, '512mb, 2gb, 0');
	}

	return String(bytes);
}

function policyValue(text: string): string {
	if (!evictionPolicies.includes(text))
		throw badRequest('maxmemory-policy', text, evictionPolicies.join(', '));
	return text;
}

function saveValue(text: string): string {
	const value = text.trim() === 'none' ? '' : text.trim();
	if (
		value !== '' &&
		!/^[1-9]\d{0,8} [1-9]\d{0,8}(?: [1-9]\d{0,8} [1-9]\d{0,8}){0,9}$/.test(value)
	) {
		throw badRequest('save', text, '"3600 1 300 100", none');
	}

	return value;
}

/** Raising the limit harms nobody as long as it fits; everything else may evict, refuse or end. */
async function judgeMemory(look: Look, now: RedisNow, value: string): Promise<Judged> {
	const bytes = Number(value);
	const used = usedBytesOf(now);
	const before = Number(now.setting('maxmemory'));
	const room = await memoryRoom(look, now);
	const policy = clean(now.setting('maxmemory-policy'), 60);
	const below = {used: formatBytes(used), value: formatBytes(bytes), policy};
	return {
		risk: isSafeRaise(before, bytes, room) ? 'safe' : 'disruptive',
		warnings: [
			...(bytes > 0 && bytes < used
				? [{code: 'warn-redis-below-used', params: below} as const]
				: []),
			...roomWarnings({before, bytes, server: now.name}, room),
		],
		titleOf: params => memoryTitle(params, room),
	};
}

async function policyWarnings(
	look: Look,
	now: RedisNow,
	value: string,
): Promise<readonly Phrase[]> {
	if (value === 'noeviction') return [];
	const sample = await sampleKeys(look, now.target);
	if (sample.looked === 0) return [];
	const lasting = sample.lasting / sample.looked;
	const share = `${Math.round(lasting * 100)} %`;
	if (value.startsWith('allkeys-')) {
		const isRisky = lasting >= 0.5 || sample.queues > 0;
		const params = {share, queues: sample.queues, value};
		return isRisky ? [{code: 'warn-redis-evicts-all', params}] : [];
	}

	return lasting === 1 ? [{code: 'warn-redis-nothing-volatile', params: {value}}] : [];
}

/** Keys may be evicted. */
async function judgePolicy(look: Look, now: RedisNow, value: string): Promise<Judged> {
	return {
		risk: 'disruptive',
		warnings: await policyWarnings(look, now, value),
		titleOf: plainTitle,
	};
}

/** Keys may not be there after a restart. */
function judgeSave(_look: Look, now: RedisNow, value: string): Promise<Judged> {
	const {total} = keysOf(now.info);
	const isLost = value === '' && now.setting('appendonly') !== 'yes';
	const warnings = isLost ? [{code: 'warn-redis-no-save', params: {keys: total}} as const] : [];
	return Promise.resolve({risk: 'disruptive', warnings, titleOf: plainTitle});
}

type Setting = {
	readonly id: string;
	readonly name: SettingName;
	readonly title: PhraseCode;
	readonly op: PhraseCode;
	/** The value as the server takes it; refuses what it cannot be. */
	value(text: string): string;
	judge(look: Look, now: RedisNow, value: string): Promise<Judged>;
};

/** What an earlier value looks like for the operator. */
function shownValue(name: SettingName, value: string): string {
	if (name === 'maxmemory') return value === '0' ? '0' : formatBytes(Number(value));
	return value === '' ? '""' : clean(value, 200);
}

function planSet(
	setting: Setting,
	now: RedisNow,
	request: SetRedisRequest,
	judged: Judged,
): PlanDraft {
	const {name} = setting;
	const {persist = false} = request;
	const before = now.setting(name);
	const value = setting.value(request.value);
	const hasFile = (now.info.get('config_file') ?? '') !== '';
	const params = {
		server: now.name,
		setting: name,
		before: shownValue(name, before),
		value: shownValue(name, value),
	};
	return {
		title: {code: setting.op, params},
		identity: identityOf(now),
		risk: judged.risk,
		steps: [
			{
				id: 'set',
				title: judged.titleOf(params),
				commands: [set(name, value)],
				undo: [set(name, before)],
				deadlineMs: 30_000,
			},
			...(persist && hasFile
				? [
						{
							id: 'rewrite',
							title: {code: 'step-redis-rewrite', params},
							commands: [rewrite],
							deadlineMs: 60_000,
						} as const,
					]
				: []),
		],
		locks: [{resource: `redis:${now.target.id}`, mode: 'exclusive'}],
		space: [],
		outages: [],
		deletes: [],
		warnings: [
			...(persist && !hasFile
				? [
						{
							code: 'warn-redis-not-persisted',
							params: {setting: name, cause: 'no config file'},
						} as const,
					]
				: []),
			...judged.warnings,
		],
		undo: {code: 'undo-redis-set', params},
	};
}

/** The two values of a setting that its step names: what it sets and what was before. */
function valuesOf({plan}: Pick<Tools, 'plan'>): readonly [string, string] {
	const step = plan.steps.find(({id}) => id === 'set');
	const last = (command: Command | undefined) =>
		command?.kind === 'redis' ? (command.argv[3] ?? '') : '';
	return [last(step?.commands[0]), last(step?.undo?.[0])];
}

function codeFor<R extends JsonValue>(
	setting: Setting,
): Readonly<Record<'set' | 'rewrite', StepCode<R>>> {
	const {name} = setting;
	return {
		set: {
			async run(tools) {
				const [wanted, before] = valuesOf(tools);
				const target = chooseRedis(tools.look, tools.plan.identity.redis?.target);
				await tools.redis(set(name, wanted));
				const found = (await readSettings(tools.look, target, [name])).get(name) ?? '';
				if (found !== wanted) {
					const params = {server: nameOf(target), setting: name, wanted, found: clean(found, 200)};
					throw redisTrouble('redis-not-set', params);
				}

				await tools.keep('result', {setting: name, before, value: wanted, isPersisted: false});
				if (tools.plan.steps.length === 1) {
					const params = {setting: name, cause: 'CONFIG SET'};
					tools.note({code: 'warn-redis-not-persisted', params});
				}
			},
			async undo(tools) {
				await tools.redis(set(name, valuesOf(tools)[1]));
			},
		},
		rewrite: {
			async run(tools) {
				try {
					await tools.redis(rewrite);
					const result = objectOf(tools.kept['result']);
					const [value, before] = [textOf(result['value']), textOf(result['before'])];
					await tools.keep('result', {setting: name, before, value, isPersisted: true});
				} catch (error) {
					tools.look.signal.throwIfAborted();
					if (!(error instanceof ProblemError)) throw error;
					// A read-only file (a mounted one) is usual; the value holds in the running server all the same.
					const cause = textOf(error.problem.params['cause']) || error.problem.code;
					tools.warn({
						code: 'warn-redis-not-persisted',
						params: {setting: name, cause: clean(cause, 200)},
					});
				}
			},
		},
	};
}

function operationFor(setting: Setting): Operation<SetRedisRequest> {
	return {
		id: setting.id,
		title: {code: setting.title},
		parse(request) {
			const fields = fieldsOf(request, ['value', 'redis', 'persist']);
			const redis = mayText(fields, 'redis');
			const raw = fields['value'];
			const value = typeof raw === 'string' ? raw : String(numberOf(raw) ?? '');
			setting.value(value);
			return {
				value,
				...(redis !== undefined && {redis}),
				...(flag(fields, 'persist') && {persist: true}),
			};
		},
		async plan(look, request) {
			const now = await lookAtRedis(look, request.redis);
			const judged = await setting.judge(look, now, setting.value(request.value));
			return planSet(setting, now, request, judged);
		},
		steps: codeFor(setting),
	};
}

/** Sets `maxmemory`; safe where it only raises what fits, and warns where that evicts, refuses or does not fit. */
export const setRedisMemory = operationFor({
	id: 'set-redis-memory',
	name: 'maxmemory',
	title: 'title-set-redis-memory',
	op: 'op-set-redis-memory',
	value: memoryValue,
	judge: judgeMemory,
});

/** Sets `maxmemory-policy`; warns where queues or lasting keys would be evicted. */
export const setRedisPolicy = operationFor({
	id: 'set-redis-policy',
	name: 'maxmemory-policy',
	title: 'title-set-redis-policy',
	op: 'op-set-redis-policy',
	value: policyValue,
	judge: judgePolicy,
});

/** Sets the save points; `none` for none. */
export const setRedisSave = operationFor({
	id: 'set-redis-save',
	name: 'save',
	title: 'title-set-redis-save',
	op: 'op-set-redis-save',
	value: saveValue,
	judge: judgeSave,
});
