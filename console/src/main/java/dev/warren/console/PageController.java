package dev.warren.console;

import java.nio.charset.StandardCharsets;

import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.DigestUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers with the same page at each of its addresses: its script shows what the address
 * names.
 */
@RestController
class PageController {

	private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);

	private final Index index;

	PageController(Index index) {
		this.index = index;
	}

	@GetMapping(path = { "/", "/lessons/{name}", "/playground", "/overview" }, produces = MediaType.TEXT_HTML_VALUE)
	ResponseEntity<String> page() {
		String html = this.index.content().html();
		return ResponseEntity.ok()
			.contentType(HTML)
			.cacheControl(CacheControl.noCache())
			.eTag(DigestUtils.md5DigestAsHex(html.getBytes(StandardCharsets.UTF_8)))
			.body(html);
	}

}
