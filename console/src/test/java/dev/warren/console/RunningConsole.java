package dev.warren.console;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

import dev.warren.test.RestClient;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A console as its users run it, on a free port.
 */
final class RunningConsole extends RestClient implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private RunningConsole(ConfigurableApplicationContext context) {
		super(Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port")));
		this.context = context;
	}

	static RunningConsole start(String... properties) {
		return start((context) -> {
		}, properties);
	}

	static RunningConsole start(ApplicationContextInitializer<?> initializer, String... properties) {
		SpringApplication application = ConsoleApplication.application();
		application.addInitializers(initializer);
		String[] arguments = new String[properties.length + 1];
		arguments[0] = "--server.port=0";
		System.arraycopy(properties, 0, arguments, 1, properties.length);
		return new RunningConsole(application.run(arguments));
	}

	HttpResponse<String> getWith(String path, String header, String value) throws Exception {
		return send(request(path).header(header, value));
	}

	/**
	 * The answer to a request whose line and headers are sent as they are.
	 */
	String exchange(String line, String... headers) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", port())) {
			socket.setSoTimeout(30_000);
			socket.getOutputStream()
				.write((line + " HTTP/1.1\r\nConnection: close\r\n" + String.join("\r\n", headers) + "\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	@Override
	public void close() {
		this.context.close();
	}

}
