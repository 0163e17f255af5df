import {connect} from 'node:net';

import type {Tcp} from './io.ts';

const refusedCodes: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET']);

/** TCP connections that are only opened and closed again; nothing is sent. */
export function createTcp(): Tcp {
	return {
		knock: ({host, port}, signal) =>
			new Promise((resolve, reject) => {
				signal.throwIfAborted();
				const socket = connect({host, port});
				const end = (settle: () => void) => {
					signal.removeEventListener('abort', abort);
					socket.destroy();
					settle();
				};
				const abort = () => end(() => reject(signal.reason as Error));
				signal.addEventListener('abort', abort, {once: true});
				socket.once('connect', () => end(() => resolve('open')));
				socket.once('error', (error: NodeJS.ErrnoException) =>
					end(() => resolve(refusedCodes.has(error.code ?? '') ? 'refused' : 'unreachable')),
				);
			}),
	};
}
