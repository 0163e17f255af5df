import {existsSync, lstatSync, mkdirSync} from 'node:fs';
// The default export, because a Node too old for `enableCompileCache` must still get as far as finding its replacement.
import nodeModule from 'node:module';
import {constants, homedir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** The oldest Node whose features the program uses. */
const neededMajor = 22;

/** As in bin/opsconsole. */
const nodeOptions = [
	'--min-semi-space-size=8',
	'--max-semi-space-size=8',
	'--no-opt',
	'--v8-pool-size=1',
] as const;

/** Exit status for "a service that is needed is unavailable" (sysexits). */
const unavailableStatus = 69;

const argv = process.argv.slice(2);

if (Number.parseInt(process.versions.node, 10) >= neededMajor) {
	keepCompiledCode();
	const {run} = await import('./cli.ts');
	process.exit(await run(argv));
} else {
	await rerunWithOwnNode();
}

/**
 * Lets Node keep compiled code between starts (10 to 15 ms), only in a folder of this user that nobody else can write:
 * code that is read back from a shared folder would be somebody else's code. Skipped silently where that is not possible.
 */
function keepCompiledCode(): void {
	try {
		const base = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
		const folder = join(base, 'opsconsole', 'compiled');
		mkdirSync(folder, {recursive: true, mode: 0o700});
		if ([join(base, 'opsconsole'), folder].every(isPrivate)) nodeModule.enableCompileCache(folder);
	} catch {
		// A start without the cache is only a little slower.
	}
}

/** Whether a folder is this user's own, is not a link, and is not writable for others. */
function isPrivate(folder: string): boolean {
	const stat = lstatSync(folder);
	return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0;
}

/** Runs the program again with the Node that npm brought; says what is needed where there is none. */
async function rerunWithOwnNode(): Promise<void> {
	const node = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
	const isSecondTry = process.env['OPSCONSOLE_RERUN'] === '1';
	if (isSecondTry || !existsSync(node)) {
		sayWhatIsNeeded();
		return;
	}
	const {spawn} = await import('node:child_process');
	const child = spawn(node, [...nodeOptions, fileURLToPath(import.meta.url), ...argv], {
		stdio: 'inherit',
		env: {...process.env, OPSCONSOLE_RERUN: '1'},
	});
	const passOn = (signal: NodeJS.Signals): void => {
		child.kill(signal);
	};
	const signals = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const;
	for (const signal of signals) process.on(signal, passOn);
	child.on('error', sayWhatIsNeeded);
	child.on('exit', (code, signal) => {
		// The status a shell would give: whoever waits for this process learns how the program ended.
		process.exitCode = signal === null ? (code ?? 1) : 128 + constants.signals[signal];
	});
}

function sayWhatIsNeeded(): void {
	process.stderr.write(
		`opsconsole: needs Node ${String(neededMajor)} or newer, this is ${process.versions.node}; run npm start in its folder, it brings one.\n`,
	);
	process.exitCode = unavailableStatus;
}
