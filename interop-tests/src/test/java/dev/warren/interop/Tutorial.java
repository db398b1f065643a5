package dev.warren.interop;

/**
 * A lesson, as the tables call it.
 */
enum Tutorial {

	HELLO_WORLD("1 Hello World"),

	WORK_QUEUES("2 Work queues"),

	PUBLISH_SUBSCRIBE("3 Publish/subscribe"),

	ROUTING("4 Routing"),

	TOPICS("5 Topics"),

	RPC("6 RPC"),

	PUBLISHER_CONFIRMS("7 Publisher confirms"),

	RABBITS_AND_WARRENS("Rabbits and Warrens");

	private final String title;

	Tutorial(String title) {
		this.title = title;
	}

	@Override
	public String toString() {
		return this.title;
	}

}
