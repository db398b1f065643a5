package dev.warren.broker.rabbitmq.store;

import org.apache.qpid.server.bytebuffer.QpidByteBuffer;
import org.apache.qpid.server.store.StorableMessageMetaData;
import org.apache.qpid.server.store.StoredMessage;

/**
 * A message that stays in the store when nobody refers to it: it is also in a queue that
 * cannot be read.
 */
record KeptMessage<M extends StorableMessageMetaData>(StoredMessage<M> message) implements StoredMessage<M> {

	@Override
	public void remove() {
		// It stays.
	}

	@Override
	public M getMetaData() {
		return this.message.getMetaData();
	}

	@Override
	public long getMessageNumber() {
		return this.message.getMessageNumber();
	}

	@Override
	public QpidByteBuffer getContent(int offset, int length) {
		return this.message.getContent(offset, length);
	}

	@Override
	public int getContentSize() {
		return this.message.getContentSize();
	}

	@Override
	public int getMetadataSize() {
		return this.message.getMetadataSize();
	}

	@Override
	public boolean isInContentInMemory() {
		return this.message.isInContentInMemory();
	}

	@Override
	public long getInMemorySize() {
		return this.message.getInMemorySize();
	}

	@Override
	public boolean flowToDisk() {
		return this.message.flowToDisk();
	}

	@Override
	public void reallocate() {
		this.message.reallocate();
	}

}
