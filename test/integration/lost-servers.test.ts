import {randomBytes} from 'node:crypto';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {loadRunbooks} from '../../config/load-runbooks.ts';
import {diagnose} from '../../src/engine/diagnose.ts';
import type {Eyes} from '../../src/engine/eyes.ts';
import {withEyes} from '../../src/headless-eyes.ts';
import {createIo} from '../../src/io/create-io.ts';
import {scopesOf} from '../../src/runbooks/scopes.ts';
import {stateFolders} from '../../src/work/state-folders.ts';
import {docker} from '../lab/docker.ts';
import {ensureImages} from '../lab/images.ts';
import {label, runId} from '../lab/run-id.ts';
import {prepareEngine} from '../support/prepare-engine.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {settingsOf} from '../support/settings.ts';
import {waitFor} from '../support/wait.ts';

const engine = await requireComponent('docker', prepareEngine);
const never = new AbortController().signal;

/** A Redis of a Compose project of its own that was never started; removed with the test. */
async function createRedis(project: string): Promise<string> {
	const {redis: image} = await ensureImages();
	const id = await docker([
		...['create', '--label', `${label}=${runId()}`, '--network', 'bridge'],
		...['--label', `com.docker.compose.project=${project}`],
		...['--label', 'com.docker.compose.service=cache'],
		...['--label', 'com.docker.compose.container-number=1'],
		...[image, 'redis-server', '--requirepass', 'for-this-test'],
	]);
	onTestFinished(async () => {
		await docker(['rm', '--force', '--volumes', id]);
	});
	return id;
}

/** Looks at the server again and again until it is seen so. */
async function untilSeen(eyes: Eyes, what: {answers: boolean; failure: string}): Promise<void> {
	const [scope] = scopesOf('redis', eyes.here());
	if (scope === undefined) throw new Error('the server is no subject');
	await waitFor(
		async () => {
			const [evidence] = await eyes.look(['redis.server'], scope, never);
			const {answers, failure} = evidence?.values ?? {};
			return (answers === what.answers && failure === what.failure) || undefined;
		},
		{deadlineMs: 20_000, everyMs: 50, what: `Redis to be seen ${JSON.stringify(what)}`},
	);
}

describe.skipIf(engine.missing !== undefined)(titleWith(engine, 'a server that is lost'), () => {
	test('before anybody looked is what is wrong; started, cut off and put back it is seen at once', async () => {
		const project = `opsct-${randomBytes(4).toString('hex')}`;
		const id = await createRedis(project);
		const root = await mkdtemp(join(tmpdir(), 'opsconsole-lost-'));
		onTestFinished(async () => rm(root, {recursive: true, force: true}));
		const {runbooks} = await loadRunbooks([`${import.meta.dirname}/../../config/runbooks`]);
		const io = createIo();
		const settings = settingsOf({docker: {isEnabled: true, projects: [project]}});
		const folders = stateFolders({environment: {OPSCONSOLE_STATE: root}, userId: 0});
		await withEyes({io, settings, folders}, async eyes => {
			const asked = [runbooks['redis-cache-trouble'], runbooks['service-will-not-start']];
			const {findings} = await diagnose(
				asked.flatMap(one => one ?? []),
				eyes,
				io.clock,
				never,
			);
			expect(findings[0]).toMatchObject({
				cause: {id: 'redis-stopped'},
				subject: `${project}/cache`,
				scope: {container: `${project}/cache/1`, project},
			});
			await docker(['start', id]);
			await untilSeen(eyes, {answers: true, failure: 'none'});
			await docker(['network', 'disconnect', 'bridge', id]);
			await untilSeen(eyes, {answers: false, failure: 'unreachable'});
			await docker(['network', 'connect', 'bridge', id]);
			await untilSeen(eyes, {answers: true, failure: 'none'});
		});
	});
});
