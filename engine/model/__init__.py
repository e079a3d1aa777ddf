"""The rows. They own their rules, never query and never commit."""
