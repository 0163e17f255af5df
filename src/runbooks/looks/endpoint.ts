import {failureOf, number, oneOf, text, truth} from '../field.ts';
import type {LookDeclaration} from '../look.ts';

/** Looks at one HTTP address. */
export const endpointLooks = {
	'endpoint.state': {
		title: {en: 'The address', zh: '访问地址'},
		on: 'endpoint',
		from: 'HTTP GET',
		fields: {
			url: text('Address', '地址'),
			answers: truth('Answers as it should', '正常响应'),
			failure: failureOf(
				['none', 'refused', 'timeout', 'name', 'unreachable', 'tls', 'reset', 'status', 'other'],
				'Trouble answering',
				'失败原因',
			),
			status: number('count', 'Status', '状态码'),
			latency: number('milliseconds', 'Answer took', '响应耗时'),
			p95: number('milliseconds', '95 % of answers within', '95% 响应耗时'),
			'failure-percent': number('percent', 'Failed of the last probes', '近期探测失败率'),
			says: text('Status it says in its answer', '响应中的状态'),
			'failed-part': text('Part that it calls bad', '其报告异常的部分'),
			'is-proxy-error': truth('A proxy answers for somebody who does not', '由代理代答的错误'),
			'certificate-days': number('days', 'Certificate ends in', '证书剩余'),
		},
	},
	'endpoint.certificate': {
		title: {en: 'Certificate', zh: '证书'},
		on: 'endpoint',
		from: {en: 'TLS handshake, certificate files', zh: 'TLS 握手、证书文件'},
		fields: {
			'is-tls': truth('Uses TLS', '使用 TLS'),
			'days-left': number('days', 'Ends in', '剩余'),
			'is-expired': truth('Has ended', '已过期'),
			subject: text('Name in it', '证书名称'),
			issuer: text('Issued by', '签发者'),
			'chain-length': number('count', 'Certificates above it', '上级证书数'),
			'chain-days-left': number('days', 'First of those above it ends in', '上级证书最早剩余'),
			'chain-ends-first': text('Which of those', '最早到期的上级证书'),
			'is-trusted': truth('Trusted here', '受信任'),
			'trust-error': text('Why it is not trusted', '不受信任原因'),
			'trust-problem': oneOf(
				['none', 'expired', 'self-signed', 'chain', 'name', 'other'],
				'What is wrong with it',
				'证书问题',
			),
			file: text('Its file', '证书文件'),
			'file-days-left': number('days', 'The file ends in', '文件剩余'),
			'is-file-newer': truth(
				'File is renewed, server still has the old one',
				'文件已续期但服务未加载',
			),
		},
	},
} as const satisfies Readonly<Record<string, LookDeclaration>>;
