package dev.warren.rpc;

/**
 * Why a server answered with an error.
 */
enum RpcError {

	/** The request's body is not a number the server computes. */
	INVALID_REQUEST,

	/** The computation took too long. */
	TIMED_OUT,

	/** The request took down too many servers. */
	CRASHED,

	/** The server failed. */
	FAILED

}
