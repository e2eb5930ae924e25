"""From an event to a message to a channel."""
