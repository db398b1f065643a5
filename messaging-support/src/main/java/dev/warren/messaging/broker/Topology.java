package dev.warren.messaging.broker;

import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.messaging.broker.QueueStatus.DeclaredBy;
import dev.warren.messaging.message.Printable;
import dev.warren.messaging.publish.NotRoutedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.Declarable;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.Exchange;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueInformation;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.ChannelCallback;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.context.ApplicationContext;
import org.springframework.core.NestedExceptionUtils;

/**
 * Declares the queues, exchanges and bindings that are beans, and uses what is there
 * already with other arguments: a consumer needs a queue, not its arguments.
 * <p>
 * A {@link RabbitAdmin} would either fail the connection over a queue that somebody else
 * declared otherwise (406 {@code PRECONDITION_FAILED}), or log each attempt and tell
 * nobody. This one declares whenever a connection opens or something turns out to be
 * missing, each thing on its own, and remembers what became of it: each change is one
 * line in the log, and is in the service's health. Safe for use by several threads.
 */
public final class Topology extends RabbitAdmin {

	private static final int MAX_DIFFERENCES = 16;

	private static final Logger logger = LoggerFactory.getLogger(Topology.class);

	private final Executor executor;

	private final Map<String, State> states = new ConcurrentHashMap<>();

	private @Nullable ApplicationContext context;

	/**
	 * Creates the topology of a service.
	 * @param connectionFactory where connections come from
	 * @param executor declares what turns out to be missing
	 */
	public Topology(ConnectionFactory connectionFactory, Executor executor) {
		super(connectionFactory);
		this.executor = executor;
	}

	@Override
	public void setApplicationContext(ApplicationContext context) {
		super.setApplicationContext(context);
		this.context = context;
	}

	/**
	 * Declares what is not there.
	 * @throws AmqpException if the broker cannot be asked
	 */
	@Override
	public void initialize() {
		declarables().forEach(this::declare);
	}

	private List<Declarable> declarables() {
		ApplicationContext context = this.context;
		return (context == null) ? List.of()
				: Stream
					.concat(context.getBeansOfType(Declarable.class, false, false).values().stream(),
							context.getBeansOfType(Declarables.class, false, false)
								.values()
								.stream()
								.flatMap((group) -> group.getDeclarables().stream()))
					.filter(Declarable::shouldDeclare)
					.sorted(Comparator.comparing((declarable) -> declarable instanceof Binding))
					.toList();
	}

	private void declare(Declarable declarable) {
		String name = name(declarable);
		State before = this.states.get(name);
		State now = state(declarable);
		this.states.put(name, now);
		if (now.fault() != null && (before == null || !now.fault().equals(before.fault()))) {
			logger.warn("{} {}: {}", name,
					now.usable() ? "is there with other arguments and is used as it is" : "could not be declared",
					Printable.line(now.fault()));
		}
		else if (before != null && before.fault() != null && now.fault() == null) {
			logger.info("{} is declared as this service declares it", name);
		}
	}

	private State state(Declarable declarable) {
		String refusal = refusal((channel) -> declare(channel, declarable));
		if (refusal == null) {
			return new State(declarable, null, true);
		}
		if (declarable instanceof Queue queue) {
			return new State(actual(queue, refusal), refusal, isThere(queue));
		}
		if (declarable instanceof Exchange exchange && isThere(exchange)) {
			Exchange actual = actual(exchange, refusal);
			// An exchange of another type routes otherwise: that is not what is needed.
			return new State(actual, refusal, actual.getType().equals(exchange.getType()));
		}
		return new State(declarable, refusal, false);
	}

	// Each refusal names one argument and its value on the broker.
	private Queue actual(Queue declared, String refusal) {
		Queue actual = declared;
		Optional<Inequivalence> difference = Inequivalence.in(refusal);
		for (int i = 0; i < MAX_DIFFERENCES && difference.isPresent() && isThere(declared); i++) {
			Queue corrected = difference.get().correct(actual);
			actual = corrected;
			difference = Optional.ofNullable(refusal((channel) -> declare(channel, corrected)))
				.flatMap(Inequivalence::in);
		}
		return actual;
	}

