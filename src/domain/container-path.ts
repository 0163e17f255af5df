import {listOf, objectOf, textOf} from './unknown.ts';

/** The path on this machine of a path in a container, by its mounts; undefined where it is on none. */
export function throughMounts(inspection: unknown, inside: string): string | undefined {
	const mounts = listOf(objectOf(inspection)['Mounts'])
		.map(objectOf)
		.map(mount => ({to: textOf(mount['Destination']), from: textOf(mount['Source'])}))
		.filter(({to, from}) => from !== '' && to !== '' && `${inside}/`.startsWith(`${to}/`))
		.sort((a, b) => b.to.length - a.to.length);
	const [mount] = mounts;
	return mount === undefined ? undefined : mount.from + inside.slice(mount.to.length);
}
