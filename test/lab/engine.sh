#!/bin/sh
# Brings what the lab needs from the machine; every step does only what is missing.
#   engine.sh missing [ci]   names the Debian packages that are not installed
#   engine.sh packages [ci]  installs them (root)
#   engine.sh start          starts a Docker engine where none answers (root); prints its process id
set -eu

engine_packages='docker.io docker-compose iptables debootstrap'
ci_packages='redis-server postgresql-15 pgbouncer openssl tmux fonts-dejavu-core fonts-wqy-microhei procps iproute2 ca-certificates'

wanted() {
	list=$engine_packages
	if [ "${1:-}" = ci ]; then list="$list $ci_packages"; fi
	for package in $list; do
		case $package in
			docker.io) command -v dockerd >/dev/null && command -v docker >/dev/null && continue ;;
			docker-compose) docker compose version >/dev/null 2>&1 && continue ;;
		esac
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || echo "$package"
	done
}

install_packages() {
	missing=$(wanted "${1:-}")
	if [ -z "$missing" ]; then return; fi
	# A package must not start its server: the tests start their own, on free ports.
	policy=/usr/sbin/policy-rc.d
	if [ ! -e "$policy" ]; then
		printf '#!/bin/sh\nexit 101\n' >"$policy"
		chmod +x "$policy"
		trap 'rm -f "$policy"' EXIT
	fi
	if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
		mkdir -p /etc/postgresql-common
		echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
	fi
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -q >&2
	# shellcheck disable=SC2086 # the list is meant to be split
	apt-get install -y -q --no-install-recommends -o Dpkg::Options::=--force-confold $missing >&2
}

start_engine() {
	if docker info >/dev/null 2>&1; then return; fi
	log=${OPSCONSOLE_ENGINE_LOG:-/var/log/opsconsole-lab-dockerd.log}
	rm -f /var/run/docker.pid
	# An engine that was killed leaves the number of its containerd behind; a new one would wait a minute for it.
	containerd_pid=/var/run/docker/containerd/containerd.pid
	if [ -e "$containerd_pid" ]; then
		number=$(cat "$containerd_pid")
		if [ "$(cat "/proc/$number/comm" 2>/dev/null)" = containerd ]; then
			kill "$number" 2>/dev/null || true
			while kill -0 "$number" 2>/dev/null; do sleep 0.1; done
		fi
		rm -f "$containerd_pid"
	fi
	setsid dockerd >"$log" 2>&1 </dev/null &
	engine=$!
	tries=0
	until docker info >/dev/null 2>&1; do
		tries=$((tries + 1))
		if [ "$tries" -gt 300 ] || ! kill -0 "$engine" 2>/dev/null; then
			echo "the Docker engine did not start; its last words ($log):" >&2
			tail -n 5 "$log" >&2
			exit 1
		fi
		sleep 0.2
	done
	echo "$engine"
}

case "${1:-}" in
	missing) wanted "${2:-}" ;;
	packages) install_packages "${2:-}" ;;
	start) start_engine ;;
	*)
		sed -n '2,6s/^# *//p' "$0" >&2
		exit 64
		;;
esac
