import type {Lock, PlanDraft, Risk, Step} from '../../domain/plan.ts';
import type {ServiceContainer} from '../../domain/service-facts.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import type {Look} from '../operation.ts';
import {nameOf} from './find.ts';
import {networkGuests, runningDependants, type Ordered} from './order.ts';
import {prepareStep} from './prepare.ts';
import {postgresNow, redisNow, type PostgresNow, type RedisNow} from './servers.ts';

/** What ending these containers means, for the card and the locks. */
export type Ending = {
	readonly risk: Risk;
	readonly warnings: readonly Phrase[];
	readonly locks: readonly Lock[];
	/** CHECKPOINT and BGSAVE, where a database is among them. */
	readonly save: readonly Step[];
	readonly redis: PlanDraft['identity']['redis'];
};

/** The locks of these containers: their stack shared, so that a restore of it waits; each service for us alone. */
export function serviceLocks(members: readonly ServiceContainer[]): readonly Lock[] {
	const resources = new Map<string, Lock['mode']>();
	for (const {container} of members) {
		const {project, service, name} = container;
		if (project === undefined || service === undefined) {
			resources.set(`container:${name}`, 'exclusive');
		} else {
			resources.set(`stack:${project}`, 'shared');
			resources.set(`service:${project}/${service}`, 'exclusive');
		}
	}

	return [...resources].map(([resource, mode]) => ({resource, mode}));
}

/** The containers of an identity, in the order of the steps. */
export function identityOf(members: readonly ServiceContainer[]): PlanDraft['identity'] {
	const projects = [...new Set(members.flatMap(({container}) => container.project ?? []))];
	const folder = members.find(({compose}) => compose?.project === projects[0])?.compose?.folder;
	const [project] = projects;
	return {
		...(projects.length === 1 && project !== undefined && {project}),
		...(projects.length === 1 && folder !== undefined && folder !== '' && {folder}),
		containers: members.map(({container: {key, name, id, imageId}}) => ({key, name, id, imageId})),
	};
}

function neighbourWarnings(ordered: Ordered, member: ServiceContainer): readonly Phrase[] {
	const name = nameOf(member);
	const dependants = runningDependants(ordered, member);
	const guests = networkGuests(ordered, member);
	return [
		...(dependants.length === 0
			? []
			: [{code: 'service-dependants', params: {name, services: dependants.join(', ')}} as const]),
		...(guests.length === 0
			? []
			: [{code: 'service-network-guests', params: {name, services: guests.join(', ')}} as const]),
	];
}

function redisWarnings(member: ServiceContainer, redis: RedisNow | undefined): readonly Phrase[] {
	const name = nameOf(member);
	if (redis === undefined) return [{code: 'service-not-asked', params: {name}}];
	const {keys, unsaved, clients, isPersistent, lastSaveOk} = redis;
	const isLost = !isPersistent && keys > 0;
	return [
		...(clients > 0 ? [{code: 'service-clients', params: {name, count: clients}} as const] : []),
		...(isLost ? [{code: 'service-all-lost', params: {name, count: keys}} as const] : []),
		...(isPersistent && unsaved > 0
			? [{code: 'service-unsaved', params: {name, count: unsaved}} as const]
			: []),
		...(lastSaveOk ? [] : [{code: 'service-save-fails', params: {name}} as const]),
	];
}

function postgresWarnings(
	member: ServiceContainer,
	postgres: PostgresNow | undefined,
): readonly Phrase[] {
	const name = nameOf(member);
	if (postgres === undefined) return [{code: 'service-not-asked', params: {name}}];
	const {clients} = postgres;
	return clients > 0 ? [{code: 'service-clients', params: {name, count: clients}}] : [];
}

type Asked = {
	readonly member: ServiceContainer;
	readonly redis?: RedisNow | undefined;
	readonly postgres?: PostgresNow | undefined;
};

async function ask(look: Look, member: ServiceContainer): Promise<Asked> {
	if (member.container.state !== 'running') return {member};
	if (member.kind === 'redis') return {member, redis: await redisNow(look, member)};
	if (member.kind === 'postgres') return {member, postgres: await postgresNow(look, member)};
	return {member};
}

function warningsOf(ordered: Ordered, {member, redis, postgres}: Asked): readonly Phrase[] {
	const isUp = member.container.state === 'running';
	return [
		...neighbourWarnings(ordered, member),
		...(isUp && member.kind === 'redis' ? redisWarnings(member, redis) : []),
		...(isUp && member.kind === 'postgres' ? postgresWarnings(member, postgres) : []),
	];
}

function serverLocks({redis, postgres}: Asked): readonly Lock[] {
	const resources = [
		...(redis === undefined ? [] : [`redis:${redis.runId}`]),
		...(postgres === undefined || postgres.systemIdentifier === ''
			? []
			: [`pg:${postgres.systemIdentifier}:${postgres.target.database}`]),
	];
	return resources.map(resource => ({resource, mode: 'exclusive'}));
}

/** A Redis that loses its keys at its end (B31), or that could not be asked whether it does. */
function isLossy({member, redis}: Asked): boolean {
	if (member.kind !== 'redis' || member.container.state !== 'running') return false;
	return redis === undefined || (!redis.isPersistent && redis.keys > 0);
}

/** Asks the databases among the containers and says what ending them means. */
export async function lookAtEnding(look: Look, ordered: Ordered): Promise<Ending> {
	const asked = await Promise.all(ordered.members.map(member => ask(look, member)));
	const lost = asked.some(isLossy);
	// One run has one connection to one server of a kind; others save themselves at their stop signal.
	const redis = asked.find(each => each.redis?.isPersistent === true)?.redis;
	const isOnlyPostgres = look.targets.postgres.length === 1;
	const postgres = isOnlyPostgres ? asked.find(each => each.postgres)?.postgres : undefined;
	const save = prepareStep(postgres, redis);
	return {
		risk: lost ? 'destructive' : 'disruptive',
		warnings: [...ordered.warnings, ...asked.flatMap(each => warningsOf(ordered, each))],
		locks: [...serviceLocks(ordered.members), ...asked.flatMap(serverLocks)],
		save: save === undefined ? [] : [save],
		redis:
			redis === undefined
				? undefined
				: {target: redis.target.id, runId: redis.runId, version: redis.version},
	};
}
