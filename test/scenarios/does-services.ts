import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {docker} from '../lab/docker.ts';
import {ensureBusybox} from '../lab/images.ts';
import type {DoPlay} from './do-play.ts';
import {until, type Ground} from './ground.ts';
import {
	madeAnew,
	ownServices,
	rewrite,
	runs,
	saysOf,
	startedAnew,
	upServices,
} from './own-services.ts';

const sleep = {command: ['sleep', '1000']};

async function idOf({lab}: Ground, service: string): Promise<string> {
	const all = ['ps', '--all', '--quiet', '--no-trunc'];
	const name = `label=com.docker.compose.service=${service}`;
	const project = `label=com.docker.compose.project=${lab.project}`;
	return docker([...all, '--filter', project, '--filter', name]);
}

async function isRestartedOften(ground: Ground, service: string): Promise<void> {
	await until(
		async () => Number(await ground.ask(service, '{{.RestartCount}}')) >= 3,
		`${service} to restart`,
	);
}

/** A network that the engine knows and the container is in. */
const isAttached = (network: string) => async (ground: Ground) => {
	const name = `${ground.lab.project}_${network}`;
	const id = await docker(['network', 'inspect', '--format', '{{.Id}}', name]).catch(() => '-');
	return (await ground.ask('search', '{{json .NetworkSettings.Networks}}')).includes(id);
};

const needsMode = (mode: string | undefined) => ({
	search: {
		command: [
			...['sh', '-c'],
			'[ -n "$$SEARCH_MODE" ] && exec sleep 1000; echo "ERROR SEARCH_MODE is not set"; exit 2',
		],
		restart: 'no',
		environment: mode === undefined ? {} : {SEARCH_MODE: mode},
	},
});

const startDoes: readonly DoPlay[] = [
	{
		wizard: 'service-will-not-start',
		node: 'network',
		about: 'search',
		async inject(ground) {
			await upServices(ground, {search: sleep}, 'lost');
			const id = await idOf(ground, 'search');
			await docker(['stop', '--time', '1', id]);
			await docker(['network', 'rm', `${ground.lab.project}_lost`]);
			await docker(['start', id]).catch(() => '');
		},
		proves: madeAnew('search', isAttached('lost')),
		ends: 'solved',
	},
	{
		wizard: 'service-will-not-start',
		node: 'needs',
		about: 'search',
		async inject(ground) {
			const environment = {INDEX_URL: 'http://index:9200'};
			const own = await ownServices(ground, {index: sleep, search: {...sleep, environment}});
			await own.compose(['up', '--no-start', '--no-build']);
		},
		proves: runs('index'),
		ends: 'solved',
	},
	{
		wizard: 'service-will-not-start',
		node: 'recreate',
		about: 'search',
		async inject(ground) {
			await upServices(ground, needsMode(undefined));
			const isOver = saysOf('search', '{{.State.Status}}', 'exited');
			await until(async () => isOver(ground), 'search to end');
		},
		atNode: async (ground, node) => {
			if (node === 'setting-named') await rewrite(ground, needsMode('fast'));
		},
		proves: madeAnew('search', saysOf('search', '{{.Config.Env}}', 'SEARCH_MODE=fast')),
		ends: 'solved',
	},
	{
		wizard: 'service-will-not-start',
		node: 'gone',
		about: 'worker',
		inject: async () => Promise.resolve(),
		// Only what was there once is known to be gone.
		injectLate: async ground => {
			await docker(['rm', '--force', await idOf(ground, 'worker')]);
		},
		proves: async ground => Promise.resolve(async () => (await idOf(ground, 'worker')) !== ''),
		ends: 'solved',
		spoils: ['worker'],
	},
	{
		wizard: 'service-will-not-start',
		node: 'start',
		about: 'search',
		async inject(ground) {
			await upServices(ground, {search: sleep});
			await docker(['stop', '--time', '1', await idOf(ground, 'search')]);
		},
		proves: startedAnew('search'),
		ends: 'solved',
	},
];

const web = {command: ['httpd', '-f', '-p', '8000', '-h', '/']};

