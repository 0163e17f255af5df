import type {IncomingMessage} from 'node:http';
import type {PeerCertificate, TLSSocket} from 'node:tls';
import {clean} from '../domain/clean.ts';
import {codeOf} from './http-parts.ts';
import type {HttpAnswer} from './io.ts';

/** What the server's certificate says, and whether this machine trusts it for the name of the address. */
export function certificateOf({socket}: IncomingMessage): HttpAnswer['certificate'] {
	if (!isTls(socket)) return undefined;
	const certificate = socket.getPeerCertificate(true);
	const validToMs = Date.parse(certificate.valid_to);
	if (Number.isNaN(validToMs)) return undefined;
	return {
		validToMs,
		subject: nameOf(certificate.subject, ['CN']),
		issuer: nameOf(certificate.issuer, ['O', 'CN']),
		above: above(certificate),
		isTrusted: socket.authorized,
		...(socket.authorized ? {} : {trustError: trustErrorOf(socket)}),
	};
}

/** Parts of a distinguished name, the first value of each. */
function nameOf(
	name: PeerCertificate['subject'] | undefined,
	parts: readonly ('CN' | 'O')[],
): string {
	const said = parts.map(part => [name?.[part] ?? ''].flat()[0] ?? '');
	return clean(said.filter(Boolean).join(', '), 200);
}

/** A chain is never longer than this; one that goes in circles ends here. */
const maxChain = 10;

/** As Node gives it: without an issuer where the chain breaks off, although its own type says otherwise. */
type Linked = PeerCertificate & {readonly issuerCertificate?: Linked};

function above(certificate: Linked) {
	const found: {readonly subject: string; readonly validToMs: number}[] = [];
	let here = certificate;
	while (found.length < maxChain) {
		const next = here.issuerCertificate;
		// The root is its own issuer.
		if (next === undefined || next.fingerprint256 === here.fingerprint256) break;
		found.push({subject: nameOf(next.subject, ['CN', 'O']), validToMs: Date.parse(next.valid_to)});
		here = next;
	}

	return found.filter(({validToMs}) => !Number.isNaN(validToMs));
}

function isTls(socket: object): socket is TLSSocket {
	return 'getPeerCertificate' in socket;
}

/** Node gives a code for most failures, and an Error for a name that does not fit. */
function trustErrorOf(socket: TLSSocket): string {
	const reason: unknown = socket.authorizationError;
	return clean(codeOf(reason) ?? String(reason), 100);
}
