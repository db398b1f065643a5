package dev.warren.broker.rabbitmq;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Writes how the {@link CompatibilityTests} went to
 * {@code target/compatibility/{embedded,rabbitmq}-VERSION}, a file a class, for
 * {@link CompatibilityPage}: the group's name first, then a line a test with its method,
 * its result and its sentence. Beside them stands RabbitMQ's version.
 */
class CompatibilityResults implements TestWatcher, AfterAllCallback {

	private final Map<Class<?>, List<String>> lines = new ConcurrentHashMap<>();

	@Override
	public void testSuccessful(ExtensionContext context) {
		record(context, "yes");
	}

	@Override
	public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
		record(context, "no");
	}

	@Override
	public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
		record(context, "not seen");
	}

	@Override
	public void testDisabled(ExtensionContext context, Optional<String> reason) {
		String text = reason.orElse("no reason given");
		record(context, text.startsWith("other version") ? text : "not seen: " + text);
	}

	private void record(ExtensionContext context, String result) {
		this.lines.computeIfAbsent(context.getRequiredTestClass(), (type) -> new CopyOnWriteArrayList<>())
			.add(String.join("\t", context.getRequiredTestMethod().getName(), result, context.getDisplayName()));
	}

	@Override
	public void afterAll(ExtensionContext context) throws Exception {
		List<String> results = this.lines.remove(context.getRequiredTestClass());
		if (results != null) {
			Path directory = CompatibilityPage.directory(BrokerUnderTest.isRabbitMq(), BrokerUnderTest.version());
			Files.createDirectories(directory);
			results.add(0, context.getDisplayName());
			Files.write(directory.resolve(context.getRequiredTestClass().getSimpleName() + ".tsv"), results);
			if (BrokerUnderTest.isRabbitMq()) {
				Files.writeString(directory.resolve("version"), BrokerUnderTest.rabbitMqVersion());
			}
		}
	}

}
