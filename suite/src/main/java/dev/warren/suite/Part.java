package dev.warren.suite;

import java.util.List;
import java.util.function.Supplier;

import dev.warren.broker.app.EmbeddedBrokerApplication;
import dev.warren.console.ConsoleApplication;
import dev.warren.hello.HelloServiceApplication;
import dev.warren.logs.LogsServiceApplication;
import dev.warren.postbox.PostboxServiceApplication;
import dev.warren.rpc.RpcServiceApplication;
import dev.warren.workqueue.WorkQueueServiceApplication;

import org.springframework.boot.SpringApplication;

/**
 * An application the suite runs: the broker, a service or the console.
 *
 * @param name its name, which is its configuration file's, too, and the prefix of the
 * properties meant for it alone
 * @param lesson what it shows
 * @param application the application, yet to be run
 */
record Part(String name, String lesson, Supplier<SpringApplication> application) {

	static final Part BROKER = new Part("embedded-broker", "AMQP 0-9-1 broker", EmbeddedBrokerApplication::application);

	static final List<Part> SERVICES = List.of(
			new Part("hello-service", "one queue (tutorial 1)", HelloServiceApplication::application),
			new Part("work-queue-service", "durable tasks (tutorials 2 and 7)",
					WorkQueueServiceApplication::application),
			new Part("logs-service", "publish/subscribe (tutorials 3 to 5)", LogsServiceApplication::application),
			new Part("rpc-service", "request and reply (tutorial 6)", RpcServiceApplication::application),
			new Part("postbox-service", "letters and boxes (Rabbits and Warrens)",
					PostboxServiceApplication::application));

	static final Part CONSOLE = new Part("console", "begin here: see messages move", ConsoleApplication::application);

}
