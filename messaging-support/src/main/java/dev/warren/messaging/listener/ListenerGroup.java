package dev.warren.messaging.listener;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.amqp.ImmediateRequeueAmqpException;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.MethodRabbitListenerEndpoint;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.messaging.converter.GenericMessageConverter;
import org.springframework.messaging.handler.annotation.support.DefaultMessageHandlerMethodFactory;
import org.springframework.messaging.handler.annotation.support.PayloadMethodArgumentResolver;
import org.springframework.util.Assert;

/**
 * Listeners of one kind that are started, stopped and made to crash by request, such as
 * the workers of a queue: each an object of its own, with a {@link RabbitListener}
 * method, in a listener container of its own, and so with a channel, a consumer and a
 * thread of its own.
 * <p>
 * An annotated bean is one listener for as long as the application runs. This gives as
 * many as are asked for, from the same annotated class. Safe for use by several threads.
 *
 * @param <L> the class with the {@link RabbitListener} method
 */
public final class ListenerGroup<L> implements SmartLifecycle {

	/**
	 * The phase of this {@link SmartLifecycle}, and of listener containers: when the
	 * application stops, requests over HTTP may wait for what listeners do, so these stop
	 * after the web server.
	 */
	public static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 4096;

	private static final int MAX_CRASHED = 20;

	private static final long NO_LIMIT_MILLIS = Duration.ofDays(365).toMillis();

	private final String name;

	private final int atStart;

	private final int max;

	private final Duration grace;

	private final Function<String, L> listeners;

	private final SimpleRabbitListenerContainerFactory containers;

	private final DefaultMessageHandlerMethodFactory methods = new DefaultMessageHandlerMethodFactory();

	// To stop a listener is to wait for the broker and for its work.
	private final Executor stopping;

	private final Map<String, Member<L>> members = new LinkedHashMap<>();

	private int started;

	private volatile boolean running;

	/**
	 * Creates a group without listeners, which have five seconds to finish their message
	 * when they are stopped.
	 * @param name what one of them is called; a listener's id, which is its consumer tag,
	 * too, is the name, a hyphen and a number
	 * @param atStart how many are started with the application
	 * @param max how many there may be at a time
	 * @param listeners makes a listener with an id
	 * @param containers makes their containers
	 */
	public ListenerGroup(String name, int atStart, int max, Function<String, L> listeners,
			SimpleRabbitListenerContainerFactory containers) {
		this(name, atStart, max, Duration.ofMillis(AbstractMessageListenerContainer.DEFAULT_SHUTDOWN_TIMEOUT),
				listeners, containers);
	}

	/**
	 * Creates a group without listeners.
	 * @param name what one of them is called; a listener's id, which is its consumer tag,
	 * too, is the name, a hyphen and a number
	 * @param atStart how many are started with the application
	 * @param max how many there may be at a time
	 * @param grace how long one that is stopped may take to finish its message
	 * @param listeners makes a listener with an id
	 * @param containers makes their containers
	 */
	public ListenerGroup(String name, int atStart, int max, Duration grace, Function<String, L> listeners,
			SimpleRabbitListenerContainerFactory containers) {
		this.name = name;
		this.atStart = atStart;
		this.max = max;
		this.grace = grace;
		this.listeners = listeners;
		this.containers = containers;
		this.methods.setCustomArgumentResolvers(List.of(new Payload()));
		this.methods.afterPropertiesSet();
		this.stopping = new SimpleAsyncTaskExecutor(name + "-stop-");
	}

	/**
	 * The listeners there are, in the order they were started, with those that crashed
	 * and have not been forgotten.
	 * @return the listeners
	 */
	public synchronized List<Member<L>> list() {
		this.members.values().removeIf((member) -> member.state() == State.STOPPED);
		return List.copyOf(this.members.values());
	}

	/**
	 * What one of them is called.
	 * @return the name, such as {@code worker}
	 */
	public String name() {
		return this.name;
	}

	/**
	 * How many there are that receive, or will as soon as there is a broker.
	 * @return the number
	 */
	public long running() {
		return list().stream().filter((member) -> member.state() == State.RUNNING).count();
	}

