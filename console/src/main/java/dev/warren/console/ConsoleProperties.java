package dev.warren.console;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where the console finds what it shows.
 *
 * @param files the directory that the page's files are read from each time, while one
 * writes them; without it they are those it was built with
 * @param timeout how long a service may take until it begins to answer
 * @param services the services
 * @param broker the broker
 */
@ConfigurationProperties(prefix = "warren.console", ignoreUnknownFields = false)
@Validated
record ConsoleProperties(@Nullable Path files, @DefaultValue("60s") Duration timeout, @NotNull @Valid Services services,
		@NotNull @Valid Broker broker) {

	/**
	 * The services.
	 */
	record Services(@NotNull @Valid Service hello, @NotNull @Valid Service workQueue, @NotNull @Valid Service logs,
			@NotNull @Valid Service rpc, @NotNull @Valid Service postbox) {

		/**
		 * Each by the first part of its path on the console.
		 */
		Map<String, Service> byName() {
			Map<String, Service> services = new LinkedHashMap<>();
			services.put("hello", this.hello);
			services.put("work-queue", this.workQueue);
			services.put("logs", this.logs);
			services.put("rpc", this.rpc);
			services.put("postbox", this.postbox);
			return services;
		}

	}

	/**
	 * A service.
	 *
	 * @param url where the console reaches it
	 * @param publicUrl where people reach it, if that is elsewhere
	 */
	record Service(@NotNull URI url, @Nullable URI publicUrl) {

		/**
		 * Where people reach it. Of a range of ports, as Docker Compose has it for a
		 * service that is scaled, it is the first.
		 */
		URI address() {
			URI address = Objects.requireNonNullElse(this.publicUrl, this.url);
			return URI.create(address.toString().replaceFirst("(:\\d+)-\\d+$", "$1"));
		}

	}

	/**
	 * The broker's HTTP side.
	 *
	 * @param url where the console reaches it
	 * @param publicUrl where people reach it, if that is elsewhere
	 * @param username a user with the tag administrator
	 * @param password that user's password
	 * @param virtualHost the one that the services use
	 */
	record Broker(@NotNull URI url, @Nullable URI publicUrl, @DefaultValue("guest") String username,
			@DefaultValue("guest") String password, @DefaultValue("/") String virtualHost) {

		URI address() {
			return Objects.requireNonNullElse(this.publicUrl, this.url);
		}

		// Not the password.
		@Override
		public String toString() {
			return "Broker[url=%s, username=%s]".formatted(this.url, this.username);
		}

	}

}
