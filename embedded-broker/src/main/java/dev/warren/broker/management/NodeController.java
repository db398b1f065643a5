package dev.warren.broker.management;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.warren.broker.Administration;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.rabbitmq.wire.Dialect;
import org.jspecify.annotations.Nullable;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * The one node there is, and what it takes of the machine.
 */
@RestController
@For(Tag.MONITORING)
final class NodeController {

	private static final List<String> ERLANG_MEMORY = List.of("connection_readers", "connection_writers",
			"connection_channels", "connection_other", "stream_queue_procs", "stream_queue_replica_reader_procs",
			"stream_queue_coordinator_procs", "quorum_queue_procs", "quorum_queue_dlx_procs", "plugins",
			"metadata_store", "metrics", "mgmt_db", "quorum_ets", "mnesia", "metadata_store_ets", "other_ets", "binary",
			"msg_index", "atom", "other_system", "allocated_unused");

	private final Administration administration;

	private final Listeners listeners;

	private final EmbeddedBroker broker;

	NodeController(Administration administration, Listeners listeners, EmbeddedBroker broker) {
		this.listeners = listeners;
		this.administration = administration;
		this.broker = broker;
	}

	@GetMapping("/api/nodes")
	Object nodes(Listing listing) {
		return listing.of(List.of(OverviewController.NODE), (name) -> name, (name) -> node());
	}

	@GetMapping("/api/nodes/{node}")
	Map<String, @Nullable Object> node(Listing listing, @PathVariable String node) {
		check(node);
		Map<String, @Nullable Object> map = node();
		if (listing.is("memory")) {
			map.put("memory", memory());
		}
		return listing.of(map);
	}

	@GetMapping("/api/nodes/{node}/memory")
	Map<String, Object> memory(@PathVariable String node) {
		check(node);
		return Map.of("memory", memory());
	}

	private static void check(String node) {
		if (!node.equals(OverviewController.NODE)) {
			throw ApiException.notFound();
		}
	}

	private Map<String, @Nullable Object> node() {
		Administration.Usage usage = this.administration.usage();
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("applications", List.of());
		map.put("auth_mechanisms", List.of());
		map.put("being_drained", false);
		map.put("cluster_links", List.of());
		map.put("config_files", List.of());
		map.put("contexts", this.listeners.contexts());
		map.put("db_dir", this.broker.dataDir().map((path) -> path.toAbsolutePath().toString()).orElse("memory"));
		map.put("disk_free", usage.diskFree());
		map.put("disk_free_alarm", usage.shortOfDisk());
		map.put("disk_free_limit", usage.diskFreeLimit());
		map.put("enabled_plugins", List.of());
		map.put("erlang_version", Runtime.version().toString());
		map.put("exchange_types", OverviewController.exchangeTypes());
		map.put("fd_total", files(UnixOperatingSystemMXBean::getMaxFileDescriptorCount));
		map.put("fd_used", files(UnixOperatingSystemMXBean::getOpenFileDescriptorCount));
		map.put("gc_num", collections());
		map.put("log_files", List.of());
		map.put("net_ticktime", 60);
		map.put("mem_alarm", usage.shortOfMemory());
		map.put("mem_calculation_strategy", "messages");
		map.put("mem_limit", usage.memoryLimit());
		map.put("mem_used", usage.memory());
		map.put("name", OverviewController.NODE);
		map.put("os_pid", Long.toString(ProcessHandle.current().pid()));
		map.put("partitions", List.of());
		map.put("proc_total", Short.MAX_VALUE);
		map.put("proc_used", ManagementFactory.getThreadMXBean().getThreadCount());
		map.put("processors", Runtime.getRuntime().availableProcessors());
		map.put("rabbitmq_version", Dialect.valueOf(this.broker.version().name()).version());
		map.put("rates_mode", "basic");
		map.put("run_queue", 0);
		map.put("running", true);
		map.put("type", "disc");
		map.put("uptime", ManagementFactory.getRuntimeMXBean().getUptime());
		return map;
	}

	/**
	 * How many files there are or may be, 0 where nobody counts them.
	 */
	static long files(ToLongFunction<UnixOperatingSystemMXBean> count) {
		return (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)
				? readable(count.applyAsLong(unix)) : 0;
	}

	/**
	 * A number of files as RabbitMQ's tools can read it, in 32 bits: where there is no
	 * limit, the system says that it is -1 or the largest number that there is.
	 */
	static long readable(long files) {
		return (files >= 0) ? Math.min(files, Integer.MAX_VALUE) : Integer.MAX_VALUE;
	}

	private static long collections() {
		return ManagementFactory.getGarbageCollectorMXBeans()
			.stream()
			.mapToLong(GarbageCollectorMXBean::getCollectionCount)
			.sum();
	}

	private Map<String, Object> memory() {
		Runtime runtime = Runtime.getRuntime();
		long heap = runtime.totalMemory() - runtime.freeMemory();
		long other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed();
		long messages = Math.min(heap, this.administration.usage().memory());
		Map<String, Object> memory = new LinkedHashMap<>();
		// Tools want every part that there is of RabbitMQ's.
		ERLANG_MEMORY.forEach((part) -> memory.put(part, 0));
		memory.put("queue_procs", messages);
		memory.put("other_proc", heap - messages);
		memory.put("code", other);
		memory.put("reserved_unallocated", runtime.totalMemory() - heap);
		memory.put("strategy", "allocated");
		memory.put("total",
				Map.of("erlang", heap, "rss", runtime.totalMemory() + other, "allocated", runtime.totalMemory()));
		return memory;
	}

}
