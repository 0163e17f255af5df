import {number, oneOf, text, truth} from '../field.ts';
import type {LookDeclaration} from '../look.ts';

/** Looks at the networks of containers. */
export const networkLooks = {
	'network.container': {
		title: {en: 'Networks of the service', zh: '服务网络'},
		on: 'container',
		from: 'docker inspect, docker network inspect',
		fields: {
			mode: oneOf(['networks', 'host', 'container', 'none'], 'Kind of network', '网络类型'),
			networks: number('count', 'Networks', '网络数'),
			'is-attached': truth('Is in a network', '已接入网络'),
			address: text('Address', '地址'),
			peers: number('count', 'Containers in its networks', '同网络容器数'),
			separated: number(
				'count',
				'Services of its project in no network with it',
				'同项目但无公共网络的服务数',
			),
			'first-separated': text('Service in no network with it', '无公共网络的服务'),
			'lost-networks': number('count', 'Its networks that are gone', '已不存在的网络数'),
			'first-lost-network': text('Network that is gone', '已不存在的网络'),
			'is-internal': truth('All its networks are cut off from outside', '其网络均不通外网'),
		},
	},
} as const satisfies Readonly<Record<string, LookDeclaration>>;