const answerDoes: readonly DoPlay[] = [
	{
		wizard: 'service-does-not-answer',
		node: 'lost-network',
		about: 'search',
		async inject(ground) {
			await upServices(ground, {search: web});
			const network = `${ground.lab.project}_stack`;
			await docker(['network', 'disconnect', network, await idOf(ground, 'search')]);
		},
		proves: madeAnew('search', isAttached('stack')),
		ends: 'solved',
	},
	{
		wizard: 'service-does-not-answer',
		node: 'dependency',
		about: 'search',
		async inject(ground) {
			const environment = {INDEX_URL: 'http://index:9200'};
			await upServices(ground, {index: sleep, search: {...web, environment}});
			await docker(['stop', '--time', '1', await idOf(ground, 'index')]);
		},
		proves: startedAnew('index'),
		ends: 'solved',
	},
	{
		wizard: 'service-does-not-answer',
		node: 'restart',
		about: 'search',
		async inject(ground) {
			const test = ['CMD', 'test', '!', '-e', '/dev/shm/stuck'];
			const healthcheck = {test, interval: '1s', retries: 1};
			await upServices(ground, {search: {...web, healthcheck}});
			await docker(['exec', await idOf(ground, 'search'), 'touch', '/dev/shm/stuck']);
			const isSick = saysOf('search', '{{.State.Health.Status}}', 'unhealthy');
			await until(async () => isSick(ground), 'search to be unhealthy');
		},
		proves: startedAnew('search', async ground => {
			const health = await ground.ask('search', '{{.State.Health.Status}}');
			return health === 'healthy';
		}),
		ends: 'solved',
	},
	{
		wizard: 'service-does-not-answer',
		node: 'recreate',
		about: 'search',
		async inject(ground) {
			const environment = {INDEX_URL: 'http://indx:9200'};
			await upServices(ground, {index: sleep, search: {...web, environment}});
		},
		async atNode(ground, node) {
			const environment = {INDEX_URL: 'http://index:9200'};
			if (node === 'name') await rewrite(ground, {index: sleep, search: {...web, environment}});
		},
		proves: madeAnew('search', saysOf('search', '{{.Config.Env}}', 'http://index:9200')),
		ends: 'solved',
	},
];

const failing = {
	reports: {
		command: ['sh', '-c', 'echo "ERROR cannot render the report: index 7 is out of range"; exit 3'],
		restart: 'always',
	},
};

/** Where the file is that lets the reports run; mounted, so that it is outside of the container. */
function reportsFor(ground: Ground) {
	const source = join(ground.folder, 'templates');
	const script = '[ -s /templates ] && exec sleep 1000; echo "ERROR there is no template"; exit 3';
	return {
		reports: {
			command: ['sh', '-c', script],
			restart: 'always',
			volumes: [`${source}:/templates:ro`],
		},
	};
}

const crashDoes: readonly DoPlay[] = [
	{
		wizard: 'crash-loop',
		node: 'start-dependency',
		about: 'jobs',
		async inject(ground) {
			const {images, lab} = ground;
			const program =
				'import redis, time; redis.Redis(host="index", socket_timeout=2).ping(); time.sleep(1000)';
			await upServices(ground, {
				index: {
					image: images.redis,
					command: ['redis-server', '--save', '', '--protected-mode', 'no'],
				},
				jobs: {
					image: images.app,
					command: ['python3', '-c', program],
					restart: 'always',
					environment: {REDIS_HOST: 'index', PROJECT: lab.project},
				},
			});
			await docker(['stop', '--time', '1', await idOf(ground, 'index')]);
			await docker(['restart', '--time', '1', await idOf(ground, 'jobs')]);
			await isRestartedOften(ground, 'jobs');
		},
		proves: startedAnew('index', saysOf('jobs', '{{.State.Status}}', 'running')),
		waitsWhole: ['longer'],
		ends: 'solved',
	},
	{
		wizard: 'crash-loop',
		node: 'recreate',
		about: 'reports',
		async inject(ground) {
			await upServices(ground, failing);
			await isRestartedOften(ground, 'reports');
		},
		async atNode(ground, node) {
			if (node === 'code') await rewrite(ground, {reports: {...failing.reports, ...sleep}});
		},
		way: {'new-version': 1, choose: 0, 'not-yet': 'unknown'},
		proves: madeAnew('reports', saysOf('reports', '{{.RestartCount}}', '0')),
		ends: 'escalate',
	},
	{
		wizard: 'crash-loop',
		node: 'restart',
		about: 'reports',
		async inject(ground) {
			await writeFile(join(ground.folder, 'templates'), '');
			await upServices(ground, reportsFor(ground));
			await isRestartedOften(ground, 'reports');
		},
		async atNode(ground, node) {
			if (node === 'choose') await writeFile(join(ground.folder, 'templates'), 'all');
		},
		way: {'new-version': 1, choose: 1, 'not-yet': 'unknown'},
		proves: startedAnew('reports', saysOf('reports', '{{.RestartCount}}', '0')),
		ends: 'escalate',
	},
	{
		wizard: 'crash-loop',
		node: 'stop',
		about: 'reports',
		async inject(ground) {
			await upServices(ground, failing);
			await isRestartedOften(ground, 'reports');
		},
		way: {'new-version': 1, choose: 2},
		proves: async ground => {
			const isEnded = saysOf('reports', '{{.State.Status}}', 'exited');
			return Promise.resolve(async () => isEnded(ground));
		},
		ends: 'parked',
	},
];

