import type {DangerWords} from './danger.ts';

/** What commands for containers and deployments would really do. */
export const containerDangers = {
	'prune-system': {
		really: {
			en: 'deletes every stopped container, unused network and image of the whole host, with -a also the images that a rollback needs; with --volumes the data too. It lists nothing before.',
			zh: '删除整台主机上所有已停止的容器、未用网络和镜像；加 -a 连回滚所需的镜像也删；加 --volumes 连数据也删。事先不列出任何内容。',
		},
		instead: {
			en: 'lists each unused image or cache entry with size and age, keeps the images of rollbacks, never touches volumes',
			zh: '逐项列出未用的镜像和缓存（大小、时间），保留回滚所需镜像，绝不触碰数据卷',
		},
	},
	'prune-containers': {
		really: {
			en: 'deletes every stopped container of the host with its logs: why it stopped cannot be found out any more, and its volumes and image lose their last user.',
			zh: '删除主机上所有已停止的容器及其日志：停止原因无从查起，其数据卷和镜像也失去最后的引用。',
		},
		instead: {
			en: 'deletes no containers; frees images, build cache and old logs item by item',
			zh: '不删除容器；逐项清理镜像、构建缓存和旧日志',
		},
	},
	'prune-volumes': {
		really: {
			en: 'deletes the data of every stack that is stopped at that moment; before Docker 23 named volumes too.',
			zh: '删除此刻所有已停止服务栈的数据；Docker 23 之前命名数据卷也会被删除。',
		},
		instead: {
			en: 'never deletes volumes; frees images, build cache and old logs instead',
			zh: '从不删除数据卷；改为清理镜像、构建缓存和旧日志',
		},
	},
	'prune-images': {
		really: {
			en: 'with -a it deletes every image that no container uses at that moment, tagged ones and the one to roll back to as well.',
			zh: '加 -a 会删除此刻没有容器使用的所有镜像，带标签的和用于回滚的也不例外。',
		},
		instead: {
			en: 'lists each unused image with its age, and asks again before each is deleted whether it is still unused',
			zh: '逐个列出未用镜像及其时间，删除每个之前再次确认仍未被使用',
		},
	},
	'volume-removed': {
		really: {
			en: 'deletes the data in that volume for good.',
			zh: '永久删除该数据卷中的数据。',
		},
		instead: {
			en: 'never deletes volumes; make a proven backup first and decide then',
			zh: '从不删除数据卷；先做一份已验证的备份，再作决定',
		},
	},
	'down-volumes': {
		really: {
			en: 'removes the containers and deletes the volumes of the stack: database and Redis start empty.',
			zh: '移除容器并删除该服务栈的数据卷：数据库和 Redis 将以空数据启动。',
		},
		instead: {
			en: 'restarts the services in the order of their dependencies and keeps all data',
			zh: '按依赖顺序重启服务，保留全部数据',
		},
	},
	'compose-down': {
		really: {
			en: 'removes all containers and networks, the database too: a later exec finds no container, the logs that would explain the trouble are gone, and the outage lasts until everything is up again.',
			zh: '移除全部容器和网络，数据库也包括在内：之后的 exec 找不到容器，能说明原因的日志一并消失，停机持续到全部重新启动。',
		},
		instead: {
			en: 'stops or renews only what must be, keeps evidence, waits for health',
			zh: '只停止或重建必要的服务，保留证据，并等待健康检查通过',
		},
	},
	'restart-everything': {
		really: {
			en: 'restarts every service at once, the database with 10 s until it is killed; evidence is lost, changed settings and images are not taken up.',
			zh: '同时重启所有服务，数据库只有 10 秒就会被强行终止；证据丢失，改动过的配置和镜像也不会生效。',
		},
		instead: {
			en: 'one after the other, with a CHECKPOINT before the database, waits for health and stops at the first failure',
			zh: '逐个重启，数据库重启前先做 CHECKPOINT，等待健康，遇到首个失败即停止',
		},
	},
	'restart-service': {
		really: {
			en: 'exits 0 although the service may not come up; its changed environment or image is not taken up; what would explain the trouble is lost.',
			zh: '即使服务起不来也返回 0；修改过的环境变量或镜像不会生效；能解释故障的现场丢失。',
		},
		instead: {
			en: 'saves logs and state first, restarts with enough time to stop, and is done only when it is healthy; recreate takes up changed settings',
			zh: '先保存日志和状态，留足停止时间再重启，健康后才算完成；recreate 会应用改动过的配置',
		},
	},
	'stop-service': {
		really: {
			en: 'stops only what is named, with 10 s until it is killed; others (workers, cron jobs) go on writing.',
			zh: '只停止指定的服务，10 秒后强行终止；其他程序（worker、定时任务）仍在写入。',
		},
		instead: {
			en: 'uses the time that the service needs, and a restore shows and cuts every session of the database itself',
			zh: '按服务所需时间停止；恢复操作会自行列出并断开该数据库的所有会话',
		},
	},
	'kill-service': {
		really: {
			en: 'ends it without letting it finish: requests are cut, a database has to recover, Redis loses what it has not saved.',
			zh: '不等它收尾就终止：请求中断，数据库需要崩溃恢复，Redis 丢失未保存的数据。',
		},
		instead: {
			en: 'stop first; kill only with the signal shown on a card, and with evidence saved',
			zh: '先用 stop；kill 会在卡片上显示信号并先保存证据',
		},
	},
	'up-attached': {
		really: {
			en: 'stays attached: leaving it with Ctrl-C stops every service; with --abort-on-container-exit the first one that ends stops all.',
			zh: '一直占用终端：按 Ctrl-C 会停止所有服务；加 --abort-on-container-exit 时任意一个退出就全部停止。',
		},
		instead: {
			en: 'starts or renews single services in the background and shows the log of the one that failed',
			zh: '在后台启动或重建单个服务，并显示失败服务的日志',
		},
	},
	'scale-compose': {
		really: {
			en: 'without names it also recreates everything else that changed; scaling back does not choose which copies stay, so old ones may be left over.',
			zh: '不指定服务时还会重建其他有改动的服务；缩容时不能选择保留哪些副本，留下的可能是旧版本。',
		},
		instead: {
			en: 'changes only that service and proves that every copy is healthy',
			zh: '只改变该服务的数量，并证明每个副本都健康',
		},
	},
	'build-in-outage': {
		really: {
			en: 'stops the old container before the new one is known to work; where the build or the start fails the service stays away. It is not a rolling update.',
			zh: '在确认新容器可用之前就停掉旧容器；构建或启动失败时服务中断。这并不是滚动更新。',
		},
		instead: {
			en: 'build first, then renew one service; it is done only when it is healthy and says so when it is not',
			zh: '先构建，再逐个重建服务；健康后才算完成，否则明确报告失败',
		},
	},
	'latest-image': {
		really: {
			en: 'overwrites the image of that name: after it there is nothing left to roll back to.',
			zh: '覆盖同名镜像：之后没有可回滚的版本。',
		},
		instead: {
			en: 'build under a tag of its own, then renew the service; the old image is kept',
			zh: '用独立标签构建，再重建服务；旧镜像会保留',
		},
	},
	'migrate-in-old-container': {
		really: {
			en: 'runs the migrations of the image that still runs, not those of the new one; without a lock limit it can block every query meanwhile.',
			zh: '执行的是仍在运行的旧镜像里的迁移，而不是新镜像的；没有锁等待上限，期间可能阻塞所有查询。',
		},
		instead: {
			en: 'make a proven backup first; run the migration in a one-off container of the new image with lock_timeout (opsconsole does not run migrations yet)',
			zh: '先做一份已验证的备份；在新镜像的一次性容器中带 lock_timeout 执行迁移（opsconsole 目前不执行迁移）',
		},
	},
	'exec-terminal': {
		really: {
			en: 'asks for a terminal: from cron or a script it fails with "the input device is not a TTY", and a script without set -e goes on and says success.',
			zh: '需要终端：在 cron 或脚本中会报 "the input device is not a TTY"，没有 set -e 的脚本会继续并报告成功。',
		},
		instead: {
			en: 'speaks with the engine itself and checks the exit code',
			zh: '直接与引擎通信并检查退出码',
		},
	},
	'exec-shell': {
		really: {
			en: 'a shell in a live container: everything typed there is unrecorded, and variables are expanded on the host first.',
			zh: '在运行中的容器里执行 shell：输入内容没有记录，变量还会先在宿主机展开。',
		},
		instead: {
			en: 'key S in the console opens it knowingly; for one figure a panel or a look has it already',
			zh: '控制台按 S 有意识地进入；单个数值面板或查看项里通常已有',
		},
	},
	'any-container': {
		really: {
			en: 'gives the ids of all services in no promised order: the first is any container, not the active one.',
			zh: '列出所有服务的编号且顺序不定：第一个可能是任何容器，并不是“当前活跃”的。',
		},
		instead: {
			en: 'finds containers by the labels of project and service',
			zh: '按项目和服务标签查找容器',
		},
	},
	'docker-socket': {
		really: {
			en: 'gives that image the whole host as root; a misspelt name gives it to whoever owns that name.',
			zh: '把整台主机的 root 权限交给该镜像；名字拼错就等于交给占用该名字的人。',
		},
		instead: {en: 'never mounts the socket anywhere', zh: '从不把该套接字挂载到任何容器'},
	},
	privileged: {
		really: {
			en: 'a container with all rights of root on the host.',
			zh: '容器拥有宿主机 root 的全部权限。',
		},
		instead: {
			en: 'containers of its own have no rights, no network and a memory limit',
			zh: '自己启动的容器没有特权、没有网络并限制内存',
		},
	},
	'volume-by-name': {
		really: {
			en: 'Compose puts the project before the name of a volume: this creates a new, empty volume and leaves the live data as it is.',
			zh: 'Compose 会在卷名前加项目名：此处会新建一个空卷，线上数据丝毫未变。',
		},
		instead: {
			en: 'takes the mounts of the very container that runs',
			zh: '以正在运行的容器的实际挂载为准',
		},
	},
	'fixed-container-name': {
		really: {
			en: 'a container of a Compose project is called project-service-1; under this name there may be none, or another one.',
			zh: 'Compose 项目的容器名是 项目-服务-1；这个名字可能不存在，或是别的容器。',
		},
		instead: {
			en: 'finds the server by the labels of its container',
			zh: '按容器标签找到对应的服务',
		},
	},
	'logs-unbounded': {
		really: {
			en: 'reads the log from its very beginning: gigabytes, minutes, and old errors counted as new.',
			zh: '从最开头读取全部日志：可能数 GB、耗时数分钟，还把旧错误当成新的。',
		},
		instead: {
			en: 'panel 5 groups the errors of the last minutes with counts; l shows the live log of a container',
			zh: '面板 5 按组统计最近几分钟的错误；按 l 查看容器的实时日志',
		},
	},
	'kubernetes-removed': {
		really: {
			en: 'deletes what is named at once; with -f all that the files name: namespaces, secrets and the claims that hold the data as well.',
			zh: '立即删除所指对象；加 -f 则删除文件中列出的一切：命名空间、密钥以及存放数据的 PVC 也在内。',
		},
		instead: {
			en: 'scale to 0 instead; opsconsole does not operate Kubernetes yet',
			zh: '改为缩容到 0；opsconsole 目前不操作 Kubernetes',
		},
	},
} as const satisfies DangerWords;
