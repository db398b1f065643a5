package dev.warren.interop;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.jspecify.annotations.Nullable;

import org.springframework.util.function.SingletonSupplier;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Runs a test only if the machine has its client, and the broker speaks that client's
 * version of AMQP.
 */
final class RequiredClient implements InvocationInterceptor {

	private static final String AMQP_0_8 = "AMQP\1\1\11\1";

	private static final Supplier<Boolean> BROKER_SPEAKS_0_8 = SingletonSupplier.of(RequiredClient::brokerSpeaksAmqp08);

	@Override
	public void interceptTestTemplateMethod(Invocation<@Nullable Void> invocation,
			ReflectiveInvocationContext<Method> test, ExtensionContext context) throws Throwable {
		Client client = (Client) test.getArguments().get(0);
		client.require();
		if (client == Client.PY_AMQPLIB) {
			assumeTrue(BROKER_SPEAKS_0_8.get(), "RabbitMQ 4 does not speak AMQP 0-8");
		}
		invocation.proceed();
	}

	/**
	 * Whether the answer to the protocol's header is the frame of a method.
	 */
	private static boolean brokerSpeaksAmqp08() {
		String other = System.getenv("WARREN_TEST_AMQP_URI");
		if (other == null) {
			return true;
		}
		URI uri = URI.create(other);
		try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
			socket.setSoTimeout(10_000);
			socket.getOutputStream().write(AMQP_0_8.getBytes(StandardCharsets.ISO_8859_1));
			return socket.getInputStream().read() == 1;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
