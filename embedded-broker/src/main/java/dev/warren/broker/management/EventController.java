package dev.warren.broker.management;

import dev.warren.broker.management.events.EventStreams;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * What happens to the messages of a virtual host, as server-sent events. RabbitMQ's API
 * has no such thing; this is for the console.
 */
@RestController
@For(Tag.ADMINISTRATOR)
final class EventController {

	private final Resources resources;

	private final EventStreams streams;

	EventController(Resources resources, EventStreams streams) {
		this.resources = resources;
		this.streams = streams;
	}

	@GetMapping("/api/events/{virtualHost}")
	void events(Caller caller, @PathVariable String virtualHost, HttpServletRequest request,
			HttpServletResponse response) {
		VirtualHost found = this.resources.virtualHost(caller, virtualHost);
		response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
		response.setCharacterEncoding("UTF-8");
		response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
		if (request.getMethod().equals(HttpMethod.HEAD.name())) {
			return;
		}
		if (!this.streams.open(found.queues().events(), request::startAsync, () -> mayRead(caller, found))) {
			throw ApiException
				.busy("There are %d readers of events, and may be no more".formatted(EventStreams.MOST_READERS));
		}
	}

	/**
	 * Whether the virtual host is still there, and the user as it was.
	 */
	private boolean mayRead(Caller caller, VirtualHost virtualHost) {
		return virtualHost.equals(this.resources.broker().virtualHost(virtualHost.name())) && (caller.owner()
				|| caller.user().equals(this.resources.broker().definitions().current().users().get(caller.name())));
	}

}
