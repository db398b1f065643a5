package dev.warren.broker.rabbitmq.connection;

/**
 * A client on its way to prove who it is, by a SASL mechanism.
 */
public interface Login {

	/**
	 * Takes what the client answered to the last challenge.
	 */
	Outcome respond(byte[] response);

	/** What became of it. */
	sealed interface Outcome {

	}

	/**
	 * The client is this user.
	 */
	record Accepted(String user) implements Outcome {

	}

	/**
	 * The client has to answer once more.
	 */
	record Challenged(byte[] challenge) implements Outcome {

	}

	/**
	 * The client is not who it says.
	 */
	record Refused() implements Outcome {

	}

}
