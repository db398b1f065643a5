#!/bin/bash
# Runs a command against a RabbitMQ of its own:
#   src/test/rabbitmq.sh ../mvnw test -Dgroups=compatibility
# Starts a RabbitMQ on loopback, on free ports or on $WARREN_TEST_AMQP_PORT, gives the command its address in
# WARREN_TEST_AMQP_URI, and ends with the command's status. Whatever happens, nothing it started stays.
# Its management API is at WARREN_TEST_MANAGEMENT_URI.
# With $WARREN_TEST_AMQP_NODES, it is a cluster of so many nodes, and the addresses are those of the first.
# WARREN_TEST_RABBITMQCTL is a program that is its rabbitmqctl, to change users and permissions with, and
# WARREN_TEST_RABBITMQADMIN its rabbitmqadmin, if it brings one.
# The programs are Debian's, or another RabbitMQ's from the folder $RABBITMQ_BIN; all their data is in /tmp.
set -euo pipefail

if [ $# -eq 0 ]; then
	sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
	exit 2
fi
bin=${RABBITMQ_BIN:-/usr/lib/rabbitmq/bin} # /usr/sbin/rabbitmq-server would change user and log to /var/log
if [ ! -x "$bin/rabbitmq-server" ]; then
	echo "$bin/rabbitmq-server is missing; on Debian: apt-get install rabbitmq-server" >&2
	exit 3
fi
epmd=$bin/epmd
[ -x "$epmd" ] || epmd=epmd
here=$(cd "$(dirname "$0")" && pwd)
root=$(mktemp -d /tmp/warren-rabbitmq.XXXXXX)
servers=()
command=

listening() {
	(exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

free_port() { # below Linux's ephemeral range, so that no client's socket takes it meanwhile
	local port
	while port=$((20000 + RANDOM % 12000)) && listening "$port"; do :; done
	echo "$port"
}

speaks_amqp() { # answers the protocol header with a method frame
	local first
	first=$({ exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'AMQP\0\0\11\1' >&3 && timeout 5 head -c1 <&3 | od -An -tu1; } 2>/dev/null)
	[ "${first// /}" = 1 ]
}

stop() {
	# Not SIGTERM: the last node of a cluster would wait 30 s for a majority, and what is on it goes anyway.
	for server in "${servers[@]}"; do
		kill -KILL "$server" 2>/dev/null || true
	done
	wait "${servers[@]}" 2>/dev/null || true
	"$epmd" -port "$ERL_EPMD_PORT" -kill >/dev/null 2>&1 || true
	rm -rf "$root"
}

end() { # the command first, it may still talk to the server
	if [ -n "$command" ]; then
		kill -TERM "$command" 2>/dev/null || true
		wait "$command" 2>/dev/null || true
	fi
	exit "$1"
}

node() { # its name
	echo "warren-$$-$1@localhost"
}

start() { # the number of a node, its port, and that of its management API
	local data=$root/$1 number
	mkdir "$data"
	{
		printf 'listeners.tcp.1 = 127.0.0.1:%s\n' "$2"
		echo 'disk_free_limit.absolute = 50MB'
		if [ "$nodes" -gt 1 ]; then
			echo 'cluster_formation.peer_discovery_backend = classic_config'
			# Only those that run already: a node of RabbitMQ 4 spends minutes looking for the others.
			for ((number = 1; number <= $1; number++)); do
				printf 'cluster_formation.classic_config.nodes.%s = %s\n' "$number" "$(node "$number")"
			done
		fi
		if [ "$1" = 1 ]; then
			cp "$here/rabbitmq-definitions.json" "$data"
			printf 'load_definitions = %s/rabbitmq-definitions.json\n' "$data"
		fi
		printf 'management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = %s\n' "$3"
	} >"$data/rabbitmq.conf"
	# Of the exchange types that Warren has, this one is a plugin's.
	echo '[rabbitmq_management,rabbitmq_consistent_hash_exchange].' >"$data/enabled_plugins"
	# How often it looks for late acknowledgements, by default once a minute.
	echo '[{rabbit, [{channel_tick_interval, 100}]}].' >"$data/advanced.config"
	# Its own session: a Ctrl+C in the terminal is for the command, the server is stopped afterwards.
	HOME=$root LANG=C.UTF-8 LC_ALL=C.UTF-8 detached=1 \
		RABBITMQ_CONF_ENV_FILE=/dev/null/none \
		RABBITMQ_NODENAME=$(node "$1") RABBITMQ_DIST_PORT=$(free_port) \
		RABBITMQ_MNESIA_BASE=$data/mnesia RABBITMQ_LOG_BASE=$data/log \
		RABBITMQ_CONFIG_FILE=$data/rabbitmq.conf RABBITMQ_ADVANCED_CONFIG_FILE=$data/advanced.config \
		RABBITMQ_GENERATED_CONFIG_DIR=$data/generated RABBITMQ_ENABLED_PLUGINS_FILE=$data/enabled_plugins \
		RABBITMQ_PLUGINS_EXPAND_DIR=$data/plugins RABBITMQ_PID_FILE=$data/pid \
		RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="$loopback" RABBITMQ_CTL_ERL_ARGS="$loopback" \
		setsid "$bin/rabbitmq-server" </dev/null >"$data/stdout" 2>&1 &
	servers+=($!)
	local deadline=$((SECONDS + 120))
	until speaks_amqp "$2"; do
		if ! kill -0 $! 2>/dev/null || [ $SECONDS -ge $deadline ]; then
			echo "RabbitMQ did not start:" >&2
			tail -n 40 "$data/stdout" "$data"/log/*.log >&2 || true
			exit 4
		fi
		sleep 0.1
	done
}

nodes=${WARREN_TEST_AMQP_NODES:-1}
loopback='-kernel inet_dist_use_interface {127,0,0,1}'
ERL_EPMD_PORT=$(free_port)
export ERL_EPMD_PORT ERL_EPMD_ADDRESS=127.0.0.1
trap stop EXIT
trap 'end 130' INT
trap 'end 143' TERM

port=${WARREN_TEST_AMQP_PORT:-$(free_port)}
management=$(free_port)
start 1 "$port" "$management"
for ((other = 2; other <= nodes; other++)); do
	start "$other" "$(free_port)" "$(free_port)"
done
{
	echo '#!/bin/bash'
	echo "HOME=$root LANG=C.UTF-8 LC_ALL=C.UTF-8 RABBITMQ_CONF_ENV_FILE=/dev/null/none RABBITMQ_CTL_ERL_ARGS='$loopback' \\"
	echo "	exec '$bin/rabbitmqctl' -q -n '$(node 1)' \"\$@\""
} >"$root/rabbitmqctl"
chmod +x "$root/rabbitmqctl"
# Not another's: that of RabbitMQ 4.3 cannot read what 3.10 says of a node.
unset WARREN_TEST_RABBITMQADMIN
if [ -x "$bin/rabbitmqadmin" ]; then
	export WARREN_TEST_RABBITMQADMIN=$bin/rabbitmqadmin
fi
export WARREN_TEST_MANAGEMENT_URI=http://127.0.0.1:$management
# A node that does not find the others starts alone.
if [ "$nodes" -gt 1 ]; then
	"$root/rabbitmqctl" await_online_nodes "$nodes" --timeout 60
fi

# In the background, since bash hears no signal while it waits for a command in the foreground.
WARREN_TEST_AMQP_URI="amqp://guest:guest@127.0.0.1:$port" WARREN_TEST_RABBITMQCTL=$root/rabbitmqctl "$@" <&0 &
command=$!
status=0
wait "$command" || status=$?
exit "$status"
