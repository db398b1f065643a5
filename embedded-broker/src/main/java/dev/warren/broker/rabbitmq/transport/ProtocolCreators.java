package dev.warren.broker.rabbitmq.transport;

import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.Protocol;
import org.apache.qpid.server.model.Transport;
import org.apache.qpid.server.model.port.AmqpPort;
import org.apache.qpid.server.plugin.ProtocolEngineCreator;
import org.apache.qpid.server.transport.AggregateTicker;
import org.apache.qpid.server.transport.ProtocolEngine;
import org.apache.qpid.server.transport.ServerNetworkConnection;
import org.jspecify.annotations.Nullable;

/**
 * The protocol headers we answer to, in place of Qpid's own engines.
 */
public abstract class ProtocolCreators implements ProtocolEngineCreator {

	private final Protocol protocol;

	private final byte[] header;

	private ProtocolCreators(Protocol protocol, int... version) {
		this.protocol = protocol;
		this.header = new byte[] { 'A', 'M', 'Q', 'P', (byte) version[0], (byte) version[1], (byte) version[2],
				(byte) version[3] };
	}

	@Override
	public Protocol getVersion() {
		return this.protocol;
	}

	@Override
	public byte[] getHeaderIdentifier() {
		return this.header;
	}

	@Override
	public String getType() {
		return getClass().getName();
	}

	@Override
	public ProtocolEngine newProtocolEngine(Broker<?> broker, ServerNetworkConnection network, AmqpPort<?> port,
			Transport transport, long id, AggregateTicker aggregateTicker) {
		QpidConnection connection = new QpidConnection(broker, network, port, transport, this.protocol, id,
				aggregateTicker);
		connection.create();
		return connection;
	}

	@Override
	public byte @Nullable [] getSuggestedAlternativeHeader() {
		return null;
	}

	/**
	 * AMQP 0-9-1, which nearly everybody speaks.
	 */
	public static final class Version091 extends ProtocolCreators {

		public Version091() {
			super(Protocol.AMQP_0_9_1, 0, 0, 9, 1);
		}

	}

	/**
	 * AMQP 0-9, which for all that matters is 0-9-1.
	 */
	public static final class Version09 extends ProtocolCreators {

		public Version09() {
			super(Protocol.AMQP_0_9, 1, 1, 0, 9);
		}

	}

	/**
	 * AMQP 0-8, which calls itself 8-0.
	 */
	public static final class Version08 extends ProtocolCreators {

		public Version08() {
			super(Protocol.AMQP_0_8, 1, 1, 8, 0);
		}

	}

	/**
	 * The header that py-amqplib sends when it means 0-8.
	 */
	public static final class Version08AsPyAmqplib extends ProtocolCreators {

		public Version08AsPyAmqplib() {
			super(Protocol.AMQP_0_8, 1, 1, 9, 1);
		}

	}

}
