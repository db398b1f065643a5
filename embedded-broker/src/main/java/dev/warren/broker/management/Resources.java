package dev.warren.broker.management;

import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.warren.broker.Administration;
import dev.warren.broker.rabbitmq.channel.LocalChannel;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.routing.Exchange;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/**
 * What callers find in a broker, by its name and if they may see it.
 */
@Component
final class Resources {

	/** What addresses call the exchange without a name. */
	static final String DEFAULT_EXCHANGE = "amq.default";

	private final Administration broker;

	Resources(Administration broker) {
		this.broker = broker;
	}

	Administration broker() {
		return this.broker;
	}

	/**
	 * The virtual hosts that the caller may see and that are running.
	 */
	Stream<VirtualHost> virtualHosts(Caller caller) {
		return this.broker.virtualHosts().stream().filter((one) -> caller.mayLookInto(one.name()));
	}

	/**
	 * The virtual host of that name, for the caller to look at.
	 */
	VirtualHost virtualHost(Caller caller, String name) {
		return find(caller, name, ApiException::notFound, caller.mayLookInto(name));
	}

	/**
	 * What the caller may do in a virtual host.
	 */
	LocalChannel channel(Caller caller, String virtualHost) {
		VirtualHost found = find(caller, virtualHost, () -> ApiException.notFound("vhost_not_found"),
				caller.mayEnter(virtualHost));
		return caller.owner() ? this.broker.ownersChannel(found, caller.name())
				: this.broker.channel(found, caller.name(), "management");
	}

	private VirtualHost find(Caller caller, String name, Supplier<ApiException> missing, boolean allowed) {
		if (caller.definitions().virtualHosts().get(name) == null) {
			throw missing.get();
		}
		if (!allowed) {
			throw caller.has(Tag.ADMINISTRATOR) ? ApiException.notAuthorised("Access refused.")
					: ApiException.notFound("Not Found");
		}
		VirtualHost found = this.broker.virtualHost(name);
		if (found == null) {
			throw missing.get();
		}
		return found;
	}

	MessageQueue queue(Caller caller, String virtualHost, String name) {
		MessageQueue queue = virtualHost(caller, virtualHost).queues().queue(name);
		if (queue == null) {
			throw ApiException.notFound();
		}
		return queue;
	}

	Exchange exchange(Caller caller, String virtualHost, String name) {
		Exchange exchange = virtualHost(caller, virtualHost).exchanges().exchange(exchangeName(name));
		if (exchange == null) {
			throw ApiException.notFound();
		}
		return exchange;
	}

	static String exchangeName(String inAddress) {
		return inAddress.equals(DEFAULT_EXCHANGE) ? Exchange.DEFAULT : inAddress;
	}

	/**
	 * What a PUT answers.
	 */
	static ResponseEntity<Void> put(boolean created) {
		return ResponseEntity.status(created ? HttpStatus.CREATED : HttpStatus.NO_CONTENT).build();
	}

}
