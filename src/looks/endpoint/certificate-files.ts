import {certificateOfPem, type CertificateFile} from '../../domain/certificate-file.ts';
import type {EndpointTarget} from '../../domain/targets.ts';
import type {LookFacts} from '../reader.ts';
import {isLocal} from '../service/subject.ts';
import {membersOf, type Member} from '../stack/members.ts';

/** A certificate of this machine that names the host. */
export type FoundFile = CertificateFile & {readonly path: string};

const named = /\.(?:pem|crt|cer)$/i;
const notOne = /(?:^|[._-])(?:key|privkey|private|chain|ca|dhparam)s?\.[^.]+$|^chain\.|^ca[.-]/i;
const maxFiles = 40;
const maxBytes = 256 * 1024;

/** Whether a container publishes the port of the address or is the one that the address was found in. */
function serves({container}: Member, {url, container: own}: EndpointTarget): boolean {
	const {port} = new URL(url);
	return (
		container.id === own?.containerId ||
		container.ports.some(({hostPort}) => hostPort === (Number(port) || 443))
	);
}

/** Certificates in a folder and the folders in it (`live/<name>/fullchain.pem`), or the file itself. */
async function filesAt(
	files: LookFacts['io']['files'],
	path: string,
	depth: number,
): Promise<readonly string[]> {
	if (named.test(path)) return notOne.test(path.slice(path.lastIndexOf('/') + 1)) ? [] : [path];
	if (depth < 0) return [];
	const entries = await files.names(path, maxFiles).catch(() => []);
	const found = await Promise.all(
		entries
			.filter(({name, kind}) => kind === 'folder' || named.test(name))
			.map(({name}) => filesAt(files, `${path}/${name}`, depth - 1)),
	);
	return found.flat();
}

/**
 * The newest certificate among the files of Let's Encrypt for this host and those mounted into what serves the address.
 * It must have the subject in it. Undefined where there is none or it may not be read.
 */
export async function certificateFile(
	facts: LookFacts,
	target: EndpointTarget,
	subject: string,
): Promise<FoundFile | undefined> {
	const {io} = facts;
	if (!isLocal(io) || subject === '') return undefined;
	const {hostname} = new URL(target.url);
	const members = await membersOf(facts, undefined).catch(() => []);
	facts.signal.throwIfAborted();
	const mounted = members
		.filter(member => serves(member, target))
		.flatMap(({binds}) => binds)
		.filter(path => named.test(path) || /cert|ssl|tls|letsencrypt|pki|acme/i.test(path));
	const folders = [`/etc/letsencrypt/live/${hostname}`, ...new Set(mounted)];
	const paths = (await Promise.all(folders.map(folder => filesAt(io.files, folder, 3)))).flat();
	const found = await Promise.all(
		[...new Set(paths)].slice(0, maxFiles).map(async path => {
			const pem = await io.files.readText(path, maxBytes).catch(() => '');
			const certificate = certificateOfPem(pem);
			return certificate?.text.includes(subject) === true ? [{...certificate, path}] : [];
		}),
	);
	return found.flat().toSorted((a, b) => b.notAfterMs - a.notAfterMs)[0];
}
