import {clean} from '../../domain/clean.ts';
import {listOf, objectOf, textOf} from '../../domain/unknown.ts';
import type {LookReader} from '../reader.ts';
import {membersOf} from '../stack/members.ts';
import {getIfThere} from '../shared-get.ts';
import {callName, callOther, subjectOf} from './subject.ts';

function modeOf(networkMode: string): 'networks' | 'host' | 'container' | 'none' {
	if (networkMode === 'host' || networkMode === 'none') return networkMode;
	return networkMode.startsWith('container:') ? 'container' : 'networks';
}

/** The networks of the container and who else is in them. */
export const readNetworkContainer: LookReader<'network.container'> = async facts => {
	const {container, inspection, key} = await subjectOf(facts);
	const nothing = {
		mode: undefined,
		networks: undefined,
		'is-attached': undefined,
		address: undefined,
		peers: undefined,
		separated: undefined,
		'first-separated': undefined,
		'lost-networks': undefined,
		'first-lost-network': undefined,
		'is-internal': undefined,
	};
	if (container === undefined) return {values: nothing, lines: [`${key}: no such container`]};
	const mode = modeOf(textOf(objectOf(objectOf(inspection)['HostConfig'])['NetworkMode']));
	const attached = Object.entries(
		objectOf(objectOf(objectOf(inspection)['NetworkSettings'])['Networks']),
	);
	const names = attached.map(([name]) => name);
	const [members, networks] = await Promise.all([
		membersOf(facts, undefined),
		Promise.all(
			attached.map(async ([name, value]) => {
				const id = textOf(objectOf(value)['NetworkID']);
				const network = await getIfThere(facts, `/networks/${encodeURIComponent(id || name)}`);
				return {name, network};
			}),
		),
	]);
	const running = members.filter(
		({container: other}) => other.id !== container.id && other.state === 'running',
	);
	const isShared = (others: readonly string[]) => others.some(name => names.includes(name));
	const peers = running.filter(member => isShared(member.networks));
	const separated = [
		...new Set(
			running
				.filter(({container: other}) => other.project === container.project)
				.filter(member => container.project !== undefined && !isShared(member.networks))
				.map(member => callName(member.container)),
		),
	];
	const lost = networks.filter(({network}) => network === undefined).map(({name}) => name);
	const known = networks.filter(({network}) => network !== undefined);
	const isOwn = mode === 'networks';
	return {
		values: {
			mode,
			networks: names.length,
			'is-attached': isOwn ? names.length > 0 : mode !== 'none',
			address: container.addresses[0],
			peers: peers.length,
			separated: isOwn ? separated.length : undefined,
			'first-separated': isOwn ? separated[0] : undefined,
			'lost-networks': lost.length,
			'first-lost-network': lost[0] && clean(lost[0], 200),
			'is-internal':
				isOwn && known.length > 0
					? known.every(({network}) => objectOf(network)['Internal'] === true)
					: undefined,
		},
		lines: [
			...networks.map(({name, network}) => {
				const [pool] = listOf(objectOf(objectOf(network)['IPAM'])['Config']);
				const subnet = textOf(objectOf(pool)['Subnet']);
				return clean(`${name}: ${network === undefined ? 'gone' : subnet}`, 200);
			}),
			...(peers.length === 0
				? []
				: [
						clean(
							`with ${peers.map(member => callOther(container, member.container)).join(', ')}`,
							500,
						),
					]),
			...(isOwn && separated.length > 0 ? [clean(`apart from ${separated.join(', ')}`, 500)] : []),
		].slice(0, 20),
	};
};
