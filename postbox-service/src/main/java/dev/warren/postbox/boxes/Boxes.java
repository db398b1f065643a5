package dev.warren.postbox.boxes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.rabbitmq.client.AMQP;
import dev.warren.messaging.broker.QueueProperties;
import dev.warren.messaging.broker.QueueStatus;
import dev.warren.messaging.broker.QueueStatus.DeclaredBy;
import dev.warren.messaging.broker.Topology;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.messaging.publish.NotRoutedException;
import dev.warren.messaging.publish.PublishException;
import dev.warren.postbox.PostboxProperties;
import dev.warren.postbox.PostboxTopology;
import dev.warren.postbox.boxes.BoxRegistry.Turn;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.stereotype.Component;

/**
 * The boxes there are: the tutorial's, which is always there, and those in the
 * {@link BoxRegistry}. A queue that is there already when a box of its name is asked for
 * is somebody else's, and stays so.
 * <p>
 * A record comes before what it records, and goes after it. So whoever reads the record
 * after a crash knows which box there should be, and declares it.
 */
@Component
public class Boxes {

	/**
	 * The name of the queue that remembers the boxes.
	 */
	public static final String REGISTRY = BoxRegistry.QUEUE;

	private final BoxRegistry registry;

	private final Topology topology;

	private final RabbitTemplate template;

	private final Queue poBox;

	private final QueueProperties queues;

	private final PostboxProperties properties;

	private final AsyncTaskExecutor executor;

	Boxes(BoxRegistry registry, Topology topology, Queue poBox, QueueProperties queues, PostboxProperties properties,
			AsyncTaskExecutor applicationTaskExecutor) {
		this.registry = registry;
		this.topology = topology;
		this.template = topology.getRabbitTemplate();
		this.poBox = poBox;
		this.queues = queues;
		this.properties = properties;
		this.executor = applicationTaskExecutor;
	}

	/**
	 * Declares a box and its bindings, unless it is there.
	 * @param name its name
	 * @param keys its keys
	 * @return the box, and whether it is new
	 * @throws ProblemException if there is a box of that name with other keys, or a queue
	 * that is no box, or too many boxes
	 * @throws AmqpException if the broker cannot be reached
	 */
	public Declared declare(String name, List<String> keys) {
		return this.registry.inTurn((turn) -> {
			Optional<Box> existing = find(turn, name);
			Box box = existing.orElseGet(() -> new Box(name, keys, this.queues.durable(name).build().getArguments()));
			if (!Set.copyOf(box.keys()).equals(Set.copyOf(keys))) {
				throw new ProblemException(ProblemType.CONFLICT,
						"The box '%s' has other keys: %s".formatted(name, String.join(", ", box.keys())), "keys");
			}
			return new Declared(existing.isPresent() ? status(box) : create(turn, box), existing.isEmpty());
		});
	}

	private BoxStatus create(Turn turn, Box box) throws IOException, InterruptedException, TimeoutException {
		if (all(turn).size() >= this.properties.maxBoxes()) {
			throw Refusal.conflict("There are as many boxes as warren.postbox.max-boxes allows");
		}
		if (Refusal.accepts(() -> this.template.execute((channel) -> channel.queueDeclarePassive(box.name())),
				AMQP.NOT_FOUND)) {
			throw Refusal.conflict("There is a queue '%s' already, which is not a box".formatted(box.name()));
		}
		turn.write(box);
		try {
			return status(box);
		}
		catch (AmqpException ex) {
			if (Refusal.of(ex).isPresent()) {
				turn.remove(box);
			}
			throw ex;
		}
	}

	/**
	 * The boxes, with what is in them, save those whose names others have taken.
	 * @return the boxes, the tutorial's first
	 * @throws AmqpException if the broker cannot be reached
	 */
	public List<BoxStatus> list() {
		return list((box) -> true);
	}

	/**
	 * A box, with what is in it. One whose queue the broker does not have is declared
	 * again.
	 * @param name its name
	 * @return the box
	 * @throws ProblemException if there is none
	 * @throws AmqpException if the broker cannot be reached
	 */
	public BoxStatus get(String name) {
		Box poBox = poBox();
		return name.equals(poBox.name()) ? status(poBox) : this.registry.inTurn((turn) -> status(require(turn, name)));
	}