	/**
	 * Starts one more. Without a broker it begins to receive as soon as there is one.
	 * @return the listener, or nothing if there are as many as there may be, or all are
	 * being stopped
	 */
	public Optional<Member<L>> startOne() {
		Optional<Member<L>> added = add();
		// Not under the lock: without a broker it takes as long as an attempt to connect.
		added.ifPresent(Member::start);
		return added;
	}

	private synchronized Optional<Member<L>> add() {
		if (!this.running || list().stream().filter((member) -> member.state() != State.CRASHED).count() >= this.max) {
			return Optional.empty();
		}
		String id = this.name + "-" + ++this.started;
		L listener = this.listeners.apply(id);
		Method method = method(listener);
		MethodRabbitListenerEndpoint endpoint = new MethodRabbitListenerEndpoint();
		endpoint.setId(id);
		endpoint.setBean(listener);
		endpoint.setMethod(method);
		endpoint.setMessageHandlerMethodFactory(this.methods);
		endpoint.setQueueNames(queues(method));
		endpoint.setErrorHandler((message, channel, converted, failure) -> {
			throw isInterrupted(failure) ? new ImmediateRequeueAmqpException("Interrupted", failure) : failure;
		});
		SimpleMessageListenerContainer container = this.containers.createListenerContainer(endpoint);
		container.setShutdownTimeout(this.grace.toMillis());
		container.afterPropertiesSet();
		Member<L> member = new Member<>(id, listener, container, this.grace, this.stopping);
		this.members.put(id, member);
		return Optional.of(member);
	}

	// One that crashes, or takes too long to stop, is interrupted. That is no failure,
	// for
	// which the message would be rejected: it goes back into the queue.
	private static boolean isInterrupted(Throwable failure) {
		return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
			.anyMatch(InterruptedException.class::isInstance);
	}

	private static Method method(Object listener) {
		return MethodIntrospector
			.selectMethods(listener.getClass(),
					(Method method) -> AnnotatedElementUtils.hasAnnotation(method, RabbitListener.class))
			.iterator()
			.next();
	}

	private static String[] queues(Method method) {
		RabbitListener annotation = AnnotatedElementUtils.findMergedAnnotation(method, RabbitListener.class);
		Assert.state(annotation != null, () -> "'" + method + "' is not a listener");
		return annotation.queues();
	}

	/**
	 * Stops a listener: it takes no more messages, finishes what it is at, and goes. One
	 * that crashed is forgotten.
	 * @param id its id
	 * @return completes when it has gone, or nothing if there is none with that id
	 */
	public Optional<CompletableFuture<Void>> stop(String id) {
		return find(id).map(Member::stop);
	}

	/**
	 * Has a listener crash: its channel closes without an acknowledgement, so that the
	 * broker gives what it held to others, and its work is interrupted.
	 * @param id its id
	 * @return the listener, or nothing if there was none that was running or stopping
	 */
	public Optional<Member<L>> crash(String id) {
		Optional<Member<L>> crashed = find(id).filter(Member::crash);
		List<Member<L>> all = list().stream().filter((member) -> member.state() == State.CRASHED).toList();
		all.subList(0, Math.max(0, all.size() - MAX_CRASHED)).forEach(Member::stop);
		return crashed;
	}

	private Optional<Member<L>> find(String id) {
		return list().stream().filter((member) -> member.id().equals(id)).findFirst();
	}

	@Override
	public void start() {
		this.running = true;
		for (int i = 0; i < this.atStart; i++) {
			startOne();
		}
	}

	@Override
	public void stop() {
		stopAll().join();
	}

	@Override
	public void stop(Runnable callback) {
		stopAll().thenRun(callback);
	}

