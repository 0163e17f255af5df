import {access} from 'node:fs/promises';
import {createInterface} from 'node:readline/promises';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {runInTerminal} from './docker.ts';
import {engineAnswers, LabError, missingPackages} from './engine.ts';
import {imagesThere} from './images.ts';
import {defaultProject, labDown, labExists, labUp} from './lab-commands.ts';

const consoleProgram = fileURLToPath(new URL('../../bin/opsconsole', import.meta.url));

/** What `npm run demo` is about to do to this machine, one line for each thing. */
async function plan(): Promise<string[]> {
	const missing = await missingPackages();
	const answers = await engineAnswers();
	const steps: string[] = [];
	if (missing && missing.length > 0)
		steps.push(`install the Debian packages ${missing.join(', ')} with apt-get`);
	if (!answers) steps.push('start a Docker engine (it keeps running afterwards)');
	if (!answers || !(await imagesThere()))
		steps.push(
			'make the images of the lab: pulled, or from Debian packages (about 300 MB, a minute)',
		);
	steps.push(
		`start the Compose project ${defaultProject}: nginx, app, worker, PostgreSQL, Redis, on ports of 127.0.0.1`,
	);
	return steps;
}

async function agree(question: string): Promise<boolean> {
	if (!process.stdin.isTTY)
		throw new LabError('There is no terminal to ask on; run: npm run demo -- --yes');
	const terminal = createInterface({input: process.stdin, output: process.stdout});
	try {
		const answer = await terminal.question(`${question} [y/N] `);
		return /^(y|yes|是)$/i.test(answer.trim());
	} finally {
		terminal.close();
	}
}

async function remove(yes: boolean, wasThere: boolean): Promise<void> {
	const wanted = yes ? !wasThere : await agree('Remove the lab again?');
	if (!wanted) {
		console.log('The lab stays. Remove it with: npm run lab down');
		return;
	}
	console.log((await labDown(defaultProject)).join('\n'));
}

async function demo(yes: boolean): Promise<number> {
	const there = await labExists(defaultProject);
	if (!there) {
		console.log('This makes a small real stack to watch. It will:');
		for (const step of await plan()) console.log(`- ${step}`);
		if (yes) console.log('The lab is removed without asking when you leave the console (--yes).');
		else if (!(await agree('Go on?'))) return 0;
	}
	const progress = (line: string) => console.log(`- ${line}`);
	console.log((await labUp(defaultProject, {install: true, progress})).join('\n'));
	console.log('While you watch, in another terminal: npm run lab fault errors on');
	await access(consoleProgram).catch(() => {
		throw new LabError(
			'The console is not built: bin/opsconsole is missing. The lab stays up; remove it with: npm run lab down',
		);
	});
	// ctrl-c belongs to the console; this process stays to offer the removal.
	process.on('SIGINT', () => undefined);
	const code = await runInTerminal(consoleProgram, []);
	await remove(yes, there);
	return code;
}

try {
	const {values} = parseArgs({options: {yes: {type: 'boolean', short: 'y', default: false}}});
	process.exitCode = await demo(values.yes);
} catch (error) {
	console.error(error instanceof Error ? error.message : String(error));
	process.exitCode = 1;
}
