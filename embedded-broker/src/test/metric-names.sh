#!/bin/bash
# Lists the metrics that a broker has, one a line: name, type, labels.
#   src/test/metric-names.sh http://127.0.0.1:15692 >src/test/resources/dev/warren/broker/management/metrics-4.3.txt
# Without those of the Erlang VM, of Raft and of the plugin itself. A name that has no samples has no labels, so there should be something of everything: see MetricsTests.
set -euo pipefail

base=${1:?The URL of a broker, such as http://127.0.0.1:15692}
families=$(printf '&family=%s' connection_churn_metrics node_coarse_metrics node_metrics queue_coarse_metrics queue_consumer_count queue_metrics \
	queue_delivery_metrics channel_metrics channel_exchange_metrics channel_queue_metrics channel_queue_exchange_metrics connection_coarse_metrics \
	connection_metrics exchange_metrics vhost_status exchange_bindings exchange_names)
for path in metrics metrics/per-object "metrics/detailed?${families#&}"; do
	curl -sSf ${WARREN_TEST_CREDENTIALS:+-u "$WARREN_TEST_CREDENTIALS"} "$base/$path" | awk -v path="/${path%%\?*}" '
		$1 == "#" && $2 == "TYPE" { type[$3] = $4; next }
		/^[a-z]/ {
			name = $0; sub(/[{ ].*/, "", name)
			labels = ""
			if (match($0, /^[a-z_0-9]+{/)) {
				rest = substr($0, RLENGTH + 1)
				while (match(rest, /^,?[a-z_]+="([^"\\]|\\.)*"/)) {
					label = substr(rest, 1, RLENGTH); rest = substr(rest, RLENGTH + 1)
					sub(/^,/, "", label); sub(/=.*/, "", label)
					labels = labels (labels == "" ? "" : ",") label
				}
			}
			if (name in type && !((name, labels) in seen)) { seen[name, labels]; print path, name, type[name], labels }
		}'
done | grep -vE " (erlang|telemetry|rabbitmq(_detailed)?_raft)_" | sed 's/ $//' | LC_ALL=C sort -u
