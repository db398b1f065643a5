package dev.warren.broker.rabbitmq.host;

import dev.warren.broker.rabbitmq.wire.ProtocolException;

/**
 * What an operator reads of a client's channels.
 */
public interface ClientLog {

	/** Of the broker's own channels. */
	ClientLog NONE = new ClientLog() {

		@Override
		public void channelFailed(int channel, int method, ProtocolException error) {
		}

		@Override
		public void late(int channel, String queue, int messages) {
		}

	};

	/**
	 * A channel was closed for an error.
	 * @param method the one that is to blame, 0 if none is
	 */
	void channelFailed(int channel, int method, ProtocolException error);

	/**
	 * Messages went back to their queue since they were not acknowledged in time.
	 */
	void late(int channel, String queue, int messages);

}
