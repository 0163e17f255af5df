import type {IncomingMessage} from 'node:http';

import type {DockerAct, Feed} from './act.ts';
import {actProblem} from './act-problem.ts';
import {refusal} from './docker-failure.ts';
import {bodyOf, type DockerLink} from './docker-link.ts';
import {chunksOf} from './docker.ts';
import {cutTar, readTarMember, type TarMember} from './tar-member.ts';

type ContainerFile = Awaited<ReturnType<DockerAct['readFile']>>;

/** Opens one regular file of a container as a stream; links and everything else are refused. */
export async function readContainerFile(
	link: DockerLink,
	containerId: string,
	path: string,
	signal: AbortSignal,
): Promise<ContainerFile> {
	const refuse = (cause: string) =>
		actProblem('act-container-file', {path, container: containerId.slice(0, 12), cause});
	if (!path.startsWith('/') || path.includes('\0')) throw refuse('not an absolute path');
	const query = `path=${encodeURIComponent(path)}`;
	const answer = await link.exchange(signal, async api => {
		const place = `/v${api}/containers/${encodeURIComponent(containerId)}/archive?${query}`;
		const got = await link.get(place, 'stream', signal);
		if (got.statusCode !== 200) throw refusal(got.statusCode ?? 0, await bodyOf(got));
		return got;
	});
	let member: TarMember;
	try {
		member = await readTarMember(chunksOf(answer, link.address, signal));
	} catch (error) {
		answer.destroy();
		throw named(error, refuse);
	}

	if (member.kind !== 'file') {
		answer.destroy();
		throw refuse(`a ${member.kind}, not a regular file`);
	}

	return {bytes: member.bytes, content: contentOf(member, answer, refuse)};
}

async function* contentOf(
	member: TarMember,
	answer: IncomingMessage,
	refuse: (cause: string) => Error,
): Feed {
	try {
		yield* member.content;
	} catch (error) {
		throw named(error, refuse);
	} finally {
		answer.destroy();
	}
}

function named(error: unknown, refuse: (cause: string) => Error): unknown {
	return error instanceof Error && error.message === cutTar ? refuse(cutTar) : error;
}
