package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;

/**
 * Tries things with a queue, and tells what came of each.
 */
final class Outcomes {

	static final String OK = "ok";

	/** Short, since a reply text is cut after 255 bytes. */
	static final String QUEUE = "tried";

	private final TestClient client;

	private Connection connection;

	private Channel channel;

	Outcomes(TestClient client) throws IOException, TimeoutException {
		this.client = client;
		this.connection = client.connect();
		this.channel = this.connection.createChannel();
	}

	/**
	 * Does all steps on a channel, one after the other, and deletes the queue.
	 * @return the last answer, or why the broker closed channel or connection
	 */
	String of(Step... steps) throws IOException, TimeoutException {
		try {
			String answer = OK;
			for (Step step : steps) {
				answer = step.take(this.channel);
			}
			return answer;
		}
		catch (AlreadyClosedException ex) {
			return describe(ex.getReason());
		}
		catch (IOException ex) {
			if (ex.getCause() instanceof ShutdownSignalException shutdown) {
				return describe(shutdown.getReason());
			}
			throw ex;
		}
		finally {
			cleanUp();
		}
	}

	private static String describe(Method reason) {
		String text;
		if (reason instanceof AMQP.Channel.Close close) {
			text = close.getReplyCode() + " " + close.getReplyText();
		}
		else if (reason instanceof AMQP.Connection.Close close) {
			text = "connection closed: " + close.getReplyCode() + " " + close.getReplyText();
		}
		else {
			text = String.valueOf(reason);
		}
		return text.replace("\n", " ").replace("queue '" + QUEUE + "' in vhost '/'", "<queue>");
	}

	private void cleanUp() throws IOException, TimeoutException {
		if (!this.connection.isOpen()) {
			this.connection = this.client.connect();
		}
		// Consumers, prefetch and transactions end with the channel.
		this.channel.abort();
		this.channel = this.connection.createChannel();
		this.channel.queueDelete(QUEUE);
	}

	static Map<String, Object> arguments(String type, Map<String, Object> more) {
		Map<String, Object> arguments = new HashMap<>(more);
		if (!type.equals("untyped")) {
			arguments.put("x-queue-type", type);
		}
		return arguments;
	}

	static Step declare(Map<String, Object> arguments) {
		return declare(true, false, false, arguments);
	}

	static Step declare(boolean durable, boolean exclusive, boolean autoDelete, Map<String, Object> arguments) {
		return (channel) -> {
			channel.queueDeclare(QUEUE, durable, exclusive, autoDelete, arguments);
			return OK;
		};
	}

	static Step publish() {
		return (channel) -> {
			channel.confirmSelect();
			channel.basicPublish("", QUEUE, null, new byte[0]);
			try {
				channel.waitForConfirmsOrDie(10_000);
			}
			catch (InterruptedException | TimeoutException ex) {
				throw new IllegalStateException(ex);
			}
			return OK;
		};
	}

	static Step consume(boolean exclusive, Map<String, Object> arguments) {
		return (channel) -> {
			channel.basicConsume(QUEUE, false, "", false, exclusive, arguments, new DefaultConsumer(channel));
			return OK;
		};
	}

	/**
	 * A step that is answered if it is done.
	 */
	@FunctionalInterface
	interface Step {

		String take(Channel channel) throws IOException;

	}

}