	// All at once: a hundred take no longer than one.
	private CompletableFuture<Void> stopAll() {
		this.running = false;
		return CompletableFuture.allOf(list().stream().map(Member::stop).toArray(CompletableFuture<?>[]::new));
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	// Spring takes an empty body for none, and rejects the message. A stranger may send
	// one.
	private static final class Payload extends PayloadMethodArgumentResolver {

		Payload() {
			super(new GenericMessageConverter());
		}

		@Override
		protected boolean isEmptyPayload(@Nullable Object payload) {
			return payload == null;
		}

	}

	/**
	 * Whether a listener is there.
	 */
	public enum State {

		/** Receives, or will as soon as there is a broker. */
		RUNNING,

		/** Finishes what it is at. */
		STOPPING,

		/** Has ended. */
		STOPPED,

		/** Has died in the middle of its work. */
		CRASHED

	}

	/**
	 * One of the listeners.
	 *
	 * @param <L> the class with the {@link RabbitListener} method
	 */
	public static final class Member<L> {

		private final String id;

		private final L listener;

		private final SimpleMessageListenerContainer container;

		private final Duration grace;

		private final Executor stopping;

		// Held while the container starts, which takes as long as an attempt to connect.
		private final Object starting = new Object();

		private @Nullable CompletableFuture<Void> stopped;

		// While it finishes its message to be started again.
		private @Nullable Consumer<SimpleMessageListenerContainer> change;

		private CompletableFuture<?> idle = CompletableFuture.completedFuture(null);

		private CompletableFuture<?> restarted = CompletableFuture.completedFuture(null);

		private volatile State state = State.RUNNING;

		Member(String id, L listener, SimpleMessageListenerContainer container, Duration grace, Executor stopping) {
			this.id = id;
			this.listener = listener;
			this.container = container;
			this.grace = grace;
			this.stopping = stopping;
		}

		/**
		 * Its id.
		 * @return the id
		 */
		public String id() {
			return this.id;
		}

		/**
		 * The object with the listener method.
		 * @return the listener
		 */
		public L listener() {
			return this.listener;
		}

		/**
		 * Whether it is there.
		 * @return its state
		 */
		public State state() {
			return this.state;
		}

		private void start() {
			synchronized (this.starting) {
				if (this.state == State.RUNNING) {
					this.container.start();
				}
			}
		}

		/**
		 * Has it begin no other message, and starts it again when it has finished the one
		 * it is at, however long that takes. Its consumer is cancelled when this returns.
		 * @param change changes its container in between
		 * @return completes when it receives again, or will as soon as there is a broker
		 */
		public synchronized CompletableFuture<?> restart(Consumer<SimpleMessageListenerContainer> change) {
			boolean underWay = this.change != null;
			this.change = change;
			if (!underWay && this.state == State.RUNNING) {
				CompletableFuture<Void> finished = new CompletableFuture<>();
				this.container.setShutdownTimeout(NO_LIMIT_MILLIS);
				// Told before this returns: from here on it begins no other message.
				this.container.stop(() -> finished.complete(null));
				this.idle = finished;
				this.restarted = finished.thenRunAsync(this::startChanged, this.stopping);
			}
			return this.restarted;
		}

		private void startChanged() {
			synchronized (this) {
				this.container.setShutdownTimeout(this.grace.toMillis());
				Consumer<SimpleMessageListenerContainer> last = this.change;
				if (last != null) {
					last.accept(this.container);
				}
				this.change = null;
			}
			start();
		}

		private synchronized CompletableFuture<Void> stop() {
			if (this.state == State.CRASHED) {
				this.state = State.STOPPED;
			}
			else if (this.state == State.RUNNING) {
				this.state = State.STOPPING;
				this.stopped = CompletableFuture.runAsync(this::await, this.stopping);
			}
			CompletableFuture<Void> current = this.stopped;
			return (current != null) ? current : CompletableFuture.completedFuture(null);
		}

		private void await() {
			CompletableFuture<Void> finished = new CompletableFuture<>();
			synchronized (this.starting) {
				// With a callback, or it would go on with those it has prefetched.
				this.container.stop(() -> finished.complete(null));
			}
			finished.join();
			// It has done nothing if the container was being stopped to be started again.
			this.idle.join();
			synchronized (this) {
				if (this.state == State.STOPPING) {
					this.state = State.STOPPED;
				}
			}
		}

		private boolean crash() {
			if (this.state == State.CRASHED || this.state == State.STOPPED) {
				return false;
			}
			this.state = State.CRASHED;
			// Cancelled first: what it gives back must not come to it again.
			this.container.setShutdownTimeout(0);
			this.container.stop();
			return true;
		}

	}

}
