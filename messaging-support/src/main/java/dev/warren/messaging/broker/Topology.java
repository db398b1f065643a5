package dev.warren.messaging.broker;

import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.messaging.publish.RefusedException;
import dev.warren.messaging.broker.QueueStatus.DeclaredBy;
import dev.warren.messaging.log.Reason;
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

	/**
	 * How long a request should wait for what it asks the broker, in milliseconds. A
	 * broker that froze is given up only when its heartbeats fail to come.
	 */
	public static final long TIMEOUT_MILLIS = 4000;

	private static final int MAX_DIFFERENCES = 16;

	private static final Logger logger = LoggerFactory.getLogger(Topology.class);

	private final Executor executor;

	private final Map<String, State> states = new ConcurrentHashMap<>();

	private volatile boolean complete;

	private @Nullable ApplicationContext context;

	/**
	 * Creates the topology of a service.
	 * @param connectionFactory where connections come from
	 * @param executor declares what turns out to be missing
	 */
	public Topology(ConnectionFactory connectionFactory, Executor executor) {
		super(connectionFactory);
		this.executor = executor;
		// It would try again, for up to 20 s, while everybody waits for the connection.
		setRetryTemplate(null);
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
		try {
			declarables().forEach(this::declare);
			this.complete = missing().isEmpty();
		}
		catch (RuntimeException ex) {
			this.complete = false;
			throw ex;
		}
	}

	/**
	 * Whether everything this service needs was there when it was last declared.
	 */
	boolean isComplete() {
		return this.complete;
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
		if (isStillSomebodyElses(declarable)) {
			return;
		}
		String name = name(declarable);
		State now = state(declarable);
		State before = this.states.put(name, now);
		if (!now.usable()) {
			this.complete = false;
		}
		if (now.fault() != null && (before == null || !now.isLike(before))) {
			logger.warn("{} {}: {}", name, now.usable() ? "is there as somebody else declared it, and is used as it is"
					: "could not be declared, this service tries again", now.fault());
		}
		else if (before != null && before.fault() != null && now.fault() == null) {
			logger.info("{} is there as this service declares it", name);
		}
	}

	// The broker would refuse this service's own declaration again, and log it each time.
	// What is there is declared with the arguments it had, which changes nothing, and is
	// refused if somebody has deleted it and declared it with others.
	private boolean isStillSomebodyElses(Declarable declarable) {
		State before = this.states.get(name(declarable));
		Declarable actual = (before != null) ? before.actual() : null;
		return actual != null && isThere(declarable) && refusal((channel) -> declare(channel, actual)) == null;
	}

	private State state(Declarable declarable) {
		String refusal = refusal((channel) -> declare(channel, declarable));
		if (refusal == null) {
			return new State(null, null, true);
		}
		if (!isThere(declarable)) {
			return new State(null, refusal, false);
		}
		if (declarable instanceof Exchange exchange) {
			Exchange actual = actual(exchange, Inequivalence::correct, refusal);
			// One of another type routes otherwise, which is not what is needed.
			return new State(actual, refusal, actual == null || actual.getType().equals(exchange.getType()));
		}
		return new State((declarable instanceof Queue queue) ? actual(queue, Inequivalence::correct, refusal) : null,
				refusal, true);
	}

	// Each refusal names one argument and its value on the broker. Nothing is known of
	// them if it is not about arguments, but about permission.
	private <T extends Declarable> @Nullable T actual(T declared, BiFunction<Inequivalence, T, T> correction,
			String refusal) {
		T actual = null;
		Optional<Inequivalence> difference = Inequivalence.in(refusal);
		for (int i = 0; i < MAX_DIFFERENCES && difference.isPresent(); i++) {
			T corrected = correction.apply(difference.get(), (actual != null) ? actual : declared);
			actual = corrected;
			difference = Optional.ofNullable(refusal((channel) -> declare(channel, corrected)))
				.flatMap(Inequivalence::in);
		}
		return actual;
	}

	private boolean isThere(Declarable declarable) {
		if (declarable instanceof Exchange exchange) {
			return refusal((channel) -> channel.exchangeDeclarePassive(exchange.getName())) == null;
		}
		return declarable instanceof Queue queue
				&& refusal((channel) -> channel.queueDeclarePassive(queue.getActualName())) == null;
	}

	private static void declare(Channel channel, Declarable declarable) throws IOException {
		if (declarable instanceof Exchange exchange) {
			if (!exchange.getName().isEmpty()) {
				channel.exchangeDeclare(exchange.getName(), exchange.getType(), exchange.isDurable(),
						exchange.isAutoDelete(), exchange.isInternal(), exchange.getArguments());
			}
		}
		else if (declarable instanceof Queue queue) {
			queue.setActualName(declare(channel, queue).getQueue());
		}
		else if (declarable instanceof Binding binding) {
			channel.queueBind(binding.getDestination(), binding.getExchange(), binding.getRoutingKey(),
					binding.getArguments());
		}
	}

	private static AMQP.Queue.DeclareOk declare(Channel channel, Queue queue) throws IOException {
		return channel.queueDeclare(queue.getName(), queue.isDurable(), queue.isExclusive(), queue.isAutoDelete(),
				queue.getArguments());
	}

	// What the broker has against it, or null.
	private @Nullable String refusal(Action action) {
		return ask((channel) -> {
			action.on(channel);
			return true;
		}).refusal();
	}

	// A refusal closes the channel. Whatever else goes wrong is an exception.
	private <T> Answer<T> ask(Question<T> question) {
		Answer<T> answer = getRabbitTemplate().execute((channel) -> {
			try {
				return new Answer<>(question.to(channel), null);
			}
			catch (IOException ex) {
				if (ex.getCause() instanceof ShutdownSignalException signal
						&& signal.getReason() instanceof AMQP.Channel.Close) {
					return new Answer<>(null, Reason.of(ex));
				}
				throw ex;
			}
		});
		return Objects.requireNonNull(answer);
	}

	private static String name(Declarable declarable) {
		if (declarable instanceof Queue queue) {
			return "Queue '" + queue.getName() + "'";
		}
		if (declarable instanceof Exchange exchange) {
			return exchangeName(exchange.getName());
		}
		return declarable.toString();
	}

	private static String exchangeName(String exchange) {
		return "Exchange '" + exchange + "'";
	}

	/**
	 * A queue as it is on the broker; one of this service's that is missing is declared.
	 * @param queue the queue, as this service declares it
	 * @return the queue
	 * @throws AmqpException if the broker cannot be asked, or the queue is not there
	 */
	public QueueStatus status(Queue queue) {
		declare(queue);
		Answer<AMQP.Queue.DeclareOk> there = ask((channel) -> channel.queueDeclarePassive(queue.getName()));
		State state = this.states.get(name(queue));
		if (there.value() == null || state == null) {
			throw new AmqpException("There is no queue '%s': %s".formatted(queue.getName(),
					(state != null && state.fault() != null) ? state.fault() : there.refusal()));
		}
		Queue actual = (state.actual() instanceof Queue other) ? other : queue;
		return new QueueStatus(queue.getName(), there.value().getMessageCount(), there.value().getConsumerCount(),
				state.declaredBy(), actual.isDurable(), actual.getArguments());
	}

	/**
	 * Deletes a queue. Whoever declares it next decides what it is: that is this service,
	 * at once if it has consumers on it, else when it next sends or is asked for it.
	 * @param queue the queue, as this service declares it
	 * @param force whether to delete it with the messages in it
	 * @return whether the queue is gone: not if there are messages in it
	 * @throws AmqpException if the broker cannot be asked, or does not permit it
	 */
	public boolean delete(Queue queue, boolean force) {
		// A quorum queue cannot be deleted on condition that it is empty (540
		// NOT_IMPLEMENTED), so it is looked at first.
		Answer<AMQP.Queue.DeclareOk> there = ask((channel) -> channel.queueDeclarePassive(queue.getName()));
		if (there.value() != null && there.value().getMessageCount() > 0 && !force) {
			return false;
		}
		String refusal = refusal((channel) -> channel.queueDelete(queue.getName()));
		if (refusal != null) {
			throw new AmqpException("The queue '%s' was not deleted: %s".formatted(queue.getName(), refusal));
		}
		return true;
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
		State state = state(name);
		Exchange actual = (state.actual() instanceof Exchange other) ? other : exchange;
		return new ExchangeStatus(name, actual.getType(), state.declaredBy(), actual.isDurable(), actual.isAutoDelete(),
				state.usable() ? null : state.fault());
	}

	/**
	 * Whether the broker has no such exchange, though this service declared it: somebody
	 * has deleted it.
	 * @param name the name of an exchange that this service declares
	 * @return whether it is missing
	 * @throws AmqpException if the broker cannot be asked
	 */
	public boolean isMissing(String name) {
		return !isThere(declared(name));
	}

	/**
	 * Whether an exchange can be used, as far as that is known without asking the broker:
	 * not if it is of another type, or missing and not to be declared.
	 * @param name the name of an exchange that this service declares
	 * @return whether it can
	 */
	public boolean isUsable(String name) {
		return state(name).usable();
	}

	/**
	 * Refuses to use an exchange that cannot be, as {@link #isUsable(String)} tells.
	 * @param name the name of an exchange that this service declares
	 * @throws RefusedException if it cannot be used
	 */
	public void requireUsable(String name) {
		if (!isUsable(name)) {
			throw new RefusedException("The exchange '%s' cannot be used: %s".formatted(name, state(name).fault()));
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
		request((channel) -> channel.exchangeDelete(name, !force));
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

	private State state(String exchange) {
		return this.states.getOrDefault(exchangeName(exchange), new State(null, null, true));
	}

	/**
	 * Asks the broker for something that it may refuse, on the connection that receives.
	 * @param <T> what it answers
	 * @param request asks on a channel
	 * @return the answer
	 * @throws RefusedException if it refuses
	 * @throws AmqpException if it cannot be asked, or has not got what this is about
	 */
	public <T extends @Nullable Object> T request(ChannelCallback<T> request) {
		try {
			return getRabbitTemplate().execute(request);
		}
		catch (AmqpException ex) {
			if (NestedExceptionUtils.getMostSpecificCause(ex) instanceof ShutdownSignalException signal
					&& signal.getReason() instanceof AMQP.Channel.Close close
					&& close.getReplyCode() != AMQP.NOT_FOUND) {
				throw new RefusedException("The broker refuses: " + Reason.of(ex));
			}
			throw ex;
		}
	}

	/**
	 * What is not as this service declares it.
	 * @return what it is, by name
	 */
	Map<String, Object> differences() {
		Map<String, Object> differences = new LinkedHashMap<>();
		this.states.forEach((name, state) -> {
			if (state.fault() != null && state.usable()) {
				differences.put(name, state.difference(state.fault()));
			}
		});
		return differences;
	}

	/**
	 * What this service needs and neither finds nor may declare.
	 * @return what the broker said, by name
	 */
	Map<String, String> missing() {
		Map<String, String> missing = new LinkedHashMap<>();
		this.states.forEach((name, state) -> {
			if (state.fault() != null && !state.usable()) {
				missing.put(name, state.fault());
			}
		});
		return missing;
	}

	@FunctionalInterface
	private interface Action {

		void on(Channel channel) throws IOException;

	}

	@FunctionalInterface
	private interface Question<T> {

		T to(Channel channel) throws IOException;

	}

	// What the broker gave, or what it said when it refused.
	private record Answer<T>(@Nullable T value, @Nullable String refusal) {

	}

	// What became of a declaration: the queue or exchange as it is if it is not as
	// declared, what the broker has against the declaration, and whether what is there
	// can be used.
	private record State(@Nullable Declarable actual, @Nullable String fault, boolean usable) {

		boolean isLike(State other) {
			return Objects.equals(this.fault, other.fault) && this.usable == other.usable;
		}

		DeclaredBy declaredBy() {
			return (this.fault != null) ? DeclaredBy.OTHER : DeclaredBy.SELF;
		}

		Map<String, Object> difference(String fault) {
			Map<String, Object> difference = new LinkedHashMap<>();
			difference.put("declaredBy", declaredBy());
			if (this.actual instanceof Queue queue) {
				difference.put("durable", queue.isDurable());
				difference.put("arguments", queue.getArguments());
			}
			else if (this.actual instanceof Exchange exchange) {
				difference.put("durable", exchange.isDurable());
				difference.put("autoDelete", exchange.isAutoDelete());
			}
			difference.put("reason", fault);
			return difference;
		}

	}

}
