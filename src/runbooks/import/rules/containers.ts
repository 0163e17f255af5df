import type {Call, Simple} from '../simple.ts';
import {dockerWords, has, hasShort, plainWords, safe, type DangerRule} from '../rule.ts';

const verbs = (wanted: RegExp, isCompose?: boolean) => (call: Call) => {
	const docker = dockerWords(call);
	if (!docker || (isCompose !== undefined && docker.isCompose !== isCompose)) return false;
	return wanted.test([docker.verb, ...docker.rest].join(' '));
};

/** The words of `docker run` or `docker exec`, also where a program inside is the call. */
function runWords(call: Simple): readonly string[] {
	const docker = dockerWords(call);
	if (docker && /^(?:run|create|exec)$/.test(docker.verb)) return docker.rest;
	return (
		call.via.find(({program}) => /^(?:docker|podman|compose) (?:run|exec)$/.test(program))?.words ??
		[]
	);
}

const isService = (call: Call, front: string): boolean =>
	call.via.some(({program}) => program === front);

/** Commands for containers and deployments. */
export const containerRules: readonly DangerRule[] = [
	{
		id: 'prune-system',
		instead: [safe.images, safe.buildCache, safe.oldLogs],
		call: verbs(/^system\sprune\b/, false),
	},
	{id: 'prune-containers', instead: [safe.images], call: verbs(/^container prune\b/, false)},
	{id: 'prune-volumes', instead: [safe.images], call: verbs(/^volumes? prune\b/, false)},
	{
		id: 'prune-images',
		instead: [safe.images],
		call: verbs(/^(?:image prune|rmi|image rm)\b/, false),
	},
	{
		id: 'volume-removed',
		instead: [safe.backupAll],
		call: verbs(/^volumes? (?:rm|remove)\b/, false),
	},
	{
		id: 'down-volumes',
		instead: [safe.restartAll],
		call: verbs(/^(?:down\b.*\s(?:-v|--volumes)\b|rm\b.*\s-[a-z]*v)/, true),
	},
	{
		id: 'compose-down',
		instead: [safe.recreate, safe.stop, safe.restartAll],
		call: call => {
			const docker = dockerWords(call);
			return (
				docker?.isCompose === true && docker.verb === 'down' && !has(docker.rest, '-v', '--volumes')
			);
		},
	},
	{
		id: 'restart-everything',
		instead: [safe.restartAll],
		call: call => {
			const docker = dockerWords(call);
			return (
				docker?.isCompose === true &&
				docker.verb === 'restart' &&
				plainWords(docker.rest).length === 0
			);
		},
	},
	{
		id: 'restart-service',
		instead: [safe.restart, safe.recreate],
		call: call => {
			const docker = dockerWords(call);
			return docker?.verb === 'restart' && plainWords(docker.rest).length > 0;
		},
	},
	{id: 'stop-service', instead: [safe.stop], call: verbs(/^stop\b/)},
	{id: 'kill-service', instead: [safe.stop, safe.kill], call: verbs(/^kill\b/)},
	{
		id: 'up-attached',
		instead: [safe.start, safe.recreate],
		call: call => {
			const docker = dockerWords(call);
			if (docker?.isCompose !== true || docker.verb !== 'up') return false;
			return !hasShort(docker.rest, 'd') && !has(docker.rest, '--detach', '--wait');
		},
	},
	{
		id: 'scale-compose',
		instead: [safe.scale],
		call: verbs(/^(?:up\b.*--scale|scale\b)/, true),
	},
	{
		id: 'build-in-outage',
		instead: [safe.recreate],
		call: call => {
			const docker = dockerWords(call);
			return (
				docker?.isCompose === true &&
				docker.verb === 'up' &&
				has(docker.rest, '--build', '--no-deps', '--force-recreate')
			);
		},
	},
	{
		id: 'latest-image',
		instead: [safe.recreate],
		call: verbs(/^build\b.*(?:-t|--tag)[ =]\S*:latest\b/, false),
	},
	{
		id: 'migrate-in-old-container',
		instead: [safe.backupDatabase],
		call: call => {
			const text = [call.program, ...call.words].join(' ');
			return (
				/\b(?:alembic upgrade|manage\.py migrate|migrate_db\S* upgrade|flask db upgrade|prisma migrate|db:migrate|flyway migrate|knex migrate)\b/.test(
					text,
				) && !isService(call, 'compose run')
			);
		},
	},
	{
		id: 'exec-terminal',
		call: (call, {script}) =>
			script.isScript &&
			call.via.some(({program, words}) => program === 'compose exec' && !hasShort(words, 'T')),
	},
	{
		id: 'exec-shell',
		call: call =>
			/^(?:ba|da|z|a)?sh$/.test(call.program) &&
			call.via.some(({program}) => /^(?:compose|docker|podman|kubectl) exec$/.test(program)),
	},
	{
		id: 'any-container',
		call: call => {
			const docker = dockerWords(call);
			return (
				docker?.verb === 'ps' && hasShort(docker.rest, 'q') && plainWords(docker.rest).length === 0
			);
		},
	},
	{
		id: 'docker-socket',
		call: call => runWords(call).some(word => word.includes('docker.sock')),
	},
	{
		id: 'privileged',
		call: call => runWords(call).some(word => word.startsWith('--privileg')),
	},
	{
		id: 'volume-by-name',
		instead: [safe.restoreRedis, safe.restoreFiles],
		call: call => runWords(call).some(word => /^[A-Za-z][\w.-]*:\/\S/.test(word)),
	},
	{
		id: 'fixed-container-name',
		call: call => {
			const docker = dockerWords(call);
			const isCopy = docker?.verb === 'cp' && docker.rest.some(word => /^[\w-]+:\//.test(word));
			return (
				isCopy ||
				call.via.some(
					({program, words}) => program === 'docker exec' && !(words.at(-1) ?? '').includes('$'),
				)
			);
		},
	},
	{
		id: 'logs-unbounded',
		call: call => {
			const docker = dockerWords(call);
			if (docker?.verb !== 'logs') return false;
			return !docker.rest.some(word => /^(?:-n\d*|--tail\b|--since\b)/.test(word));
		},
	},
	{
		id: 'kubernetes-removed',
		call: ({program, words}) =>
			/^(?:kubectl|oc|helm)$/.test(program) && has(words, 'delete', 'uninstall'),
	},
];
