import {clean} from '../../domain/clean.ts';
import type {Manifest} from '../../domain/manifest.ts';
import type {Operator} from '../../domain/operator.ts';
import type {JsonValue, Lock} from '../../domain/plan.ts';
import {version} from '../../version.ts';
import type {Look, Tools} from '../operation.ts';
import {placeOf} from './place.ts';

/** Held shared by everything that reads or adds backups, exclusive by retention. */
export function catalogueLock(folder: string, mode: Lock['mode']): Lock {
	return {resource: `catalogue:${folder}`, mode};
}

/** The facts of a manifest that do not depend on the kind; `startedAtMs` is when the copy was begun. */
export async function commonFacts<Request extends JsonValue>(
	tools: Tools<Request>,
	startedAtMs: number,
): Promise<
	Pick<
		Manifest,
		| 'version'
		| 'id'
		| 'series'
		| 'startedAt'
		| 'finishedAt'
		| 'hostname'
		| 'machine'
		| 'environment'
		| 'project'
		| 'operator'
		| 'tool'
		| 'durationMs'
	>
> {
	const {look, plan} = tools;
	const {identity} = plan;
	const nowMs = look.io.clock.now();
	const {id, series} = placeOf(plan);
	return {
		version: 1,
		id,
		series,
		startedAt: new Date(startedAtMs).toISOString(),
		// A clock that was set back meanwhile must not make a backup that ended before it began.
		finishedAt: new Date(Math.max(nowMs, startedAtMs)).toISOString(),
		hostname: identity.hostname,
		machine: identity.machine,
		environment: identity.environment.name,
		...(identity.project !== undefined && {project: identity.project}),
		operator: await operatorOf(look),
		tool: version,
		durationMs: Math.max(0, nowMs - startedAtMs),
	};
}

const unsetLogin = '4294967295';

/** Who runs this, as far as this process can tell: from its user id, login id and (unverified) its environment. */
async function operatorOf({io}: Look): Promise<Operator> {
	const {environment} = io;
	const loginId = await io.files.readText('/proc/self/loginuid', 20).catch(() => '');
	const users = await io.files.readText('/etc/passwd').catch(() => '');
	const nameOf = (id: string | number) =>
		users
			.split('\n')
			.find(line => line.split(':')[2] === String(id))
			?.split(':')[0];
	const userId = io.host.userId();
	const login = loginId.trim() === unsetLogin ? undefined : nameOf(loginId.trim());
	const {SUDO_USER: sudoUser, SSH_CONNECTION: ssh} = environment;
	return {
		user: clean(nameOf(userId) ?? String(userId), 100),
		userId,
		...(login !== undefined && {login: clean(login, 100)}),
		...(sudoUser !== undefined && {sudoUser: clean(sudoUser, 100)}),
		...(ssh !== undefined && {ssh: clean(ssh.split(' ')[0] ?? '', 100)}),
		...((sudoUser !== undefined || ssh !== undefined) && {isUnverified: true}),
	};
}
