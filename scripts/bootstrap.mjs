// Runs before `npm start` and `npm test`: installs and builds what is missing or out of date, and nothing else.
// Plain Node 20 without packages, because on a fresh machine there are none yet.
import {spawnSync} from 'node:child_process';
import {existsSync, lstatSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {contentSign, fileSign, listInputs, quickSign, readStamp, writeStamp} from './inputs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'node_modules');
const ownNode = join(folder, '.bin', 'node');
const lockPath = join(root, 'package-lock.json');
const installedPath = join(folder, '.package-lock.json');
const installStampPath = join(root, '.cache', 'install.json');
const buildStampPath = join(root, 'dist', 'stamp.json');

install();
build();

/** Installs the locked packages unless exactly they are there. */
function install() {
	const signs = () => ({lock: fileSign(lockPath), installed: fileSign(installedPath)});
	const stamp = readStamp(installStampPath);
	const now = signs();
	if (now.installed !== '' && stamp.lock === now.lock && stamp.installed === now.installed) return;
	if (!isInstalled()) {
		if (lstatSync(folder, {throwIfNoEntry: false})?.isSymbolicLink()) {
			// Somebody else's folder is not replaced; what is really missing the build will name.
			say(
				'node_modules is a link to packages that differ from package-lock.json; going on with them.',
			);
			return;
		}
		say('installing packages (once) …');
		runNpm(['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--loglevel=error']);
		dropUnusableNode();
	}
	writeStamp(installStampPath, signs());
}

/** Whether npm's own record of node_modules names every package of the lock file in its version. */
function isInstalled() {
	if (!existsSync(installedPath)) return false;
	const wanted = readStamp(lockPath).packages ?? {};
	const present = readStamp(installedPath).packages ?? {};
	return Object.entries(wanted).every(([path, entry]) => {
		if (path === '') return true;
		const found = present[path];
		return found === undefined ? entry.optional === true : found.version === entry.version;
	});
}

/** Runs npm quietly. Settings of an outer `npm install -g` must not leak into it. */
function runNpm(args) {
	const environment = Object.fromEntries(
		Object.entries(process.env).filter(
			([name]) =>
				!/^npm_config_(global|location|prefix|local_prefix|dry_run|omit|package_lock_only)$/i.test(
					name,
				),
		),
	);
	delete environment.NODE_ENV;
	const npm = process.env.npm_execpath;
	const [command, first] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
	const result = spawnSync(command, [...first, ...args], {
		cwd: root,
		env: environment,
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	if (result.status !== 0)
		fail(
			`npm ${args[0]} failed (${result.error?.message ?? `exit ${result.status ?? result.signal}`}); nothing was started.`,
		);
}

/** The Node that npm brings is built for glibc; where it does not run, the machine's own Node must do. */
function dropUnusableNode() {
	if (!existsSync(ownNode)) return;
	if (spawnSync(ownNode, ['--version'], {stdio: 'ignore'}).status === 0) return;
	rmSync(ownNode);
	say('the Node that npm brings does not run here; using this machine’s own.');
}

/** Builds unless the bundle was made from exactly these files. */
function build() {
	const files = listInputs(root);
	const quick = quickSign(files);
	const stamp = readStamp(buildStampPath);
	const isThere = existsSync(join(root, 'dist', 'main.js'));
	if (isThere && stamp.quick === quick) return;
	if (isThere && stamp.content === contentSign(root, files)) {
		writeStamp(buildStampPath, {...stamp, quick});
		return;
	}
	say('building …');
	const node = existsSync(ownNode) ? ownNode : process.execPath;
	const result = spawnSync(node, [join(root, 'scripts', 'build.mjs')], {
		cwd: root,
		stdio: 'inherit',
	});
	if (result.status !== 0) fail('the build failed; nothing was started.');
}

function say(text) {
	// On standard error, so that `npm --silent start -- status --json` stays clean JSON.
	process.stderr.write(`opsconsole: ${text}\n`);
}

function fail(text) {
	say(text);
	process.exit(1);
}
