import {operationLabel} from '../domain/container-facts.ts';
import type {Sidecar} from '../domain/plan.ts';
import {ProblemError} from '../domain/problem.ts';
import {listOf, numberOf, objectOf, textOf} from '../domain/unknown.ts';
import type {ActStream, EngineAnswer, SidecarResult} from './act.ts';
import {actProblem, unlessAborted} from './act-problem.ts';
import {call, expectCall, messageOf} from './docker-call.ts';
import {dockerFailure} from './docker-failure.ts';
import {hijack} from './docker-hijack.ts';
import type {DockerLink} from './docker-link.ts';
import {passStreams} from './docker-streams.ts';
import {createOutputs, type Outputs} from './output-tail.ts';
import {pause} from './pause.ts';
import {sidecarBody} from './sidecar-body.ts';

type Ordered = Sidecar & {readonly operation: string};
/** A sidecar that was created. */
type Created = {readonly id: string; readonly name: string; readonly argv: Sidecar['argv']};

/** How long creating and removing may take, also after the caller's signal fired, in ms. */
const createMs = 60_000;
const removeMs = 60_000;

/** Runs a sidecar to its end and removes it, whatever happens; or starts a background one and leaves it running. */
export async function runSidecar(
	link: DockerLink,
	sidecar: Ordered,
	options: ActStream,
): Promise<SidecarResult> {
	const {signal} = options;
	signal.throwIfAborted();
	const outputs = createOutputs(options);
	const created = await create(link, sidecar, options.input !== undefined);
	let result: SidecarResult;
	try {
		signal.throwIfAborted();
		result = sidecar.isBackground
			? await startOnly(link, created, signal)
			: await runToEnd(link, created, options, outputs);
	} catch (error) {
		// What failed first says more; what cannot be removed now is found again by its label.
		await remove(link, created).catch(() => undefined);
		throw outputs.failure() ?? dockerFailure(error, link.address, signal);
	}

	if (!sidecar.isBackground) await remove(link, created);
	return result;
}

/** Creates the container. Not ended by a signal, since a request that is broken off may have been carried out. */
async function create(link: DockerLink, sidecar: Ordered, hasInput: boolean): Promise<Created> {
	const {operation, argv} = sidecar;
	const name = `opsconsole-${operation}-${sidecar.name}`;
	const signal = AbortSignal.timeout(createMs);
	const labels = {[operationLabel]: operation};
	const body = sidecarBody(sidecar, labels, hasInput);
	let answer: EngineAnswer;
	try {
		const path = `/containers/create?name=${encodeURIComponent(name)}`;
		answer = await call(link, 'POST', path, {body, signal});
	} catch (error) {
		await removeWhere(link, operation, name).catch(() => undefined);
		throw error;
	}

	const cause = messageOf(answer.json);
	switch (answer.status) {
		case 201:
			return {id: textOf(objectOf(answer.json)['Id']), name, argv};
		case 404:
			// Also a network or volume may be what is not there.
			if (!/image/i.test(cause)) throw actProblem('act-sidecar-start', {name, cause});
			throw actProblem('act-image-missing', {image: sidecar.image, cause});
		case 409:
			throw actProblem('act-sidecar-exists', {name, cause});
		default:
			throw actProblem('act-sidecar-start', {name, cause});
	}
}

async function start(link: DockerLink, created: Created, signal: AbortSignal): Promise<void> {
	const answer = await call(link, 'POST', `/containers/${created.id}/start`, {signal});
	if (answer.status !== 204) {
		const cause = messageOf(answer.json);
		throw actProblem('act-sidecar-start', {name: created.name, cause});
	}
}

async function startOnly(
	link: DockerLink,
	created: Created,
	signal: AbortSignal,
): Promise<SidecarResult> {
	await start(link, created, signal);
	return {containerId: created.id, wasOutOfMemory: false, exitCode: 0, stdout: '', stderr: ''};
}

