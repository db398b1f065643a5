package dev.warren.rpc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.warren.messaging.publish.ConfirmedPublisher;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The servers there are. One that crashed stays in the list, until somebody takes it out
 * or many others have crashed after it; nobody takes its place.
 */
@Component
@ConditionalOnRole(RpcProperties.Role.SERVER)
class Servers implements SmartLifecycle {

	private static final int MAX_CRASHED = 20;

	private final Workplace workplace;

	private final Map<String, ServerConnection> servers = new LinkedHashMap<>();

	private int started;

	private volatile boolean running;

	Servers(Workplace workplace) {
		this.workplace = workplace;
	}

	synchronized List<ServerConnection> list() {
		this.servers.values().removeIf((server) -> server.state() == ServerConnection.State.STOPPED);
		return new ArrayList<>(this.servers.values());
	}

	private List<ServerConnection> list(boolean crashed) {
		return list().stream()
			.filter((server) -> crashed == (server.state() == ServerConnection.State.CRASHED))
			.toList();
	}

	/**
	 * Starts one more server.
	 * @return the server, or nothing if there are as many as there may be, or all are
	 * being stopped
	 */
	synchronized Optional<ServerConnection> startOne() {
		if (!this.running || list(false).size() >= this.workplace.properties().maxServers()) {
			return Optional.empty();
		}
		// It connects on a thread of its own.
		ServerConnection server = new ServerConnection("server-" + ++this.started, this.workplace);
		server.start();
		this.servers.put(server.id(), server);
		return Optional.of(server);
	}

	/**
	 * Stops a server gracefully, or forgets one that crashed.
	 * @return whether there was such a server
	 */
	boolean stop(String id) {
		Optional<ServerConnection> server = find(id);
		server.ifPresent((found) -> {
			found.stop();
			if (found.state() == ServerConnection.State.CRASHED) {
				forget(found);
			}
		});
		return server.isPresent();
	}

	/**
	 * Has a server crash.
	 * @return the server, or nothing if there was no such server, or it had crashed
	 */
	Optional<ServerConnection> crash(String id) {
		Optional<ServerConnection> crashed = find(id).filter(ServerConnection::crash);
		List<ServerConnection> all = list(true);
		all.subList(0, Math.max(0, all.size() - MAX_CRASHED)).forEach(this::forget);
		return crashed;
	}

	private Optional<ServerConnection> find(String id) {
		return list().stream().filter((server) -> server.id().equals(id)).findFirst();
	}

	private synchronized void forget(ServerConnection server) {
		this.servers.remove(server.id());
	}

	@Override
	public void start() {
		this.running = true;
		for (int i = 0; i < this.workplace.properties().servers(); i++) {
			startOne();
		}
	}

	/**
	 * Stops all servers gracefully.
	 */
	@Override
	public void stop() {
		this.running = false;
		List<ServerConnection> all = list(false);
		all.forEach(ServerConnection::stop);
		try {
			for (ServerConnection server : all) {
				server.awaitEnd();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	// After the web server, whose requests may still wait for replies.
	@Override
	public int getPhase() {
		return ConfirmedPublisher.PHASE;
	}

}
