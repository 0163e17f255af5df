import type {ActStream} from './act.ts';
import {actProblem} from './act-problem.ts';
import {refusalOf} from './docker-call.ts';
import type {Hijacked} from './docker-hijack.ts';
import {bodyOf} from './docker-link.ts';
import {cutStream, drain, feedInto} from './docker-pump.ts';
import type {Outputs} from './output-tail.ts';

/** Passes the streams of an exec or an attached container on, until the other side ends them or the signal fires. */
export async function passStreams(
	hijacked: Hijacked,
	place: {readonly containerId: string; readonly program: string},
	options: ActStream,
	outputs: Outputs,
): Promise<void> {
	const {signal} = options;
	const {input} = outputs;
	if (hijacked.kind === 'answer') {
		const {answer} = hijacked;
		if (answer.statusCode !== 200 || input) {
			throw await notRaw(answer, place);
		}
	}

	const [stream, head] =
		hijacked.kind === 'raw' ? [hijacked.socket, hijacked.head] : [hijacked.answer, Buffer.alloc(0)];
	const destroy = () => void stream.destroy();
	signal.addEventListener('abort', destroy, {once: true});
	try {
		signal.throwIfAborted();
		const reading = drain(stream, head, outputs);
		if (input && hijacked.kind === 'raw') {
			// Where the feed fails the program must not take what came so far for the whole.
			await Promise.all([reading, feedInto(hijacked.socket, input)]);
		} else {
			await reading;
		}

		signal.throwIfAborted();
	} catch (error) {
		signal.throwIfAborted();
		throw error instanceof Error && error.message === cutStream
			? actProblem('act-exec-stream', {
					program: place.program,
					container: place.containerId.slice(0, 12),
					cause: cutStream,
				})
			: error;
	} finally {
		signal.removeEventListener('abort', destroy);
		destroy();
	}
}

async function notRaw(
	answer: Extract<Hijacked, {kind: 'answer'}>['answer'],
	place: {readonly containerId: string; readonly program: string},
): Promise<Error> {
	const status = answer.statusCode ?? 0;
	if (status === 200) {
		answer.destroy();
		return actProblem('act-exec-stream', {
			program: place.program,
			container: place.containerId.slice(0, 12),
			cause: 'no upgrade',
		});
	}

	return refusalOf({status, json: await bodyOf(answer)});
}
