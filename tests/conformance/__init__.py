"""The project held against conformance material that others wrote: ``make conformance``.

The material is never copied into the project: it is read where ``WUJI_CONFORMANCE`` says, else in
``../shared/conformance`` beside the checkout. Without it every group is skipped, by name. A group is a module here with
``run(folder: Path) -> Group``, entered in ``GROUPS`` of ``__main__``.
"""
