package dev.warren.rpc;

import org.springframework.stereotype.Component;

/**
 * What the servers of this instance share.
 *
 * @param connector opens their connections
 * @param answering computes their replies
 * @param strangers is told of requests that are not as they should be
 * @param interrupted the requests they held when they lost their connections
 * @param properties the service's properties
 */
@Component
@ConditionalOnRole(RpcProperties.Role.SERVER)
record Workplace(Connector connector, Answering answering, Strangers strangers, InterruptedRequests interrupted,
		RpcProperties properties) {

	int maxCrashes() {
		return this.properties.maxCrashes();
	}

}