	private Exchange actual(Exchange declared, String refusal) {
		Exchange actual = declared;
		Optional<Inequivalence> difference = Inequivalence.in(refusal);
		for (int i = 0; i < MAX_DIFFERENCES && difference.isPresent(); i++) {
			Exchange corrected = difference.get().correct(actual);
			actual = corrected;
			difference = Optional.ofNullable(refusal((channel) -> declare(channel, corrected)))
				.flatMap(Inequivalence::in);
		}
		return actual;
	}

	private boolean isThere(Exchange exchange) {
		return refusal((channel) -> channel.exchangeDeclarePassive(exchange.getName())) == null;
	}

	private boolean isThere(Queue queue) {
		return refusal((channel) -> channel.queueDeclarePassive(queue.getActualName())) == null;
	}

	private static void declare(Channel channel, Declarable declarable) throws IOException {
		if (declarable instanceof Exchange exchange) {
			if (!exchange.getName().isEmpty()) {
				channel.exchangeDeclare(exchange.getName(), exchange.getType(), exchange.isDurable(),
						exchange.isAutoDelete(), exchange.isInternal(), exchange.getArguments());
			}
		}
		else if (declarable instanceof Queue queue) {
			AMQP.Queue.DeclareOk declared = channel.queueDeclare(queue.getName(), queue.isDurable(),
					queue.isExclusive(), queue.isAutoDelete(), queue.getArguments());
			queue.setActualName(declared.getQueue());
		}
		else if (declarable instanceof Binding binding) {
			channel.queueBind(binding.getDestination(), binding.getExchange(), binding.getRoutingKey(),
					binding.getArguments());
		}
	}

	// What the broker has against it: the channel's close. Anything else is an exception.
	private @Nullable String refusal(Action action) {
		return getRabbitTemplate().<Optional<String>>execute((channel) -> {
			try {
				action.on(channel);
				return Optional.empty();
			}
			catch (IOException ex) {
				if (ex.getCause() instanceof ShutdownSignalException signal
						&& signal.getReason() instanceof AMQP.Channel.Close close) {
					return Optional.of(close.getReplyText());
				}
				throw ex;
			}
		}).orElse(null);
	}

	private static String name(Declarable declarable) {
		if (declarable instanceof Queue queue) {
			return "Queue '" + queue.getName() + "'";
		}
		if (declarable instanceof Exchange exchange) {
			return "Exchange '" + exchange.getName() + "'";
		}
		return declarable.toString();
	}

	/**
	 * A queue as it is on the broker; one of this service's that is missing is declared.
	 * @param queue the queue, as this service declares it
	 * @return the queue
	 * @throws AmqpException if the broker cannot be asked, or the queue is not there
	 */
	public QueueStatus status(Queue queue) {
		QueueInformation information = getQueueInfo(queue.getName());
		if (information == null || !this.states.containsKey(name(queue))) {
			declare(queue);
			information = getQueueInfo(queue.getName());
		}
		State state = this.states.get(name(queue));
		if (information == null || state == null) {
			throw new AmqpException("There is no queue '%s'%s".formatted(queue.getName(),
					(state != null && state.fault() != null) ? ": " + state.fault() : ""));
		}
		Queue actual = (state.actual() instanceof Queue other) ? other : queue;
		return new QueueStatus(queue.getName(), information.getMessageCount(), information.getConsumerCount(),
				(state.fault() != null) ? DeclaredBy.OTHER : DeclaredBy.SELF, actual.isDurable(),
				actual.getArguments());
	}

	/**
	 * Sends; where no queue took the message, declares what is missing and sends once
	 * more. The broker kept nothing of a message that it returned.
	 * @param <T> what sending gives
	 * @param send sends the message; completes with a {@link NotRoutedException} if it
	 * was returned
	 * @return completes as the last attempt does
	 */
	public <T> CompletableFuture<T> declaringWhatIsMissing(Supplier<CompletableFuture<T>> send) {
		return declaringWhatIsMissing(send, () -> {
		});
	}

	/**
	 * Sends; where the message was returned or there was no exchange for it, declares
	 * what is missing and sends once more.
	 * @param <T> what sending gives
	 * @param send sends the message; completes with a {@link NotRoutedException} if it
	 * was returned
	 * @param declared follows the declaration, such as one that binds queues anew
	 * @return completes as the last attempt does
	 */
	public <T> CompletableFuture<T> declaringWhatIsMissing(Supplier<CompletableFuture<T>> send, Runnable declared) {
		return send.get().exceptionallyComposeAsync((failure) -> {
			Throwable cause = (failure instanceof CompletionException && failure.getCause() != null)
					? failure.getCause() : failure;
			if (cause instanceof NotRoutedException) {
				initialize();
				declared.run();
				return send.get();
			}
			return CompletableFuture.failedFuture(failure);
		}, this.executor);
	}

