package dev.warren.broker.rabbitmq.transport;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

import org.apache.qpid.server.bytebuffer.QpidByteBuffer;
import org.apache.qpid.server.model.Protocol;
import org.apache.qpid.server.transport.ByteBufferSender;
import org.apache.qpid.server.transport.ServerNetworkConnection;
import org.jspecify.annotations.Nullable;

/**
 * TLS between a connection and its socket. Qpid has its own, which needs Bouncy Castle,
 * and reads its keys once. Everything here happens on the connection's I/O thread.
 */
final class TlsLayer implements ByteBufferSender {

	private final SSLEngine engine;

	private final ServerNetworkConnection socket;

	/** What was received and is not a whole record yet. */
	private final QpidByteBuffer incoming;

	/** What was decrypted and is not a whole frame yet. */
	private QpidByteBuffer decrypted;

	/** The record that is being made. */
	private final QpidByteBuffer outgoing;

	private boolean handshaken;

	private boolean closed;

	private volatile @Nullable Protocol protocol;

	TlsLayer(SSLEngine engine, ServerNetworkConnection socket) {
		this.engine = engine;
		this.socket = socket;
		SSLSession session = engine.getSession();
		this.incoming = QpidByteBuffer.allocate(session.getPacketBufferSize());
		this.decrypted = QpidByteBuffer.allocate(session.getApplicationBufferSize());
		this.outgoing = QpidByteBuffer.allocate(session.getPacketBufferSize());
	}

	SSLSession session() {
		return this.engine.getSession();
	}

	boolean asksForCertificate() {
		return this.engine.getWantClientAuth() || this.engine.getNeedClientAuth();
	}

	/**
	 * What the client's protocol header asked for; null until it came.
	 */
	@Nullable Protocol protocol() {
		return this.protocol;
	}

	// Receiving

	/**
	 * Takes all of what the socket received, and has the reader take whole frames of what
	 * that is, header included.
	 * @throws SSLException if it is not TLS as it should be; then the client was told and
	 * the socket is closed
	 */
	void receive(QpidByteBuffer source, Consumer<QpidByteBuffer> reader) throws SSLException {
		try {
			while (source.hasRemaining() && !this.closed) {
				fill(source);
				this.incoming.flip();
				decrypt(reader);
				this.incoming.compact();
			}
		}
		catch (SSLException ex) {
			fail();
			throw ex;
		}
		finally {
			source.position(source.limit());
		}
	}

	private void fill(QpidByteBuffer source) {
		int length = Math.min(source.remaining(), this.incoming.remaining());
		try (QpidByteBuffer part = source.view(0, length)) {
			this.incoming.put(part);
		}
		source.position(source.position() + length);
	}

	private void decrypt(Consumer<QpidByteBuffer> reader) throws SSLException {
		while (!this.closed) {
			SSLEngineResult result = QpidByteBuffer.decryptSSL(this.engine, this.incoming, this.decrypted);
			switch (result.getStatus()) {
				case BUFFER_UNDERFLOW -> {
					return;
				}
				case BUFFER_OVERFLOW -> enlarge();
				case CLOSED -> close();
				case OK -> {
					handshake(result);
					if (result.bytesProduced() > 0) {
						read(reader);
					}
					else if (result.bytesConsumed() == 0 && result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
							&& this.engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
						throw new SSLException("There is nothing more to read, nor to write");
					}
				}
			}
		}
	}

	/**
	 * A frame has several records. It is not larger than what was negotiated: the reader
	 * takes a larger one away.
	 */
	private void enlarge() {
		QpidByteBuffer larger = QpidByteBuffer
			.allocate(this.decrypted.position() + 2 * session().getApplicationBufferSize());
		this.decrypted.flip();
		larger.put(this.decrypted);
		this.decrypted = larger;
	}

	private void read(Consumer<QpidByteBuffer> reader) {
		this.decrypted.flip();
		if (this.protocol != null || chooseProtocol()) {
			reader.accept(this.decrypted);
		}
		this.decrypted.compact();
	}

	/**
	 * Looks for the protocol header, as Qpid does without TLS.
	 */
	private boolean chooseProtocol() {
		if (this.decrypted.remaining() < ProtocolCreators.HEADER_LENGTH) {
			return false;
		}
		this.protocol = ProtocolCreators.protocolOf(this.decrypted);
		if (this.protocol == null) {
			try (QpidByteBuffer supported = QpidByteBuffer.wrap(ProtocolCreators.supportedHeader())) {
				send(supported);
			}
			close();
		}
		return this.protocol != null;
	}

	private void handshake(SSLEngineResult result) throws SSLException {
		HandshakeStatus status = result.getHandshakeStatus();
		if (status == HandshakeStatus.FINISHED) {
			this.handshaken = true;
		}
		if (status == HandshakeStatus.NEED_TASK) {
			if (this.handshaken && !session().getProtocol().equals("TLSv1.3")) {
				// It costs a client little, and us much.
				throw new SSLException("The client wants to negotiate again");
			}
			runTasks();
		}
		if (this.engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
			encrypt(Set.of());
		}
	}

	private void runTasks() {
		for (Runnable task = this.engine.getDelegatedTask(); task != null; task = this.engine.getDelegatedTask()) {
			task.run();
		}
	}

	// Sending

	@Override
	public boolean isDirectBufferPreferred() {
		return false;
	}

	@Override
	public void send(QpidByteBuffer bytes) {
		try {
			if (!this.closed) {
				encrypt(List.of(bytes));
			}
		}
		catch (SSLException ex) {
			fail();
		}
		bytes.position(bytes.limit());
	}

	private void encrypt(Collection<QpidByteBuffer> bytes) throws SSLException {
		SSLEngineResult result;
		do {
			this.outgoing.clear();
			result = QpidByteBuffer.encryptSSL(this.engine, bytes, this.outgoing);
			if (result.bytesProduced() > 0) {
				sendRecord();
			}
			switch (result.getHandshakeStatus()) {
				case FINISHED -> this.handshaken = true;
				case NEED_TASK -> runTasks();
				default -> {
				}
			}
		}
		while (result.bytesProduced() > 0 && (bytes.stream().anyMatch(QpidByteBuffer::hasRemaining)
				|| this.engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP));
	}

	private void sendRecord() {
		this.outgoing.flip();
		ByteBufferSender sender = this.socket.getSender();
		try (QpidByteBuffer record = QpidByteBuffer.allocate(sender.isDirectBufferPreferred(),
				this.outgoing.remaining())) {
			record.put(this.outgoing);
			record.flip();
			sender.send(record);
		}
	}

	@Override
	public void flush() {
		this.socket.getSender().flush();
	}

	/**
	 * Sends the alert that the engine has for what it did not like, and closes.
	 */
	private void fail() {
		try {
			if (!this.closed) {
				encrypt(Set.of());
			}
		}
		catch (SSLException ex) {
			// There is nothing more to say.
		}
		close();
	}

	/**
	 * Says that nothing more comes, and closes the socket.
	 */
	@Override
	public void close() {
		if (!this.closed) {
			this.closed = true;
			this.engine.closeOutbound();
			try {
				encrypt(Set.of());
			}
			catch (SSLException ex) {
				// The client will notice all the same.
			}
		}
		this.socket.close();
	}

}
