package dev.warren.broker.rabbitmq.transport;

import java.util.Arrays;
import java.util.List;

import org.apache.qpid.server.bytebuffer.QpidByteBuffer;
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

	static final int HEADER_LENGTH = 8;

	/** The one for clients that ask for something else comes first. */
	private static final List<ProtocolCreators> WITHOUT_TLS = List.of(new Version091(), new Version09(),
			new Version08(), new Version08AsPyAmqplib());

	private final Protocol protocol;

	private final byte[] header;

	private ProtocolCreators(Protocol protocol, int... version) {
		this(protocol, new byte[] { 'A', 'M', 'Q', 'P', (byte) version[0], (byte) version[1], (byte) version[2],
				(byte) version[3] });
	}

	private ProtocolCreators(Protocol protocol, byte[] header) {
		this.protocol = protocol;
		this.header = header;
	}

	/**
	 * The protocol that a header asks for, which is left where it is; null if there is no
	 * such protocol.
	 */
	static @Nullable Protocol protocolOf(QpidByteBuffer source) {
		byte[] header = new byte[HEADER_LENGTH];
		source.copyTo(header);
		return WITHOUT_TLS.stream()
			.filter((creator) -> Arrays.equals(creator.header, header))
			.map(ProtocolCreators::getVersion)
			.findFirst()
			.orElse(null);
	}

	/**
	 * The header that answers one that is none of ours.
	 */
	static byte[] supportedHeader() {
		return WITHOUT_TLS.get(0).header.clone();
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
		return created(new QpidConnection(broker, network, port, transport, this.protocol, id, aggregateTicker, null));
	}

	private static ProtocolEngine created(QpidConnection connection) {
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
	 * Whatever comes to a port for TLS. Qpid asks for a protocol's name, and this is the
	 * one that we do not speak.
	 */
	public static final class Tls extends ProtocolCreators {

		public Tls() {
			super(Protocol.AMQP_1_0, new byte[0]);
		}

		@Override
		public ProtocolEngine newProtocolEngine(Broker<?> broker, ServerNetworkConnection network, AmqpPort<?> port,
				Transport transport, long id, AggregateTicker aggregateTicker) {
			return created(new QpidConnection(broker, network, port, Transport.SSL, Protocol.AMQP_0_9_1, id,
					aggregateTicker, new TlsLayer(TlsContexts.engine(broker), network)));
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
