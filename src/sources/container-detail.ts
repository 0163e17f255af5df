import {containerDetailFromInspect} from '../domain/container-detail.ts';
import type {OnDemandSource} from './source.ts';

/** Facts of one container; rejects with `docker-not-found` where it was removed meanwhile. */
export const containerDetailSource: OnDemandSource<
	'docker.detail',
	{readonly containerId: string}
> = {
	id: 'docker.detail',
	kind: 'on-demand',
	timeoutMs: 3000,
	read: async (io, {containerId}, signal) =>
		containerDetailFromInspect(
			await io.docker.get(`/containers/${encodeURIComponent(containerId)}/json`, signal),
		),
};
