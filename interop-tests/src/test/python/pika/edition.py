"""How the tutorials declare their queues: as the older texts, or, with EDITION=current, as those of today"""
import os


def queue(durable):
    if os.environ.get("EDITION") == "current":
        return {"durable": True, "arguments": {"x-queue-type": "quorum"}}
    return {"durable": durable}
