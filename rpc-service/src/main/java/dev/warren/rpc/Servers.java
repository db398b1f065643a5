package dev.warren.rpc;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.springframework.amqp.core.AcknowledgeMode;
import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The servers there are, each with a listener container of its own, which hands it one
 * request at a time.
 */
@Component
@ConditionalOnRole(RpcProperties.Role.SERVER)
class Servers implements SmartLifecycle {

	private static final int ONE_AT_A_TIME = 1;

	private final SimpleRabbitListenerContainerFactory containerFactory;

	private final RpcProperties properties;

	private final Map<String, Running> servers = new LinkedHashMap<>();

	private int started;

	private volatile boolean running;

	Servers(SimpleRabbitListenerContainerFactory containerFactory, RpcProperties properties) {
		this.containerFactory = containerFactory;
		this.properties = properties;
	}

	synchronized List<FibonacciServer> list() {
		return this.servers.values().stream().map(Running::server).toList();
	}

	synchronized Optional<FibonacciServer> find(String id) {
		return Optional.ofNullable(this.servers.get(id)).map(Running::server);
	}

	/**
	 * Starts one more server.
	 * @return the server, or nothing if there are as many as there may be
	 */
	synchronized Optional<FibonacciServer> startOne() {
		if (this.servers.size() >= this.properties.maxServers()) {
			return Optional.empty();
		}
		FibonacciServer server = new FibonacciServer("server-" + ++this.started, this.properties);
		SimpleMessageListenerContainer container = this.containerFactory.createListenerContainer();
		container.setQueueNames(RpcTopology.REQUESTS);
		container.setMessageListener(server);
		container.setAcknowledgeMode(AcknowledgeMode.MANUAL);
		container.setPrefetchCount(ONE_AT_A_TIME);
		container.setListenerId(server.id());
		container.setConsumerTagStrategy((queue) -> server.id());
		container.afterPropertiesSet();
		container.start();
		this.servers.put(server.id(), new Running(server, container));
		return Optional.of(server);
	}

	/**
	 * Stops a server once it has answered the request it holds.
	 * @param id the server's id
	 * @return whether there was such a server
	 */
	boolean stop(String id) {
		Running stopped;
		synchronized (this) {
			stopped = this.servers.remove(id);
		}
		if (stopped == null) {
			return false;
		}
		stopped.container().destroy();
		return true;
	}

	@Override
	public synchronized void start() {
		this.running = true;
		for (int i = 0; i < this.properties.servers(); i++) {
			startOne();
		}
	}

	@Override
	public void stop() {
		this.running = false;
		list().forEach((server) -> stop(server.id()));
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	private record Running(FibonacciServer server, SimpleMessageListenerContainer container) {

	}

}