	/**
	 * Deletes a box, and the letters in it. The tutorial's box is then declared again, as
	 * this service declares it: that is the way out if somebody else has declared it
	 * otherwise.
	 * @param name its name
	 * @throws ProblemException if there is none, or the broker refuses
	 * @throws AmqpException if the broker cannot be reached
	 */
	public void delete(String name) {
		this.registry.inTurn((turn) -> {
			Box box = require(turn, name);
			// A queue with other arguments has taken the name of a box and is no box.
			if (Refusal.accepts(() -> status(box), AMQP.PRECONDITION_FAILED)) {
				this.template.execute((channel) -> channel.queueDelete(name));
			}
			turn.remove(box);
			return true;
		});
		this.topology.initialize();
	}

	/**
	 * Sends a letter; where no box took it, declares again the boxes that have its key,
	 * and sends it once more. The broker kept nothing of a letter that it returned.
	 * @param <T> what sending gives
	 * @param to the letter's key
	 * @param send sends the letter; completes with a {@link NotRoutedException} if it was
	 * returned
	 * @return completes as the last attempt does, or with a {@link ProblemException} if
	 * no box has the key
	 */
	public <T> CompletableFuture<T> declaringWhatIsMissing(String to, Supplier<CompletableFuture<T>> send) {
		return send.get().exceptionallyComposeAsync((failure) -> {
			Throwable cause = (failure instanceof CompletionException) ? failure.getCause() : failure;
			// Also where it was not confirmed: the broker closes the channel if somebody
			// has deleted the exchange, and with it all bindings.
			boolean declared = cause instanceof PublishException && !list((box) -> box.keys().contains(to)).isEmpty();
			if (cause instanceof NotRoutedException) {
				return declared ? send.get()
						: CompletableFuture.failedFuture(new ProblemException(ProblemType.NOT_FOUND,
								"No box has the key '%s'; the letter was not sent".formatted(to), "to"));
			}
			return CompletableFuture.failedFuture(failure);
		}, this.executor);
	}

	private List<BoxStatus> list(Predicate<Box> which) {
		return this.registry.inTurn((turn) -> {
			List<BoxStatus> statuses = new ArrayList<>();
			for (Box box : all(turn).stream().filter(which).toList()) {
				Refusal.accepts(() -> statuses.add(status(box)), AMQP.PRECONDITION_FAILED, AMQP.RESOURCE_LOCKED,
						AMQP.ACCESS_REFUSED);
			}
			return statuses;
		});
	}

	private Box poBox() {
		return new Box(PostboxTopology.PO_BOX, List.of(PostboxTopology.JASON), this.poBox.getArguments());
	}

	private List<Box> all(Turn turn) {
		return Stream.concat(Stream.of(poBox()), turn.boxes().stream()).toList();
	}

	private Optional<Box> find(Turn turn, String name) {
		return all(turn).stream().filter((box) -> box.name().equals(name)).findFirst();
	}

	private Box require(Turn turn, String name) {
		return find(turn, name).orElseThrow(
				() -> new ProblemException(ProblemType.NOT_FOUND, "There is no box '%s'".formatted(name), "name"));
	}

	// Declared again, a box is there as it was made.
	private BoxStatus status(Box box) {
		if (box.name().equals(PostboxTopology.PO_BOX)) {
			return new BoxStatus(this.topology.status(this.poBox), box.keys());
		}
		AMQP.Queue.DeclareOk declared = this.template.<AMQP.Queue.DeclareOk>execute((channel) -> {
			AMQP.Queue.DeclareOk queue = channel.queueDeclare(box.name(), true, false, false, box.arguments());
			for (String key : box.keys()) {
				channel.queueBind(box.name(), PostboxTopology.SORTING_ROOM, key);
			}
			return queue;
		});
		return new BoxStatus(new QueueStatus(box.name(), declared.getMessageCount(), declared.getConsumerCount(),
				DeclaredBy.SELF, true, box.arguments()), box.keys());
	}

	/**
	 * A box that was declared.
	 *
	 * @param box the box
	 * @param created whether it is new
	 */
	public record Declared(BoxStatus box, boolean created) {

	}

}
