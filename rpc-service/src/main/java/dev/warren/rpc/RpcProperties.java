package dev.warren.rpc;

import java.time.Duration;
import java.util.Set;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The properties of the RPC service.
 *
 * @param roles whether this instance asks, answers, or both
 * @param timeout how long a call may take, from the request to the reply; a server gives
 * up a computation after that time, too
 * @param maxInFlight how many calls may wait for their replies at once; one more is
 * answered 503
 * @param batchWindow how many of a batch's calls wait at once; a batch takes so many of
 * the places of {@code max-in-flight} as long as it lasts
 * @param durable whether the queue of the requests survives a restart of the broker;
 * without it the edition decides
 * @param algorithm how the servers compute
 * @param servers how many servers there are at the start
 * @param maxServers how many there may be; each has a channel and a thread
 * @param maxCrashes how many servers a request may take down before it is answered with
 * an error
 */
@Validated
@ConfigurationProperties(prefix = "warren.rpc", ignoreUnknownFields = false)
public record RpcProperties(@DefaultValue( {
		"client", "server" }) @NotEmpty Set<Role> roles, @DefaultValue("5s") Duration timeout,
		@DefaultValue("128") @Min(1) int maxInFlight, @DefaultValue("32") @Min(1) int batchWindow,
		@Nullable Boolean durable, @DefaultValue("fast-doubling") Fibonacci algorithm,
		@DefaultValue("1") @Min(0) int servers, @DefaultValue("64") @Min(1) int maxServers,
		@DefaultValue("3") @Min(1) @Max(100) int maxCrashes){

	@AssertTrue(message = "warren.rpc.timeout must be between 1ms and 24h")
	boolean isTimeoutWithinBounds() {
		return this.timeout.toMillis() >= 1 && this.timeout.compareTo(Duration.ofHours(24)) <= 0;
	}

	@AssertTrue(message = "warren.rpc.batch-window must not be greater than warren.rpc.max-in-flight")
	boolean isBatchWindowWithinMaxInFlight() {
		return this.batchWindow <= this.maxInFlight;
	}

	@AssertTrue(message = "warren.rpc.servers must not be greater than warren.rpc.max-servers")
	boolean isServersWithinMaxServers() {
		return this.servers <= this.maxServers;
	}

	/**
	 * What an instance does.
	 */
	public enum Role {

		/** Asks: the REST calls under {@code /fibonacci}. */
		CLIENT,

		/** Answers: the REST calls under {@code /servers}. */
		SERVER

	}

}