/** Takes memory that a restart gives back: a file in the container's own memory. */
const greedy = (limit: string) => ({
	reports: {
		command: [
			...['sh', '-c'],
			'dd if=/dev/zero of=/dev/shm/pages bs=1M count=58 2>/dev/null; exec sleep 1000',
		],
		mem_limit: limit,
		memswap_limit: '256m',
		shm_size: '100m',
	},
});

async function isFilled(ground: Ground): Promise<void> {
	const id = await idOf(ground, 'reports');
	const size = ['exec', id, 'stat', '-c', '%s', '/dev/shm/pages'];
	await until(async () => Number(await docker(size)) >= 58 * 2 ** 20, 'the memory to fill');
}

const memoryDoes: readonly DoPlay[] = [
	{
		wizard: 'memory-pressure',
		node: 'start',
		about: 'reports',
		async inject(ground) {
			const image = await ensureBusybox();
			const script = '[ -e /done ] && exec sleep 1000; touch /done; exec tail /dev/zero';
			const limits = ['--memory', '16m', '--memory-swap', '16m'];
			await ground.service('reports', [...limits, image], ['sh', '-c', script]);
			const isOver = saysOf('reports', '{{.State.Status}}', 'exited');
			await until(async () => isOver(ground), 'reports to be killed');
		},
		way: {'new-version': 1},
		proves: startedAnew('reports'),
		// It runs again with the same limit: not mended.
		ends: 'not-fixed',
	},
	{
		wizard: 'memory-pressure',
		node: 'restart',
		about: 'reports',
		async inject(ground) {
			const command = ['sh', '-c', 'exec sleep 1000'];
			await upServices(ground, {reports: {...greedy('64m').reports, command}});
			const fill = ['dd', 'if=/dev/zero', 'of=/dev/shm/pages', 'bs=1M', 'count=58'];
			await docker(['exec', await idOf(ground, 'reports'), ...fill]);
		},
		proves: startedAnew('reports', async ground => {
			const id = await idOf(ground, 'reports');
			return (await docker(['exec', id, 'ls', '/dev/shm'])) === '';
		}),
		ends: 'freed',
	},
	{
		wizard: 'memory-pressure',
		node: 'recreate',
		about: 'reports',
		async inject(ground) {
			await upServices(ground, greedy('64m'));
			await isFilled(ground);
		},
		async atNode(ground, node) {
			if (node === 'raise') await rewrite(ground, greedy('256m'));
		},
		way: {near: 1},
		proves: madeAnew('reports', saysOf('reports', '{{.HostConfig.Memory}}', '268435456')),
		ends: 'solved',
	},
];

/** The `do` nodes of the wizards of one service. */
export const serviceDoes: readonly DoPlay[] = [
	...startDoes,
	...answerDoes,
	...crashDoes,
	...memoryDoes,
].map(play => ({...play, way: {'not-yet': 'unknown', ...play.way}}));
