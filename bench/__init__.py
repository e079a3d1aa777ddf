"""What a step costs: ``python -m bench``. What survives a kill: ``python -m bench.chaos``."""
