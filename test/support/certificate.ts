import {execFile} from 'node:child_process';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
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

/**
 * Makes a root, an intermediate certificate that ends in `chainDays`, and one for the name below it that ends in `days`;
 * the file holds the last two, as a server shows them.
 */
export async function certificateChain({
	name,
	days,
	chainDays,
}: {
	readonly name: string;
	readonly days: number;
	readonly chainDays: number;
}): Promise<CertificateFiles> {
	const folder = await mkdtemp(join(tmpdir(), 'opsconsole-chain-'));
	const path = (file: string) => join(folder, file);
	const openssl = (...parameters: readonly string[]) => promisify(execFile)('openssl', parameters);
	const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
	await openssl(
		...['req', '-x509', ...curve, '-keyout', path('root.key'), '-out', path('root.pem')],
		...['-days', '900', '-subj', '/O=Test CA/CN=Test Root'],
	);
	const sign = async (who: string, by: string, facts: readonly [string, string, number]) => {
		const [subject, extension, lasts] = facts;
		await writeFile(path(`${who}.ext`), extension);
		await openssl(
			...['req', ...curve, '-keyout', path(`${who}.key`), '-out', path(`${who}.csr`)],
			...['-subj', subject],
		);
		await openssl(
			...['x509', '-req', '-in', path(`${who}.csr`), '-out', path(`${who}.pem`)],
			...['-CA', path(`${by}.pem`), '-CAkey', path(`${by}.key`), '-CAcreateserial'],
			...['-days', String(lasts), '-extfile', path(`${who}.ext`)],
		);
	};
	await sign('middle', 'root', ['/O=Test CA/CN=Test R3', 'basicConstraints=CA:TRUE', chainDays]);
	await sign('own', 'middle', [`/CN=${name}`, `subjectAltName=DNS:${name}`, days]);
	const files = await Promise.all(['own.pem', 'middle.pem'].map(file => readFile(path(file))));
	await writeFile(path('fullchain.pem'), Buffer.concat(files));
	return {
		certificate: path('fullchain.pem'),
		key: path('own.key'),
		remove: () => rm(folder, {recursive: true, force: true}),
	};
}
