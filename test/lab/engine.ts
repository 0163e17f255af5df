import {fileURLToPath} from 'node:url';
import {docker, linesOf, run} from './docker.ts';

const script = fileURLToPath(new URL('engine.sh', import.meta.url));

/** A reason why there is no lab, in one sentence that says what to do. */
export class LabError extends Error {
	override readonly name = 'LabError';
}

/** Whether a Docker engine answers at the place that DOCKER_HOST or the context names. */
export async function engineAnswers(): Promise<boolean> {
	try {
		await docker(['version', '--format', '{{.Server.Version}}'], {deadlineMs: 10_000});
		return true;
	} catch {
		return false;
	}
}

/** The Debian packages that the lab needs and that are not installed; undefined without dpkg. */
export async function missingPackages(): Promise<string[] | undefined> {
	try {
		await run('dpkg-query', ['--version']);
	} catch {
		return undefined;
	}
	return linesOf(await run('sh', [script, 'missing']));
}

/** Installs the lab's Debian packages that are missing. Needs root. */
export async function installPackages(): Promise<void> {
	await run('sh', [script, 'packages'], {deadlineMs: 600_000});
}

function isRoot(): boolean {
	return process.getuid?.() === 0;
}

/**
 * Promises an engine that answers and a Compose program. Starts an engine only where none runs, as root;
 * installs packages only where `install` says so. Otherwise fails with a `LabError`.
 */
export async function ensureEngine({install = false}: {install?: boolean} = {}): Promise<void> {
	const missing = (await missingPackages()) ?? [];
	const answers = await engineAnswers();
	if (install && isRoot() && missing.length > 0) {
		await installPackages();
	} else {
		const needed = missing.filter(name => !answers || name === 'docker-compose');
		if (needed.length > 0)
			throw new LabError(
				`The lab needs ${needed.join(', ')}; install them as root with: sh test/lab/engine.sh packages`,
			);
	}
	if (answers) return;
	if (process.env['DOCKER_HOST'] !== undefined)
		throw new LabError('No Docker engine answers at DOCKER_HOST; correct it or unset it.');
	if (!isRoot())
		throw new LabError(
			'No Docker engine answers, and only root may start one: start it, or join the group docker.',
		);
	await run('sh', [script, 'start']);
}