/** Attaches before the start, so that no output is lost, whatever the engine does with logs. */
async function runToEnd(
	link: DockerLink,
	created: Created,
	options: ActStream,
	outputs: Outputs,
): Promise<SidecarResult> {
	const {signal, input} = options;
	const {id, argv} = created;
	const query = `stream=1&stdout=1&stderr=1${input ? '&stdin=1' : ''}`;
	const hijacked = await link.exchange(signal, api =>
		unlessAborted(
			hijack(link, `/v${api}/containers/${id}/attach?${query}`, undefined, signal),
			signal,
		),
	);
	const place = {containerId: id, program: argv[0]};
	const following = passStreams(hijacked, place, options, outputs);
	following.catch(() => undefined);
	await start(link, created, signal);
	await following;
	await expectCall(link, ['POST', `/containers/${id}/wait`, 200], {signal});
	const {json} = await expectCall(link, ['GET', `/containers/${id}/json`, 200], {signal});
	const state = objectOf(objectOf(json)['State']);
	const exitCode = numberOf(state['ExitCode']);
	if (state['Running'] === true || exitCode === undefined) {
		const cause = `no exit code, ${textOf(state['Status'])}`;
		throw actProblem('act-sidecar-start', {name: created.name, cause});
	}

	const wasOutOfMemory = state['OOMKilled'] === true;
	return {containerId: id, wasOutOfMemory, exitCode, ...outputs.texts()};
}

/** Removes a container with its programs and nameless volumes; gone already is right. Waits until it is gone. */
async function remove(
	link: DockerLink,
	{id, name}: Pick<Created, 'id' | 'name'>,
	outer?: AbortSignal,
): Promise<boolean> {
	const limit = AbortSignal.timeout(removeMs);
	const signal = outer ? AbortSignal.any([outer, limit]) : limit;
	const path = `/containers/${encodeURIComponent(id)}?force=1&v=1`;
	try {
		for (let wasAsked = false; ; wasAsked = true) {
			const answer = await call(link, 'DELETE', path, {signal});
			if (answer.status === 204) return true;
			if (answer.status === 404) return wasAsked;
			// Somebody else removes it just now: that must have ended before it counts as gone.
			const cause = messageOf(answer.json);
			if (answer.status !== 409 || !/in progress/.test(cause)) {
				throw actProblem('act-sidecar-left', {name, cause});
			}

			await pause(50, signal);
		}
	} catch (error) {
		if (outer?.aborted === true) throw outer.reason;
		if (error instanceof ProblemError && error.problem.code === 'docker-refused') {
			const {cause = ''} = error.problem.params;
			throw actProblem('act-sidecar-left', {name, cause});
		}

		if (!limit.aborted) throw error;
		throw actProblem('act-sidecar-left', {name, cause: 'the engine does not end it'});
	}
}

/** Removes the sidecars of an operation, or only the one of a name; resolves with how many there were. */
export async function removeWhere(
	link: DockerLink,
	operation: string,
	onlyName?: string,
	signal?: AbortSignal,
): Promise<number> {
	if (operation === '') return 0;
	const filters = {label: [`${operationLabel}=${operation}`]};
	const path = `/containers/json?all=1&filters=${encodeURIComponent(JSON.stringify(filters))}`;
	const limit = signal ?? AbortSignal.timeout(removeMs);
	const {json} = await expectCall(link, ['GET', path, 200], {signal: limit});
	let count = 0;
	const failures: unknown[] = [];
	for (const one of listOf(json).map(objectOf)) {
		const name = textOf(listOf(one['Names'])[0]).replace(/^\//, '');
		// The engine's filter is not trusted alone where something is removed by force.
		const isOurs = objectOf(one['Labels'])[operationLabel] === operation;
		if (!isOurs || (onlyName !== undefined && name !== onlyName)) continue;
		try {
			if (await remove(link, {id: textOf(one['Id']), name}, signal)) count += 1;
		} catch (error) {
			// One that stays does not keep the others.
			failures.push(error);
		}
	}

	for (const failure of failures) throw failure;

	return count;
}
