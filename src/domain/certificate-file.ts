/** What a certificate file says: X.509, RFC 5280. */
export type CertificateFile = {
	readonly notAfterMs: number;
	/** The certificate's own bytes as text, one byte a character, to look for names in. */
	readonly text: string;
};

const begin = '-----BEGIN CERTIFICATE-----';
const end = '-----END CERTIFICATE-----';

function fromBase64(text: string): Uint8Array | undefined {
	try {
		return Uint8Array.from(atob(text.replace(/\s/g, '')), character => character.charCodeAt(0));
	} catch {
		return undefined;
	}
}

type Item = {readonly tag: number; readonly start: number; readonly end: number};

/** One element of DER at an offset; undefined where it does not fit into the bytes. */
function itemAt(bytes: Uint8Array, at: number): Item | undefined {
	const tag = bytes[at];
	let length = bytes[at + 1];
	if (tag === undefined || length === undefined) return undefined;
	let start = at + 2;
	if (length >= 0x80) {
		const count = length - 0x80;
		if (count === 0 || count > 4) return undefined;
		length = 0;
		for (let index = 0; index < count; index++) length = length * 256 + (bytes[start + index] ?? 0);
		start += count;
	}

	return start + length > bytes.length ? undefined : {tag, start, end: start + length};
}

/** UTCTime (two digits of the year, 50 and more are of the last century) or GeneralizedTime. */
function timeIn(text: string, tag: number): number | undefined {
	const digits = tag === 0x17 ? 2 : 4;
	const match = new RegExp(
		`^(\\d{${String(digits)}})(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)Z$`,
	).exec(text);
	if (match === null) return undefined;
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
		.slice(1)
		.map(Number);
	const full = digits === 4 ? year : year + (year < 50 ? 2000 : 1900);
	return Date.UTC(full, month - 1, day, hour, minute, second);
}

/** The end of validity: certificate, tbsCertificate, then its fields up to `validity`. */
function notAfterOf(bytes: Uint8Array, text: string): number | undefined {
	const whole = itemAt(bytes, 0);
	const body = whole && itemAt(bytes, whole.start);
	let at = body?.start;
	const next = (): Item | undefined => {
		const item = at === undefined ? undefined : itemAt(bytes, at);
		at = item?.end;
		return item;
	};
	const first = next();
	// The version is absent in the oldest ones; then the serial number is first.
	if (first?.tag === 0xa0) next();
	next();
	next();
	const validity = next();
	const from = validity && itemAt(bytes, validity.start);
	const until = from && itemAt(bytes, from.end);
	return until && timeIn(text.slice(until.start, until.end), until.tag);
}

/** The first certificate of a PEM file, which is the server's own; undefined where there is none to be read. */
export function certificateOfPem(pem: string): CertificateFile | undefined {
	const from = pem.indexOf(begin);
	const until = pem.indexOf(end, from);
	if (from < 0 || until < 0) return undefined;
	const bytes = fromBase64(pem.slice(from + begin.length, until));
	if (bytes === undefined) return undefined;
	const text = Array.from(bytes, byte => String.fromCharCode(byte)).join('');
	const notAfterMs = notAfterOf(bytes, text);
	return notAfterMs === undefined ? undefined : {notAfterMs, text};
}

/** What is wrong with a certificate, from the code or text of OpenSSL and Node. */
export function trustProblem(
	error: string,
): 'expired' | 'self-signed' | 'chain' | 'name' | 'other' {
	if (/HAS_EXPIRED|has expired/i.test(error)) return 'expired';
	if (/SELF_SIGNED|self[- ]signed/i.test(error)) return 'self-signed';
	if (/ALTNAME|does not match/i.test(error)) return 'name';
	return /UNABLE_TO_(?:VERIFY|GET_ISSUER)|issuer|chain/i.test(error) ? 'chain' : 'other';
}
