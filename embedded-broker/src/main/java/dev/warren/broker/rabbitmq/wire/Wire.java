package dev.warren.broker.rabbitmq.wire;

import java.nio.charset.StandardCharsets;

/**
 * Numbers and strings of the wire protocol.
 */
public final class Wire {

	public static final int FRAME_METHOD = 1;

	public static final int FRAME_HEADER = 2;

	public static final int FRAME_BODY = 3;

	public static final int FRAME_HEARTBEAT = 8;

	public static final int FRAME_END = 0xCE;

	/** Type, channel and size before the payload, the end marker after it. */
	public static final int FRAME_OVERHEAD = 8;

	public static final int FRAME_MIN_SIZE = 4096;

	public static final int CONNECTION = 10;

	public static final int CHANNEL = 20;

	public static final int ACCESS = 30;

	public static final int EXCHANGE = 40;

	public static final int QUEUE = 50;

	public static final int BASIC = 60;

	public static final int CONFIRM = 85;

	public static final int TX = 90;

	private Wire() {
	}

	public static String text(byte[] bytes, int offset, int length) {
		return new String(bytes, offset, length, StandardCharsets.UTF_8);
	}

	public static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
