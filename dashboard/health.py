"""What the health check answers: can pages be served, and how old is what they show."""

from dashboard import opening


def report() -> dict[str, str]:
    """Give status "ok" when figures can be shown or none exist yet, else "unavailable" with the reason."""
    state = opening.state()
    if state.kind == "problem":
        return {"status": "unavailable", "reason": state.sentence}
    return {"status": "ok", "figures": "ready" if state.kind == "ready" else "none yet"}