	/**
	 * An exchange as it is on the broker; one of this service's that is missing is
	 * declared.
	 * @param name the name of an exchange that this service declares
	 * @return the exchange
	 * @throws AmqpException if the broker cannot be asked
	 */
	public ExchangeStatus exchange(String name) {
		Exchange exchange = declared(name);
		declare(exchange);
		State state = this.states.get(name(exchange));
		Exchange actual = (state != null && state.actual() instanceof Exchange other) ? other : exchange;
		String fault = (state != null) ? state.fault() : null;
		return new ExchangeStatus(name, actual.getType(), (fault != null) ? DeclaredBy.OTHER : DeclaredBy.SELF,
				actual.isDurable(), actual.isAutoDelete(), (state != null && state.usable()) ? null : fault);
	}

	/**
	 * Whether an exchange can be used, as far as that is known without asking the broker:
	 * not if it is of another type, or missing and not to be declared.
	 * @param name the name of an exchange that this service declares
	 * @return whether it can
	 */
	public boolean isUsable(String name) {
		State state = this.states.get(name(declared(name)));
		return state == null || state.usable();
	}

	/**
	 * Refuses to use an exchange that cannot be, as {@link #isUsable(String)} tells.
	 * @param name the name of an exchange that this service declares
	 * @throws RefusedException if it cannot be used
	 */
	public void requireUsable(String name) {
		State state = this.states.get(name(declared(name)));
		if (state != null && !state.usable()) {
			throw new RefusedException("The exchange '%s' cannot be used: %s".formatted(name, state.fault()), null);
		}
	}

	/**
	 * Deletes an exchange, and declares it as this service does. The bindings to it go.
	 * @param name the name of an exchange that this service declares
	 * @param force whether to delete it though something is bound to it
	 * @throws RefusedException if something is bound to it, or the broker does not permit
	 * it
	 * @throws AmqpException if the broker cannot be asked
	 */
	public void deleteExchange(String name, boolean force) {
		ask((channel) -> channel.exchangeDelete(name, !force));
		declare(declared(name));
	}

	private Exchange declared(String exchange) {
		return declarables().stream()
			.filter(Exchange.class::isInstance)
			.map(Exchange.class::cast)
			.filter((candidate) -> candidate.getName().equals(exchange))
			.findFirst()
			.orElseThrow();
	}

	/**
	 * Asks the broker for something that it may refuse, on the connection that receives.
	 * @param <T> what it answers
	 * @param question asks on a channel
	 * @return the answer
	 * @throws RefusedException if it refuses
	 * @throws AmqpException if it cannot be asked, or has not got what this is about
	 */
	public <T extends @Nullable Object> T ask(ChannelCallback<T> question) {
		try {
			return getRabbitTemplate().execute(question);
		}
		catch (AmqpException ex) {
			if (NestedExceptionUtils.getMostSpecificCause(ex) instanceof ShutdownSignalException signal
					&& signal.getReason() instanceof AMQP.Channel.Close close
					&& close.getReplyCode() != AMQP.NOT_FOUND) {
				throw new RefusedException("The broker refuses: " + close.getReplyText(), ex);
			}
			throw ex;
		}
	}

	/**
	 * What is not as this service declares it.
	 * @return what the broker said, by name
	 */
	Map<String, String> differences() {
		return faults(true);
	}

	/**
	 * What this service needs and neither finds nor may declare.
	 * @return what the broker said, by name
	 */
	Map<String, String> missing() {
		return faults(false);
	}

	private Map<String, String> faults(boolean usable) {
		Map<String, String> faults = new LinkedHashMap<>();
		this.states.forEach((name, state) -> {
			if (state.fault() != null && state.usable() == usable) {
				faults.put(name, state.fault());
			}
		});
		return faults;
	}

	@FunctionalInterface
	private interface Action {

		void on(Channel channel) throws IOException;

	}

	private record State(Declarable actual, @Nullable String fault, boolean usable) {

	}

}
