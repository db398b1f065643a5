package dev.warren.broker.rabbitmq.wire;

import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The methods of AMQP 0-9-1 and RabbitMQ's own, each as the four octets it has on the
 * wire: its class and its number in the class.
 */
public final class Method {

	public static final int CONNECTION_START = Wire.CONNECTION << 16 | 10;

	public static final int CONNECTION_START_OK = Wire.CONNECTION << 16 | 11;

	public static final int CONNECTION_SECURE = Wire.CONNECTION << 16 | 20;

	public static final int CONNECTION_SECURE_OK = Wire.CONNECTION << 16 | 21;

	public static final int CONNECTION_TUNE = Wire.CONNECTION << 16 | 30;

	public static final int CONNECTION_TUNE_OK = Wire.CONNECTION << 16 | 31;

	public static final int CONNECTION_OPEN = Wire.CONNECTION << 16 | 40;

	public static final int CONNECTION_OPEN_OK = Wire.CONNECTION << 16 | 41;

	public static final int CONNECTION_CLOSE = Wire.CONNECTION << 16 | 50;

	public static final int CONNECTION_CLOSE_OK = Wire.CONNECTION << 16 | 51;

	public static final int CONNECTION_BLOCKED = Wire.CONNECTION << 16 | 60;

	public static final int CONNECTION_UPDATE_SECRET = Wire.CONNECTION << 16 | 70;

	public static final int CONNECTION_UPDATE_SECRET_OK = Wire.CONNECTION << 16 | 71;

	public static final int CONNECTION_UNBLOCKED = Wire.CONNECTION << 16 | 61;

	/** AMQP 0-8 has a method before it that is no more. */
	public static final int CONNECTION_CLOSE_08 = Wire.CONNECTION << 16 | 60;

	public static final int CONNECTION_CLOSE_OK_08 = Wire.CONNECTION << 16 | 61;

	public static final int CHANNEL_OPEN = Wire.CHANNEL << 16 | 10;

	public static final int CHANNEL_OPEN_OK = Wire.CHANNEL << 16 | 11;

	public static final int CHANNEL_FLOW = Wire.CHANNEL << 16 | 20;

	public static final int CHANNEL_FLOW_OK = Wire.CHANNEL << 16 | 21;

	public static final int CHANNEL_CLOSE = Wire.CHANNEL << 16 | 40;

	public static final int CHANNEL_CLOSE_OK = Wire.CHANNEL << 16 | 41;

	public static final int ACCESS_REQUEST_OK = Wire.ACCESS << 16 | 11;

	public static final int EXCHANGE_DECLARE = Wire.EXCHANGE << 16 | 10;

	public static final int EXCHANGE_DECLARE_OK = Wire.EXCHANGE << 16 | 11;

	public static final int EXCHANGE_DELETE = Wire.EXCHANGE << 16 | 20;

	public static final int EXCHANGE_DELETE_OK = Wire.EXCHANGE << 16 | 21;

	public static final int EXCHANGE_BIND = Wire.EXCHANGE << 16 | 30;

	public static final int EXCHANGE_BIND_OK = Wire.EXCHANGE << 16 | 31;

	public static final int EXCHANGE_UNBIND = Wire.EXCHANGE << 16 | 40;

	public static final int EXCHANGE_UNBIND_OK = Wire.EXCHANGE << 16 | 51;

	public static final int QUEUE_DECLARE = Wire.QUEUE << 16 | 10;

	public static final int QUEUE_DECLARE_OK = Wire.QUEUE << 16 | 11;

	public static final int QUEUE_BIND = Wire.QUEUE << 16 | 20;

	public static final int QUEUE_BIND_OK = Wire.QUEUE << 16 | 21;

	public static final int QUEUE_PURGE = Wire.QUEUE << 16 | 30;

	public static final int QUEUE_PURGE_OK = Wire.QUEUE << 16 | 31;

	public static final int QUEUE_DELETE = Wire.QUEUE << 16 | 40;

