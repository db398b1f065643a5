package dev.warren.messaging.settings;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;

/**
 * The names there are directly under {@code warren}. A name that is not among them nobody
 * reads, and it is refused; what is under one its own properties check.
 *
 * @param edition a value
 * @param queues a value each
 * @param api the page of the API
 * @param web what a request may be
 * @param broker the broker's, which the suite passes to all
 * @param hello hello-service's
 * @param work work-queue-service's
 * @param logs logs-service's
 * @param rpc rpc-service's
 * @param postbox postbox-service's
 * @param console the console's
 */
record PropertyNames(@Nullable String edition, @Nullable Queues queues, @Nullable Map<String, Object> api,
		@Nullable Map<String, Object> web, @Nullable Map<String, Object> broker, @Nullable Map<String, Object> hello,
		@Nullable Map<String, Object> work, @Nullable Map<String, Object> logs, @Nullable Map<String, Object> rpc,
		@Nullable Map<String, Object> postbox, @Nullable Map<String, Object> console) {

	/**
	 * Refuses a name that nobody reads.
	 * @throws BindException if there is one
	 */
	static void check(Environment environment) {
		Binder.get(environment)
			.bind("warren", Bindable.of(PropertyNames.class),
					new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
	}

	record Queues(@Nullable String type) {

	}

}
