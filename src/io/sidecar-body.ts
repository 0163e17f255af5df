import type {Sidecar} from '../domain/plan.ts';

/** The body of `POST /containers/create` for a sidecar: no rights beside its mounts, limited memory, never restarted. */
export function sidecarBody(
	sidecar: Sidecar,
	labels: Readonly<Record<string, string>>,
	hasInput: boolean,
): Readonly<Record<string, unknown>> {
	const {memoryBytes, mounts = [], tmpfs = {}, environment = {}, user} = sidecar;
	return {
		Image: sidecar.image,
		// As the entry point, so that the one of the image does not run instead or around it.
		Entrypoint: sidecar.argv,
		Cmd: [],
		Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
		...(user !== undefined && {User: user}),
		Labels: labels,
		Healthcheck: {Test: ['NONE']},
		AttachStdout: true,
		AttachStderr: true,
		AttachStdin: hasInput,
		OpenStdin: hasInput,
		StdinOnce: hasInput,
		Tty: false,
		HostConfig: {
			CapDrop: ['ALL'],
			SecurityOpt: ['no-new-privileges'],
			Privileged: false,
			ReadonlyRootfs: sidecar.isWritable !== true,
			Memory: memoryBytes,
			// The same figure: no swap beside it.
			MemorySwap: memoryBytes,
			NetworkMode: sidecar.network,
			RestartPolicy: {Name: 'no'},
			AutoRemove: false,
			// As `Mounts`, not `Binds`: a source that does not exist is refused, not created.
			Mounts: mounts.map(({from, to, isReadOnly}) => ({
				Type: 'bind',
				Source: from,
				Target: to,
				ReadOnly: isReadOnly,
			})),
			Tmpfs: Object.fromEntries(
				Object.entries(tmpfs).map(([path, bytes]) => [path, tmpfsOptions(bytes, user)]),
			),
		},
	};
}

/** Owned by the user of the sidecar, where that is numbers. */
function tmpfsOptions(sizeBytes: number, user: string | undefined): string {
	const [, userId, groupId] = /^(\d+):(\d+)$/.exec(user ?? '') ?? [];
	const owner = userId === undefined ? '' : `,uid=${userId},gid=${groupId ?? userId}`;
	return `rw,noexec,nosuid,nodev,mode=1777,size=${sizeBytes}${owner}`;
}
