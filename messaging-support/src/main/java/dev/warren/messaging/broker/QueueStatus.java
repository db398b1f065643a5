package dev.warren.messaging.broker;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A queue as it is on the broker.
 *
 * @param name its name
 * @param messages the messages ready to be delivered; those a consumer holds are not
 * counted
 * @param consumers its consumers
 * @param declaredBy {@code self} if it is as this service declares it, {@code other} if
 * somebody declared it with other arguments, or this service may not declare it; it uses
 * the queue as it is
 * @param durable whether it survives a restart of the broker
 * @param arguments its arguments, as far as the broker tells
 */
public record QueueStatus(String name, long messages, long consumers, DeclaredBy declaredBy, boolean durable,
		Map<String, Object> arguments) {

	/**
	 * Whose declaration a queue or an exchange goes back to.
	 */
	public enum DeclaredBy {

		/** As this service declares it. */
		SELF("self"),

		/** With other arguments than this service's. */
		OTHER("other");

		private final String code;

		DeclaredBy(String code) {
			this.code = code;
		}

		/**
		 * The value in JSON.
		 * @return the value
		 */
		@JsonValue
		public String code() {
			return this.code;
		}

	}

}
