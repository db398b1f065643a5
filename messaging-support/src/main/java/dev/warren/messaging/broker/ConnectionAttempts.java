package dev.warren.messaging.broker;

import java.net.ConnectException;
import java.net.Socket;

import com.rabbitmq.client.SocketConfigurator;
import org.jspecify.annotations.Nullable;

/**
 * Who may try to connect. As long as the broker is there, everybody who needs a
 * connection. Once an attempt has failed, only {@link BrokerConnection}, and everybody
 * else fails at once: a connection factory makes one attempt at a time, so that a request
 * would have to wait for one of each consumer, and a broker that refuses a login would
 * hear of it from each of them.
 */
final class ConnectionAttempts implements SocketConfigurator {

	private volatile @Nullable String fault;

	private volatile @Nullable Thread trying;

	/**
	 * Makes an attempt that is never refused.
	 */
	void attempt(Runnable attempt) {
		this.trying = Thread.currentThread();
		try {
			attempt.run();
		}
		finally {
			this.trying = null;
		}
	}

	void failed(String reason) {
		this.fault = reason;
	}

	void succeeded() {
		this.fault = null;
	}

	@Override
	public void configure(Socket socket) throws ConnectException {
		String known = this.fault;
		if (known != null && !Thread.currentThread().equals(this.trying)) {
			throw new ConnectException(known);
		}
	}

}
