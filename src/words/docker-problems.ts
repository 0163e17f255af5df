import type {ProblemWords} from './words.ts';

/** What can go wrong with docker: what failed, and what to do next. */
export const dockerProblems = {
	'docker-not-installed': {
		en: {
			summary: 'this host has no Docker',
			hint: 'Nothing is wrong if it runs no containers. If an engine is somewhere else, set DOCKER_HOST; `npm run demo` shows a stack to look at.',
		},
		zh: {
			summary: '本机没有 Docker',
			hint: '如果本机不运行容器，则一切正常。如果引擎在别处，请设置 DOCKER_HOST；`npm run demo` 可启动一个演示环境。',
		},
	},
	'docker-not-running': {
		en: {
			summary: 'no Docker engine answers at {address}',
			hint: 'Start it with `sudo systemctl start docker`, or set DOCKER_HOST if the engine is somewhere else.',
		},
		zh: {
			summary: '{address} 上没有 Docker 引擎响应',
			hint: '请用 `sudo systemctl start docker` 启动；如果引擎在别处，请设置 DOCKER_HOST。',
		},
	},
	'docker-no-permission': {
		en: {
			summary: 'no right to use the Docker engine at {address}',
			hint: 'Join its group with `sudo usermod -aG docker {user}` and log in again, or start opsconsole with sudo. That group is equal to root.',
		},
		zh: {
			summary: '没有权限使用 {address} 的 Docker 引擎',
			hint: '请用 `sudo usermod -aG docker {user}` 加入该用户组并重新登录，或用 sudo 启动 opsconsole。该组等同于 root 权限。',
		},
	},
	'docker-version-too-old': {
		en: {
			summary: 'the Docker engine speaks API {server} only, at least {ours} is needed',
			hint: 'Upgrade the engine to Docker 1.12 or newer; `docker version` shows what runs.',
		},
		zh: {
			summary: 'Docker 引擎只支持 API {server}，至少需要 {ours}',
			hint: '请将引擎升级到 Docker 1.12 或更高版本；`docker version` 可查看当前版本。',
		},
	},
	'docker-version-too-new': {
		en: {
			summary: 'the Docker engine asks for API {server} or newer, opsconsole speaks up to {ours}',
			hint: 'Upgrade opsconsole; until then set `min-api-version` in /etc/docker/daemon.json if the engine allows it.',
		},
		zh: {
			summary: 'Docker 引擎要求 API {server} 或更高，opsconsole 最高支持 {ours}',
			hint: '请升级 opsconsole；在此之前，如引擎允许，可在 /etc/docker/daemon.json 中设置 `min-api-version`。',
		},
	},
	'docker-not-an-engine': {
		en: {
			summary: 'what answers at {address} is not a Docker engine ({cause})',
			hint: 'Check DOCKER_HOST and `docker context ls`; a TLS port needs DOCKER_TLS_VERIFY=1.',
		},
		zh: {
			summary: '{address} 上响应的不是 Docker 引擎（{cause}）',
			hint: '请检查 DOCKER_HOST 和 `docker context ls`；TLS 端口需要设置 DOCKER_TLS_VERIFY=1。',
		},
	},
	'docker-unreachable': {
		en: {
			summary: 'the Docker host {address} cannot be reached: {cause}',
			hint: 'Check the name and the network, or unset DOCKER_HOST to use the engine of this machine.',
		},
		zh: {
			summary: '无法连接 Docker 主机 {address}：{cause}',
			hint: '请检查主机名和网络，或取消设置 DOCKER_HOST 以使用本机引擎。',
		},
	},
	'docker-tls': {
		en: {
			summary: 'no secure connection to the Docker engine at {address}: {cause}',
			hint: 'Check ca.pem, cert.pem and key.pem in the folder of DOCKER_CERT_PATH (default ~/.docker).',
		},
		zh: {
			summary: '无法与 {address} 的 Docker 引擎建立安全连接：{cause}',
			hint: '请检查 DOCKER_CERT_PATH 目录（默认 ~/.docker）中的 ca.pem、cert.pem 和 key.pem。',
		},
	},
	'docker-address': {
		en: {
			summary: 'the Docker address {address} cannot be used: {cause}',
			hint: 'Use unix:///path/to/docker.sock or tcp://host:port in DOCKER_HOST or in the settings.',
		},
		zh: {
			summary: '无法使用 Docker 地址 {address}：{cause}',
			hint: '请在 DOCKER_HOST 或配置中使用 unix:///path/to/docker.sock 或 tcp://host:port。',
		},
	},
	'docker-ssh-unsupported': {
		en: {
			summary: 'the Docker address {address} needs ssh, which opsconsole does not open by itself',
			hint: 'Run opsconsole on that server, or forward its socket: `ssh -L /tmp/docker.sock:/var/run/docker.sock HOST` and DOCKER_HOST=unix:///tmp/docker.sock.',
		},
		zh: {
			summary: 'Docker 地址 {address} 需要 ssh，opsconsole 不会自行建立 ssh 连接',
			hint: '请在该服务器上运行 opsconsole，或转发其套接字：`ssh -L /tmp/docker.sock:/var/run/docker.sock HOST`，并设置 DOCKER_HOST=unix:///tmp/docker.sock。',
		},
	},
	'docker-context-missing': {
		en: {
			summary: 'the Docker context {context} does not exist or has no address',
			hint: 'See `docker context ls` and choose one with `docker context use NAME`, or unset DOCKER_CONTEXT.',
		},
		zh: {
			summary: 'Docker 上下文 {context} 不存在或没有地址',
			hint: '请查看 `docker context ls` 并用 `docker context use NAME` 选择，或取消设置 DOCKER_CONTEXT。',
		},
	},
	'docker-not-found': {
		en: {
			summary: 'the Docker engine does not know it: {cause}',
			hint: 'It was removed or replaced meanwhile; go back to the list of containers.',
		},
		zh: {
			summary: 'Docker 引擎中不存在：{cause}',
			hint: '它可能已被删除或替换；请返回容器列表。',
		},
	},
	'docker-refused': {
		en: {
			summary: 'the Docker engine answered with status {status}: {cause}',
			hint: 'The reason is in its log: `journalctl -u docker -n 50`.',
		},
		zh: {
			summary: 'Docker 引擎返回状态 {status}：{cause}',
			hint: '原因见其日志：`journalctl -u docker -n 50`。',
		},
	},
	'docker-connection-lost': {
		en: {
			summary: 'the connection to the Docker engine at {address} was lost',
			hint: 'It is tried again by itself; if it stays away look at `systemctl status docker`.',
		},
		zh: {
			summary: '与 {address} 的 Docker 引擎的连接已断开',
			hint: '会自动重试；如果一直无法恢复，请查看 `systemctl status docker`。',
		},
	},
	'discovery-stopped': {
		en: {
			summary: 'the container {name} is not running',
			hint: 'It is watched as soon as it runs: `docker start {name}`.',
		},
		zh: {
			summary: '容器 {name} 未运行',
			hint: '启动后会自动监控：`docker start {name}`。',
		},
	},
	'discovery-no-credentials': {
		en: {
			summary: 'the password of {name} is in a file inside the container ({variable})',
			hint: 'Give it in opsconsole.yaml, or by PGPASSWORD or REDISCLI_AUTH in the environment of opsconsole.',
		},
		zh: {
			summary: '{name} 的密码在容器内的文件中（{variable}）',
			hint: '请在 opsconsole.yaml 中提供，或通过环境变量 PGPASSWORD 或 REDISCLI_AUTH 提供。',
		},
	},
	'discovery-unreachable': {
		en: {
			summary: 'no way from here to {name}, port {port} is not published',
			hint: 'Publish it for this machine only (`ports: ["127.0.0.1:{port}:{port}"]`) or give its address in opsconsole.yaml.',
		},
		zh: {
			summary: '无法从这里访问 {name}，端口 {port} 未发布',
			hint: '请仅对本机发布（`ports: ["127.0.0.1:{port}:{port}"]`），或在 opsconsole.yaml 中给出地址。',
		},
	},
	'discovery-no-answer': {
		en: {
			summary: '{name} answers no HTTP request on {ports}',
			hint: 'If it has a health address, give it in opsconsole.yaml under `endpoints`.',
		},
		zh: {
			summary: '{name} 在 {ports} 上没有响应 HTTP 请求',
			hint: '如果有健康检查地址，请在 opsconsole.yaml 的 `endpoints` 中填写。',
		},
	},
	'discovery-no-service': {
		en: {
			summary: 'no container of the service {name} exists here',
			hint: 'Start it with `docker compose up -d {name}`, or correct the name in opsconsole.yaml.',
		},
		zh: {
			summary: '此处没有服务 {name} 的容器',
			hint: '请用 `docker compose up -d {name}` 启动，或在 opsconsole.yaml 中更正名称。',
		},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
