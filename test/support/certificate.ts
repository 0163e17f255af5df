import {execFile} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';

/** Paths of a self-signed certificate and its key. */
export type CertificateFiles = {
	readonly certificate: string;
	readonly key: string;
	remove(): Promise<void>;
};

/** Makes a self-signed certificate for a name with openssl, valid for so many days. */
export async function certificate({
	name,
	days,
}: {
	readonly name: string;
	readonly days: number;
}): Promise<CertificateFiles> {
	const folder = await mkdtemp(join(tmpdir(), 'opsconsole-certificate-'));
	const [file, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
	const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
	await promisify(execFile)('openssl', [
		...['req', '-x509', ...curve, '-keyout', key, '-out', file],
		...['-days', String(days), '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`],
	]);
	return {certificate: file, key, remove: () => rm(folder, {recursive: true, force: true})};
}
