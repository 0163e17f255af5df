import type {HostValue} from '../../domain/host.ts';
import {parseMeminfo} from '../../domain/proc.ts';
import type {Look} from '../operation.ts';

/** Memory of this host; undefined where /proc does not tell. */
export async function hostMemory({io}: Pick<Look, 'io'>): Promise<HostValue['memory'] | undefined> {
	const text = await io.files.readText('/proc/meminfo').catch(() => '');
	return parseMeminfo(text).memory;
}
