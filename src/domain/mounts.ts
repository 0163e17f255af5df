/** One mounted file system, from /proc/self/mountinfo. */
export type Mount = {
	/** `major:minor`, as in /proc/diskstats; 0:n for file systems without a device of their own. */
	readonly deviceNumber: string;
	/** The folder of the file system that is mounted; `/` unless it is a bind mount or a subvolume. */
	readonly root: string;
	readonly mount: string;
	readonly type: string;
	/** Device or source: `/dev/sda1`, `server:/export`, `pool/data`. */
	readonly device: string;
	/** The server may be away, so reading may hang. */
	readonly isRemote: boolean;
};

/** Most file systems that are watched; a host with more is cut, largest concern first: local ones. */
export const maxDisks = 64;

const remoteTypes = new Set([
	...['nfs', 'nfs4', 'cifs', 'smb3', 'smbfs', 'ceph', 'glusterfs', 'fuse.glusterfs', 'fuse.sshfs'],
	...['fuse.ceph', 'fuse.s3fs', 'fuse.rclone', 'lustre', 'gpfs', 'beegfs', '9p', 'virtiofs', 'afs'],
]);
const localTypes = new Set(['zfs', 'btrfs', 'bcachefs', 'ubifs', 'apfs']);
// Images and layers: always full, or the space of another file system seen again.
const unrealTypes = new Set([
	'squashfs',
	'iso9660',
	'udf',
	'erofs',
	'cramfs',
	'overlay',
	'devtmpfs',
]);

/** The kernel writes blanks and backslashes of a path as octal: `\040`. */
function unescapePath(text: string): string {
	return text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
		String.fromCharCode(Number.parseInt(octal, 8)),
	);
}

/** One line of mountinfo: `36 35 98:0 /root /mnt rw,noatime master:1 - ext4 /dev/sda1 rw`. */
function parseLine(line: string): Mount | undefined {
	const halves = line.split(' - ');
	const front = (halves[0] ?? '').split(' ');
	const back = (halves[1] ?? '').split(' ');
	const [, , deviceNumber, root, mount] = front;
	const [type, device] = back;
	if (deviceNumber === undefined || root === undefined || mount === undefined) return undefined;
	if (type === undefined || device === undefined || !/^\d+:\d+$/.test(deviceNumber))
		return undefined;
	return {
		deviceNumber,
		root: unescapePath(root),
		mount: unescapePath(mount),
		type,
		device: unescapePath(device),
		isRemote: remoteTypes.has(type),
	};
}

/** Whether a mount is a file system with space of its own. */
function isReal(mount: Mount): boolean {
	if (unrealTypes.has(mount.type)) return false;
	if (mount.isRemote || localTypes.has(mount.type)) return true;
	return mount.device.startsWith('/dev/') && mount.device !== '/dev/fuse';
}

/** Which of several mounts of one device stands for it: the whole one, then the one nearest to the root. */
function isBetter(candidate: Mount, current: Mount): boolean {
	// The subvolumes of btrfs never have the root `/`, and all of them show the same space.
	const wholeness = (mount: Mount) => (mount.root === '/' || mount.type === 'btrfs' ? 0 : 1);
	if (wholeness(candidate) !== wholeness(current)) return wholeness(candidate) < wholeness(current);
	return candidate.mount.length < current.mount.length;
}

/**
 * The real disks among the mounts: block devices, network and pool file systems, each device once. Overlay, tmpfs,
 * images and bind mounts are left out, and a mount that is hidden by a later one at the same place.
 */
export function realMounts(mountinfo: string): readonly Mount[] {
	const visible = new Map<string, Mount>();
	for (const line of mountinfo.split('\n')) {
		const mount = parseLine(line);
		if (mount) visible.set(mount.mount, mount);
	}

	const byDevice = new Map<string, Mount>();
	for (const mount of visible.values()) {
		if (!isReal(mount)) continue;
		// btrfs gives every subvolume a device number of its own, so the device names it.
		const key = mount.type === 'btrfs' ? mount.device : mount.deviceNumber;
		const current = byDevice.get(key);
		if (current === undefined || isBetter(mount, current)) byDevice.set(key, mount);
	}

	return [...byDevice.values()]
		.sort((a, b) => Number(a.isRemote) - Number(b.isRemote) || (a.mount < b.mount ? -1 : 1))
		.slice(0, maxDisks);
}