	public static final int QUEUE_DELETE_OK = Wire.QUEUE << 16 | 41;

	public static final int QUEUE_UNBIND = Wire.QUEUE << 16 | 50;

	public static final int QUEUE_UNBIND_OK = Wire.QUEUE << 16 | 51;

	public static final int BASIC_QOS = Wire.BASIC << 16 | 10;

	public static final int BASIC_QOS_OK = Wire.BASIC << 16 | 11;

	public static final int BASIC_CONSUME = Wire.BASIC << 16 | 20;

	public static final int BASIC_CONSUME_OK = Wire.BASIC << 16 | 21;

	public static final int BASIC_CANCEL = Wire.BASIC << 16 | 30;

	public static final int BASIC_CANCEL_OK = Wire.BASIC << 16 | 31;

	public static final int BASIC_PUBLISH = Wire.BASIC << 16 | 40;

	public static final int BASIC_RETURN = Wire.BASIC << 16 | 50;

	static final int BASIC_DELIVER = Wire.BASIC << 16 | 60;

	public static final int BASIC_GET = Wire.BASIC << 16 | 70;

	public static final int BASIC_GET_OK = Wire.BASIC << 16 | 71;

	public static final int BASIC_GET_EMPTY = Wire.BASIC << 16 | 72;

	public static final int BASIC_ACK = Wire.BASIC << 16 | 80;

	public static final int BASIC_REJECT = Wire.BASIC << 16 | 90;

	public static final int BASIC_RECOVER_ASYNC = Wire.BASIC << 16 | 100;

	public static final int BASIC_RECOVER = Wire.BASIC << 16 | 110;

	public static final int BASIC_RECOVER_OK = Wire.BASIC << 16 | 111;

	public static final int BASIC_NACK = Wire.BASIC << 16 | 120;

	public static final int CONFIRM_SELECT = Wire.CONFIRM << 16 | 10;

	public static final int CONFIRM_SELECT_OK = Wire.CONFIRM << 16 | 11;

	public static final int TX_SELECT = Wire.TX << 16 | 10;

	public static final int TX_SELECT_OK = Wire.TX << 16 | 11;

	public static final int TX_COMMIT = Wire.TX << 16 | 20;

	public static final int TX_COMMIT_OK = Wire.TX << 16 | 21;

	public static final int TX_ROLLBACK = Wire.TX << 16 | 30;

	public static final int TX_ROLLBACK_OK = Wire.TX << 16 | 31;

	private static final Map<Integer, String> NAMES = names();

	private Method() {
	}

	private static Map<Integer, String> names() {
		Map<Integer, String> names = new HashMap<>();
		for (Field field : Method.class.getDeclaredFields()) {
			if (field.getType() == int.class && !field.getName().endsWith("_08")) {
				try {
					names.put(field.getInt(null),
							field.getName().toLowerCase(Locale.ROOT).replaceFirst("_", ".").replace('_', '-'));
				}
				catch (IllegalAccessException ex) {
					throw new IllegalStateException(ex);
				}
			}
		}
		return names;
	}

	/**
	 * The name of a method, such as {@code queue.declare}.
	 * @param method 0 is none
	 */
	public static String nameOf(int method) {
		return NAMES.getOrDefault(method, "none");
	}

	/**
	 * The method connection.close, which AMQP 0-8 numbers otherwise.
	 */
	public static int connectionClose(boolean amqp08) {
		return amqp08 ? CONNECTION_CLOSE_08 : CONNECTION_CLOSE;
	}

	public static int connectionCloseOk(boolean amqp08) {
		return amqp08 ? CONNECTION_CLOSE_OK_08 : CONNECTION_CLOSE_OK;
	}

	/**
	 * The class of a method, one of those in {@link Wire}.
	 */
	public static int classOf(int method) {
		return method >>> 16;
	}

	/**
	 * The number of a method in its class.
	 */
	public static int numberOf(int method) {
		return method & 0xffff;
	}

}
