#!/usr/bin/env bash
# Tutorials 3, 4 and 5, the receiver: receive_logs.sh fanout|direct|topic BINDING_KEY... -- EXPECTED_KEY:TEXT...
# amqp-consume does not tell the keys of what it received: only the texts are compared.
set -euo pipefail
url=amqp://${AMQP_ADDRESS:-localhost:5672}
declare -A exchanges=([fanout]=logs [direct]=direct_logs [topic]=topic_logs)

exchange=${exchanges[$1]}
shift
keys=
while [ "$1" != -- ]; do
	keys+=${keys:+,}$1
	shift
done
shift

# A fanout exchange does not look at the key, but without one amqp-consume does not bind.
received=$(amqp-consume --url="$url" --exchange="$exchange" --routing-key="${keys:-any}" --exclusive --no-ack --count=$# -- sh -c 'cat; echo')
echo " [x] $received"
diff <(printf '%s\n' "${@#*:}") <(echo "$received")
