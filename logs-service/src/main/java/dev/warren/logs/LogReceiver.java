package dev.warren.logs;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

import dev.warren.messaging.log.MessageLog;

import org.springframework.amqp.core.ExchangeTypes;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.annotation.Exchange;
import org.springframework.amqp.rabbit.annotation.Queue;
import org.springframework.amqp.rabbit.annotation.QueueBinding;
import org.springframework.amqp.rabbit.annotation.RabbitListener;

/**
 * Receives logs, the tutorials' {@code ReceiveLogs}, {@code ReceiveLogsDirect} and
 * {@code ReceiveLogsTopic}: a queue of its own, which the broker names and which goes
 * with the receiver, bound to an exchange by what the receiver wants.
 * <p>
 * As a bean it receives everything that goes to the topic exchange, by its annotation.
 * The service's subscriptions are receivers of this class, too, each with a queue that is
 * bound as its request says.
 */
public class LogReceiver {

	private final String id;

	private final Consumer<Message> lines;

	private final MessageLog log;

	/**
	 * Creates a receiver.
	 * @param id its id
	 * @param lines takes what it receives
	 * @param log tells what it does
	 */
	public LogReceiver(String id, Consumer<Message> lines, MessageLog log) {
		this.id = id;
		this.lines = lines;
		this.log = log;
	}

	/**
	 * Takes a log.
	 * @param message the log
	 */
	// @Queue without a name: server-named, exclusive, auto-delete.
	@RabbitListener(bindings = @QueueBinding(value = @Queue,
			exchange = @Exchange(name = LogsTopology.TOPIC, type = ExchangeTypes.TOPIC, durable = Exchange.FALSE),
			key = "#"))
	public void receive(Message message) {
		this.log.line("{} received '{}':'{}'", this.id, message.getMessageProperties().getReceivedRoutingKey(),
				new String(message.getBody(), StandardCharsets.UTF_8));
		this.lines.accept(message);
	}

}
