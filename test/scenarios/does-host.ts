import {totalmem} from 'node:os';
import {ensureBusybox} from '../lab/images.ts';
import {docker} from '../lab/docker.ts';
import type {DoPlay} from './do-play.ts';
import {diskDoes} from './does-disk.ts';
import {stackDoes} from './does-stack.ts';
import {redisCacheDoes} from './does-redis-cache.ts';
import {until} from './ground.ts';
import {isBusy} from './host.ts';
import {startedAnew} from './own-services.ts';

const cpuDoes: readonly DoPlay[] = [
	{
		wizard: 'high-cpu',
		node: 'restart',
		async inject(ground) {
			const image = await ensureBusybox();
			const script = '[ -e /done ] && exec sleep 1000; touch /done; while :; do :; done';
			await ground.service('spinner', ['--cpu-shares', '200000', image], ['sh', '-c', script]);
			// Where much else runs it does not come by most of a core, and the play breaks off.
			await isBusy(Number(await ground.ask('spinner', '{{.State.Pid}}')));
		},
		way: {'service-ways': 2, 'not-yet': 1},
		proves: startedAnew('spinner', async ground => {
			const id = await ground.ask('spinner', '{{.Id}}');
			return (await docker(['top', id, '-o', 'pid,args'])).includes('sleep 1000');
		}),
		// What else runs on this machine decides whether it is calm afterwards.
		ends: ['solved', 'escalate'],
	},
	{
		wizard: 'high-cpu',
		node: 'memory-service',
		placed: {
			at: 'memory',
			why: 'nine tenths of the memory of this machine would have to be taken',
		},
		async inject(ground) {
			const bytes = Math.ceil(totalmem() * 0.23);
			const program = `import os, time
held = None if os.path.exists("/done") else bytearray(b"x") * ${bytes}
open("/done", "w").close()
time.sleep(1000)`;
			await ground.service('hoarder', ['--init', ground.images.app], ['python3', '-c', program]);
			const id = await ground.ask('hoarder', '{{.Id}}');
			await until(async () => (await docker(['diff', id])).includes('/done'), 'memory to be taken');
		},
		way: {'service-ways': 'unknown', 'not-yet': 1},
		proves: startedAnew('hoarder', async ground => {
			const id = await ground.ask('hoarder', '{{.Id}}');
			const text = await docker(['stats', '--no-stream', '--format', '{{.MemUsage}}', id]);
			return text.includes('MiB /');
		}),
		ends: ['solved', 'escalate'],
	},
];

/** The `do` nodes of the wizards of the host, the stack and the Redis cache. */
export const hostDoes: readonly DoPlay[] = [
	...stackDoes,
	...cpuDoes,
	...diskDoes,
	...redisCacheDoes,
];
