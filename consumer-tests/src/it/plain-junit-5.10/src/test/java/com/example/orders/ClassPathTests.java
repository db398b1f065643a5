package com.example.orders;

import java.io.File;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ClassPathTests {

	private static final List<File> BROUGHT = Arrays
		.stream(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
			.split(File.pathSeparator))
		.map(File::new)
		.filter((file) -> file.getName().matches("(?!junit-|opentest4j-|apiguardian-|amqp-client-|surefire-).*\\.jar"))
		.toList();

	@Test
	void theBrokerBringsTheseJars() {
		List<String> names = BROUGHT.stream()
			.map((jar) -> jar.getName().replaceAll("-\\d+\\.\\d.*", ""))
			.sorted()
			.toList();

		assertEquals(List.of("caffeine", "embedded-broker", "jackson-annotations", "jackson-core", "jackson-databind",
				"je", "jspecify", "qpid-bdbstore", "qpid-broker-core", "qpid-broker-plugins-amqp-0-8-protocol",
				"qpid-broker-plugins-memory-store", "slf4j-api"), names);
	}

	@Test
	void theyAreSmall() {
		long bytes = BROUGHT.stream().mapToLong(File::length).sum();

		assertTrue(bytes < 15_000_000, () -> bytes + " bytes");
	}

}
