import {parseArgs} from 'node:util';
import {defaultProject, labDown, labFault, labStatus, labUp} from './lab-commands.ts';

const usage = `The test lab: a real Compose stack (nginx, app, worker, PostgreSQL, Redis), made and removed by one command.

  npm run lab up              bring it up (the first time makes its images)
  npm run lab status          what runs and where
  npm run lab fault NAME [on|off]
                              switch a fault of the app: slow, errors, crash, leak, memory, oom, log-storm,
                              unhealthy, lock, deadlock, slow-query, idle-transaction, redis-memory, cpu
  npm run lab down            remove its containers, network and volumes

Options (after --):
  --project NAME   the Compose project's name (${defaultProject})
  --install        install the Debian packages that are missing (root)`;

function parsed() {
	return parseArgs({
		allowPositionals: true,
		options: {
			project: {type: 'string', default: defaultProject},
			install: {type: 'boolean', default: false},
			help: {type: 'boolean', short: 'h', default: false},
		},
	});
}

async function perform(): Promise<string[] | undefined> {
	const {values, positionals} = parsed();
	const [command, ...rest] = positionals;
	if (values.help) return [usage];
	const progress = (line: string) => console.error(`- ${line}`);
	switch (command) {
		case 'up':
			return labUp(values.project, {install: values.install, progress});
		case 'down':
			return labDown(values.project);
		case 'status':
			return labStatus(values.project);
		case 'fault':
			return labFault(values.project, rest[0], rest[1]);
		case undefined:
		default:
			return undefined;
	}
}

try {
	const lines = await perform();
	if (lines) console.log(lines.join('\n'));
	else console.error(usage);
	process.exitCode = lines ? 0 : 64;
} catch (error) {
	console.error(error instanceof Error ? error.message : String(error));
	process.exitCode = 1;
}
