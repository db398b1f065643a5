package dev.warren.broker.rabbitmq;

import java.nio.charset.StandardCharsets;

/**
 * Numbers and strings of the wire protocol.
 */
final class Wire {

	static final int FRAME_METHOD = 1;

	static final int FRAME_HEADER = 2;

	static final int FRAME_BODY = 3;

	static final int FRAME_HEARTBEAT = 8;

	static final int FRAME_END = 0xCE;

	/** Type, channel and size before the payload, the end marker after it. */
	static final int FRAME_OVERHEAD = 8;

	static final int FRAME_MIN_SIZE = 4096;

	static final int CONNECTION = 10;

	static final int CHANNEL = 20;

	static final int ACCESS = 30;

	static final int EXCHANGE = 40;

	static final int QUEUE = 50;

	static final int BASIC = 60;

	static final int CONFIRM = 85;

	static final int TX = 90;

	private Wire() {
	}

	static String text(byte[] bytes, int offset, int length) {
		return new String(bytes, offset, length, StandardCharsets.UTF_8);
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
