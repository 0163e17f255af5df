import {docker} from '../lab/docker.ts';
import type {DoPlay, Proof} from './do-play.ts';
import type {Ground} from './ground.ts';
import {saysOf} from './own-services.ts';

type Holds = (ground: Ground) => Promise<boolean>;

async function pause(ground: Ground, service: 'app' | 'db' | 'redis'): Promise<void> {
	const id = await ground.lab.containerId(service);
	ground.undo(async () => docker(['unpause', id]).catch(() => ''));
	await docker(['pause', id]);
}

/** The engine says that the same run of the same container goes on, and `also` holds. */
const goesOn =
	(service: string, also: Holds): Proof =>
	async ground => {
		const run = await ground.ask(service, '{{.Id}} {{.State.StartedAt}}');
		const isSame = saysOf(
			service,
			'{{.Id}} {{.State.StartedAt}} {{.State.Status}}',
			`${run} running`,
		);
		return async () => (await isSame(ground)) && (await also(ground));
	};

const answers = (path: string) => async (ground: Ground) =>
	(await ground.visit(path)).status === 200;

/** The `do` nodes that let a paused container go on. */
export const pausedDoes: readonly DoPlay[] = [
	{
		wizard: 'service-does-not-answer',
		node: 'unpause',
		about: 'app',
		inject: async ground => pause(ground, 'app'),
		way: {'not-yet': 'unknown'},
		proves: goesOn('app', answers('/health')),
		ends: 'solved',
	},
	{
		wizard: 'frontend-cannot-reach-backend',
		node: 'paused',
		async inject(ground) {
			await pause(ground, 'app');
			await Promise.all(Array.from({length: 4}, async () => ground.visit('/health')));
		},
		way: {confirm: 0, 'not-yet': 'unknown'},
		proves: goesOn('app', answers('/health')),
		ends: 'solved',
	},
	{
		wizard: 'database-unreachable',
		node: 'paused',
		about: 'db',
		inject: async () => Promise.resolve(),
		// A server that does not answer is not found.
		injectLate: async ground => pause(ground, 'db'),
		proves: goesOn('db', answers('/users/count')),
		ends: 'solved-paused',
		spoils: ['app', 'worker', 'nginx'],
	},
	{
		wizard: 'redis-cache-trouble',
		node: 'paused',
		about: 'redis',
		inject: async () => Promise.resolve(),
		injectLate: async ground => pause(ground, 'redis'),
		proves: goesOn('redis', async ground => (await ground.redis().dbsize()) >= 0),
		ends: 'solved-paused',
		spoils: ['app', 'worker', 'nginx'],
	},
];
