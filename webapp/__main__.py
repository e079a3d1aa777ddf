"""``python -m webapp`` is ``wuji`` without being installed."""

from webapp.cli import main

if __name__ == "__main__":
    main(prog_name="wuji")
