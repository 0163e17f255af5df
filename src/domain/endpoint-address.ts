import {clean} from './clean.ts';
import {isSecretName, mask} from './mask.ts';

/** An address for display: without the password, and with the values of secret-looking parameters masked. */
export function displayAddress(url: string): string {
	if (!URL.canParse(url)) return clean(url, 300);
	const parsed = new URL(url);
	const user = parsed.password === '' ? parsed.username : `${parsed.username}:${mask}`;
	const names = [...parsed.searchParams].map(
		([name, value]) => `${name}=${isSecretName(name) ? mask : value}`,
	);
	const query = names.length === 0 ? '' : `?${names.join('&')}`;
	return clean(
		`${parsed.protocol}//${user === '' ? '' : `${user}@`}${parsed.host}${parsed.pathname}${query}`,
		300,
	);
}
