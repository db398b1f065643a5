package dev.warren.rpc;

import java.time.Duration;
import java.util.Set;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;

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
 * @param replyTo what a request names as the place to reply to
 * @param algorithm how the servers compute
 * @param servers how many servers there are at the start
 * @param maxServers how many there may be
 * @param maxAttempts how many servers a request may take down before it is answered with
 * an error
 */
@Validated
@ConfigurationProperties("warren.rpc")
record RpcProperties(@DefaultValue( {
		"client", "server" }) @NotEmpty Set<Role> roles, @DefaultValue("5s") Duration timeout,
		@DefaultValue("128") @Min(1) int maxInFlight, @DefaultValue("queue") ReplyTo replyTo,
		@DefaultValue("fast-doubling") Fibonacci algorithm, @DefaultValue("1") @Min(0) int servers,
		@DefaultValue("64") @Min(1) int maxServers, @DefaultValue("3") @Min(1) @Max(100) int maxAttempts){

	/**
	 * What an instance does.
	 */
	enum Role {

		/** Asks: the REST calls under {@code /fibonacci}. */
		CLIENT,

		/** Answers: the REST calls under {@code /servers}. */
		SERVER

	}

	/**
	 * Where replies go.
	 */
	enum ReplyTo {

		/** An exclusive queue of the client's own, as in tutorial 6. */
		QUEUE,

		/**
		 * RabbitMQ's pseudo-queue {@code amq.rabbitmq.reply-to}: no queue to declare, to
		 * look up or to clean away.
		 */
		DIRECT

	}

}
