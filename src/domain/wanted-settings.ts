/** A setting that a handbook asks for: at least a figure, or exactly a text. */
export type WantedSetting = {
	readonly name: string;
	/** Row of the handbook. */
	readonly row: string;
} & ({readonly atLeast: number} | {readonly exactly: string});

export type WantedArea = 'kernel' | 'postgres' | 'redis';

const mebibyte = 1024 * 1024;
const gibibyte = 1024 * mebibyte;

// By the id of the shipped profile. What a handbook leaves open is not asked for.
const bySystem: Readonly<
	Record<string, Readonly<Partial<Record<WantedArea, readonly WantedSetting[]>>>>
> = {
	'learning-platform': {
		postgres: [
			{name: 'shared_buffers', atLeast: 256 * mebibyte, row: 'H2-15'},
			{name: 'effective_cache_size', atLeast: gibibyte, row: 'H2-15'},
			{name: 'maintenance_work_mem', atLeast: 128 * mebibyte, row: 'H2-15'},
			{name: 'checkpoint_completion_target', atLeast: 0.9, row: 'H2-15'},
			{name: 'wal_buffers', atLeast: 16 * mebibyte, row: 'H2-15'},
			{name: 'work_mem', atLeast: 4 * mebibyte, row: 'H2-15'},
			{name: 'min_wal_size', atLeast: gibibyte, row: 'H2-15'},
			{name: 'max_wal_size', atLeast: 4 * gibibyte, row: 'H2-15'},
		],
		redis: [{name: 'maxmemory-policy', exactly: 'allkeys-lru', row: 'H2-16'}],
	},
	'stock-analysis': {
		kernel: [
			{name: 'net.core.somaxconn', atLeast: 65_535, row: 'H3-18'},
			{name: 'net.ipv4.tcp_max_syn_backlog', atLeast: 65_535, row: 'H3-18'},
			{name: 'fs.file-max', atLeast: 100_000, row: 'H3-18'},
		],
		postgres: [
			{name: 'max_connections', atLeast: 200, row: 'H3-17'},
			{name: 'shared_buffers', atLeast: 256 * mebibyte, row: 'H3-17'},
			{name: 'effective_cache_size', atLeast: gibibyte, row: 'H3-17'},
		],
	},
	'fund-calc': {
		kernel: [
			{name: 'vm.overcommit_memory', exactly: '1', row: 'H5-13'},
			{name: 'net.core.somaxconn', atLeast: 65_535, row: 'H5-13'},
			{name: 'transparent_hugepage', exactly: 'never', row: 'H5-13'},
		],
		redis: [
			{name: 'maxmemory', exactly: String(2 * gibibyte), row: 'H5-12'},
			{name: 'maxmemory-policy', exactly: 'allkeys-lru', row: 'H5-12'},
			{name: 'save', exactly: '900 1 300 10 60 10000', row: 'H5-12'},
		],
	},
};

/** What the handbook of a system asks for; nothing where it asks for nothing or the system is another one. */
export function wantedSettings(
	system: string | undefined,
	area: WantedArea,
): readonly WantedSetting[] {
	const own =
		system !== undefined && Object.hasOwn(bySystem, system) ? bySystem[system] : undefined;
	return own?.[area] ?? [];
}

/**
 * The wanted settings that a server does not have. A setting that could not be read is none of them, and counts as unknown:
 * then `undefined`, unless others differ anyway. `undefined` also where nothing is wanted.
 */
export function differingSettings(
	wanted: readonly WantedSetting[],
	valueOf: (name: string) => string | number | undefined,
): readonly WantedSetting[] | undefined {
	const differing = wanted.filter(setting => {
		const value = valueOf(setting.name);
		if (value === undefined) return false;
		return 'atLeast' in setting
			? Number(value) < setting.atLeast
			: String(value) !== setting.exactly;
	});
	const isUnknown = wanted.some(({name}) => valueOf(name) === undefined);
	return differing.length === 0 && (isUnknown || wanted.length === 0) ? undefined : differing;
}
