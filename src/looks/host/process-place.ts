import {clean} from '../../domain/clean.ts';
import {containerOfPlace, placeOfGroup} from '../../domain/process-group.ts';
import type {LookFacts} from '../reader.ts';

/** Whose process it is, for the fields of a look. */
export type Owner = {
	readonly container: string | undefined;
	readonly unit: string | undefined;
	/** Undefined where its control group cannot be read. */
	readonly isStack: boolean | undefined;
};

type Facts = Pick<LookFacts, 'containers' | 'scope' | 'settings' | 'io'>;

/** Names the container or unit of a control group; an unknown container by the start of its id. */
export function ownerOf(group: string, facts: Omit<Facts, 'io'>): Owner {
	const place = placeOfGroup(group);
	const container = containerOfPlace(place, facts.containers);
	const {project} = facts.scope;
	const isProject =
		container?.project !== undefined && (project === undefined || container.project === project);
	const isUnit = facts.settings.services.some(
		({name, runtime}) => runtime === 'systemd' && place.unit === `${name}.service`,
	);
	return {
		container: container?.name ?? place.containerId?.slice(0, 12),
		unit: place.unit === undefined ? undefined : clean(place.unit, 100),
		isStack: group === '' ? undefined : isProject || isUnit,
	};
}

/** As `ownerOf`, of a process that lives now. */
export async function ownerOfProcess(pid: number, facts: Facts): Promise<Owner> {
	const group = await facts.io.files.readText(`/proc/${pid}/cgroup`, 8192).catch(() => '');
	return ownerOf(group, facts);
}
